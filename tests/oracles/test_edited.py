"""Pixel sizes and origins that we edit are where other tools see them, at every level.

ngff-zarr reads what each level says; where the levels have to be was known before.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.build import build_image
from cases.editing import edited
from napari_ngff.metadata.editing import SetOrigin, SetPixelSize, SetUnit
from oracles.implementations import ask_ngff_zarr, ours

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

AXES = "zyx"
SIZES = st.floats(1e-3, 1e3).map(lambda size: float(f"{size:.6g}"))
PLACES = st.floats(-1e3, 1e3).map(lambda place: float(f"{place:.6g}"))


def edit_document(store: Path, *edits: Any, shapes: Any) -> None:
    """Edit the attributes of an image where it is stored."""
    old = store / ".zattrs"
    path = old if old.exists() else store / "zarr.json"
    value = json.loads(path.read_text())
    if path == old:
        value = edited(value, *edits, shapes=shapes)
    else:
        value["attributes"] = edited(value["attributes"], *edits, shapes=shapes)
    path.write_text(json.dumps(value))


@pytest.mark.parametrize("method", ["mean", "first"])
@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_levels_are_where_ngff_zarr_sees_them(
    version: str, method: str, tmp_path: Path
) -> None:
    """The centre of every level follows the finest one's, in ngff-zarr and here."""
    shapes = ((5, 33, 18), (5, 17, 9), (5, 9, 5))
    made = 0

    @given(*([st.tuples(SIZES, SIZES, SIZES)] * 2), st.tuples(PLACES, PLACES, PLACES))
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    def every(before: Any, after: Any, origin: Any) -> None:
        nonlocal made
        made += 1
        store = build_image(
            tmp_path / f"{made}.ome.zarr",
            version=version,
            axes=AXES,
            shape=shapes[0],
            levels=3,
            method=method,
            scale=before,
            translation=(1, 2, 3),
        )
        known = ask_ngff_zarr(store)
        sizes = [SetPixelSize(axis=i, size=size) for i, size in enumerate(after)]
        places = [SetOrigin(axis=i, origin=at) for i, at in enumerate(origin)]
        edit_document(store, *sizes, *places, shapes=known.shapes)
        for answer in (ask_ngff_zarr(store), ours(store)):
            for level in range(3):
                index = (np.array(known.translations[level]) - (1, 2, 3)) / before
                factor = np.array(known.scales[level]) / before
                wanted = np.array(origin) + index * after
                # Answers have nine digits, those before the edit too.
                digits = np.abs(known.translations[level]) * after / before + 1
                near = 1e-8 * (np.abs(wanted) + digits)
                assert (np.abs(answer.translations[level] - wanted) <= near).all()
                np.testing.assert_allclose(answer.scales[level], factor * after, 1e-7)
            assert known.pixels == answer.pixels

    every()
    assert made >= 15


def test_units_are_converted_as_ngff_zarr_sees_them(tmp_path: Path) -> None:
    """A thousand times the number in nanometres is the same size."""
    store = build_image(tmp_path / "a.ome.zarr", version="0.5", axes="yx", shape=(9, 8))
    before = ask_ngff_zarr(store)
    unit = SetUnit(axis=0, unit="nm", keep="size")
    edit_document(store, unit, shapes=before.shapes)
    after = ask_ngff_zarr(store)
    assert ("nanometer", before.units[1]) == after.units
    for old, new in zip(before.scales, after.scales, strict=True):
        assert (old[0] * 1000, old[1]) == tuple(new)
