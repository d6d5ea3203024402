"""The verbs in a terminal: ``napari-ngff info | validate | save | open | …``.

Knows arguments and exit codes; everything else is done by the packages below. A
window is opened in another process, so that this one needs no Qt.

Exit codes: 0 fine, 1 a fault was found, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from napari_ngff import cli_edit, cli_inspect, cli_reshard, cli_upgrade
from napari_ngff.cli_save import add_arguments, save
from napari_ngff.core.names import plain, scrub
from napari_ngff.core.problems import NgffError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FINE, FAULT, CANNOT = 0, 1, 2
_SCREEN = ("xvfb-run", "-a", "-s", "-screen 0 1280x1024x24")


def main(argv: list[str] | None = None) -> int:
    """Run one verb.

    Parameters
    ----------
    argv
        Its arguments; None: those of the command line.

    Returns
    -------
    int
        0 fine, 1 a fault was found, 2 it could not be done. Errors are one line on
        the standard error.
    """
    try:
        options = _parser().parse_args(argv)
    except SystemExit as end:
        return CANNOT if end.code else FINE
    try:
        code = _VERBS[options.verb](options)
        sys.stdout.flush()  # a closed pipe shows here, and not after we have returned
        return code
    except NgffError as error:
        return _cannot(plain(str(error), limit=4096), error, options)
    except BrokenPipeError:
        # Whoever reads us (head, less) has seen enough; keep Python from flushing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        print("napari-ngff: Stopped before the end.", file=sys.stderr)
        return CANNOT
    except Exception as error:  # noqa: BLE001  the boundary: one line, no traceback
        text = scrub(f"{type(error).__name__}: {error}")
        return _cannot(plain(f"Unexpected error: {text}"), error, options)


def _cannot(text: str, error: Exception, options: argparse.Namespace) -> int:
    print(f"napari-ngff: {text}", file=sys.stderr)
    if options.debug:
        raise error
    return CANNOT


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line; its verbs do so too."""

    def error(self, message: str) -> NoReturn:
        text = plain(message, limit=1024).rstrip(".")
        self.exit(CANNOT, f"{self.prog}: {text}. '{self.prog} --help' says more.\n")


def _parser() -> argparse.ArgumentParser:
    from napari_ngff import __version__

    parser = _Parser(
        prog="napari-ngff",
        description="OME-Zarr in napari: what is there, whether it is right, open it.",
        epilog="Exit codes: 0 fine, 1 a fault was found, 2 it could not be done.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    common = _Parser(add_help=False)
    common.add_argument(
        "--debug", action="store_true", help="show where in the program an error arose"
    )

    def verb(name: str, text: str) -> argparse.ArgumentParser:
        summary = text[0].lower() + text[1:].rstrip(".")
        return verbs.add_parser(name, help=summary, description=text, parents=[common])

    place = "a folder, a .zip or .ozx file, a file:// or http(s):// address"
    info = verb("info", "Say what is at a location.")
    info.add_argument("path", help=place)
    info.add_argument("--json", action="store_true", help="as one JSON object")
    check = verb("validate", "Check metadata and arrays against the specification.")
    check.add_argument("path", help=f"{place}, or a JSON file of a group's attributes")
    check.add_argument("--json", action="store_true", help="as one JSON object")
    check.add_argument(
        "--strict", action="store_true", help="a broken SHOULD is a fault too"
    )
    inspected = verb("inspect", "Say how it is stored, and what looking at it costs.")
    cli_inspect.add_arguments(inspected, place)
    saved = verb("save", "Save as OME-Zarr, of any version, in chunks of any size.")
    add_arguments(saved, place)
    resharded = verb("reshard", "Put chunks into other files without decoding them.")
    cli_reshard.add_arguments(resharded, place)
    edited = verb("edit", "Change metadata in place; pixels are not touched.")
    cli_edit.add_arguments(edited)
    upgraded = verb("upgrade", "Give a store another version; chunks stay as they are.")
    cli_upgrade.add_arguments(upgraded)
    shown = verb("open", "Open napari on it, or save a picture of the window.")
    shown.add_argument("path", help=place)
    shown.add_argument("--picture", type=Path, help="a .png to write")
    sample = verb("sample", "Make a sample image and open napari on it.")
    sample.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(),
        help="where sample.ome.zarr is put (default: here)",
    )
    sample.add_argument("--picture", type=Path, help="a .png to write")
    verb("default", "Have napari open every .zarr with napari-ngff.")
    return parser


def _info(options: argparse.Namespace) -> int:
    from napari_ngff.dataset.describe import describe
    from napari_ngff.dataset.read import read
    from napari_ngff.dataset.text import info_lines

    described = describe(read(options.path))
    if options.json:
        print(json.dumps(described, indent=2, ensure_ascii=False))
    else:
        print("\n".join(info_lines(described)))
    return FINE


def _validate(options: argparse.Namespace) -> int:
    from napari_ngff.dataset.validate import validate

    report = validate(options.path, strict=options.strict)
    if options.json:
        print(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
        return FINE if report.valid else FAULT
    for line in report.text().splitlines():
        print(plain(line, limit=2048))
    return FINE if report.valid else FAULT


def _open(options: argparse.Namespace) -> int:
    return _show(options.path, options.picture)


def _sample(options: argparse.Namespace) -> int:
    from napari_ngff.dataset.sample import write_sample

    store = options.folder / "sample.ome.zarr"
    if not store.exists():
        options.folder.mkdir(parents=True, exist_ok=True)
        write_sample(options.folder)
    print(f"The sample image: {store.resolve()}", flush=True)
    picture = options.picture
    if picture is None and not _has_display():
        picture = options.folder / "sample.png"
        print("There is no display here: a picture of the window is made.", flush=True)
    return _show(str(store), picture)


def _show(path: str, picture: Path | None) -> int:
    """Open a window in a process of its own, on a screen in memory if need be."""
    command = [sys.executable, "-m", "napari_ngff.widgets.snapshot", path]
    if picture is not None:
        command.append(str(picture))
    if not _has_display():
        if picture is None:
            print(
                "napari-ngff: there is no display here. --picture FILE saves a picture "
                "of the window instead.",
                file=sys.stderr,
            )
            return CANNOT
        if shutil.which(_SCREEN[0]) is None:
            print(
                "napari-ngff: there is no display here, and no screen in memory "
                "either. Install it: apt-get install xvfb xauth",
                file=sys.stderr,
            )
            return CANNOT
        command = [*_SCREEN, *command]
    code = subprocess.call(command)  # noqa: S603  our own interpreter and module
    return FINE if code == 0 else CANNOT


def _has_display() -> bool:
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(display) or not sys.platform.startswith("linux")


def _default(options: argparse.Namespace) -> int:
    code = "from napari_ngff.widgets.preference import use_always; use_always()"
    done = subprocess.call([sys.executable, "-c", code])  # noqa: S603  as above
    if done == 0:
        print("napari opens every .zarr with napari-ngff from now on.")
    return FINE if done == 0 else CANNOT


_VERBS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "info": _info,
    "validate": _validate,
    "inspect": cli_inspect.inspect,
    "save": save,
    "reshard": cli_reshard.reshard,
    "edit": cli_edit.edit,
    "upgrade": cli_upgrade.upgrade,
    "open": _open,
    "sample": _sample,
    "default": _default,
}
