"""What was done to layers, as edits of the metadata that they came from."""

import numpy as np
import pytest
from napari.layers import Layer

from cases.build import COLORS, build_image
from napari_ngff import read_layers
from napari_ngff.dataset.draft import Draft
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.taking import looks_of, place_of
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetChannel,
    SetLabelColor,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetUnit,
)

LABELS = {"cells": {"axes": "yx", "shape": (16, 16), "image_label": {"colors": COLORS}}}


@pytest.fixture
def store(tmp_path):
    return build_image(
        tmp_path / "a.zarr", axes="zyx", shape=(4, 16, 16), scale=(2, 0.5, 0.25)
    )


def layers_of(path):
    return [Layer.create(*each) for each in read_layers(path)]


def looks(layer):
    record = Provenance.from_metadata(layer.metadata)
    names = ("name", "colormap", "contrast_limits", "visible")
    return record, {n: getattr(layer, n, None) for n in names}, layer.dtype


def place(draft, layer):
    names = ("scale", "translate", "rotate", "shear", "units", "axis_labels")
    state = {n: getattr(layer, n) for n in names}
    state["affine"] = layer.affine.affine_matrix
    record = Provenance.from_metadata(layer.metadata)
    return place_of(draft, record, state, layer.ndim)


def test_layers_that_nobody_touched_give_nothing(store):
    """But the contrast limits that were measured, for the file has none."""
    (layer,) = layers_of(store)
    draft = Draft.open(store)

    assert () == place(draft, layer)
    members = [edit.member for edit in looks_of(draft, [looks(layer)])]
    assert ["window.start", "window.end"] == members


def test_the_place_of_a_layer_is_taken(store):
    """Sizes, origins, units and names of its own image, where they are others."""
    (layer,) = layers_of(store)
    layer.scale, layer.translate = (2, 7, 0.25), (0, 0, -3)
    layer.units, layer.axis_labels = ("um", "um", "nm"), ("z", "down", "x")
    draft = Draft.open(store)

    found = place(draft, layer)

    assert (
        SetPixelSize(axis=1, size=7.0),
        RenameAxis(axis=1, name="down"),
        SetUnit(axis=2, unit="nanometer"),
        SetOrigin(axis=2, origin=-3.0),
    ) == found
    assert () == draft.edited(*found).refused
    layer.rotate = 30
    assert () == place(draft, layer)


def test_another_layer_gives_sizes_and_units_by_name(store):
    """Or by position from the last axis on; its place and names are its own."""
    draft = Draft.open(store)
    named = Layer.create(
        np.zeros((3, 3)),
        {
            "scale": (5, 0.5),
            "units": ("um", "nm"),
            "axis_labels": ("x", "y"),
            "translate": (1, 1),
        },
        "image",
    )
    nameless = Layer.create(np.zeros((3, 3)), {"scale": (5, 6)}, "image")

    sizes = {e.axis: e.size for e in place(draft, named) if hasattr(e, "size")}
    units = {e.axis: e.unit for e in place(draft, named) if hasattr(e, "unit")}

    assert {2: 5, 1: 0.5} == sizes
    assert "nanometer" == units[1]
    assert (
        SetPixelSize(axis=1, size=5.0),
        SetPixelSize(axis=2, size=6.0),
    ) == place(draft, nameless)


def test_names_and_colours_are_taken(store, tmp_path):
    """The name of an image's only layer is the image's; labels give their colours."""
    (layer,) = layers_of(store)
    layer.name, layer.colormap, layer.contrast_limits = "new", "red", (1, 2)
    draft = Draft.open(store)
    other = build_image(tmp_path / "b.zarr", axes="yx", shape=(16, 16), labels=LABELS)
    *_, labels = layers_of(other)
    label = Draft.open(other / "labels" / "cells")
    labels.colormap = {**labels.colormap.color_dict, 2: (0, 1, 0, 1)}

    found = looks_of(draft, [looks(layer), looks(labels)])

    assert (
        SetMultiscaleName(name="new"),
        SetChannel(channel=0, member="color", value="FF0000"),
        SetChannel(channel=0, member="window.start", value=1.0),
        SetChannel(channel=0, member="window.end", value=2.0),
    ) == found
    assert (SetLabelColor(label=2, rgba=(0, 255, 0, 255)),) == looks_of(
        label, [looks(labels)]
    )
