"""Layers of no file, edited as if they were one."""

import numpy as np
import pytest

from napari_ngff import write
from napari_ngff.core.document import parse
from napari_ngff.layers.provenance import KEY, Provenance, stated_axes, with_stated
from napari_ngff.layers.stating import (
    WHY,
    draft_of_layer,
    edited_look,
    look_of_layer,
    remembered,
)
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisType,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)

STATE = {
    "name": "cells/1",
    "scale": (1.0, 0.5, 0.25),
    "translate": (0.0, -3.0, 0.0),
    "units": ("pixel", "micrometer", "gram"),
    "axis_labels": ("-3", "y", "-1"),
    "metadata": {"mine": 1},
}


@pytest.fixture
def draft():
    """Return the draft of a layer whose axes say little."""
    return draft_of_layer(STATE, (4, 6, 5), "uint8", key="layer-1")


def test_a_layer_says_what_its_file_would_say(draft):
    """Names by position where it has none; it cannot be saved, and nothing changes."""
    assert ["z", "y", "x"] == [axis.name for axis in draft.multiscale.axes]
    assert WHY == draft.read_only
    assert ((4, 6, 5),) == draft.shapes
    assert not [p for p in draft.problems if p.level == "error"]
    look = look_of_layer(draft)
    assert STATE["scale"] == look["scale"]
    assert STATE["translate"] == look["translate"]
    assert {} == edited_look(draft, STATE)
    assert STATE["metadata"] is remembered(STATE["metadata"], draft)


def test_an_axis_that_is_not_edited_keeps_what_it_has(draft):
    """Also a label that says nothing, and a unit that OME-Zarr does not know."""
    now = draft.edited(
        RenameAxis(axis=1, name="down"),
        SetUnit(axis=0, unit="nanometer"),
        SetPixelSize(axis=2, size=7),
        SetOrigin(axis=0, origin=1.5),
        SetMultiscaleName(name="new"),
    )

    assert {
        "name": "new",
        "scale": (1.0, 0.5, 7.0),
        "translate": (1.5, -3.0, 0.0),
        "units": ("nanometer", "micrometer", "gram"),
        "axis_labels": ("-3", "down", "-1"),
    } == edited_look(now, STATE)


def test_types_are_remembered_and_saved(draft, tmp_path):
    """A layer has no place for them; the file that the layer is saved to has."""
    now = draft.edited(
        SetAxisType(axis=0, type="channel"), RenameAxis(axis=0, name="stain")
    )
    state = {**STATE, **edited_look(now, STATE)}
    state["metadata"] = remembered(STATE["metadata"], now)

    layer = (np.zeros((4, 6, 5), np.uint8), state, "image")
    write(tmp_path / "a.zarr", [layer])

    saved, _ = parse((tmp_path / "a.zarr" / "zarr.json").read_bytes())
    axes = saved["attributes"]["ome"]["multiscales"][0]["axes"]
    assert {"name": "stain", "type": "channel"} == axes[0]
    again = draft_of_layer(state, (4, 6, 5), "uint8", key="layer-1")
    assert "channel" == again.multiscale.axes[0].type
    assert 1 == state["metadata"]["mine"]


def test_what_was_said_of_axes_is_beside_what_the_file_said():
    """It is no record of a file, and does not break one."""
    axes = (Axis(name="a", type="channel"), Axis(name="b"))
    alone = with_stated({}, axes)
    record = Provenance(store="s", node="n", axes=({"name": "a"},))
    both = with_stated(record.to_metadata(), axes)

    assert axes == stated_axes(alone) == stated_axes(both)
    assert Provenance.from_metadata(alone) is None
    assert record == Provenance.from_metadata(both)
    for wrong in ({}, {KEY: 3}, {KEY: {"stated_axes": [{"name": 1}]}}):
        assert () == stated_axes(wrong)
