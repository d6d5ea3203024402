"""Where images go: names of stores, from what a person typed and how images are called.

Knows suffixes and what may be in the name of a file; touches no file.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from napari_ngff.core.portable import portable, unique

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.saving.options import Container, SaveOptions

FOLDER, FILE = ".ome.zarr", ".ozx"
#: What stores are called, the longer ones first.
SUFFIXES = (FOLDER, ".zarr", FILE)


def container_of(target: str | os.PathLike[str], options: SaveOptions) -> Container:
    """Return whether it will be a folder or a file."""
    if options.container is not None:
        return options.container
    return "ozx" if os.fspath(target).lower().endswith(FILE) else "directory"


def target_of(target: str | os.PathLike[str], options: SaveOptions) -> Path:
    """Return the absolute path of a store, with a suffix if it is to have one.

    A suffix that fits is kept as it is; that of the other container is replaced.
    """
    path = Path(os.path.abspath(os.path.expanduser(os.fspath(target))))
    if options.suffix == "as-given":
        return path
    stem, suffix = split(path.name)
    wanted = {"directory": SUFFIXES[:2], "ozx": SUFFIXES[2:]}
    fitting = wanted[container_of(target, options)]
    if suffix.lower() in fitting:
        return path
    return path.with_name(stem + fitting[0])


def split(name: str) -> tuple[str, str]:
    """Return a store's name without its suffix, and the suffix (maybe empty)."""
    for suffix in SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)], name[-len(suffix) :]
    return name, ""


def beside(target: Path, names: Sequence[str | None]) -> tuple[Path, ...]:
    """Return a path for each of several images: ``<name>_<image>.ome.zarr``.

    Parameters
    ----------
    target
        From `target_of`: gives the folder, the first part of the name and the suffix.
    names
        How the images are called; one without a name gets its number.
    """
    stem, suffix = split(target.name)
    called = [portable(name or "", str(i)) for i, name in enumerate(names)]
    return tuple(target.with_name(f"{stem}_{name}{suffix}") for name in unique(called))
