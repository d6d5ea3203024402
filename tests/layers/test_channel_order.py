"""Layers that lie above each other as the file says."""

import json

import numpy as np
import pytest
from napari.layers import Layer

from cases.build import build_image
from napari_ngff import edit, read, read_layers
from napari_ngff.core.problems import CannotEdit
from napari_ngff.dataset.draft import Draft
from napari_ngff.layers.previewing import shown
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.read import show_as
from napari_ngff.layers.saving import write
from napari_ngff.layers.taking import looks_of
from napari_ngff.metadata.editing import SetChannelOrder

NAMES = "DAPI", "GFP", "RFP"
WINDOW = {"start": 0, "end": 9, "min": 0, "max": 255}
CHANNELS = [
    {"label": name, "color": color, "window": WINDOW}
    for name, color in zip(NAMES, ("0000FF", "00FF00", "FF0000"), strict=True)
]


@pytest.fixture
def ordered(tmp_path):
    """Return a store of three channels in an order of their own, with labels."""
    omero = {"channels": CHANNELS, "napari_ngff": {"order": [2, 0, 1]}}
    return build_image(
        tmp_path / "a.zarr",
        axes="cyx",
        shape=(3, 8, 8),
        levels=1,
        version="0.5",
        omero=omero,
        labels={"cells": {"axes": "yx", "shape": (8, 8), "levels": 1}},
    )


def records(layers):
    return [Provenance.from_metadata(meta["metadata"]) for _, meta, _ in layers]


def test_layers_open_in_the_order_of_the_file(ordered):
    """Labels on top; each remembers its channel; again as channels too."""
    layers = read_layers(ordered)

    assert ["RFP", "DAPI", "GFP", "cells"] == [meta["name"] for _, meta, _ in layers]
    found = records(layers)
    assert [2, 0, 1] == [record.channel for record in found[:3]]
    pixels = read(ordered).levels[0]
    np.testing.assert_array_equal(pixels[2], layers[0][0])
    again = show_as(found[1], "channels")
    assert ["RFP", "DAPI", "GFP"] == [meta["name"] for _, meta, _ in again]
    draft = Draft.open(ordered)
    assert [0, 1, 2] == [shown(draft, r, np.uint8).height for r in found[:3]]


def states(layers):
    """Return what `looks_of` is given of layers."""
    names = ("name", "colormap", "contrast_limits", "visible")
    return [
        (
            Provenance.from_metadata(layer.metadata),
            {name: getattr(layer, name, None) for name in names},
            layer.dtype,
        )
        for layer in layers
    ]


def test_the_order_of_layers_is_taken(ordered):
    """Where it is another one, and every channel has a layer."""
    rfp, dapi, gfp, cells = [Layer.create(*each) for each in read_layers(ordered)]
    draft = Draft.open(ordered)

    def taken(*layers):
        return looks_of(draft, states(layers))

    assert () == taken(rfp, cells, dapi, gfp)
    assert (SetChannelOrder(order=(0, 1, 2)),) == taken(dapi, cells, gfp, rfp)
    assert () == taken(gfp, dapi)


def test_saved_layers_keep_their_channels_and_their_order(ordered, tmp_path):
    """The file's, if that is how they lie; else channels follow the layers."""
    layers = read_layers(ordered)
    write(tmp_path / "same.zarr", layers)

    same = read(tmp_path / "same.zarr")
    assert (2, 0, 1) == same.group.rendering.order
    assert list(NAMES) == [c.label for c in same.group.rendering.channels]
    np.testing.assert_array_equal(read(ordered).levels[0], same.levels[0])
    rfp, dapi, gfp, cells = layers
    write(tmp_path / "moved.zarr", [dapi, rfp, gfp, cells])
    moved = read(tmp_path / "moved.zarr").group.rendering
    assert ["DAPI", "RFP", "GFP"] == [c.label for c in moved.channels]
    assert moved.order is None
    document = json.loads((tmp_path / "moved.zarr" / "zarr.json").read_bytes())
    assert "napari_ngff" not in document["attributes"]["ome"]["omero"]


def test_an_order_of_no_numbers_is_not_understood(ordered):
    """And one as a list is taken."""
    with pytest.raises(CannotEdit, match="not an order of channels"):
        edit(ordered, channel_order=["0", "1", "2"], dry_run=True)
    patch = edit(ordered, channel_order=[0, 1, 2], dry_run=True)
    assert "napari_ngff" in patch.text
