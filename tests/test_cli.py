"""The verbs in a terminal: what they print and the code they end with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cases.build import build_image
from cases.many import build_plate
from napari_ngff import __version__, cli
from napari_ngff.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> str:
    return str(build_image(tmp_path / "image.zarr"))


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Other processes are not started, but noted."""
    seen: list[list[str]] = []

    def call(command: list[str]) -> int:
        seen.append(command)
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    return seen


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.fixture
def display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")


def test_info(image: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Info prints what is there and ends with 0."""
    assert 0 == main(["info", image])

    out = capsys.readouterr().out
    assert out.startswith(f"{image}\nImage 'image', OME-Zarr 0.4\n\nAxis")


def test_info_json(image: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Info --json prints one object."""
    assert 0 == main(["info", image, "--json"])

    assert "image" == json.loads(capsys.readouterr().out)["kind"]


def test_info_of_a_file_url(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file:// address is a way in, spaces and all."""
    path = build_image(tmp_path / "an image.ome.zarr")

    assert 0 == main(["info", path.as_uri()])
    assert "OME-Zarr 0.4" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["info", "validate"])
def test_nothing_there(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A path where nothing is ends with 2 and one line."""
    assert 2 == main([verb, str(tmp_path / "none.zarr")])

    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith("napari-ngff: Cannot open ")
    assert 1 == err.count("\n")


def test_unexpected_error(
    image: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody foresaw is one line without secrets, and 2."""

    def fail(_: Any) -> Any:
        raise RuntimeError("https://me:secret@host/x\n\x1b[1m")

    monkeypatch.setattr("napari_ngff.dataset.describe.describe", fail)

    assert 2 == main(["info", image])
    err = capsys.readouterr().err
    assert "napari-ngff: Unexpected error: RuntimeError: " == err[:45]
    assert "secret" not in err
    assert "\x1b" not in err
    assert 1 == err.count("\n")


def test_debug(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --debug the error itself comes through."""
    with pytest.raises(Exception, match="Cannot open"):
        main(["info", str(tmp_path / "none.zarr"), "--debug"])

    assert "napari-ngff: Cannot open" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["nothing"], ["info"], ["info", "a", "-x"]])
def test_wrong_arguments(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Arguments that mean nothing end with 2 and one line that says where to look."""
    assert 2 == main(arguments)
    error = capsys.readouterr().err
    assert 1 == error.count("\n")
    assert error.startswith("napari-ngff")
    assert error.endswith(" --help' says more.\n")


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Help and version are printed and end with 0."""
    assert 0 == main(["--help"])
    assert "Exit codes: 0 fine, 1" in capsys.readouterr().out
    assert 0 == main(["--version"])
    assert __version__ == capsys.readouterr().out.strip()


def test_arguments_of_the_process(
    image: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments, those of the command line are taken."""
    monkeypatch.setattr(sys, "argv", ["napari-ngff", "info", image])

    assert 0 == main()
    assert image in capsys.readouterr().out


def test_validate(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Validate ends with 0 for a valid store and 1 for another, and says which."""
    broken = build_image(tmp_path / "b.zarr", transforms=[None, None])

    assert 0 == main(["validate", image])
    assert f"{image}: valid" in capsys.readouterr().out
    assert 1 == main(["validate", str(broken)])
    assert f"{broken}: not valid" in capsys.readouterr().out


def test_validate_strict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken SHOULD is a fault with --strict only."""
    path = str(build_image(tmp_path / "s.zarr", name=None))

    assert 0 == main(["validate", path])
    assert 1 == main(["validate", path, "--strict"])
    assert "not valid (strict)" in capsys.readouterr().out


@pytest.mark.parametrize(("transforms", "valid"), [(None, True), ([None, None], False)])
def test_validate_json(
    transforms: Any, valid: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Validate --json prints one object with the verdict and the problems."""
    path = str(build_image(tmp_path / "s.zarr", transforms=transforms))

    assert int(not valid) == main(["validate", path, "--json"])
    report = json.loads(capsys.readouterr().out)
    assert valid is report["valid"]
    assert valid == (not [p for p in report["problems"] if p["level"] == "error"])


def test_validate_a_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A JSON file with a group's attributes is checked as a document."""
    file = tmp_path / "attributes.json"
    file.write_text((build_image(tmp_path / "s.zarr") / ".zattrs").read_text())

    assert 0 == main(["validate", str(file)])
    assert "valid" in capsys.readouterr().out


@pytest.mark.usefixtures("display")
def test_open(image: str, started: list[list[str]]) -> None:
    """Open starts napari in a process of its own."""
    assert 0 == main(["open", image])
    assert [[sys.executable, "-m", "napari_ngff.widgets.snapshot", image]] == started


@pytest.mark.usefixtures("no_display")
def test_open_without_display(
    image: str, started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a display there is no window, and the way to a picture is told."""
    assert 2 == main(["open", image])
    assert "--picture" in capsys.readouterr().err
    assert [] == started


@pytest.mark.usefixtures("no_display")
def test_picture_without_display(
    image: str,
    started: list[list[str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A picture is made on a screen in memory, or it is told how to get one."""
    monkeypatch.setattr(cli.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert 0 == main(["open", image, "--picture", "a.png"])
    assert ("xvfb-run", image, "a.png") == (started[0][0], *started[0][-2:])

    monkeypatch.setattr(cli.shutil, "which", lambda _: None)
    assert 2 == main(["open", image, "--picture", "a.png"])
    assert "apt-get install xvfb" in capsys.readouterr().err


def test_failing_window(
    image: str, display: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that fails ends with 2."""
    monkeypatch.setattr(subprocess, "call", lambda _: 7)

    assert 2 == main(["open", image])


def test_sample(
    tmp_path: Path,
    started: list[list[str]],
    display: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sample writes its image once, says where, and opens it."""
    written: list[Path] = []

    def write_sample(folder: Path) -> Path:
        written.append(folder)
        return build_image(folder / "sample.ome.zarr")

    monkeypatch.setattr("napari_ngff.dataset.sample.write_sample", write_sample)
    folder = tmp_path / "new"
    assert [0, 0] == [main(["sample", str(folder)]) for _ in range(2)]

    store = folder / "sample.ome.zarr"
    assert [folder] == written
    assert [str(store)] * 2 == [command[-1] for command in started]
    assert str(store) in capsys.readouterr().out


@pytest.mark.usefixtures("no_display")
def test_sample_without_display(
    tmp_path: Path, started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a display, sample makes a picture beside its image."""
    monkeypatch.setattr(cli.shutil, "which", lambda name: name)
    build_image(tmp_path / "sample.ome.zarr")

    assert 0 == main(["sample", str(tmp_path)])
    assert str(tmp_path / "sample.png") == started[0][-1]


def test_default(started: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Default sets napari's preference, in a process of its own."""
    assert 0 == main(["default"])
    assert "use_always" in started[0][-1]
    assert "every .zarr" in capsys.readouterr().out


def test_default_works() -> None:
    """The preference that default sets is the one that counts."""
    check = (
        "from napari_ngff.cli import main; code = main(['default']);"
        "from napari_ngff.widgets.preference import is_used_always;"
        "assert is_used_always(); raise SystemExit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=False
    )

    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_closed_pipe(tmp_path: Path, unbuffered: str) -> None:
    """A reader that has seen enough is no error, early or late."""
    path = build_plate(tmp_path / "p.zarr")
    script = "import sys; from napari_ngff.cli import main; sys.exit(main())"
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-c", script, "info", str(path)],
            stdout=pipe,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            text=True,
            check=False,
        )

    assert (0, "") == (done.returncode, done.stderr)
