#!/usr/bin/env python3
"""Try and test napari-ngff from this folder, on a machine with nothing but Python.

    python3 dev.py demo    make a sample image and open napari on it
    python3 dev.py test    run the tests; what follows goes to pytest

Both work in an environment of their own (.venv, made at first use), so that nothing is
installed outside of this folder but Debian packages, and these only when run as root.
What is shown is `napari-ngff sample`; what is tested is in tests/.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)  # this file itself can be read by older ones, to say so
ROOT = Path(__file__).resolve().parent
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
VENV = ROOT / ".venv" / VERSION
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
EXTRAS = "qt,remote,test"

WINDOW_PACKAGES = [  # what Qt and OpenGL load when a window opens
    *("libdbus-1-3", "libegl1", "libfontconfig1", "libgl1", "libgl1-mesa-dri"),
    *("libglib2.0-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0"),
    *("libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0", "libxcb-shape0"),
    *("libxcb-xinerama0", "libxkbcommon-x11-0"),
]
SCREEN_PACKAGES = ["xauth", "xvfb"]  # a screen in memory


def main(argv: list[str]) -> int | str:
    """Do what the first argument says; return an exit code, or what is wrong."""
    if sys.version_info < OLDEST:
        return (
            f"napari-ngff needs Python {OLDEST[0]}.{OLDEST[1]} or newer; "
            f"this is {VERSION} ({sys.executable})."
        )
    command = COMMANDS.get(argv[0] if argv else "")
    if command is None:
        return str(__doc__)
    prepare()
    return command(argv[1:])


def demo(arguments: list[str]) -> int:
    """Open napari on the sample image, or say where its picture is."""
    folder = ROOT / "demo"
    settings = {"NAPARI_CONFIG": str(folder / "napari.yaml")}
    start = [str(PYTHON.with_name("napari-ngff")), "sample", str(folder), *arguments]
    return subprocess.call(start, env={**os.environ, **settings})


def test(arguments: list[str]) -> int:
    """Run the tests; pytest-xvfb brings a screen for the windows among them."""
    return subprocess.call([str(PYTHON), "-m", "pytest", *arguments], cwd=ROOT)


COMMANDS = {"demo": demo, "test": test}


def prepare() -> None:
    """Have everything installed that the commands need."""
    missing = missing_packages()
    if missing:
        install_packages(missing)
    stamp = VENV / "complete"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Preparing {VENV} (once; some minutes) …", flush=True)
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    run([str(PYTHON), "-m", "pip", "install", "--quiet", "-e", f"{ROOT}[{EXTRAS}]"])
    stamp.write_text(wanted)


def missing_packages() -> list[str]:
    """Return the names of the Debian packages that are needed and not there."""
    if shutil.which("dpkg-query") is None:
        return []
    wanted = WINDOW_PACKAGES + ([] if has_display() else SCREEN_PACKAGES)
    form = "--showformat=${db:Status-Status}, ${Package}, ${Provides}\n"
    answer = subprocess.check_output(["dpkg-query", "--show", form], text=True)
    there: set[str] = set()
    for line in answer.splitlines():
        status, *names = (part.split()[0] for part in line.split(",") if part.strip())
        there.update(names if status == "installed" else ())
    missing = [name for name in wanted if name not in there]
    if find_spec("ensurepip") is None:
        missing.append(f"python{VERSION}-venv")
    return missing


def install_packages(names: list[str]) -> None:
    """Install Debian packages when run as root, else say which, and stop."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    if os.geteuid() != 0:
        sys.exit("Debian packages are missing. Please run: sudo " + " ".join(command))
    print("Installing Debian packages:", *names, flush=True)
    run(["apt-get", "update", "-qq"], DEBIAN_FRONTEND="noninteractive")
    run([*command, "-qq"], DEBIAN_FRONTEND="noninteractive")


def has_display() -> bool:
    """Return whether a window could be shown."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(display) or not sys.platform.startswith("linux")


def run(command: list[str], **variables: str) -> None:
    """Run a command that must succeed, with environment variables added."""
    code = subprocess.call(command, env={**os.environ, **variables})
    if code != 0:
        sys.exit(f"This failed with exit code {code}: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
