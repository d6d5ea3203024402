"""Axes of a layer in the specification's words: the inverse of `units`.

Knows names, types and units, and what a layer's file said about them; knows no
arrays and no geometry.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.layers.reading.units import PIXEL
from napari_ngff.metadata.axes import SPACE_UNITS, Axis, kind_of, normal_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.metadata.axes import Kind

#: Names that say nothing: napari's own, and ours for an array without names.
_NO_NAME = re.compile(r"-\d+|dim_\d+|")
_BY_POSITION = ("t", "c", "z", "y", "x")
_WITHOUT_CHANNEL = ("t", "z", "y", "x")
_DEPTH = frozenset({"plane", "slice", "depth", "pln", "section"})
_PLANE_AXES = 2
_VOLUME_AXES = 3
_NO_UNIT = frozenset({"", PIXEL, "pixels", "px", "voxel", "dimensionless"})


def layer_units(state: Mapping[str, Any], ndim: int) -> tuple[str | None, ...]:
    """Return the unit of each axis of a layer; None for pixels.

    Parameters
    ----------
    state
        Of the layer: ``units`` are texts or pint's units, one for all or one an axis.
    ndim
        How many axes the layer has.

    Returns
    -------
    tuple of str or None
        The specification's names; the layer's words for units that it does not know.
    """
    given = state.get("units")
    if given is None:
        return (None,) * ndim
    listed = (
        [given] if isinstance(given, str) or not hasattr(given, "__len__") else given
    )
    texts = [str(unit) for unit in listed]
    if len(texts) == 1:
        texts *= ndim
    known = [normal_unit(text) or _foreign(text) for text in texts]
    return tuple([None] * (ndim - len(known)) + known)


def _foreign(text: str) -> str | None:
    return None if text.strip().casefold() in _NO_UNIT else text


def layer_names(state: Mapping[str, Any], ndim: int) -> tuple[str, ...]:
    """Return the labels of a layer's axes; empty where they say nothing."""
    given = state.get("axis_labels") or ()
    names = [str(name).strip() for name in given][-ndim:]
    names = [""] * (ndim - len(names)) + names
    return tuple("" if _NO_NAME.fullmatch(name) else name for name in names)


def axes_of(
    state: Mapping[str, Any], ndim: int, known: Sequence[Axis] = ()
) -> tuple[Axis, ...]:
    """Return the axes of a layer.

    Parameters
    ----------
    state
        Of the layer.
    ndim
        How many axes it has.
    known
        Axes of the file that it came from, as that says them: one that has the name
        of a layer's axis says all else of it.

    Returns
    -------
    tuple of Axis
        Names are unique. One that says nothing, or that occurred before, is replaced
        by its position: t, c, z, y, x from the last. Types follow from the file, the
        name, the unit; the last two axes are space where nothing says otherwise.
    """
    names, units = layer_names(state, ndim), layer_units(state, ndim)
    by_name = {plain(axis.name): axis for axis in known}
    kinds = [
        kind_of(by_name[name]) if name in by_name else _kind(name, unit)
        for name, unit in zip(names, units, strict=True)
    ]
    filled = _filled(names, kinds)
    found = []
    for index, (name, unit) in enumerate(zip(filled, units, strict=True)):
        axis = by_name.get(name) or Axis(name=name)
        if axis.type is None:
            kind = _kind(name, unit) or _kind_by_place(name, index, ndim)
            axis = replace(axis, type=kind)
        found.append(replace(axis, unit=unit))
    return tuple(found)


def _kind(name: str, unit: str | None) -> Kind | None:
    """Return what an axis' name says it is, else what its unit says."""
    by_name = kind_of(Axis(name=name))
    if by_name or unit is None or normal_unit(unit) is None:
        return by_name
    return "space" if unit in SPACE_UNITS else "time"


def _kind_by_place(name: str, index: int, ndim: int) -> Kind | None:
    """Tell that the axes that napari shows are space."""
    from_last = ndim - index
    if from_last <= _PLANE_AXES:
        return "space"
    if from_last == _VOLUME_AXES and name.casefold() in _DEPTH:
        return "space"
    return None


def _filled(names: Sequence[str], kinds: Sequence[Kind | None]) -> tuple[str, ...]:
    """Return names for all axes, each once."""
    ndim = len(names)
    first = [name if name not in names[:i] else "" for i, name in enumerate(names)]
    taken = set(first)
    result = []
    for index, name in enumerate(first):
        if not name:
            name = _by_position(index, ndim, kinds[index], taken)
            taken.add(name)
        result.append(name)
    return tuple(result)


def _by_position(index: int, ndim: int, kind: Kind | None, taken: set[str]) -> str:
    words = _BY_POSITION if ndim >= len(_BY_POSITION) else _WITHOUT_CHANNEL
    place = index - ndim + len(words)
    wanted = words[place] if place >= 0 else f"dim_{index}"
    if kind == "time" and "t" not in taken:
        wanted = "t"
    free = [wanted, *reversed(_BY_POSITION[2:])] if kind == "space" else [wanted]
    return next((name for name in free if name not in taken), f"dim_{index}")


def with_file_units(
    axes: Sequence[Axis],
    shown: Sequence[str | None],
    file: Mapping[str, Axis],
    assumed: frozenset[str] = frozenset(),
) -> tuple[Axis, ...]:
    """Return axes with the file's own units where the layer's are as it was opened.

    Parameters
    ----------
    axes
        Of the layer.
    shown
        The unit of each that the layer had when it was opened; None for pixels.
    file
        The axes of the file by name, as layers show names.
    assumed
        Names of axes whose pixel size the file does not state: their unit would make
        it a length.
    """
    found = []
    for axis, unit in zip(axes, shown, strict=True):
        own = file.get(plain(axis.name))
        if own is None or axis.unit != unit or plain(axis.name) in assumed:
            found.append(axis)
        else:
            found.append(replace(axis, unit=own.unit))
    return tuple(found)
