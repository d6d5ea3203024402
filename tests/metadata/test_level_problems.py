"""Where napari draws levels, and what is said about it."""

from __future__ import annotations

from math import ceil, floor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.metadata.axes import Axis, normal_unit, short_unit
from napari_ngff.metadata.geometry import (
    explained_by_making,
    level_transform,
    misplacement,
)
from napari_ngff.metadata.level_problems import problems_of_levels
from napari_ngff.metadata.model import Level, Multiscale
from napari_ngff.metadata.transforms import (
    Affine,
    ByDimension,
    ByDimensionPart,
    Field,
    Identity,
    MapAxis,
    ProjectAxis,
    Scale,
    Sequence,
    Transform,
    Translation,
    Unknown,
    matrix,
)


def placed(scale: float, translation: float, ndim: int = 1) -> Transform:
    return Sequence((Scale((scale,) * ndim), Translation((translation,) * ndim)))


def pyramid(
    *transforms: Transform,
    axes: tuple[Axis, ...] = (Axis(name="x", type="space", unit="um"),),
    transform: Transform = Identity(),  # noqa: B008
) -> Multiscale:
    levels = (Level(path=f"s{i}", transform=t) for i, t in enumerate(transforms))
    return Multiscale(name=None, axes=axes, levels=tuple(levels), transform=transform)


def kinds(image: Multiscale, *shapes: tuple[int, ...]) -> list[tuple[str, str, object]]:
    problems = problems_of_levels(image, shapes)
    return [(p.level, p.kind, p.loc[-1]) for p in problems]


# ----------------------------------------------- what napari draws, level by level

PIXEL = 0.5
# name: shapes, (scale, translation) of each level, first and last error of level 1, 2
DRAWN = {
    "A even sizes, mean": (
        (1024, 512, 256),
        ((0.5, 0), (1, 0.25), (2, 0.75)),
        ((0, 0), (0, 0)),
    ),
    "B even sizes, strided": (
        (1024, 512, 256),
        ((0.5, 0), (1, 0), (2, 0)),
        ((0.25, 0.25), (0.75, 0.75)),
    ),
    "C odd sizes rounded down, mean": (
        (1001, 500, 250),
        ((0.5, 0), (1, 0.25), (2, 0.75)),
        ((0.0005, 0.4995), (0.001, 0.499)),
    ),
    "D odd sizes rounded up, mean": (
        (1001, 501, 251),
        ((0.5, 0), (1, 0.25), (2, 0.75)),
        ((-0.0005, -0.4995), (-0.003, -1.497)),
    ),
    "E coarse levels of a part": (
        (1024, 400, 200),
        ((0.5, 0), (1, 56.25), (2, 56.75)),
        ((-55.86, 55.86), (-55.72, 55.72)),
    ),
    "F thin axis": (
        (5, 2, 1),
        ((2, 0), (4, 1), (8, 3)),
        ((0.5, 1.5), (1, 1)),
    ),
}


@pytest.mark.parametrize("level", [1, 2])
@pytest.mark.parametrize("name", DRAWN)
def test_napari_draws_levels_where_shapes_alone_put_them(name: str, level: int):
    """The error of the first and last pixel, as measured in napari, in world units."""
    shapes, places, errors = DRAWN[name]
    base, other = (matrix(placed(*places[i]), 1) for i in (0, level))

    found = misplacement(base, other, shapes[:1], (shapes[level],))

    world = found[[0, -1], 0] * places[0][0]
    np.testing.assert_allclose(errors[level - 1], world, atol=6e-4)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("A even sizes, mean", []),
        ("B even sizes, strided", [("info", 2)]),
        ("C odd sizes rounded down, mean", [("info", 1), ("info", 2)]),
        ("D odd sizes rounded up, mean", [("info", 1), ("info", 2)]),
        ("E coarse levels of a part", [("warning", 1), ("warning", 2)]),
        ("F thin axis", [("info", 1)]),
    ],
)
def test_more_than_half_a_pixel_is_a_problem(name: str, expected: list[Any]):
    """Half a pixel of the finest level is accepted, exactly half of it too.

    What comes of how levels are made is only worth knowing: the file is right.
    """
    shapes, places, _ = DRAWN[name]
    image = pyramid(*(placed(*place) for place in places))

    found = kinds(image, *((n,) for n in shapes))

    assert [(level, "level-misplaced", i) for level, i in expected] == found


