"""Edits of the order that channels are shown in."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from cases.editing import edited, lists, outcome, refused, scale, systems
from napari_ngff.metadata.editing import SetChannelOrder
from napari_ngff.metadata.versions import read_group

CHANNELS = [{"color": "FF0000"}, {"color": "00FF00"}, {"color": "0000FF"}]
SHAPES = ((3, 8, 8),)


def image(version: str = "0.5", **omero: Any) -> Any:
    """Return an image of three channels."""
    one = scale(1, 1, 1)
    made = (
        systems(one, names="cyx")
        if version == "0.6"
        else lists([one], names="cyx", version=version)
    )
    if omero:
        made.get("ome", made)["omero"] = omero
    return made


def block(attributes: Any) -> Any:
    """Return the ``omero`` block."""
    return attributes.get("ome", attributes)["omero"]


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_an_order_is_said_and_left_out_where_it_is_the_usual_one(version: str) -> None:
    """Nothing else changes."""
    before = image(version, channels=CHANNELS, other=1)
    after = edited(before, SetChannelOrder(order=(2, 0, 1)), shapes=SHAPES)

    wanted = deepcopy(before)
    block(wanted)["napari_ngff"] = {"order": [2, 0, 1]}
    assert wanted == after
    for usual in ((0, 1, 2), None):
        assert before == edited(after, SetChannelOrder(order=usual), shapes=SHAPES)
    assert () == outcome(before, SetChannelOrder(order=None), shapes=SHAPES).attributes


def test_what_else_is_under_our_key_stays() -> None:
    """Also where the order is said no more, or was none."""
    before = image(channels=CHANNELS, napari_ngff={"order": "?", "more": 1})
    after = edited(before, SetChannelOrder(order=(1, 0, 2)), shapes=SHAPES)

    assert {"order": [1, 0, 2], "more": 1} == block(after)["napari_ngff"]
    usual = edited(before, SetChannelOrder(order=None), shapes=SHAPES)
    assert {"more": 1} == block(usual)["napari_ngff"]
    odd = image(channels=CHANNELS, napari_ngff=7)
    after = edited(odd, SetChannelOrder(order=(1, 0, 2)), shapes=SHAPES)
    assert {"order": [1, 0, 2]} == block(after)["napari_ngff"]


def test_a_block_that_is_not_there_is_made_whole() -> None:
    """It must list its channels; the usual order makes none."""
    order = SetChannelOrder(order=(1, 2, 0))
    after = edited(image(), order, shapes=SHAPES, dtype="uint8")

    assert 3 == len(block(after)["channels"])
    group = read_group(after)
    assert group.rendering is not None
    assert (1, 2, 0) == group.rendering.order
    assert "error" not in {problem.level for problem in group.problems}
    usual = SetChannelOrder(order=(0, 1, 2))
    assert () == outcome(image(), usual, shapes=SHAPES).attributes


@pytest.mark.parametrize("order", [(0, 1), (0, 1, 1), (1, 2, 3), (), (0, 1, 2, 3)])
def test_what_is_no_order_of_the_channels_is_refused(order: tuple[int, ...]) -> None:
    """And what one has is told."""
    found = refused(
        image(channels=CHANNELS), SetChannelOrder(order=order), shapes=SHAPES
    )

    assert "channel-order" == found.kind
    assert "from 0 to 2 once" in found.message
    none = {"ome": {"version": "0.5"}}
    assert "no-image" == refused(none, SetChannelOrder(order=(0,))).kind


def test_channels_that_are_listed_only_may_be_left_out() -> None:
    """The pixels have three; the file lists four."""
    four = image(channels=[*CHANNELS, {}])
    for order in ((1, 0, 2), (3, 1, 0, 2)):
        after = edited(four, SetChannelOrder(order=order), shapes=SHAPES)
        assert list(order) == block(after)["napari_ngff"]["order"]


def test_the_usual_order_of_any_number_of_channels_is_left_out() -> None:
    """However many a document says there are."""
    before = image(channels=CHANNELS, napari_ngff={"order": [1, 0, 2]})
    after = edited(before, SetChannelOrder(order=None), shapes=((10**15, 8, 8),))

    assert "napari_ngff" not in block(after)
