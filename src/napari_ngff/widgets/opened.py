"""What happens once an image is open: what is wrong with it, and where to look first.

Knows napari's notifications, a viewer's dims and its labels; not Qt, nor files.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from napari.utils.notifications import show_warning

from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.reading.telling import summarize
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.widgets import preference, windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_HOW_TO_EDIT = "Layers > Data > Edit Labels makes a copy of these labels to be painted"


def after_reading(layers: Sequence[tuple[Any, dict[str, Any], str]]) -> None:
    """Tell problems, and prepare the viewers that `layers` may be added to.

    napari tells a reader none of them: a drop may go to a window that is not the
    current one.
    """
    preference.follow_if_changed()
    text = summarize([meta["metadata"] for _, meta, _ in layers])
    viewers = windows.viewers()
    show_default_plane(viewers, layers)
    for viewer in viewers:
        lock_labels(viewer)
    if text is not None and preference.reading().notify:
        windows.when_shown(partial(show_warning, text))
    elif viewers:  # napari lays one notification over the other
        windows.when_shown(preference.offer_always)


def show_default_plane(
    viewers: Iterable[Any], layers: Sequence[tuple[Any, dict[str, Any], str]]
) -> None:
    """Go to the plane that the file names, once the first of `layers` is shown.

    Nothing is done where a viewer shows something already, or where the next layer
    that it gets is another.

    Parameters
    ----------
    viewers
        Those that `layers` may be added to; the first that gets them goes there.
    layers
        What was read.
    """
    record = Provenance.from_metadata(layers[0][1]["metadata"]) if layers else None
    if record is None or (record.default_t is None and record.default_z is None):
        return
    shown: list[Any] = []
    for viewer in viewers:
        if not len(viewer.layers):
            _go_once(viewer, record, shown)


def _go_once(viewer: Any, record: Provenance, shown: list[Any]) -> None:
    """Have the next layer of a viewer shown at its default plane, if it is `record`'s.

    `shown` gets what was shown, and is what all viewers that wait for it share.
    """
    inserted = viewer.layers.events.inserted

    def go(event: Any) -> None:
        inserted.disconnect(go)
        layer = event.value
        if not shown and Provenance.from_metadata(layer.metadata) == record:
            shown.append(record.store)
            _go_to(viewer, layer, default_point(layer, record))

    # Last: napari itself goes to the middle when the first layer comes.
    inserted.connect(go, position="last")


def default_point(layer: Any, record: Provenance) -> dict[int, int]:
    """Return the file's default plane as layer axis → index."""
    wanted = {"t": record.default_t, "z": record.default_z}
    point = {}
    for axis, label in enumerate(layer.axis_labels):
        index = wanted.get(label)
        if index is not None and 0 <= index < layer.data.shape[axis]:
            point[axis] = index
    return point


def lock_labels(viewer: Any) -> None:
    """From now on, keep labels that are shown from a store from being painted.

    napari lets those of one level be edited, whatever their data are. What can be
    done instead is said in the status bar. Locking a viewer again changes nothing.
    """
    viewer.layers.events.inserted.connect(_lock, position="last")


def _lock(event: Any) -> None:
    layer = event.value
    if not isinstance(layer, Labels):
        return
    data = layer.data[0] if layer.multiscale else layer.data
    if isinstance(data, LazyArray):
        layer.editable = False
        layer.help = _HOW_TO_EDIT


def _go_to(viewer: Any, layer: Any, point: dict[int, int]) -> None:
    """Set the viewer's sliders to these indices of the layer."""
    world = layer.data_to_world([point.get(axis, 0) for axis in range(layer.ndim)])
    displayed = viewer.dims.displayed
    for axis in point:
        if axis not in displayed:
            viewer.dims.set_point(axis, world[axis])
