"""The shards that are proposed: whole chunks, about 128 MiB, planes first."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.dataset.resharding.suggesting import SHARD_NBYTES, suggested_shard

AXES = st.lists(
    st.tuples(st.integers(1, 5000), st.integers(1, 300)), min_size=1, max_size=5
)


@pytest.mark.parametrize(
    ("shape", "chunk", "expected"),
    [
        ((64, 2048, 2048), (1, 256, 256), (16, 2048, 2048)),
        ((27, 226, 186), (27, 186, 186), (27, 372, 186)),
        ((5, 3, 100), (1, 1, 100), (5, 3, 100)),
        ((0,), (16,), (16,)),
        ((), (), ()),
    ],
)
def test_planes_become_whole_before_the_depth(shape, chunk, expected):
    """The last axes grow first, as far as there is room."""
    assert expected == suggested_shard(shape, chunk, 2)


@given(AXES, st.integers(1, 8))
def test_it_is_whole_chunks_and_not_too_large(axes, itemsize):
    """It covers at most the array, and has no more pixels than there is room for."""
    shape, chunk = zip(*axes, strict=True)
    found = suggested_shard(shape, chunk, itemsize)

    for n, length, part in zip(found, shape, chunk, strict=True):
        assert 0 == n % part
        assert part <= n < length + part
    assert prod(found) * itemsize <= max(SHARD_NBYTES, prod(chunk) * itemsize)
