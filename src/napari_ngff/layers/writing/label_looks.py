"""Colours and features of a Labels layer as ``image-label``: inverse of `features`.

Knows tables and label colormaps, of napari's kinds by what they have rather than by
their class; reads no pixels.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.layers.reading.colors import UNLISTED, generated_color, label_colormap
from napari_ngff.layers.reading.features import INDEX, features_of
from napari_ngff.layers.writing.losses import loss
from napari_ngff.metadata.model import ImageLabel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Problem
    from napari_ngff.layers.writing.outgoing import Outgoing

    Rgba = tuple[int, int, int, int]

#: Of napari's own label colours: the random number, and how many there are.
_SEED = 0.5
_COUNT = 50
_PROPERTY = f"{INDEX} (property)"
_MISSING = object()
_TOLERANCE = 1 / 512


def image_label_of(layer: Outgoing) -> tuple[ImageLabel, tuple[Problem, ...]]:
    """Return the ``image-label`` block of a Labels layer, and what is lost of it.

    What is as it was when the layer was opened stays as the file says it, also what
    the layer could not show.
    """
    before = layer.origin.image_label if layer.origin else None
    before = before or ImageLabel()
    dtype = layer.placed.levels[0].dtype
    shown = label_colormap(before.colors, before.properties, dtype=dtype)
    colors, color_problems = _colors(layer, before, shown)
    properties, property_problems = _properties(layer, before)
    block = ImageLabel(colors=colors, properties=properties)
    return block, (*color_problems, *property_problems)


def _colors(
    layer: Outgoing, before: ImageLabel, shown: Mapping[int | None, Any] | None
) -> tuple[dict[int, Rgba], tuple[Problem, ...]]:
    table = _color_table(layer.state.get("colormap"))
    if table is None:
        changed = _is_own(layer.state.get("colormap"))
        text = (
            "Its colours are not saved, for they follow from a random number. To keep "
            "them, give the labels colours of their own."
        )
        problems = (loss(layer.name, "colors-not-saved", text, "info"),)
        return {}, problems if changed else ()
    kept = {v: rgba for v, rgba in before.colors.items() if shown and v not in shown}
    ours = layer.record is not None and _same(table.get(None), UNLISTED)
    made = {
        value: _bytes(rgba)
        for value, rgba in table.items()
        if value is not None and not _is_default(value, rgba, before, ours=ours)
    }
    same = {v: before.colors[v] for v in made if _unchanged(v, made[v], before)}
    found = made | same | (kept if ours else {})
    order = [v for v in before.colors if v in found]
    return {value: found[value] for value in (*order, *found)}, ()


def _color_table(colormap: Any) -> Mapping[int | None, Any] | None:
    """Return the colours of a map that has one for each value; None for the others."""
    if colormap is None:
        return None
    table = getattr(colormap, "color_dict", None)
    if table is None and isinstance(colormap, dict):
        table = colormap.get(
            "color_dict", colormap if "colors" not in colormap else None
        )
    if table is None:
        return None
    return {
        None if value is None else int(value): tuple(map(float, rgba))
        for value, rgba in table.items()
    }


def _is_own(colormap: Any) -> bool:
    """Whether cyclic colours are others than those that napari begins with."""
    given = colormap if isinstance(colormap, dict) else {}
    seed = getattr(colormap, "seed", given.get("seed", _SEED))
    colors = getattr(colormap, "colors", given.get("colors"))
    return seed != _SEED or (colors is not None and len(colors) != _COUNT)


def _is_default(value: int, rgba: Any, before: ImageLabel, *, ours: bool) -> bool:
    """Tell of a colour that nobody chose: no background, and what we made up."""
    if value in before.colors:
        return False
    if value == 0 and rgba[3] == 0:
        return True
    return ours and _same(rgba, generated_color(value))


def _same(one: Any, other: Any) -> bool:
    return one is not None and bool(np.allclose(one, other, atol=_TOLERANCE))


def _bytes(rgba: Any) -> Rgba:
    red, green, blue, alpha = np.rint(np.clip(rgba, 0, 1) * 255).astype(int).tolist()
    return red, green, blue, alpha


def _unchanged(value: int, rgba: Rgba, before: ImageLabel) -> bool:
    """Whether a colour is the file's, which may be out of range there."""
    own = before.colors.get(value)
    return own is not None and rgba == tuple(min(max(part, 0), 255) for part in own)


