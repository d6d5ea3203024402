"""Pixel sizes and origins through every level."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.editing import (
    KEY,
    edited,
    entry,
    lists,
    model,
    move,
    outcome,
    refused,
    scale,
    systems,
    written,
)
from napari_ngff.metadata.editing import (
    MakeConsistent,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)
from napari_ngff.metadata.geometry import level_matrix

SHAPES = ((9, 64, 64), (9, 32, 32), (9, 16, 16))


def mean(at: float = 100) -> Any:
    """Return an image whose levels are means, 100 µm from the origin along y."""
    return lists(
        [scale(2, 0.25, 0.25), move(0, at, 0)],
        [scale(2, 0.5, 0.5), move(0, at + 0.125, 0.125)],
        [scale(2, 1, 1), move(0, at + 0.375, 0.375)],
    )


def test_half_pixels_go_along() -> None:
    """A pixel of another size moves coarse levels, and the image not at all."""
    found = edited(mean(), SetPixelSize(axis=1, size=0.3))
    assert [
        [scale(2, 0.3, 0.25), move(0, 100, 0)],
        [scale(2, 0.6, 0.5), move(0, 100.15, 0.125)],
        [scale(2, 1.2, 1), move(0, 100.45, 0.375)],
    ] == written(found)


def test_only_what_follows_is_changed() -> None:
    """An edit names the numbers of one axis and no others."""
    found = outcome(mean(), SetPixelSize(axis=1, size=0.3))
    where = ("ome", "multiscales", 0, "datasets")
    assert [
        (*where, 0, KEY, 0, "scale", 1),
        (*where, 1, KEY, 0, "scale", 1),
        (*where, 1, KEY, 1, "translation", 1),
        (*where, 2, KEY, 0, "scale", 1),
        (*where, 2, KEY, 1, "translation", 1),
    ] == [change.loc for change in found.attributes]


def test_the_same_size_changes_nothing() -> None:
    """What is said already is not said again."""
    assert () == outcome(mean(), SetPixelSize(axis=1, size=0.25)).attributes
    assert () == outcome(mean(), SetOrigin(axis=1, origin=100.0)).attributes


def test_levels_of_every_second_pixel_stay_in_place() -> None:
    """Where coarse levels have no offset they get none."""
    image = lists([scale(1, 1, 1)], [scale(1, 2, 2)])
    found = edited(image, SetPixelSize(axis=2, size=0.1))
    assert [[scale(1, 1, 0.1)], [scale(1, 2, 0.2)]] == written(found)


def test_a_deliberate_offset_is_kept() -> None:
    """What is beyond the half pixels is of the place: 5 µm stay 5 µm."""
    image = lists(
        [scale(2, 0.25, 0.25)],
        [scale(2, 0.5, 0.5), move(0, 5.125, 0.125)],
    )
    found = edited(image, SetPixelSize(axis=1, size=0.5))
    assert [
        [scale(2, 0.5, 0.25)],
        [scale(2, 1.0, 0.5), move(0, 5.25, 0.125)],
    ] == written(found)


def test_numbers_are_as_typed() -> None:
    """Decimal numbers are multiplied as such: no 0.6000000000000001."""
    image = lists([scale(1, 0.1, 1)], [scale(1, 0.2, 1), move(0, 0.05, 0)])
    found = edited(image, SetPixelSize(axis=1, size=0.3))
    assert [[scale(1, 0.3, 1)], [scale(1, 0.6, 1), move(0, 0.15, 0)]] == written(found)


def test_origins_move_all_levels_alike() -> None:
    """Levels stay where they are beside each other; a translation is added."""
    found = edited(mean(at=0), SetOrigin(axis=1, origin=-7.5))
    assert [-7.5, -7.375, -7.125] == [
        steps[1]["translation"][1] for steps in written(found)
    ]
    image = lists([scale(1, 2, 2)], [scale(1, 4, 4)])
    assert [
        [scale(1, 2, 2), move(0, 0, 3)],
        [scale(1, 4, 4), move(0, 0, 3)],
    ] == written(edited(image, SetOrigin(axis=2, origin=3)))


def test_what_is_done_to_the_whole_counts() -> None:
    """Sizes and origins are those that are shown, and levels say the rest."""
    whole = [scale(1, 2, 1), move(0, 10, 0)]
    image = lists([scale(1, 3, 1)], [scale(1, 6, 1), move(0, 1.5, 0)], **{KEY: whole})
    sized = edited(image, SetPixelSize(axis=1, size=12))
    assert [[scale(1, 6, 1)], [scale(1, 12, 1), move(0, 3, 0)]] == written(sized)
    assert whole == entry(sized)[KEY]
    moved = edited(image, SetOrigin(axis=1, origin=11))
    assert [scale(1, 2, 1), move(0, 11, 0)] == entry(moved)[KEY]
    assert written(image) == written(moved)


def test_a_size_that_is_of_the_whole_alone_is_edited_there() -> None:
    """The example of 0.4: the time between frames is in the multiscales-level scale."""
    image = lists(
        [scale(1, 0.5, 0.5)],
        [scale(1, 1, 1)],
        names="tyx",
        version="0.4",
        **{KEY: [scale(0.1, 1, 1)]},
    )
    found = edited(image, SetPixelSize(axis=0, size=0.2))
    assert [scale(0.2, 1, 1)] == entry(found)[KEY]
    assert written(image) == written(found)


@pytest.mark.parametrize("levels", [(None, None), ([], []), ([scale(1, 2)], None)])
def test_an_image_without_sizes_gets_them_for_every_level(levels: Any) -> None:
    """What nobody states, or for too few axes, is made of shapes."""
    image = lists(*levels)
    found = edited(image, SetPixelSize(axis=1, size=0.5), shapes=SHAPES[:2])
    assert [
        [scale(1, 0.5, 1)],
        [scale(1, 1, 2), move(0, 0.25, 0.5)],
    ] == written(found)
    assert () == read_problems(found)


def read_problems(attributes: Any) -> tuple[str, ...]:
    """Return the kinds of what is wrong with transformations."""
    from napari_ngff.metadata.versions import read_group

    problems = read_group(attributes).problems
    return tuple(p.kind for p in problems if p.level == "error")


def test_a_lone_translation_gets_a_scale_before_it() -> None:
    """0.4: exactly one scale, and the translation after it."""
    image = lists([move(0, 5, 0)])
    found = edited(image, SetPixelSize(axis=1, size=0.5), shapes=SHAPES[:1])
    assert [[scale(1, 0.5, 1), move(0, 5, 0)]] == written(found)


def test_bad_sizes_are_made_of_shapes() -> None:
    """A pixel size that is no good does not count: its level follows the finest."""
    image = lists([scale(1, 0, 1)], [scale(1, "a", 2)])
    found = edited(image, SetPixelSize(axis=1, size=3), shapes=SHAPES[:2])
    assert [3, 6] == [steps[0]["scale"][1] for steps in written(found)]


def test_one_transformation_becomes_a_sequence() -> None:
    """0.6 has one transformation a level: an offset makes it a sequence."""
    image = systems(scale(1, 2, 2), scale(1, 4, 4))
    found = edited(image, SetOrigin(axis=1, origin=3))
    assert [
        {
            "input": {"path": "0"},
            "output": {"name": "here"},
            "type": "sequence",
            "transformations": [scale(1, 2, 2), move(0, 3, 0)],
        }
    ] == written(found)[0]
    assert () == read_problems(found)
    again = edited(found, SetPixelSize(axis=1, size=1))
    assert [scale(1, 1, 2), move(0, 3, 0)] == written(again)[0][0]["transformations"]


def test_an_identity_becomes_a_scale() -> None:
    """0.6: identity is a pixel size of 1."""
    found = edited(systems({"type": "identity"}), SetPixelSize(axis=0, size=3))
    assert "scale" == written(found)[0][0]["type"]
    assert [3, 1, 1] == written(found)[0][0]["scale"]
    assert () == read_problems(found)
    moved = edited(systems({"type": "identity"}), SetOrigin(axis=0, origin=3))
    assert [scale(1, 1, 1), move(3, 0, 0)] == written(moved)[0][0]["transformations"]
    assert () == read_problems(moved)


def test_what_is_shown_elsewhere_is_edited_where_that_is_exact() -> None:
    """A rotation in y and x leaves z alone, and no single number says y."""
    rows = [[1, 0, 0, 5], [0, 0.8, -0.6, 0], [0, 0.6, 0.8, 0]]
    image = systems(scale(2, 1, 1))
    block = entry(image)
    block["coordinateSystems"].append(
        {"name": "world", "axes": block["coordinateSystems"][0]["axes"]}
    )
    block["napari_ngff"] = {"shown_in": "world"}
    ends = {"input": {"name": "here"}, "output": {"name": "world"}}
    block[KEY] = [ends | {"type": "affine", "affine": rows}]
    found = edited(image, SetPixelSize(axis=0, size=3), SetOrigin(axis=0, origin=9))
    assert [3, 1, 1] == written(found)[0][0]["transformations"][0]["scale"]
    matrix = level_matrix(model(found), 0)
    assert matrix is not None
    assert (3, 9) == (matrix[0, 0], matrix[0, -1])
    assert "transform-mixed" == refused(image, SetPixelSize(axis=1, size=3)).kind
    small = edited(image, SetUnit(axis=0, unit="nanometer", keep="size"))
    assert [1, 0, 0, 5000] == entry(small)[KEY][0]["affine"][0]
    systems_after = entry(small)["coordinateSystems"]
    assert systems_after[0]["axes"] == systems_after[1]["axes"]


@pytest.mark.parametrize(
    ("image", "edit", "kind"),
    [
        (lists([scale(1, 1, 1)]), SetPixelSize(axis=1, size=0), "pixel-size"),
        (lists([scale(1, 1, 1)]), SetPixelSize(axis=1, size=-1), "pixel-size"),
        (lists([scale(1, 1, 1)]), SetPixelSize(axis=1, size=np.inf), "pixel-size"),
        (lists([scale(1, 1, 1)]), SetOrigin(axis=1, origin=np.nan), "origin"),
        (lists([scale(1, 1, 1)]), SetPixelSize(axis=3, size=1), "axis-unknown"),
        (
            lists([scale(1, 1, 1)], [scale(1, 4, 1)]),
            SetPixelSize(axis=1, size=1e308),
            "number-range",
        ),
        (
            lists([scale(1, 4, 1)], [scale(1, 0.1, 1)]),
            SetPixelSize(axis=1, size=5e-324),
            "number-range",
        ),
        (lists(None), SetOrigin(axis=1, origin=1), "pixel-size-missing"),
        (lists(None, None), SetPixelSize(axis=1, size=1), "level-shape"),
        (
            lists([{"type": "affine", "affine": [[1]]}]),
            SetPixelSize(axis=1, size=1),
            "level-transform",
        ),
        (
            lists([{"type": "scale", "path": "s"}]),
            SetPixelSize(axis=1, size=1),
            "level-transform",
        ),
        (
            {"multiscales": [{"version": "0.2", "datasets": [{"path": "0"}]}]},
            SetPixelSize(axis=1, size=1),
            "version-forbids",
        ),
        ({}, SetPixelSize(axis=1, size=1), "no-image"),
    ],
)
def test_what_cannot_be_made_is_refused(image: Any, edit: Any, kind: str) -> None:
    """A refusal says why and what to do."""
    found = refused(image, edit)
    assert kind == found.kind
    assert found.message.endswith(".")


def test_units_are_converted_or_not() -> None:
    """0.25 µm are 250 nm, everywhere; or 0.25 nm where only the word was wrong."""
    kept = edited(mean(), SetUnit(axis=1, unit="nm"))
    assert written(mean()) == written(kept)
    assert "nanometer" == entry(kept)["axes"][1]["unit"]
    found = edited(mean(), SetUnit(axis=1, unit="nm", keep="size"))
    assert [scale(2, 500, 0.5), move(0, 100125, 0.125)] == written(found)[1]
    assert (
        "unit-conversion"
        == refused(mean(), SetUnit(axis=1, unit="second", keep="size")).kind
    )


def test_levels_are_made_consistent() -> None:
    """Levels that say the finest one's size are put where shapes put them."""
    image = lists([scale(2, 0.5, 0.5)], [scale(2, 0.5, 0.5)], [scale(2, 2, 2)])
    found = edited(image, MakeConsistent(), shapes=SHAPES)
    assert [[scale(2, 0.5, 0.5)], [scale(2, 1, 1)], [scale(2, 2, 2)]] == written(found)
    same = lists(*([scale(2, 0.5, 0.5)] for _ in SHAPES))
    found = edited(same, MakeConsistent(), shapes=SHAPES)
    assert [scale(2, 2, 2), move(0, 0.75, 0.75)] == written(found)[2]
    assert () == outcome(mean(), MakeConsistent(), shapes=SHAPES).attributes
    assert "pixel-size-missing" == refused(lists(None), MakeConsistent()).kind


