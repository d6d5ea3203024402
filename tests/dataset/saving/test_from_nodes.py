"""What was read as images that can be saved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.memory import image, ramp
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.nodes import CollectionData
from napari_ngff.dataset.saving.from_nodes import images_of

FIELDS = tuple(
    image(ramp(4, 4), "yx", name=None, node=node) for node in ("A/1/0", "B/2/0")
)
PLATE = CollectionData(
    store="plate.zarr",
    node="",
    kind="plate",
    children=FIELDS,
    paths=("A/1/0", "B/2/0"),
)


@pytest.mark.parametrize("name", [None, "field"])
def test_fields_are_called_by_their_paths(name: str | None) -> None:
    """Names that do not tell them apart would lose which well each was in."""
    children = tuple(
        replace(field, multiscale=replace(field.multiscale, name=name))
        for field in FIELDS
    )
    found, problems = images_of(replace(PLATE, children=children))

    assert ["A/1/0", "B/2/0"] == [one.multiscale.name for one in found]
    assert ["The images are saved one by one, not as a plate."] == [
        problem.message for problem in problems
    ]


def test_names_of_their_own_stay() -> None:
    """Such as those of a series."""
    first, second = FIELDS
    named = replace(first, multiscale=replace(first.multiscale, name="embryo"))
    found, _ = images_of(replace(PLATE, children=(named, second)))

    assert ["embryo", "B/2/0"] == [one.multiscale.name for one in found]


def test_a_collection_that_is_not_all_opened_is_refused() -> None:
    """A part of it would be saved as if it were the whole."""
    with pytest.raises(CannotSave, match=r"holds 3 images, of which only 2 are opened"):
        images_of(replace(PLATE, paths=("A/1/0", "B/2/0", "C/3/0")))
