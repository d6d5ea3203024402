"""Borders lie between the last pixel of one chunk and the first one of the next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.layers.borders import borders_of
from napari_ngff.layers.viewing import Look
from napari_ngff.storage.lazy import LazyArray, NumpySource

ALL = (np.array([-9e9, -9e9]), np.array([9e9, 9e9]))


def look(shape: tuple[int, ...], level: int = 0, displayed: Any = (0, 1)) -> Look:
    """All of a level."""
    box = tuple(slice(0, n) for n in shape)
    return Look(level=level, box=box, displayed=displayed, point=(0.0,) * len(shape))


def array(*shape: int) -> LazyArray:
    return LazyArray(NumpySource(np.zeros(shape, "u1")))


def places(found: Any, across: int, kind: str) -> list[float]:
    """Return where the borders of a kind are along one displayed axis."""
    lines = zip(found.lines, found.across, found.kinds, strict=True)
    return [float(line[0, across]) for line, i, k in lines if i == across and k == kind]


@given(
    n=st.integers(1, 90),
    chunk=st.integers(1, 40),
    step=st.sampled_from([1, 1, 2, -1, -3]),
    low=st.floats(-5, 95),
    width=st.floats(0.5, 100),
)
def test_borders_part_pixels_of_different_chunks(
    n: int, chunk: int, step: int, low: float, width: float
) -> None:
    """By brute force: of all neighbours in view, those of two chunks; and the ends."""
    whole = array(n, 4)[::step]
    count = whole.shape[0]
    view = np.array([low, -9.0]), np.array([low + width, 9.0])
    found = borders_of(look(whole.shape), [whole], {"chunk": (chunk, 4)}, view)
    of = [at // chunk for at in range(n)[::step]]
    wanted = [-0.5, count - 0.5]
    wanted += [i - 0.5 for i in range(1, count) if of[i] != of[i - 1]]
    high = min(low + width, count - 0.5)
    seen = sorted(at for at in wanted if max(low, -0.5) <= at <= high)

    if max(low, -0.5) < high:
        assert seen == places(found, 0, "chunk")


def test_a_coarse_level_is_stretched_to_the_finest() -> None:
    """Edge to edge, of the axes that are displayed, in the layer's own order."""
    fine, coarse = array(6, 40, 64), array(6, 10, 20)
    turned = [level.transpose((2, 0, 1)) for level in (fine, coarse)]
    found = borders_of(
        look(turned[1].shape, level=1, displayed=(2, 0)),
        turned,
        {"chunk": (1, 4, 5), "shard": (6, 8, 10)},
        ALL,
    )

    assert [-0.5, 31.5, 39.5] == places(found, 0, "shard")
    assert [15.5] == places(found, 0, "chunk")
    assert [-0.5, 31.5, 63.5] == places(found, 1, "shard")
    assert [15.5, 47.5] == places(found, 1, "chunk")
    assert [[-0.5, -0.5], [-0.5, 63.5]] == found.lines[0].tolist()


def test_what_lies_too_close_is_not_drawn() -> None:
    """Axis by axis and kind by kind, and it is told."""
    level = array(4000, 40)
    cells = {"chunk": (2, 20), "shard": (1000, 40)}
    found = borders_of(look(level.shape), [level], cells, ALL, apart=(0.0, 30.0))

    assert ("chunk",) == found.crowded
    assert [] == places(found, 0, "chunk")
    assert [-0.5, 999.5, 1999.5, 2999.5, 3999.5] == places(found, 0, "shard")
    assert [] == places(found, 1, "chunk")
    assert [-0.5, 39.5] == places(found, 1, "shard")


@pytest.mark.parametrize("at", [-50.0, 500.0])
def test_out_of_view_there_is_nothing(at: float) -> None:
    """Not even the ends of the image."""
    level = array(40, 40)
    view = np.array([at, 0.0]), np.array([at + 9, 9.0])
    found = borders_of(look(level.shape), [level], {"chunk": (8, 8)}, view)

    assert (0, 2, 2) == found.lines.shape