@st.composite
def pyramids(draw: st.DrawFn) -> tuple[Any, tuple[tuple[int, ...], ...]]:
    """Return random pyramids of means or of strides, in 0.4 to 0.6, and shapes."""
    size = st.floats(1e-6, 1e6).map(lambda value: float(f"{value:.6g}"))
    place = st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.6g}"))
    base = [draw(size) for _ in range(3)]
    origin = [draw(place) for _ in range(3)]
    shift = draw(st.sampled_from([0.0, 0.5]))
    shape = [draw(st.integers(1, 300)) for _ in range(3)]
    levels, shapes = [], []
    factor = [1, 1, 1]
    for _ in range(draw(st.integers(1, 4))):
        scales = [s * f for s, f in zip(base, factor, strict=True)]
        moves = [
            t + shift * (f - 1) * s
            for s, t, f in zip(base, origin, factor, strict=True)
        ]
        levels.append((scales, moves))
        shapes.append(tuple(-(-n // f) for n, f in zip(shape, factor, strict=True)))
        factor = [f * draw(st.sampled_from([1, 2, 3])) for f in factor]
    version = draw(st.sampled_from(["0.4", "0.5", "0.6"]))
    steps = [[scale(*scales), move(*moves)] for scales, moves in levels]
    if version == "0.6":
        wrapped = [{"type": "sequence", "transformations": s} for s in steps]
        return systems(*wrapped), tuple(shapes)
    return lists(*steps, version=version), tuple(shapes)


@given(
    pyramids(),
    st.integers(0, 2),
    st.floats(1e-9, 1e9),
    st.floats(-1e6, 1e6),
)
def test_physical_centres_stay_right(
    made: Any, axis: int, size: float, origin: float
) -> None:
    """Every level's pixels stay upon those of the finest that they are made of."""
    image, shapes = made
    found = edited(
        image,
        SetPixelSize(axis=axis, size=size),
        SetOrigin(axis=axis, origin=origin),
        shapes=shapes,
    )
    before, after = model(image), model(found)
    assert (size, origin) == place(after, 0, axis)
    for level, shape in enumerate(shapes):
        for other in range(3):
            was, now = (place(each, level, other) for each in (before, after))
            if other != axis:
                assert was == now
                continue
            base = place(before, 0, axis)
            middle = (shape[axis] - 1) / 2
            index = (was[0] * middle + was[1] - base[1]) / base[0]
            wanted = origin + size * index
            off = abs(now[0] * middle + now[1] - wanted)
            # Of what offsets, large beside a pixel, can say in the file and between.
            ulp = np.spacing(abs(base[1]) + abs(was[1])) * (1 + size / base[0])
            assert off <= 8 * ulp + 1e-9 * (abs(wanted) + size)


def place(image: Any, level: int, axis: int) -> tuple[float, float]:
    """Return where our reader puts an axis of a level."""
    matrix = level_matrix(image, level)
    assert matrix is not None
    return float(matrix[axis, axis]), float(matrix[axis, -1])
