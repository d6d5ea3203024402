"""Colours as napari takes them."""

from __future__ import annotations

import numpy as np
import pytest
from napari.layers import Image, Labels
from napari.utils.colormaps import ensure_colormap

from cases.memory import image, label, ramp
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.reading import colors
from napari_ngff.layers.reading.colors import NAPARI, channel_colormap, label_colormap
from napari_ngff.metadata.model import ImageLabel


@pytest.mark.parametrize(("color", "name"), NAPARI.items())
def test_a_colormap_of_naparis_where_it_is_the_same(color, name):
    """The named colormap goes from black to the colour of the file."""
    colormap = ensure_colormap(channel_colormap(color, 0, 2))

    assert name == colormap.name
    assert color == bytes((colormap.colors[-1, :3] * 255).astype("u1")).hex().upper()
    assert [0, 0, 0] == colormap.colors[0, :3].tolist()


def test_any_other_colour_goes_from_black_to_it():
    """A colour that napari has no name for becomes a colormap of two colours."""
    layer = Image(ramp(4, 4), colormap=channel_colormap("FF8000", 0, 1))

    assert [0, 0, 0] == layer.colormap.colors[0, :3].tolist()
    assert pytest.approx([1, 128 / 255, 0]) == layer.colormap.colors[-1, :3]


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, ["gray"]),
        (2, ["magenta", "green"]),
        (4, ["cyan", "yellow", "magenta", "red"]),
    ],
)
def test_without_colours_as_napari_does(count, expected):
    """Channels without a colour, or with black, look as napari's own do."""
    assert expected == [channel_colormap(None, i, count) for i in range(count)]
    assert expected == [channel_colormap("000000", i, count) for i in range(count)]


@pytest.mark.parametrize(
    "dtype", ["bool", "uint8", "int16", "uint32", "int64", "uint64"]
)
def test_label_colours_are_those_of_the_file(dtype):
    """RGBA of the file; the background is transparent; others can be told apart."""
    listed = {1: (255, 0, 0, 128), 90: (0, 0, 255, 255)}
    block = ImageLabel(colors=listed, properties={101: {}})
    ((pixels, meta, _),) = layers_of(label(ramp(4, 4, dtype=dtype), block=block))
    colormap = Labels(pixels, **meta).colormap

    assert pytest.approx([1, 0, 0, 128 / 255]) == colormap.map(1)
    assert [0, 0, 1, 1] == colormap.map(90).tolist()
    assert 0 == colormap.map(0)[3]
    others = {tuple(colormap.map(value)) for value in (2, 3, 4, 101, 77_777)}
    assert 5 == len(others)
    assert {1.0} == {color[3] for color in others}


def test_colours_that_napari_cannot_show_are_left_out(monkeypatch):
    """Without numba napari raises for a large value with a colour: told instead."""
    monkeypatch.setattr(colors, "find_spec", lambda _: None)
    red = (255, 0, 0, 255)
    block = ImageLabel(
        colors={1: red, 900_000: red, 2**70: red}, properties={800_000: {}}
    )
    ((pixels, meta, _),) = layers_of(label(ramp(4, 4, dtype="uint32"), block=block))
    layer = Labels(pixels, **meta)
    kinds = [p["kind"] for p in meta["metadata"]["napari_ngff"]["problems"]]

    assert [1, 0, 0, 1] == layer.colormap.map(1).tolist()
    assert "label-colors-left-out" in kinds
    assert [800_000] == layer.features["index"].tolist()


def test_negative_labels_have_colours(monkeypatch):
    """Values below 0 are coloured as far as napari's table goes."""
    monkeypatch.setattr(colors, "find_spec", lambda _: None)
    red = (255, 0, 0, 255)
    block = ImageLabel(colors={-1: red, 40_000: red, -(2**31): red})
    data = ramp(4, 4, dtype="int32") - 4
    ((pixels, meta, _),) = layers_of(label(data, block=block))

    assert [1, 0, 0, 1] == Labels(pixels, **meta).colormap.map(-1).tolist()


def test_with_numba_every_value_has_its_colour(monkeypatch):
    """Where numba is installed nothing but what cannot occur is left out."""
    monkeypatch.setattr(colors, "find_spec", lambda _: object())
    red = (255, 0, 0, 255)
    found = label_colormap({900_000: red, 2**40: red}, dtype=np.dtype("uint32"))

    assert (1.0, 0.0, 0.0, 1.0) == found[900_000]
    assert 2**40 not in found


def test_the_background_may_have_a_colour():
    """Label 0 with a colour in the file is shown in it."""
    found = label_colormap({0: (0, 255, 0, 255)}, dtype=np.dtype("uint8"))

    assert (0.0, 1.0, 0.0, 1.0) == found[0]


def test_without_colours_napari_has_its_own():
    """No colours in the file: the colormap is left to napari."""
    ((_, meta, _),) = layers_of(label(ramp(4, 4), block=ImageLabel()))

    assert meta.get("colormap") is None
    assert label_colormap({}, dtype=np.dtype("uint8")) is None


def test_channels_blend():
    """Several channels add up; one alone does not."""
    several = layers_of(image(ramp(2, 4, 4), "cyx"))
    (alone,) = layers_of(image(ramp(4, 4)))

    assert ["additive", "additive"] == [meta["blending"] for _, meta, _ in several]
    assert "blending" not in alone[1]
