"""Layers that show a store which was just replaced: let them show what is there now.

Knows napari's layers; reads metadata, no pixels. Without it such layers would say that
the store has changed, and show nothing: never old metadata with new pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from napari.layers import Labels, Layer

from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.read import read_layers, show_as
from napari_ngff.widgets.saving.save_scope import reads_from
from napari_ngff.widgets.saving.save_words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from napari_ngff.layers.reading.pictures import LayerData

_PLACE = ("scale", "translate", "rotate", "shear", "affine", "units", "axis_labels")
_LOOKS = (
    "blending",
    "colormap",
    "contrast_limits",
    "gamma",
    "name",
    "opacity",
    "visible",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebound:
    """What became of the layers that showed a replaced store.

    Attributes
    ----------
    shown
        Names of those that show what is there now.
    closed
        Names of those of which nothing is there any more.
    """

    shown: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """Return what the user should know of it."""
        found = []
        if self.shown:
            found.append(f"Shown anew from the saved image: {listed(self.shown)}.")
        if self.closed:
            names = listed(self.closed)
            found.append(f"Closed, for the image that they showed is gone: {names}.")
        return found


def rebind(viewers: Iterable[Any], stores: Sequence[Path]) -> Rebound:
    """Let every layer that reads from one of the stores read it as it is now.

    Parameters
    ----------
    viewers
        Whose layers.
    stores
        Those that were replaced.
    """
    shown: list[str] = []
    closed: list[str] = []
    for viewer in viewers:
        pairs = [
            pair
            for store in stores
            for pair in _matched(
                [x for x in viewer.layers if reads_from(x, store)], store
            )
        ]
        selected = list(viewer.layers.selection)
        for layer, new in pairs:
            name = plain(layer.name, limit=80)
            if new is None:
                viewer.layers.remove(layer)
                closed.append(name)
                continue
            now = _renewed(viewer, layer, new)
            selected = [now if each is layer else each for each in selected]
            shown.append(name)
        if pairs:
            viewer.layers.selection = {x for x in selected if x in viewer.layers}
    return Rebound(shown=tuple(shown), closed=tuple(closed))


def _matched(layers: Sequence[Any], store: Path) -> list[tuple[Any, LayerData | None]]:
    """Find what each layer shows now: by its name, else by its place in the file."""
    tuples = _read(layers, store) if layers else []
    found: dict[int, LayerData] = {}
    for same in (_same_name, _same_place):
        for layer in layers:
            free = [t for t in tuples if not any(t is f for f in found.values())]
            match = next((t for t in free if same(layer, t)), None)
            if id(layer) not in found and match is not None:
                found[id(layer)] = match
    return [(layer, found.get(id(layer))) for layer in layers]


def _read(layers: Sequence[Any], store: Path) -> list[LayerData]:
    """Return the layers of a store, in the form in which they are shown."""
    try:
        tuples = read_layers(store)
    except NgffError:
        return []  # it went as soon as it had come: there is nothing to show
    for form in ("rgb", "channels"):
        wanted = [r for r in map(_record, layers) if r is not None and r.form == form]
        there = [r for r in map(_record_of, tuples) if r is not None and r.form == form]
        if wanted and not there:
            try:
                other = show_as(wanted[0], form)
            except NgffError:
                continue  # it cannot be shown so any more
            labels = [each for each in tuples if each[2] == "labels"]
            return [*other, *labels]
    return tuples


def _record(layer: Any) -> Provenance | None:
    return Provenance.from_metadata(layer.metadata)


def _record_of(new: LayerData) -> Provenance | None:
    return Provenance.from_metadata(new[1]["metadata"])


def _is_alike(layer: Any, new: LayerData) -> bool:
    old, now = _record(layer), _record_of(new)
    if old is None or now is None:
        return False
    return (old.kind, old.form) == (now.kind, now.form)


def _same_name(layer: Any, new: LayerData) -> bool:
    return _is_alike(layer, new) and layer.name == new[1]["name"]


def _same_place(layer: Any, new: LayerData) -> bool:
    old, now = _record(layer), _record_of(new)
    if old is None or now is None or not _is_alike(layer, new):
        return False
    if old.kind == "labels" and old.label != now.label:
        return False
    return (old.node, old.index, old.channel) == (now.node, now.index, now.channel)


def _renewed(viewer: Any, layer: Any, new: LayerData) -> Any:
    """Give a layer the pixels and the place of `new`; it looks as it did.

    Returns
    -------
    Layer
        The same, or the one that took its place.
    """
    data, meta, kind = new
    several = bool(meta["multiscale"])
    same_rgb = bool(getattr(layer, "rgb", False)) == bool(meta.get("rgb"))
    finest = data[0] if several else data
    ndim = finest.ndim - bool(meta.get("rgb"))
    if layer.multiscale != several or layer.ndim != ndim or not same_rgb:
        return _exchanged(viewer, layer, new)
    layer.data = data
    for name, value in _place_of(data, meta, kind).items():
        setattr(layer, name, value)
    layer.metadata = dict(meta["metadata"])
    if isinstance(layer, Labels):
        layer.editable = False
    layer.refresh()
    return layer


def _place_of(data: Any, meta: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return where a layer is, in all of napari's words for it."""
    whole = Layer.create(data, {**meta, "visible": False}, kind)
    return {name: getattr(whole, name) for name in _PLACE}


def _exchanged(viewer: Any, layer: Any, new: LayerData) -> Any:
    """Put another layer in a layer's place, where napari cannot change it."""
    data, meta, kind = new
    looks = {name: getattr(layer, name) for name in _LOOKS if hasattr(layer, name)}
    at = viewer.layers.index(layer)
    made = Layer.create(data, {**meta, **looks}, kind)
    # First in, then out: a viewer that runs empty forgets where it looked.
    viewer.layers.insert(at, made)
    viewer.layers.remove(layer)
    made.name = looks["name"]
    return made
