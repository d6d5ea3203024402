"""What happens once an image is open: what is wrong with it, and where to look first.

Knows napari's notifications, a viewer's dims and its labels; not Qt, nor files.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from napari.layers import Labels
from napari.utils.notifications import show_warning

from napari_ngff.layers.provenance import Provenance, problems_of, summarize
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.widgets import preference

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOW_TO_EDIT = "Layers > Data > Edit Labels makes a copy of these labels to be painted"


def after_reading(layers: Sequence[tuple[Any, dict[str, Any], str]]) -> None:
    """Tell problems, and prepare the viewer that `layers` are about to be added to."""
    told = tell_problems(layers)
    if "qtpy" not in sys.modules:  # no window: asking for it would load Qt
        return
    from napari.viewer import current_viewer

    viewer = current_viewer()
    if viewer is not None:
        show_default_plane(viewer, layers)
        lock_labels(viewer)
        if not told:  # napari lays one notification over the other
            preference.offer_always()


def tell_problems(layers: Sequence[tuple[Any, dict[str, Any], str]]) -> bool:
    """Say once what is wrong with what was opened: a count and the worst.

    Returns
    -------
    bool
        Whether there was anything to say.
    """
    text = summarize(problems_of([meta["metadata"] for _, meta, _ in layers]))
    if text is None or not preference.reading().notify:
        return False
    show_warning(text)
    return True


def show_default_plane(
    viewer: Any, layers: Sequence[tuple[Any, dict[str, Any], str]]
) -> None:
    """Go to the plane that the file names, once the first of `layers` is shown.

    Nothing is done where the viewer shows something already, or where the next layer
    that it gets is another.

    Parameters
    ----------
    viewer
        The viewer that `layers` are about to be added to.
    layers
        What was read.
    """
    if len(viewer.layers) or not layers:
        return
    record = Provenance.from_metadata(layers[0][1]["metadata"])
    if record is None or (record.default_t is None and record.default_z is None):
        return
    inserted = viewer.layers.events.inserted

    def go(event: Any) -> None:
        inserted.disconnect(go)
        layer = event.value
        if Provenance.from_metadata(layer.metadata) == record:
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
    done instead is said in the status bar.
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