@given(
    size=st.integers(2, 5000),
    halvings=st.integers(1, 6),
    rounding=st.sampled_from((floor, ceil)),
    method=st.sampled_from(("mean", "strided")),
    finest=st.floats(0.01, 100),
)
def test_levels_made_right_are_never_warned_of(
    size: int, halvings: int, rounding: Any, method: Any, finest: float
):
    """Whatever the size, however it was rounded, by either method."""
    shapes, places = [(size,)], [((finest,), (7.0,))]
    for _ in range(halvings):
        if shapes[-1] == (1,):
            break
        shapes.append((rounding(shapes[-1][0] / 2),))
        places.append(level_transform(*places[-1], (2.0,), method))
    image = pyramid(*(placed(s[0], t[0]) for s, t in places))

    problems = problems_of_levels(image, shapes)

    assert all("info" == problem.level for problem in problems)
    assert all("correct" not in problem.message for problem in problems)
    assert all("The file is right" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("scale", "translation", "sizes"),
    [
        (2, -0.1, (8, 4)),  # before the first pixel
        (2, 0.6, (8, 4)),  # after the middle of the pixels it is made of
        (2, 0.5, (10, 4)),  # a whole pixel of the level is not there
        (2, 0.5, (6, 4)),  # a whole pixel of the level is of nothing
        (0.5, 0, (8, 7)),  # finer than the finest
    ],
)
def test_levels_that_nothing_explains_are_warned_of(
    scale: float, translation: float, sizes: tuple[int, int]
):
    """With the advice to look at the numbers of the file."""
    image = pyramid(placed(1, 0), placed(scale, translation))
    shapes = tuple((n,) for n in sizes)
    base, level = (matrix(each.transform, 1) for each in image.levels)

    assert (False,) == explained_by_making(base, level, *shapes)
    for problem in problems_of_levels(image, shapes):
        assert "warning" == problem.level
        assert "if the numbers of the file are wrong" in problem.message


def test_each_level_of_alarm_says_its_own_worst():
    """A level that is wrong is not named after one that is right and further off."""
    image = pyramid(placed(1, 0), placed(2, 1.5), placed(16, 0))

    first, second = problems_of_levels(image, ((64,), (32,), (4,)))

    assert ("warning", "up to 1 μm off when zoomed out") == (first.level, first.brief)
    assert ("info", "up to 7.5 μm off when zoomed out") == (second.level, second.brief)


@pytest.mark.parametrize(("offset", "expected"), [(0.5, 0), (0.51, 1), (-0.51, 1)])
def test_the_line_is_at_half_a_pixel(offset: float, expected: int):
    """Of the finest level, whatever the size of its pixels, to either side."""
    image = pyramid(placed(3, 0), placed(6, 1.5 + 3 * offset))

    assert expected == len(problems_of_levels(image, ((8,), (4,))))


def test_the_message_says_what_is_off_by_how_much_and_what_to_do():
    """Level, error in world units per axis, pixels, meaning and remedy."""
    axes = (
        Axis(name="t", type="time", unit="s"),
        Axis(name="y", type="space", unit="micrometer"),
        Axis(name="x", type="space"),
    )
    image = pyramid(Scale((1, 0.5, 0.5)), Scale((1, 2, 2)), axes=axes)
    shapes = ((3, 64, 64), (3, 16, 16))

    (problem,) = problems_of_levels(image, shapes, loc=("multiscales", 0), node="a")

    assert ("multiscales", 0, "datasets", 1) == problem.loc
    assert "a" == problem.node
    for words in (
        "Level 1 ('s1') is drawn up to 0.75 micrometer along y (1.5 pixels",
        " and 0.75 (no unit) along x",
        "by their shapes alone",
        "Load level",
    ):
        assert words in problem.message
    assert "along t" not in problem.message


