"""The order that channels are shown in: as it is read, written and followed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.metadata.display import display_order, order_from
from napari_ngff.metadata.versions import read_group
from napari_ngff.metadata.writing import write_group

WINDOW = {"start": 0, "end": 9, "min": 0, "max": 255}
CHANNELS = [{"color": color, "window": WINDOW} for color in ("FF0000", "00FF00")]


def omero(ours: Any) -> dict[str, Any]:
    """Return attributes of an image whose block has this under our own key."""
    entry = {
        "axes": [{"name": "y", "type": "space"}, {"name": "x", "type": "space"}],
        "datasets": [
            {
                "path": "0",
                "coordinateTransformations": [{"type": "scale", "scale": [1, 1]}],
            }
        ],
    }
    block = {"channels": CHANNELS, "napari_ngff": ours, "id": 7}
    return {"ome": {"version": "0.5", "multiscales": [entry], "omero": block}}


def test_the_order_is_read_and_written_again() -> None:
    """With what else somebody keeps there."""
    group = read_group(omero({"order": [1, 0], "more": 1}))

    rendering = group.rendering
    assert rendering is not None
    assert (1, 0) == rendering.order
    assert {"napari_ngff": {"more": 1}, "id": 7} == rendering.extra
    assert "channel-order-invalid" not in {p.kind for p in group.problems}
    attributes = write_group(group, "0.5")
    assert {"order": [1, 0], "more": 1} == attributes["ome"]["omero"]["napari_ngff"]
    assert rendering == read_group(attributes).rendering
    alone = read_group(omero({"order": [1, 0]})).rendering
    assert alone is not None
    assert {"id": 7} == alone.extra


@pytest.mark.parametrize(
    "order", [[0, 0, 1], [1, 2], [], "210", {"0": 1}, [True, False], [0.0], [10**30], 3]
)
def test_what_is_no_order_is_told_and_ignored(order: Any) -> None:
    """It stays in the file."""
    group = read_group(omero({"order": order}))

    assert group.rendering is not None
    assert group.rendering.order is None
    assert {"order": order} == group.rendering.extra["napari_ngff"]
    (found,) = [p for p in group.problems if p.kind == "channel-order-invalid"]
    assert ("info", ("ome", "omero", "napari_ngff", "order")) == (
        found.level,
        found.loc,
    )


@pytest.mark.parametrize("ours", [None, {}, [1, 0], {"order": None}])
def test_where_nothing_is_said_nothing_is_told(ours: Any) -> None:
    """Our own key may be anything."""
    group = read_group(omero(ours))

    assert group.rendering is not None
    assert group.rendering.order is None
    assert ours == group.rendering.extra["napari_ngff"]
    assert "channel-order-invalid" not in {p.kind for p in group.problems}


@given(order=st.integers(0, 6).flatmap(lambda n: st.permutations(range(n))))
def test_every_channel_has_one_place(order: list[int]) -> None:
    """However many there are, and as the order says."""
    assert (tuple(order) or None) == order_from(order)
    for count in range(8):
        found = display_order(order, count)

        assert list(range(count)) == sorted(found)
        listed = [index for index in order if index < count]
        assert listed == list(found[: len(listed)])
    assert (0, 1, 2) == display_order(None, 3)
