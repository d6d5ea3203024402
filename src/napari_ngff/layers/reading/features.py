"""The ``image-label`` block as a table of features, one row a label value.

Knows what napari's tables and status bar can show; knows no colours and no pixels.
"""

from __future__ import annotations

import json
from math import nan
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The column by which napari finds the row of a label value.
INDEX = "index"


def features_of(
    properties: Mapping[int, Mapping[str, Any]],
) -> dict[str, list[Any] | np.ndarray[Any, Any]] | None:
    """Return ``properties`` as columns.

    Parameters
    ----------
    properties
        Label value → its properties; labels need not have the same ones.

    Returns
    -------
    dict or None
        ``"index"`` (the label value, napari's word) and a column for each property,
        in the order of their first use. What a label lacks is NaN in a column of
        numbers, else missing. Lists and objects are their JSON text; a property called
        ``index`` becomes ``index (property)``. None where there is nothing.
    """
    if not properties:
        return None
    names = dict.fromkeys(name for row in properties.values() for name in row)
    columns: dict[str, list[Any] | np.ndarray[Any, Any]] = {INDEX: list(properties)}
    for name in names:
        cells = [_cell(row.get(name)) for row in properties.values()]
        columns[_unused(plain(name), columns)] = _column(cells)
    return columns


def _unused(name: str, columns: Mapping[str, Any]) -> str:
    if name == INDEX:
        name = f"{INDEX} (property)"
    while name in columns:
        name += " "
    return name


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, (list, tuple, dict)):
        return plain(json.dumps(value, ensure_ascii=False, default=str))
    return value


def _column(cells: Sequence[Any]) -> list[Any] | np.ndarray[Any, Any]:
    present = {type(cell) for cell in cells if cell is not None}
    if not present or None not in cells:
        return list(cells)
    if present <= {int, float}:
        return [nan if cell is None else float(cell) for cell in cells]
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column