def test_levels_that_are_off_say_the_worst_of_it_in_brief():
    """The same few words for all of them; axes that are off alike are one."""
    axes = tuple(Axis(name=name, type="space", unit="micrometer") for name in "yx")
    image = pyramid(Scale((1, 1)), Scale((4, 4)), Scale((8, 8)), axes=axes)

    first, second = problems_of_levels(image, ((64, 64), (16, 16), (8, 8)))

    assert "up to 3.5 μm off when zoomed out" == first.brief == second.brief
    assert "1.5 micrometer along y and x (1.5 pixels of" in first.message
    assert "3.5 micrometer along y and x (3.5 pixels of" in second.message


@pytest.mark.parametrize(
    ("unit", "short"),
    [("micrometer", "μm"), ("second", "s"), ("angstrom", "Å"), ("furlong", "furlong")],
)
def test_units_are_short_where_room_is(unit: str, short: str):
    """The usual symbol, which means the same unit; any other text as it is."""
    assert short == short_unit(unit)
    assert normal_unit(short) == (unit if unit != short else None)


def test_text_of_the_file_is_made_plain():
    """Names of axes and levels are fit to be shown."""
    axes = (Axis(name="<b>x\n", unit="<i>"),)
    image = Multiscale(
        name=None,
        axes=axes,
        levels=(
            Level(path="0", transform=Scale((1,))),
            Level(path="<s1>\n", transform=Scale((4,))),
        ),
        transform=Identity(),
    )

    (problem,) = problems_of_levels(image, ((64,), (16,)))

    assert "<" not in problem.message
    assert "\n" not in problem.message


@pytest.mark.parametrize(
    "transform",
    [Identity(), Field("displacements", "f"), Unknown("?"), Affine(path="p")],
)
def test_a_level_that_states_no_place_is_not_judged(transform: Transform):
    """0.1 states no scale; a field or unknown transform is somebody else's problem."""
    assert [] == kinds(pyramid(Scale((1,)), transform), (64,), (16,))
    assert [] == kinds(pyramid(transform, transform), (64,), (16,))
    assert [] == [
        kind
        for kind in kinds(pyramid(transform, Scale((4,))), (64,), (16,))
        if transform != Identity()
    ]


def test_channels_have_no_place():
    """The number of a channel is no coordinate that could be off."""
    axes = (Axis(name="c", type="channel"), Axis(name="x", type="space"))
    image = pyramid(Scale((1, 1)), Scale((7, 1)), axes=axes)

    assert [] == kinds(image, (3, 8), (3, 8))


def test_a_stated_scale_that_the_shapes_belie_is_a_problem():
    """Same shape but twice the scale: napari shows it at the size of the first."""
    image = pyramid(Scale((1,)), Scale((2,)))

    assert [("warning", "level-misplaced", 1)] == kinds(image, (8,), (8,))


def test_errors_that_cancel_at_the_ends_are_found():
    """Swapped axes of a square level: its first and last pixels are in place."""
    axes = (Axis(name="y"), Axis(name="x"))
    image = pyramid(Scale((1, 1)), MapAxis((1, 0)), axes=axes)

    assert [("warning", "level-misplaced", 1)] == kinds(image, (8, 8), (8, 8))


def test_the_size_of_pixels_comes_from_a_rotated_level_too():
    """World units are right where the finest level is rotated."""
    axes = (Axis(name="y", unit="um"), Axis(name="x", unit="um"))
    turned = Affine(((0, -3, 0), (5, 0, 0)))
    coarse = Sequence((Scale((2, 2)), Translation((2.5, 0.5)), turned))
    image = pyramid(turned, coarse, axes=axes)

    (problem,) = problems_of_levels(image, ((8, 8), (4, 4)))

    assert "up to 10 micrometer along y (2 pixels" in problem.message
    assert "along x" not in problem.message


# --------------------------------------------------------------------- bad numbers


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        (Scale((float("nan"),)), ("error", "level-transform")),
        (Scale((1e999,)), ("error", "level-transform")),
        (Scale((1, 1)), ("error", "level-transform")),
        (Scale((0,)), ("error", "level-singular")),
        (Scale((-2,)), ("warning", "level-mirrored")),
    ],
)
def test_bad_scales_are_problems(transform: Transform, expected: tuple[str, str]):
    """Not finite, not fitting, zero and negative scales are told, of any level."""
    assert [(*expected, 0)] == kinds(pyramid(transform), (8,))
    assert (*expected, 1) in kinds(pyramid(Scale((1,)), transform), (8,), (4,))


