"""Show as RGB, Show as Channels: the same pixels as colours or as layers.

Reads the image's metadata again and exchanges its layers; labels stay.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from napari.layers import Layer
from napari.utils.notifications import show_info

from napari_ngff.core.names import plain
from napari_ngff.layers.provenance import KEY, Provenance
from napari_ngff.layers.read import show_as as read_as
from napari_ngff.widgets._work import Work, main_window
from napari_ngff.widgets.layer_commands import bare

if TYPE_CHECKING:
    from collections.abc import Generator

Form = Literal["rgb", "channels"]


def show_as(viewer: Any, form: Form) -> Work | None:
    """Replace the layers of the image that the active layer belongs to.

    Parameters
    ----------
    viewer
        Where the layer is.
    form
        ``"rgb"``: one layer of colours; ``"channels"``: a layer a channel.
    """
    viewer = bare(viewer)
    active = viewer.layers.selection.active
    record = None if active is None else Provenance.from_metadata(active.metadata)
    if record is None or record.kind != "image":
        show_info("Select one layer of an image that was opened from OME-Zarr first.")
        return None
    if record.form == form:
        show_info("The image is shown so already.")
        return None
    return Work(
        partial(_read, record, form),
        doing=f"Opening {plain(record.store)} again",
        done=partial(_exchange, viewer, record),
        parent=main_window(),
    )


def _read(record: Provenance, form: Form) -> Generator[float, None, list[Any]]:
    yield 0.0
    return read_as(record, form)


def _exchange(viewer: Any, record: Provenance, tuples: list[Any]) -> None:
    """Put the new layers where the image's old ones were."""
    image = _identity(record)
    old = [layer for layer in viewer.layers if _image_of(layer) == image]
    at = min((viewer.layers.index(layer) for layer in old), default=0)
    new = [Layer.create(*each) for each in tuples]
    names = [layer.name for layer in new]
    # First in, then out: a viewer that runs empty forgets where it looked.
    for offset, layer in enumerate(new):
        viewer.layers.insert(at + offset, layer)
    for layer in old:
        viewer.layers.remove(layer)
    for layer, name in zip(new, names, strict=True):
        layer.name = name
    viewer.layers.selection = set(new[-1:])


def _identity(record: Provenance) -> tuple[str, str, int, str]:
    """Return which image a layer shows, and which opening of it."""
    return record.store, record.node, record.index, record.opening


def _image_of(layer: Any) -> tuple[str, str, int, str] | None:
    """Return what a layer shows as it is stored; None for parts and others."""
    record = Provenance.from_metadata(layer.metadata)
    if record is None or record.kind != "image" or "box" in layer.metadata[KEY]:
        return None
    return _identity(record)