def _properties(
    layer: Outgoing, before: ImageLabel
) -> tuple[dict[int, dict[str, Any]], tuple[Problem, ...]]:
    columns = _columns(layer.state)
    values = _label_values(columns)
    shown = features_of(before.properties) or {}
    names = dict(zip(list(shown)[1:], _names_before(before), strict=True))
    opened = {v: row for row, v in enumerate(shown.get(INDEX, ()))}
    found: dict[int, dict[str, Any]] = {}
    bad: set[str] = set()
    for row, value in enumerate(values):
        if value is None:
            bad.add(INDEX)
            continue
        cells = found[value] = {}
        for column, data in columns.items():
            if column == INDEX:
                continue
            name = names.get(column, INDEX if column == _PROPERTY else column)
            own = before.properties.get(value, {}).get(name, _MISSING)
            seen = shown[column][opened[value]] if own is not _MISSING else _MISSING
            cell = (
                own if _is_same_cell(seen, data[row]) else _plain(data[row], bad, name)
            )
            if cell is not _MISSING:
                cells[name] = cell
    return found, _table_losses(layer, bad, len(values) - len(found))


def _names_before(before: ImageLabel) -> list[str]:
    return list(dict.fromkeys(n for row in before.properties.values() for n in row))


def _columns(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a table: a DataFrame or a dict of columns."""
    table = state.get("features")
    if table is None or not len(table):
        table = state.get("properties") or {}
    return {str(name): list(table[name]) for name in table}


def _label_values(columns: Mapping[str, Any]) -> list[int | None]:
    """Return the label that each row is of: napari's rule."""
    if not columns:
        return []
    if INDEX not in columns:
        return list(range(len(next(iter(columns.values())))))
    return list(map(_whole, columns[INDEX]))


def _whole(value: Any) -> int | None:
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if number == value else None


def _is_same_cell(seen: Any, cell: Any) -> bool:
    """Whether a cell is what the file's value was shown as."""
    if seen is _MISSING:
        return False
    if isinstance(seen, str) or isinstance(cell, str):
        return bool(seen == cell)
    if _is_nothing(seen) and _is_nothing(cell):
        return True
    return bool(seen == cell)


def _is_nothing(cell: Any) -> bool:
    """Tell of None, NaN, pandas' NA and NaT: none is equal to itself, but None."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return False
    return type(cell).__name__ in ("NAType", "NaTType") or bool(cell != cell)


def _plain(cell: Any, bad: set[str], name: str) -> Any:
    """Return a cell as JSON has it; missing where there is nothing in it."""
    if _is_nothing(cell):
        return _MISSING
    cell = cell.item() if isinstance(cell, np.generic) else cell
    if isinstance(cell, bool | int | str):
        return cell
    if isinstance(cell, float):
        if isfinite(cell):
            return cell
        bad.add(name)
        return _MISSING
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    return str(cell)


def _table_losses(layer: Outgoing, bad: set[str], dropped: int) -> tuple[Problem, ...]:
    found = []
    columns = sorted(bad - {INDEX})
    if columns:
        text = (
            f"Infinite values in the features {', '.join(columns)} are not saved: "
            "OME-Zarr's JSON has no such number."
        )
        found.append(loss(layer.name, "features-not-saved", text))
    if dropped:
        text = (
            f"{dropped} rows of its features are not saved: their 'index' is no label "
            "value, or that of a later row."
        )
        found.append(loss(layer.name, "features-not-saved", text))
    return tuple(found)