def test_a_flattened_level_is_a_problem():
    """A matrix that is singular without a zero on its diagonal."""
    axes = (Axis(name="y"), Axis(name="x"))
    image = pyramid(Affine(((1, 1, 0), (1, 1, 0))), axes=axes)

    assert [("error", "level-singular", 0)] == kinds(image, (8, 8))


ANEW = ProjectAxis(dropped_inputs=(0,), created_outputs=(0,))
WITHIN = ByDimension(
    (
        ByDimensionPart(ProjectAxis(dropped_inputs=(0,)), (0,), ()),
        ByDimensionPart(Scale((2,)), (1,), (0,)),
        ByDimensionPart(ProjectAxis(created_outputs=(0,)), (), (1,)),
    )
)


@pytest.mark.parametrize("transform", [ANEW, WITHIN, Scale((0, 2))])
@pytest.mark.parametrize(("depth", "expected"), [(1, []), (2, ["level-singular"])])
def test_an_axis_of_one_pixel_may_be_dropped(
    transform: Transform, depth: int, expected: list[str]
):
    """One pixel lies upon no other; a new axis of one pixel stands in its place."""
    image = pyramid(transform, axes=(Axis(name="y"), Axis(name="x")))

    assert expected == [kind for _, kind, _ in kinds(image, (depth, 8))]


def test_a_level_of_one_pixel_is_not_flat():
    """Whatever its transform makes of it."""
    image = pyramid(WITHIN, axes=(Axis(name="y"), Axis(name="x")))

    assert [] == kinds(image, (1, 1))


def test_axes_of_very_different_sizes_are_not_flat():
    """Metres beside nanometres, turned."""
    turned = Affine(((0, 1e-9, 0), (1e9, 0, 0)))

    assert [] == kinds(pyramid(turned, axes=(Axis(name="y"), Axis(name="x"))), (8, 8))


def test_a_level_embedded_in_more_axes_is_not_judged():
    """An M x (N+1) matrix places it; how far off napari is cannot be said."""
    embedded = Affine(((0, 1), (1, 0)))

    assert [] == kinds(pyramid(embedded, embedded), (8,), (2,))


def test_coarse_before_fine_is_a_problem():
    """Levels must be listed from the finest to the coarsest."""
    axes = (Axis(name="y"), Axis(name="x"))
    image = pyramid(Scale((2, 2)), Scale((1, 1)), axes=axes)

    (problem,) = problems_of_levels(image, ((4, 4), (8, 8)))

    assert ("error", "level-order") == (problem.level, problem.kind)
    assert "y (8 pixels after 4) and x (8 pixels after 4)" in problem.message


def test_shapes_that_do_not_fit_the_axes_are_not_judged():
    """Whoever reads the arrays says so; nothing can be said of their places."""
    assert [] == kinds(pyramid(Scale((1,)), Scale((2,))), (8, 8), (4, 4))


def test_an_empty_level_has_no_place():
    """No pixels, no error."""
    assert [] == kinds(pyramid(Scale((1,)), Scale((9,))), (8,), (0,))


def test_overflow_is_not_judged():
    """Numbers that are finite each, but not together."""
    image = pyramid(Scale((1e-200,)), Scale((1e200,)))

    assert [] == kinds(image, (8,), (4,))


@given(
    st.floats(1e-3, 1e3),
    st.floats(-1e3, 1e3),
    st.lists(st.sampled_from([1, 2, 3, 4]), min_size=1, max_size=4),
    st.integers(1, 8),
)
def test_levels_of_whole_blocks_are_in_place(
    scale: float, translation: float, factors: list[int], smallest: int
):
    """A pyramid of means over whole blocks is drawn exactly where it is."""
    size = smallest * int(np.prod(factors))
    places = [((scale,), (translation,))]
    shapes = [(size,)]
    for factor in factors:
        places.append(level_transform(*places[-1], (factor,), "mean"))
        shapes.append((shapes[-1][0] // factor,))
    levels = [Sequence((Scale(s), Translation(t))) for s, t in places]

    assert [] == kinds(pyramid(*levels), *shapes)
