"""Plans of pyramids: what holds for every image, and what the usual ones get."""

from __future__ import annotations

from itertools import pairwise
from math import prod

import numpy as np
import pytest
from hypothesis import example, given

from cases.pyramids import requests
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.sizing import roles_of

SPACE = {"c": False, "t": False, "z": True, "y": True, "x": True}


def plane_of(request):
    """Return the viewed axes: the last ones of space, then the last others."""
    may = request["may_shrink"]
    ndim = len(may)
    order = [i for i in range(ndim) if not may[i]] + [i for i in range(ndim) if may[i]]
    return order[max(ndim - request["options"].viewed, 0) :]


def halved(shape, spacing, may_shrink, plane):
    """Say which axes the next level halves, as the rule says it."""

    def close(axes):
        finest = min((spacing[i] for i in axes), default=1)
        return {i for i in axes if spacing[i] < 2 * finest}

    if {1} == {shape[i] for i in plane}:
        return set()
    able = {i for i in range(len(shape)) if may_shrink[i] and shape[i] > 1}
    chosen = close(able)
    after = [-(-shape[i] // 2) if i in chosen else shape[i] for i in plane]
    return close(able - set(plane)) if set(after) == {1} else chosen


def fits(shape, chunk, plane):
    """Return whether the viewed plane fits one chunk."""
    return all(shape[i] <= chunk[i] for i in plane)


@given(requests(largest=400))
def test_levels(request):
    """Each level halves what it should, and the last one is where it should be."""
    plan = plan_pyramid(**request)
    plane = plane_of(request)
    asked = request["options"].levels
    spacing = [abs(step) for step in request["spacing"]]

    levels = plan.levels
    assert request["shape"] == levels[0].shape
    assert {1} == {*levels[0].factors, *levels[0].scale_factors}
    for fine, coarse in pairwise(levels):
        chosen = halved(fine.shape, spacing, request["may_shrink"], plane)
        assert tuple(1 + (i in chosen) for i in range(len(spacing))) == coarse.factors
        assert asked or not fits(fine.shape, levels[0].chunk, plane)
        spacing = [a * b for a, b in zip(spacing, coarse.factors, strict=True)]
        assert coarse.shape == tuple(
            -(-a // b) for a, b in zip(fine.shape, coarse.factors, strict=True)
        )
        assert coarse.scale_factors == tuple(
            a * b for a, b in zip(fine.scale_factors, coarse.factors, strict=True)
        )
    more = halved(levels[-1].shape, spacing, request["may_shrink"], plane)
    if asked:
        assert len(levels) == asked or (len(levels) < asked and not more)
    else:
        assert fits(levels[-1].shape, levels[0].chunk, plane) or not more


@given(requests(largest=400))
@example(
    {
        "shape": (2, 1),
        "dtype": "u1",
        "spacing": (1, 1),
        "may_shrink": (True, True),
        "options": PyramidOptions(levels=2, viewed=1),
    }
)
def test_no_level_is_a_single_pixel(request):
    """No coarser level shows one pixel, and none is as large as another."""
    plan = plan_pyramid(**request)

    for level in plan.levels[1:]:
        assert {1} != {level.shape[i] for i in plane_of(request)}
    shapes = [level.shape for level in plan.levels]
    assert len(set(shapes)) == len(shapes)
    for axis, may in enumerate(request["may_shrink"]):
        assert may or len({shape[axis] for shape in shapes}) == 1


@given(requests(largest=400))
def test_chunks_and_shards(request):
    """Shards consist of whole chunks, and nothing is larger than its level needs."""
    plan = plan_pyramid(**request)
    asked = request["options"].shard

    for level in plan.levels:
        for n, chunk, block in zip(level.shape, level.chunk, level.block, strict=True):
            assert 1 <= chunk <= n
            assert block % chunk == 0
            assert block < n + chunk
        assert level.shard in (level.block, None)
        if asked == "none":
            assert level.shard is None
        if level.shard is None and asked != "none":
            assert asked is None
            assert level.chunk == level.block
        assert level.file_shape == (level.shard or level.chunk)


@given(requests(largest=400))
def test_wishes_are_kept(request):
    """The first level has the sizes that were asked for, as far as it is as large."""
    options = request["options"]
    level = plan_pyramid(**request).levels[0]

    for n, want, chunk in zip(
        request["shape"], options.chunk or [None] * 5, level.chunk, strict=False
    ):
        assert want is None or min(want, n) == chunk
    if isinstance(options.shard, tuple):
        for n, want, chunk, shard in zip(
            request["shape"], options.shard, level.chunk, level.shard, strict=True
        ):
            assert want is None or -(-min(want, n) // chunk) * chunk == shard


@given(requests(largest=400))
def test_sizes_in_bytes(request):
    """What nobody wished has at most the bytes that it should, or is the smallest."""
    options = request["options"]
    plan = plan_pyramid(**request)
    size = plan.dtype.itemsize

    for stage in plan.stages:
        level = plan.levels[stage.start]
        if options.chunk is None:
            assert prod(level.chunk) in range(max(options.chunk_bytes // size, 1) + 1)
        if not isinstance(options.shard, tuple):
            most = max(options.shard_bytes // size, prod(level.chunk))
            assert prod(level.block) <= most
        if stage.start:
            first = prod(plan.levels[0].block)
            most = max(first, prod(level.chunk) * prod(level.factors))
            assert prod(level.block) * prod(level.factors) <= most


@given(requests(largest=400))
def test_stages(request):
    """A stage goes on while its blocks stay whole, aligned and large enough."""
    options = request["options"]
    plan = plan_pyramid(**request)

    assert plan.stages[0].start == 0
    assert plan.stages[-1].stop == len(plan.levels)
    assert all(a.stop == b.start for a, b in pairwise(plan.stages))
    for stage in plan.stages:
        assert stage.start < stage.stop
        for fine, coarse in pairwise(plan.levels[stage.start : stage.stop]):
            held = [min(a, b) for a, b in zip(coarse.block, coarse.shape, strict=True)]
            enough = prod(held) * plan.dtype.itemsize >= options.small_shard_bytes
            assert enough or held == list(coarse.shape)
            for a, b, k, n in zip(
                fine.block, coarse.block, coarse.factors, fine.shape, strict=True
            ):
                assert a >= n or a == b * k


def usual(shape, dtype="u2", spacing=None, **options):
    """Return the plan of an image with the last axes of c, t, z, y, x."""
    axes = "ctzyx"[-len(shape) :]
    return plan_pyramid(
        shape,
        dtype,
        spacing=spacing or [1] * len(shape),
        may_shrink=[SPACE[axis] for axis in axes],
        options=PyramidOptions(**options),
    )


@pytest.mark.parametrize(
    ("source", "block"),
    [
        ((1, 1, 512, 512), (1, 16, 2048, 2048)),
        ((1, 16, 256, 256), (1, 16, 2048, 2048)),
        ((1, 32, 128, 128), (1, 32, 1024, 2048)),
        ((1, 64, 256, 256), (1, 32, 1024, 2048)),
        ((2, 1, 512, 512), (2, 8, 2048, 2048)),
        ((1, 3, 300, 300), (1, 12, 2048, 2048)),
        ((2, 64, 2048, 2048), (1, 16, 2048, 2048)),
    ],
)
def test_chunks_of_the_source_are_held_whole(source, block):
    """Or half of them, where there is room; chunks and levels are the usual ones."""
    request = {
        "shape": (2, 64, 2048, 2048),
        "dtype": "u2",
        "spacing": (1, 2, 0.5, 0.5),
        "may_shrink": (False, True, True, True),
        "options": PyramidOptions(levels=5),
    }

    plan, known = plan_pyramid(**request, source_chunks=source), plan_pyramid(**request)

    assert block == plan.levels[0].block
    assert known.stages == plan.stages
    for a, b in zip(known.levels, plan.levels, strict=True):
        assert a.shape == b.shape
        assert prod(a.chunk) <= 2 * prod(b.chunk)


def test_planes_are_read_in_few_pieces():
    """A block of bricks is as wide as it can be where the source has planes."""
    shape = (300, 4096, 4096)
    plan = plan_pyramid(
        shape,
        "u2",
        spacing=(1, 1, 1),
        may_shrink=(True, True, True),
        source_chunks=(1, 4096, 4096),
    )

    _, *plane = plan.levels[0].block
    assert prod(shape[1:]) // prod(plane) <= 16


def test_an_anisotropic_stack():
    """Planes 4 times as far apart as pixels are halved from the third step on."""
    plan = plan_pyramid(
        (2, 64, 2048, 2048),
        "u2",
        spacing=(1, 2, 0.5, 0.5),
        may_shrink=(False, True, True, True),
        options=PyramidOptions(levels=5),
    )

    assert [
        (2, 64, 2048, 2048),
        (2, 64, 1024, 1024),
        (2, 64, 512, 512),
        (2, 32, 256, 256),
        (2, 16, 128, 128),
    ] == [level.shape for level in plan.levels]
    assert [(1, 1, 512, 512)] * 3 == [level.chunk for level in plan.levels[:3]]
    assert [
        (1, 16, 2048, 2048),
        (1, 16, 1024, 1024),
        (1, 16, 512, 512),
        (2, 32, 256, 256),
        (2, 16, 128, 128),
    ] == [level.shard for level in plan.levels]
    assert [(0, 3), (3, 5)] == [(stage.start, stage.stop) for stage in plan.stages]


def test_no_more_levels_than_viewing_needs():
    """By default the last level's plane is one chunk."""
    plan = usual((2, 3, 64, 2048, 2048), spacing=(1, 1, 4, 1, 1))

    assert [2048, 1024, 512] == [level.shape[-1] for level in plan.levels]


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
@pytest.mark.parametrize("shape", [(20000, 20000), (4, 100, 3, 9000, 7000)])
def test_planes(dtype, shape):
    """Chunks are square planes of half a megabyte to four."""
    plan = usual(shape, dtype, spacing=[3] * (len(shape) - 2) + [1, 1])

    *others, height, width = plan.levels[0].chunk
    assert height == width
    assert {1} >= set(others)
    assert 2**19 <= height * width * plan.dtype.itemsize <= 2**22
    assert 2**26 <= prod(plan.levels[0].shard) * plan.dtype.itemsize <= 2**27


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4", "f8"])
def test_bricks(dtype):
    """Where pixels are about as deep as wide, chunks are bricks."""
    plan = usual((2048, 2048, 2048), dtype, spacing=(1.9, 1, 1))

    depth, height, width = plan.levels[0].chunk
    assert height == width
    assert height in (2 * depth, 4 * depth)
    assert 2**19 <= prod(plan.levels[0].chunk) * plan.dtype.itemsize <= 2**20
    assert 128 >= plan.levels[-1].shape[-1]


def test_small_planes_are_stacked():
    """Chunks of small planes reach into depth, never along time or channels."""
    for distance in (1, 5):
        plan = usual((3, 9, 99, 128, 128), spacing=(1, 1, distance, 1, 1))

        assert (1, 1) == plan.levels[0].chunk[:2]
        assert prod(plan.levels[0].chunk) * 2 in (2**19, 2**20)


def test_a_shard_of_one_chunk_is_none():
    """Sharding what is one chunk only costs an index; who asks for it gets it."""
    assert usual((100, 100)).levels[0].shard is None
    assert (100, 100) == usual((100, 100), shard=(None, 100)).levels[0].shard


def test_chunks_do_not_crumble():
    """A new stage begins before chunks of half a block become slivers."""
    plan = plan_pyramid(
        (1000,),
        "u1",
        spacing=(1,),
        may_shrink=(True,),
        options=PyramidOptions(
            chunk=(4,), shard=(20,), levels=4, small_shard_bytes=1, shard_bytes=64
        ),
    )

    assert [(4,), (2,), (4,), (4,)] == [level.chunk for level in plan.levels]
    assert [(0, 2), (2, 4)] == [(stage.start, stage.stop) for stage in plan.stages]


@pytest.mark.parametrize(
    "source", [None, (32, 256, 256), (64, 128, 128), (128, 64, 64), (64, 1024, 1024)]
)
@pytest.mark.parametrize("deep", [0.5, 1, 2, 8])
def test_chunks_of_coarser_levels_are_not_too_small(deep, source):
    """Blocks that hold chunks of a deep source are narrow: chunks get deeper then."""
    plan = plan_pyramid(
        (128, 2048, 2048),
        "u2",
        spacing=(deep, 0.5, 0.5),
        may_shrink=(True, True, True),
        source_chunks=source,
    )

    for level in plan.levels:
        if prod(level.shape) * 2 > 2**21:
            assert 2**19 <= prod(level.chunk) * 2 <= 2**20
            assert all(
                b % c == 0 for b, c in zip(level.block, level.chunk, strict=True)
            )


def test_a_chunk_that_was_asked_for_is_not_made_larger():
    """Along no axis, even where it is small."""
    plan = plan_pyramid(
        (64, 2048, 2048),
        "u2",
        spacing=(2, 0.5, 0.5),
        may_shrink=(True, True, True),
        source_chunks=(64, 128, 128),
        options=PyramidOptions(chunk=(1, None, None)),
    )

    assert {1} == {level.chunk[0] for level in plan.levels}


def test_colour_last():
    """The plane is that of space, also where another axis is the last."""
    plan = plan_pyramid(
        (9000, 9000, 3), "u1", spacing=(1, 1, 1), may_shrink=(True, True, False)
    )

    assert (1024, 1024, 1) == plan.levels[0].chunk
    assert {3} == {level.shape[-1] for level in plan.levels}


def test_more_levels_than_an_image_has():
    """An image gets as many levels as it can have, without a single pixel."""
    plan = usual((5, 5), levels=9)

    assert [(5, 5), (3, 3), (2, 2)] == [level.shape for level in plan.levels]


def test_a_thick_stack_goes_on_in_depth():
    """Where the plane can shrink no more, the depth still can, if asked for."""
    plan = usual((64, 2, 2), levels=4)

    assert [64, 32, 16, 8] == [level.shape[0] for level in plan.levels]
    assert {2} == {level.shape[-1] for level in plan.levels}


def test_labels_get_the_levels_of_their_image():
    """Bool and narrow types have larger chunks, but the levels that are asked for."""
    for dtype in ("?", "u8"):
        assert 5 == len(usual((64, 2048, 2048), dtype, levels=5).levels)


def test_what_tasks_read_is_bounded():
    """However large an image, no task of any stage reads more than one shard."""
    plan = usual((9, 1000, 2000, 100_000, 100_000), spacing=(1, 1, 2, 1, 1))

    for stage in plan.stages:
        level = plan.levels[stage.start]
        read = prod(level.block) * prod(level.factors) * plan.dtype.itemsize
        assert read <= 2**27


def test_the_byte_order_of_the_machine():
    """Levels are computed and planned in the machine's byte order."""
    assert usual((9, 9), ">u2").dtype == np.dtype("=u2")


def test_methods():
    """The mean is the default; another method is kept."""
    assert "mean" == usual((9, 9)).method
    assert "mode" == usual((9, 9), method="mode").method


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"shape": (0, 4)}, "without pixels"),
        ({"shape": ()}, "axes"),
        ({"shape": (4, 4, 4)}, "3 axes"),
        ({"spacing": (1, 0)}, "distance"),
        ({"spacing": (1, float("nan"))}, "distance"),
        ({"may_shrink": (True,)}, "2 axes"),
        ({"options": PyramidOptions(levels=0)}, "below 1"),
        ({"options": PyramidOptions(chunk=(0, None))}, "below 1"),
        ({"options": PyramidOptions(shard=(-1, None))}, "below 1"),
        ({"options": PyramidOptions(chunk=(1,))}, "2 axes"),
        ({"options": PyramidOptions(shard=(1, 2, 3))}, "2 axes"),
        ({"options": PyramidOptions(shard_bytes=0)}, "below 1"),
        ({"options": PyramidOptions(viewed=0)}, "below 1"),
        ({"source_chunks": (1,)}, "2 axes"),
        ({"source_chunks": (1, 0)}, "below 1"),
    ],
)
def test_what_makes_no_sense(changes, words):
    """Arguments that contradict each other are refused."""
    request = {"shape": (4, 4), "spacing": (1, 1), "may_shrink": (True, True)}

    with pytest.raises(ValueError, match=words):
        plan_pyramid(dtype="u1", **{**request, **changes})


@pytest.mark.parametrize(
    ("spatial", "viewed", "plane", "depth", "rest"),
    [
        ((2, 3, 4), 2, (3, 4), (2,), (0, 1)),
        ((1, 2), 2, (1, 2), (), (0, 3, 4)),
        ((3,), 2, (3, 4), (), (0, 1, 2)),
        ((), 2, (3, 4), (), (0, 1, 2)),
        ((0, 1, 2, 3, 4), 3, (2, 3, 4), (0, 1), ()),
    ],
)
def test_roles(spatial, viewed, plane, depth, rest):
    """The viewed plane is that of the last axes of space."""
    roles = roles_of([1] * 5, [9] * 5, spatial, viewed)

    assert (plane, depth, rest) == (roles.viewed, roles.depth, roles.rest)
