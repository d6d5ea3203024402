"""What the benchmarks share: running a program of the yardstick, rows and tables."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
YARDSTICK = ROOT.parent / "shared" / "bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One claim: what was measured, what it may be, and the two as a ratio."""

    what: str
    where: str
    ours: str
    bound: str
    ratio: float

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.ratio <= 1


def run(
    *command: object, environment: dict[str, str], python: str = sys.executable
) -> str:
    """Run a program of the yardstick and return what it printed."""
    done = subprocess.run(
        [python, *map(str, command)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        message = f"{command[0]} failed:\n{done.stderr}"
        raise SystemExit(message)
    return done.stdout.strip()


def compile_package(python: str = sys.executable) -> None:
    """Have the bytecode that a package has once it is installed, also in a checkout."""
    code = (
        "import compileall, importlib.util as u, sys;"
        "there = u.find_spec('napari_ngff').submodule_search_locations;"
        "sys.exit(not all(compileall.compile_dir(d, quiet=1) for d in there))"
    )
    run("-c", code, environment=dict(os.environ), python=python)


def is_installed(package: str) -> bool:
    """Tell whether a package is there to compare with; say so if not."""
    try:
        version(package)
    except PackageNotFoundError:
        print(f"{package} is not installed: not compared with", file=sys.stderr)
        return False
    return True


def machine(*packages: str) -> str:
    """Describe where this ran, in general terms."""
    import psutil

    versions = [f"{name} {version(name)}" for name in packages]
    return (
        f"{os.cpu_count()} CPU cores, {psutil.virtual_memory().total / 2**30:.0f} GiB "
        f"of memory, {platform.system()}, local disk with a warm cache, "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def table(title: str, about: list[str], rows: list[Row], program: str) -> str:
    """Return the rows as a page of Markdown."""
    lines = [
        f"# {title}",
        "",
        *about,
        "",
        "| what | layout | napari-ngff | may take | ratio |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.what} | {row.where} | {row.ours} | {row.bound} | {row.ratio:.2f} |"
        for row in rows
    ]
    return "\n".join([*lines, "", f"Made by `benchmarks/{program}`.", ""])
