"""What tasks read and write: everything, once, and what the figures say."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings

from cases.pyramids import requests
from napari_ngff.storage.pyramids.downsample import reduce
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.shares import (
    boxes,
    columns,
    files_of,
    memory_of,
    nbytes_of,
    shares,
)


def files_in(box, level):
    """Return the indices of the files that lie in a box, which must hold them whole."""
    for part, size, n in zip(box, level.file_shape, level.shape, strict=True):
        assert part.start % size == 0
        assert part.stop % size == 0 or part.stop == n
    return product(
        *(
            range(part.start // size, -(-part.stop // size))
            for part, size in zip(box, level.file_shape, strict=True)
        )
    )


def small(request):
    """Return the plan of an image of which every file can be counted."""
    shape = tuple(min(n, 12) for n in request["shape"])
    return plan_pyramid(**{**request, "shape": shape})


@given(requests(most_axes=4))
@settings(deadline=None)
def test_every_file_has_one_writer(request):
    """The tasks of all stages write every file of every level, each one once."""
    plan = small(request)

    written = Counter()
    for stage in plan.stages:
        for share in shares(plan, stage):
            assert stage == share.stage
            for index, box in enumerate(share.boxes, stage.start):
                places = files_in(box, plan.levels[index])
                written.update((index, place) for place in places)

    assert {1} == set(written.values())
    counts = Counter(index for index, _ in written)
    assert files_of(plan) == tuple(counts[i] for i in range(len(plan.levels)))
    for index, level in enumerate(plan.levels):
        grid = [-(-n // k) for n, k in zip(level.shape, level.file_shape, strict=True)]
        assert counts[index] == prod(grid)


@given(requests(most_axes=4))
@settings(deadline=None)
def test_boxes_follow_from_each_other(request):
    """A box is made of all pixels of the one before, and of no others."""
    plan = small(request)

    for stage in plan.stages:
        for share in shares(plan, stage):
            chain = [share.source, *share.boxes]
            finer = plan.levels[max(stage.start - 1, 0)].shape
            for part, n in zip(share.source, finer, strict=True):
                assert part.stop <= n
            steps = [level.factors for level in plan.levels[stage.start : stage.stop]]
            for (fine, coarse), factors in zip(pairwise(chain), steps, strict=True):
                for a, b, k in zip(fine, coarse, factors, strict=True):
                    assert a.start == b.start * k
                    assert -(-a.stop // k) == b.stop


@given(requests(largest=12, most_axes=3))
@settings(deadline=None)
def test_tasks_make_the_levels(request):
    """What tasks make of their parts is what the whole image reduces to."""
    plan = small(request)
    image = np.random.default_rng(0).integers(0, 2, plan.levels[0].shape)
    whole = [image]
    for level in plan.levels[1:]:
        whole.append(reduce(whole[-1], level.factors, "mean"))

    made = [np.full(level.shape, -1) for level in plan.levels]
    for stage in plan.stages:
        source = made[stage.start - 1] if stage.start else image
        for share in shares(plan, stage):
            part = source[share.source]
            for index, box in enumerate(share.boxes, stage.start):
                part = reduce(part, plan.levels[index].factors, "mean")
                made[index][box] = part

    for expected, found in zip(whole, made, strict=True):
        np.testing.assert_array_equal(expected, found)


@given(requests(most_axes=4))
def test_figures(request):
    """Bytes are those of the pixels; more workers hold more."""
    plan = small(request)

    size = plan.dtype.itemsize
    assert nbytes_of(plan) == tuple(prod(level.shape) * size for level in plan.levels)
    assert 3 * memory_of(plan, 1) == memory_of(plan, 3)
    assert memory_of(plan, 1) >= max(
        sum(prod(part.stop - part.start for part in box) * size for box in share.boxes)
        for stage in plan.stages
        for share in shares(plan, stage)
    )


def test_memory():
    """A task holds its block twice, besides the coarser levels and small things."""
    plan = plan_pyramid(
        (64, 2048, 2048), "u2", spacing=(4, 1, 1), may_shrink=(True, True, True)
    )

    block = 2**27
    assert 2 * block + block // 4 < memory_of(plan, 1) < 2.6 * block


@pytest.mark.parametrize(
    ("chunks", "times"),
    [
        ((1, 2048, 2048), 1),
        ((32, 1024, 1024), 2),
        ((10, 2048, 2048), 30 / 16),
        ((99, 9999, 9999), 16),
    ],
)
def test_memory_of_reading(chunks, times):
    """What a source has to decode for a block counts, where it is more than that."""
    plan = plan_pyramid(
        (64, 4096, 4096),
        "u2",
        spacing=(4, 1, 1),
        may_shrink=(True, True, True),
        options=PyramidOptions(shard=(16, 2048, 2048)),
    )

    found = memory_of(plan, 1, source_chunks=chunks)
    block = 2**27
    assert found >= (1 + times) * block
    assert found <= max(2.6, 1.2 * (1 + times)) * block


def test_memory_of_large_chunks():
    """Each thread that encodes holds its chunk more than once."""
    plans = [
        plan_pyramid(
            (64, 4096, 4096),
            "u1",
            spacing=(4, 1, 1),
            may_shrink=(True, True, True),
            options=PyramidOptions(chunk=(1, edge, edge)),
        )
        for edge in (512, 4096)
    ]

    small, large = (memory_of(plan, 1) for plan in plans)
    assert large - small > 8 * 2**24


def test_memory_of_tiny_chunks():
    """Chunks of a few bytes cost more than what is in them."""
    plan = plan_pyramid(
        (2048, 2048),
        "u1",
        spacing=(1, 1),
        may_shrink=(True, True),
        options=PyramidOptions(chunk=(8, 8), levels=1),
    )

    assert memory_of(plan, 1) > 10 * 2**22


@given(requests(most_axes=4))
def test_columns(request):
    """The first stage's tasks read and write the boxes of the first level."""
    plan = small(request)

    first = list(shares(plan, plan.stages[0]))
    assert [share.source for share in first] == list(columns(plan))
    assert [share.boxes[0] for share in first] == list(boxes(plan, 0))
