"""One layer taken apart: its pixels, its place and axes, and where it came from.

Knows the shape of ``LayerData`` and what our reader leaves in it; does not know which
layers belong together, nor how they look.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.layers.levels import from_matrices, from_shapes
from napari_ngff.layers.provenance import Provenance, stated_axes
from napari_ngff.layers.writing.axis_names import axes_of, layer_units, with_file_units
from napari_ngff.layers.writing.world import Placed, layer_matrix, same_matrix
from napari_ngff.metadata.axes import Axis, normal_unit
from napari_ngff.metadata.geometry import level_matrix, whole_transform
from napari_ngff.metadata.transforms import assumed_axes
from napari_ngff.storage.lazy import LazyArray, NumpySource
from napari_ngff.storage.pyramids.sources_in import source_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.reading.space import Placement
    from napari_ngff.layers.writing.origins import Origin, OriginKey
    from napari_ngff.metadata.transforms import FloatArray

Kind: TypeAlias = Literal["image", "labels"]

#: What napari adds to a name that is taken already.
_NUMBER = re.compile(r" \[\d+\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A layer on its way into a file.

    Attributes
    ----------
    position
        Which layer of those that are saved.
    name, kind, state
        Of the layer; the state is its keyword arguments.
    rgb
        Whether the last axis of the arrays holds colours and is no axis of the world.
    placed
        Its levels, axis by axis as the layer has them, and where they are.
    axes
        Those of the layer.
    record, origin
        Where it came from; `origin` is None where that is gone or has changed.
    untouched
        Whether it is where it was when it was opened, in all its pixels.
    """

    position: int
    name: str
    kind: Kind
    state: Mapping[str, Any]
    rgb: bool
    placed: Placed
    axes: tuple[Axis, ...]
    record: Provenance | None = None
    origin: Origin | None = None
    untouched: bool = False

    @property
    def renamed(self) -> bool:
        """Whether the layer has another name than it was opened with."""
        if self.record is None or not self.record.name:
            return True
        return _NUMBER.sub("", self.name) != _NUMBER.sub("", self.record.name)


def take_apart(
    position: int, layer: LayerData, origins: Mapping[OriginKey, Origin]
) -> Outgoing:
    """Return what an Image or Labels layer is made of.

    Parameters
    ----------
    position
        Which layer it is.
    layer
        Data, state and type; the data is one array or, finest first, several.
    origins
        From `writing.origins`.
    """
    data, state, kind = layer
    levels = tuple(map(_lazy, _arrays(data, state)))
    rgb = bool(state.get("rgb"))
    ndim = levels[0].ndim - rgb
    record = _record(state, kind)
    origin = _origin(record, origins, ndim)
    base = layer_matrix(state, ndim)
    shown = origin.placement(record) if origin and record else None
    moved = shown is None or not same_matrix(base, _matrix_of(shown))
    whole = not moved and _shows_all(levels, origin, shown)
    relative = _relative(levels, ndim, origin if whole else None, record)
    return Outgoing(
        position=position,
        name=str(state.get("name") or f"{kind} {position + 1}"),
        kind="labels" if kind == "labels" else "image",
        state=state,
        rgb=rgb,
        placed=Placed(levels=levels, matrices=tuple(base @ m for m in relative)),
        axes=_axes(state, ndim, record, origin, shown),
        record=record,
        origin=origin,
        untouched=whole,
    )


def _arrays(data: Any, state: Mapping[str, Any]) -> Sequence[Any]:
    """Return the levels of a layer; a pyramid of napari's is a sequence of arrays."""
    several = state.get("multiscale")
    if several is None:
        several = isinstance(data, list | tuple)
    return list(data) if several else [data]


def _lazy(array: Any) -> LazyArray:
    if isinstance(array, LazyArray):
        return array
    source = NumpySource(array) if type(array) is np.ndarray else source_of(array)
    return LazyArray(source)


def _record(state: Mapping[str, Any], kind: str) -> Provenance | None:
    """Return what a layer remembers, if it is its own.

    Plugins hand on what an image remembers to the labels that they make of it.
    """
    record = Provenance.from_metadata(state.get("metadata") or {})
    if record is None or (record.kind == "labels") != (kind == "labels"):
        return None
    return record


def _origin(
    record: Provenance | None, origins: Mapping[OriginKey, Origin], ndim: int
) -> Origin | None:
    if record is None:
        return None
    found = origins.get((record.store, record.node, record.index))
    if found is None or not found.fits(record) or len(record.order) != ndim:
        return None
    return found


def _matrix_of(placement: Placement) -> FloatArray:
    if placement.affine is not None:
        return np.array(placement.affine)
    matrix = np.diag([*placement.scale, 1.0])
    matrix[:-1, -1] = placement.translate
    return matrix


def _shows_all(
    levels: Sequence[LazyArray], origin: Origin | None, shown: Placement | None
) -> bool:
    """Whether the levels have the shapes of the file's."""
    if origin is None or shown is None:
        return False
    own = [shown.arrange(level).shape for level in origin.prepared.levels]
    return [level.shape for level in levels] == own[: len(levels)]


def _relative(
    levels: Sequence[LazyArray],
    ndim: int,
    origin: Origin | None,
    record: Provenance | None,
) -> list[FloatArray]:
    """Map pixels of each level to those of the finest, as the file says or napari."""
    found = [
        np.eye(ndim + 1),
        *(from_shapes(levels[0].shape[:ndim], n.shape[:ndim]) for n in levels[1:]),
    ]
    if origin is None or record is None:
        return found
    multiscale = origin.image.multiscale
    finest = level_matrix(multiscale, 0)
    paths = [level.path for level in multiscale.levels]
    for i, path in enumerate(record.levels[1 : len(levels)], start=1):
        level = level_matrix(multiscale, paths.index(path))
        if finest is not None and level is not None and origin.prepared.frame.placed:
            found[i] = from_matrices(finest, level, record.order)
    return found


def _axes(
    state: Mapping[str, Any],
    ndim: int,
    record: Provenance | None,
    origin: Origin | None,
    shown: Placement | None,
) -> tuple[Axis, ...]:
    """Return the axes of a layer, with what its file says of them."""
    if origin is None or record is None or shown is None:
        known = [Axis(**axis) for axis in record.axes] if record else []
        known = [] if record and record.kind == "array" else known
        known += stated_axes(state.get("metadata") or {})
        axes = axes_of(state, ndim, known)
        file = {plain(axis.name): axis for axis in known if not normal_unit(axis.unit)}
        return with_file_units(axes, (None,) * ndim, file)
    multiscale = origin.image.multiscale
    axes = axes_of(state, ndim, multiscale.axes)
    if not origin.prepared.frame.placed:
        return axes
    guessed = assumed_axes(whole_transform(multiscale, 0), len(multiscale.axes))
    return with_file_units(
        axes,
        layer_units({"units": shown.units}, ndim),
        {plain(axis.name): axis for axis in multiscale.axes},
        frozenset(plain(multiscale.axes[i].name) for i in guessed),
    )
