"""How channels look, and when they are a colour picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from napari.layers import Layer

from cases.memory import affine, image, ramp
from napari_ngff.core.limits import Limits
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.read import layers_of
from napari_ngff.metadata.model import Channel, Rendering, Window

FULL = Window(start=0, end=255, min=0, max=255)
RGB = ("FF0000", "00FF00", "0000FF")


def rendering(*colors, **more):
    """Make a block with channels of these colours, every window full."""
    channels = [Channel(color=color, window=FULL) for color in colors]
    return Rendering(channels=tuple(channels), **more)


def changed(block, index, **more):
    """Make the same block with one channel changed."""
    channels = list(block.channels)
    channels[index] = replace(channels[index], **more)
    return replace(block, channels=tuple(channels))


def forms(node, **options):
    """Return the form of each layer."""
    records = [Provenance.from_metadata(m["metadata"]) for _, m, _ in layers_of(node)]
    return [record.form for record in records]


def planes(count=3, dtype="uint8"):
    return ramp(count, 4, 5, dtype=dtype)


@pytest.mark.parametrize(
    ("data", "axes", "block", "sentence"),
    [
        (planes().transpose(1, 2, 0), "yxc", None, "channel last, omero absent"),
        (planes(4).transpose(1, 2, 0), "yxc", None, "channel last, four"),
        (planes().transpose(1, 2, 0), "yxc", rendering(*RGB), "channel last, told"),
        (
            planes().transpose(1, 2, 0),
            "yxc",
            Rendering(channels=(Channel(),) * 3),
            "no",
        ),
        (planes(), "cyx", rendering(*RGB), "red, green, blue elsewhere"),
        (planes(4), "cyx", rendering(*RGB, "FFFFFF"), "with alpha"),
        (
            planes(),
            "cyx",
            changed(rendering(*RGB), 0, label="Red"),
            "named after its colour",
        ),
        (ramp(2, 3, 4, 5, dtype="uint8"), "tcyx", rendering(*RGB), "over time"),
    ],
)
def test_a_colour_picture(data, axes, block, sentence):
    """Nothing speaks against it: one RGB layer, colours last, nothing copied."""
    node = image(data, axes, rendering=block)
    ((pixels, meta, _),) = layers_of(node)
    layer = Layer.create(pixels, meta, "image")

    assert meta["rgb"] is True, sentence
    assert (0.0, 255.0) == tuple(meta["contrast_limits"])
    assert layer.rgb
    assert tuple(a for a in axes if a != "c") == layer.axis_labels
    np.testing.assert_array_equal(
        np.moveaxis(data, axes.index("c"), -1), np.asarray(pixels)
    )


@pytest.mark.parametrize(
    ("data", "axes", "block", "sentence"),
    [
        (planes(), "cyx", None, "c elsewhere without omero"),
        (planes(dtype="uint16"), "cyx", rendering(*RGB), "not uint8"),
        (
            planes(dtype="uint16").transpose(1, 2, 0),
            "yxc",
            None,
            "channel last, not uint8",
        ),
        (planes(2), "cyx", rendering(*RGB[:2]), "two channels"),
        (planes(5), "cyx", rendering(*RGB, "FFFFFF", "FFFFFF"), "five channels"),
        (planes(), "cyx", rendering("0000FF", "00FF00", "FF0000"), "another order"),
        (
            planes().transpose(1, 2, 0),
            "yxc",
            rendering("00FF00", "FF00FF", "0000FF"),
            "channel last, other colours",
        ),
        (
            planes(),
            "cyx",
            changed(rendering(*RGB), 1, window=Window(start=0, end=99)),
            "a window that is not 0-255",
        ),
        (planes(), "cyx", changed(rendering(*RGB), 1, window=None), "no window"),
        (planes(), "cyx", changed(rendering(*RGB), 2, label="DAPI"), "a name"),
        (
            planes().transpose(1, 2, 0),
            "yxc",
            changed(rendering(*RGB), 2, label="DAPI"),
            "channel last, a name",
        ),
        (planes(), "cyx", changed(rendering(*RGB), 2, active=False), "one is hidden"),
        (planes(), "cyx", rendering(*RGB, model="greyscale"), "greyscale"),
        (planes(4), "cyx", rendering(*RGB, "FF00FF"), "a fourth colour"),
    ],
)
def test_not_a_colour_picture(data, axes, block, sentence):
    """Anything that speaks against it: a layer a channel."""
    layers = layers_of(image(data, axes, rendering=block))

    assert data.shape[axes.index("c")] == len(layers), sentence
    assert {False} == {meta["rgb"] for _, meta, _ in layers}


def test_colours_in_different_places_are_no_picture():
    """Channels that are shifted against each other cannot be one layer."""
    shift = affine([[1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]])
    node = image(planes(), "cyx", rendering=rendering(*RGB), transform=shift)

    assert ["channels"] * 3 == forms(node)


def test_omero_says_how_channels_look():
    """Name, colormap, contrast limits and visibility of each channel."""
    window = Window(start=10, end=20, min=0, max=100)
    block = Rendering(
        channels=(
            Channel(label="DAPI", color="0000FF", window=window, active=True),
            Channel(label="<b>GFP\u202e", color="FF8000", window=FULL, active=False),
        )
    )
    metas = [
        meta
        for _, meta, _ in layers_of(image(planes(2, "uint16"), "cyx", rendering=block))
    ]

    assert ["DAPI", "\u2039b>GFP"] == [meta["name"] for meta in metas]
    assert ["blue", "#ff8000"] == [meta["colormap"] for meta in metas]
    assert [(10, 20), (0, 255)] == [meta["contrast_limits"] for meta in metas]
    assert [True, False] == [meta["visible"] for meta in metas]


@pytest.mark.parametrize("listed", [0, 1, 5])
def test_lists_that_are_too_short_or_too_long(listed):
    """A channel without an entry looks as napari has it; entries too many wait."""
    block = Rendering(channels=tuple(Channel(label=f"n{i}") for i in range(listed)))
    names = [
        m["name"] for _, m, _ in layers_of(image(planes(), "cyx", rendering=block))
    ]
    expected = [f"n{i}" if i < listed else f"sample: channel {i}" for i in range(3)]

    assert expected == names


def test_the_greyscale_model():
    """One channel at a time, the first that is active, none in colour."""
    block = changed(rendering(*RGB, model="greyscale"), 0, active=False)
    metas = [m for _, m, _ in layers_of(image(planes(), "cyx", rendering=block))]

    assert [False, True, False] == [meta["visible"] for meta in metas]
    assert ["gray"] * 3 == [meta["colormap"] for meta in metas]


def test_too_many_channels_are_a_slider():
    """More channels than the limit are one layer, and a problem says so."""
    node = image(planes(5, "uint16"), "cyx")
    ((pixels, meta, _),) = layers_of(node, limits=Limits(channels=4))
    record = Provenance.from_metadata(meta["metadata"])

    assert (5, 4, 5) == pixels.shape
    assert ("c", "y", "x") == meta["axis_labels"]
    assert ("pixel", "micrometer", "micrometer") == meta["units"]
    assert "slider" == record.form
    assert ["many-channels"] == [problem.kind for problem in record.problems]


def test_an_image_without_a_channel_axis_may_have_one_channel():
    """Omero describes the one channel of an image that has no axis for it."""
    block = Rendering(channels=(Channel(label="EM", color="FFFFFF", window=FULL),))
    ((_, meta, _),) = layers_of(image(ramp(4, 5), rendering=block))

    assert ("EM", "gray", (0, 255)) == tuple(
        meta[key] for key in ("name", "colormap", "contrast_limits")
    )


def test_the_first_plane_is_remembered():
    """Rdefs' default z and t are kept for whoever sets the viewer's sliders."""
    block = Rendering(default_t=1, default_z=3)
    ((_, meta, _),) = layers_of(image(ramp(2, 5, 4, 4), "tzyx", rendering=block))

    record = meta["metadata"]["napari_ngff"]
    assert (1, 3) == (record["default_t"], record["default_z"])
