"""What a pyramid asks of its arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from napari_ngff.dataset.reading.arrays import (
    ArrayFacts,
    array_facts,
    problems_of_arrays,
    problems_of_label,
    same_pixels,
)
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.model import Level, Multiscale
from napari_ngff.metadata.transforms import Identity
from napari_ngff.storage.location import NodeDocument

UNNAMED = "missing-dimension-names"


def pyramid(axes: str = "yx") -> Multiscale:
    return Multiscale(
        name=None,
        axes=tuple(Axis(name=name) for name in axes),
        levels=(Level(path="0", transform=Identity()),),
        transform=Identity(),
    )


def facts(
    shape: tuple[int, ...] = (4, 4), dtype: str = "u2", **more: Any
) -> ArrayFacts:
    given = {"node": "0", "loc": ("multiscales", 0, "datasets", 0), "zarr_format": 3}
    names = tuple("zyx"[-len(shape) :])
    return ArrayFacts(
        **(
            given
            | {"shape": shape, "dtype": np.dtype(dtype), "dimension_names": names}
            | more
        )
    )


def document(metadata: dict[str, Any], zarr_format: int, **more: Any) -> NodeDocument:
    return NodeDocument(
        node="0", kind="array", zarr_format=zarr_format, metadata=metadata, **more
    )


def found(*arrays: ArrayFacts, dialect: str = "0.5", axes: str = "yx") -> list[Any]:
    problems = problems_of_arrays(pyramid(axes), arrays, dialect=dialect)
    return [(p.level, p.kind) for p in problems]


def test_nothing_wrong() -> None:
    """Arrays that agree with their metadata have no problem."""
    assert [] == found(facts(), facts((2, 2)))


@pytest.mark.parametrize(
    ("arrays", "dialect", "expected"),
    [
        ([facts((2, 4, 4))], "0.5", [("error", "axes-length")]),
        ([facts(dimension_names=None)], "0.5", [("warning", UNNAMED)]),
        ([facts(dimension_names=None)], "0.4", []),
        ([facts(dimension_names=("x", "y"))], "0.6", [("error", "dimension-names")]),
        ([facts(dimension_names=("x", "y"))], "0.4", [("warning", "dimension-names")]),
        ([facts(dimension_names=("x", "y"))], "0.2", []),
        ([facts(), facts(dtype="u1")], "0.6", [("error", "dtype-mismatch")]),
        ([facts(), facts(dtype="u1")], "0.5", [("warning", "dtype-mismatch")]),
        ([facts(), facts(dtype=">u2")], "0.6", []),
        ([facts(shape=(4, 4), dtype="u2", dimension_names=("y", None))], "0.9",
         [("error", "dimension-names")]),
    ],
)  # fmt: skip
def test_problems(arrays: list[ArrayFacts], dialect: str, expected: Any) -> None:
    """Each disagreement is told at the level that its version gives it."""
    kinds = found(*arrays, dialect=dialect)
    if expected and expected[0][1] == "axes-length":
        kinds = kinds[:1]

    assert expected == kinds


def test_facts_of_v3() -> None:
    """Facts come from the document of Zarr v3."""
    metadata = {"shape": [4, 5], "data_type": "int16", "dimension_names": ["y", None]}
    one = array_facts(document(metadata, 3), ("x",))

    assert ((4, 5), np.dtype("i2"), ("y", None), ("x",)) == (
        one.shape,
        one.dtype,
        one.dimension_names,
        one.loc,
    )


def test_facts_of_v2() -> None:
    """Facts come from the document of Zarr v2 and the attributes of xarray."""
    attributes = {"_ARRAY_DIMENSIONS": ["y", "x"]}
    one = array_facts(
        document({"shape": [4, 5], "dtype": "<i2"}, 2, attributes=attributes)
    )

    assert ((4, 5), np.dtype("<i2"), ("y", "x")) == (
        one.shape,
        one.dtype,
        one.dimension_names,
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"shape": "no", "data_type": {"name": "x"}, "dimension_names": "yx"},
        {"shape": [1, -1], "data_type": "r16", "dimension_names": []},
        {"shape": [1.5], "data_type": 7, "dimension_names": [None]},
        {"shape": [True], "data_type": None},
    ],
)
def test_facts_of_nonsense(metadata: dict[str, Any]) -> None:
    """What cannot be understood is None; nothing is raised."""
    one = array_facts(document(metadata, 3))

    assert (None, None, None) == (one.shape, one.dtype, one.dimension_names)
    assert [] == found(one, dialect="0.4")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("u2", ">u2", True),
        ("u2", "i2", False),
        ("u2", "u4", False),
        ("f4", None, False),
    ],
)
def test_same_pixels(one: str, other: str | None, same: bool) -> None:
    """Dtypes are the same when only their byte order differs."""
    assert same == same_pixels(np.dtype(one), other and np.dtype(other))


def label_problems(label: ArrayFacts, image: ArrayFacts, dialect: str) -> list[str]:
    problems = problems_of_label(
        [label],
        [image],
        node="labels/a",
        axes={"c": 0, "y": 1, "x": 2},
        label_axes=["y", "x"],
        dialect=dialect,
    )
    return [p.kind for p in problems]


@pytest.mark.parametrize(
    ("label", "dialect", "expected"),
    [
        (facts((4, 5)), "0.5", []),
        (facts((1, 5)), "0.5", []),
        (facts((2, 5)), "0.5", ["label-shape"]),
        (facts((2, 5)), "0.4", []),
        (facts((4, 5), "f4"), "0.4", ["label-dtype"]),
        (facts((4, 5), "?"), "0.5", ["label-dtype"]),
    ],
)
def test_label(label: ArrayFacts, dialect: str, expected: list[str]) -> None:
    """A label image has integers, and the size of its image along shared axes."""
    assert expected == label_problems(label, facts((2, 4, 5)), dialect)
