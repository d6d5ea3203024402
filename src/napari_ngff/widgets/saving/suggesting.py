"""Where the layers of a viewer might be saved, before anybody has said.

Knows where layers came from and which folders may be written to; writes nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from napari.layers import Image, Labels

from napari_ngff.core.portable import portable
from napari_ngff.dataset.sample import goes_with_process
from napari_ngff.dataset.saving.targets import FOLDER, split
from napari_ngff.layers.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from napari.layers import Layer

_LONGEST = 80


def suggested_target(layers: Iterable[Layer], folder: str) -> str:
    """Return where the layers might go: to a new place, in a folder that takes it.

    Parameters
    ----------
    layers
        What is saved.
    folder
        Where the last image was saved; may be empty.

    Returns
    -------
    str
        A path beside the file that the first layer with pixels came from; where that
        has none here, or nothing can be written beside it, in `folder`, else in the
        user's own folder. Nothing is there.
    """
    layer = next((x for x in layers if isinstance(x, Image | Labels)), None)
    name, source = ("image", None) if layer is None else _origin(layer)
    place = next(filter(_takes_files, _places(source, folder)), Path.home())
    name = portable(name, "image", limit=_LONGEST)
    path, number = place / f"{name}{FOLDER}", 2
    while os.path.lexists(path):
        path, number = place / f"{name}_{number}{FOLDER}", number + 1
    return str(path)


def _origin(layer: Layer) -> tuple[str, Path | None]:
    """Return what a layer's image is called, and the local file that it came from."""
    record = Provenance.from_metadata(layer.metadata)
    found = str(record.store if record is not None else layer.source.path or "")
    if not found or "://" in found:
        return layer.name, None
    name = layer.name if record is None else split(Path(found).name)[0]
    return name, Path(found)


def _places(source: Path | None, folder: str) -> Iterator[Path]:
    if source is not None and source.is_absolute() and not goes_with_process(source):
        yield source.parent
    if folder:
        yield Path(folder)


def _takes_files(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
