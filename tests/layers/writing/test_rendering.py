"""How layers look as ``omero``: colours, windows, and what the file says of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.layers import Image, Layer
from napari.utils.colormaps import AVAILABLE_COLORMAPS, Colormap, ensure_colormap

from cases.memory import image
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.reading.colors import NAPARI
from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.origins import origins_of
from napari_ngff.layers.writing.rendering import color_of, window_of
from napari_ngff.metadata.model import Channel, Rendering, Window

EXACT = {name: color for color, name in NAPARI.items()}


@pytest.mark.parametrize("name", AVAILABLE_COLORMAPS)
@pytest.mark.parametrize("form", ["name", "object", "dict"])
def test_every_colormap_of_napari(name, form):
    """Those from black to one colour are that colour; of the others it is told."""
    colormap = ensure_colormap(name)
    given_as = {"name": name, "object": colormap, "dict": dict(colormap)}[form]
    color, exact = color_of(given_as)

    assert (name in EXACT) == exact
    assert EXACT.get(name, color) == color
    assert 6 == len(color)
    assert 0x33 < max(bytes.fromhex(color))


@given(st.integers(1, 0xFFFFFF).map(lambda x: f"{x:06X}"))
def test_any_colour_comes_back(color):
    """As texts that the reader gives, and as napari's colormaps made of them."""
    assert (color, True) == color_of(f"#{color.lower()}")
    assert (color, True) == color_of(ensure_colormap(f"#{color.lower()}"))


def test_many_steps_of_one_colour_are_that_colour():
    """It is the line that counts, not how many points it has."""
    steps = Colormap(np.outer(np.linspace(0, 1, 64), [1, 0.5, 0]))

    assert ("FF8000", True) == color_of(steps)


@pytest.mark.parametrize(
    ("limits", "dtype", "expected"),
    [
        ((5, 90), "u1", (5, 90, 0, 255)),
        ((5, 90), "i2", (5, 90, -32768, 32767)),
        ((0.5, 2), "f4", (0.5, 2, 0.5, 2)),
        ((0, 7), "u4", (0, 7, 0, 7)),
        ((0, 1), "?", (0, 1, 0, 1)),
        ((-5, 300), "u1", (-5, 300, -5, 300)),
        (None, "u1", (0, 255, 0, 255)),
        (None, "f4", (0, 1, 0, 1)),
        ((0, np.inf), "f4", (0, 1, 0, 1)),
    ],
)
def test_windows(limits, dtype, expected):
    """Short types have their whole range, others what is shown."""
    found = window_of(limits, dtype)

    assert expected == (found.start, found.end, found.min, found.max)


CHANNELS = (
    Channel(
        label="DAPI",
        color="0000FF",
        window=Window(start=10, end=200, min=0, max=1000),
        active=True,
        extra={"emission": 450},
    ),
    Channel(color=None, window=Window(min=1, max=9), extra={"lut": "cyan"}),
)
RENDERING = Rendering(
    channels=CHANNELS, default_t=1, default_z=2, model="color", extra={"id": 7}
)


def opened(rendering=RENDERING, shape=(2, 4, 4)):
    node = image(np.zeros(shape, "u2"), "cyx", rendering=rendering, name="sample")
    layers = [Layer.create(*layer) for layer in layers_of(node)]
    return layers, origins_of(node)


def convert(layers, origins):
    made = to_images([layer.as_layer_data_tuple() for layer in layers], origins=origins)
    [found] = made.images
    return found.group.rendering, made.problems


def test_what_nobody_touched_is_as_in_the_file():
    """Also what no layer shows."""
    assert (RENDERING, ()) == convert(*opened())


def test_what_is_changed_is_as_in_the_layer():
    """All else of the channel, and the other one, stay as in the file."""
    layers, origins = opened()
    layers[0].contrast_limits = (20, 300)
    layers[0].colormap = "red"
    layers[0].name = "nuclei"
    layers[0].visible = False
    rendering, _ = convert(layers, origins)
    [first, second] = rendering.channels

    assert CHANNELS[1] == second
    assert ("nuclei", "FF0000", False) == (first.label, first.color, first.active)
    assert Window(start=20, end=300, min=0, max=1000) == first.window
    assert {"emission": 450} == first.extra


def test_order_and_number_are_those_of_the_layers():
    """A channel that was deleted is not saved; the others follow the list."""
    layers, origins = opened()

    assert CHANNELS[::-1] == convert(layers[::-1], origins)[0].channels
    assert CHANNELS[1:] == convert(layers[1:], origins)[0].channels


def test_channels_beside_others_have_names():
    """Two images of one place become one: nothing is nameless."""
    layers, origins = opened()
    other = Image(np.zeros((4, 4), "u2"), name="mask", axis_labels="yx")
    other.units = layers[0].units
    rendering, _ = convert([*layers, other], origins)

    assert ["DAPI", "sample: channel 1", "mask"] == [
        c.label for c in rendering.channels
    ]


def test_greyscale_stays_until_a_colour_is_chosen():
    """Then the file's model would not show it."""
    grey = Rendering(channels=CHANNELS, model="greyscale")
    layers, origins = opened(grey)

    assert "greyscale" == convert(layers, origins)[0].model
    layers[0].colormap = "red"
    assert "color" == convert(layers, origins)[0].model


def test_greyscale_stays_when_the_contrast_is_changed():
    """It says nothing of windows."""
    layers, origins = opened(Rendering(channels=CHANNELS, model="greyscale"))
    layers[0].contrast_limits = (20, 300)

    assert "greyscale" == convert(layers, origins)[0].model


def test_without_greyscale_all_is_as_it_was_seen():
    """Grey layers are white then, not in colours that the model had hidden."""
    layers, origins = opened(Rendering(channels=CHANNELS, model="greyscale"))
    assert [True, False] == [layer.visible for layer in layers]
    layers[1].colormap = "red"
    channels = convert(layers, origins)[0].channels

    assert [("FFFFFF", True), ("FF0000", False)] == [
        (channel.color, channel.active) for channel in channels
    ]


def test_channels_with_a_slider_keep_the_file_s():
    """More channels than are shown as layers."""
    channels = tuple(Channel(label=str(i), color="FF0000") for i in range(300))
    rendering = Rendering(channels=channels)

    assert rendering == convert(*opened(rendering, (300, 4, 4)))[0]


def test_channels_with_a_slider_get_colours():
    """Without a file each has a window and one of napari's colours."""
    layer = Image(
        np.zeros((3, 4, 4), "u2"), axis_labels=tuple("cyx"), contrast_limits=(1, 9)
    )
    rendering, problems = convert([layer], {})

    assert ["00FFFF", "FFFF00", "FF00FF"] == [c.color for c in rendering.channels]
    assert {1} == {c.window.start for c in rendering.channels}
    assert () == problems
