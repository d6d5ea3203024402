"""Parts of the viewer: which pixels they are, and that each stays where it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from napari.layers import Image, Shapes

from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.region import WHOLE, Region, around, at_point
from napari_ngff.metadata.geometry import level_matrix


def convert(layer, region, **options):
    return to_images([layer.as_layer_data_tuple()], region=region, **options)


def only(layer, region, **options):
    [image] = convert(layer, region, **options).images
    return image


def origin(image):
    """Where the first pixel is."""
    return level_matrix(image.multiscale, 0)[:-1, -1].tolist()


def volume(**state):
    pixels = np.arange(5 * 6 * 8, dtype="u2").reshape(5, 6, 8)
    state = {"scale": (2, 0.5, 0.5), "translate": (10, 20, 30)} | state
    return Image(pixels, **state)


def test_the_whole_is_untouched():
    """No side, no cut."""
    layer = volume()

    assert layer.data.shape == only(layer, WHOLE).levels[0].shape
    assert layer.data.shape == only(layer, Region(sides=(None,) * 4)).levels[0].shape


def test_the_current_plane():
    """The pixel that the point is in, with its place; the axis stays."""
    image = only(volume(), at_point((14.9, 0, 0), [0]))

    assert (1, 6, 8) == image.levels[0].shape
    assert [14, 20, 30] == origin(image)
    assert 2 * 48 == image.levels[0][0, 0, 0].compute()


def test_a_rectangle():
    """Pixels whose centre is in it."""
    shapes = Shapes([[[0, 20.6, 31], [0, 20.6, 33], [0, 22, 33], [0, 22, 31]]])
    image = only(volume(), around(shapes.data[0], [-2, -1]))

    assert (5, 3, 5) == image.levels[0].shape
    assert [10, 21, 31] == origin(image)
    assert 2 * 8 + 2 == image.levels[0][0, 0, 0].compute()


def test_a_box_thinner_than_a_pixel_is_one_pixel():
    """Never none where it lies on the image."""
    image = only(volume(), Region(sides=((20.1, 20.15), None)))

    assert (5, 1, 8) == image.levels[0].shape
    assert [10, 20, 30] == origin(image)


def test_units_of_the_viewer():
    """A box in nanometers cuts a layer in micrometers."""
    layer = volume(units="um")
    region = Region(sides=((21_000, 22_000), None), units=("nm", "nm"))

    assert (5, 3, 8) == only(layer, region).levels[0].shape


def test_layers_with_fewer_axes_are_cut_along_their_last():
    """The sides of a viewer's axes that a layer lacks do not matter."""
    layer = Image(np.zeros((6, 8)))

    assert (6, 3) == only(layer, Region(sides=((9, 9), None, (2, 4)))).levels[0].shape


def test_outside_is_not_saved():
    """The layer is named; other layers are saved."""
    made = convert(volume(name="cells"), at_point((100, 0, 0), [0]))
    [problem] = made.problems

    assert () == made.images
    assert ("outside-region", "cells") == (problem.kind, problem.node)


def test_coarse_levels_stay_where_nothing_is_cut_that_they_bin():
    """A plane of a stack keeps its pyramid, a rectangle does not."""
    layer = Image([np.zeros((4, 8, 8)), np.zeros((4, 4, 4))])
    plane = only(layer, at_point((2, 0, 0), [0]))
    part = only(layer, Region(sides=((0, 4), (0, 4))))

    assert [(1, 8, 8), (1, 4, 4)] == [level.shape for level in plane.levels]
    assert 2 == level_matrix(plane.multiscale, 1)[0, -1]
    assert [(4, 5, 5)] == [level.shape for level in part.levels]


def test_colours_are_whole():
    """The axis of colours is none of the viewer's."""
    layer = Image(np.zeros((8, 8, 3), "u1"), rgb=True)

    assert (3, 8, 4) == only(layer, Region(sides=((2, 5),))).levels[0].shape


@pytest.mark.parametrize("sides", [((20, 22), (30, 32)), ((21, 21), None)])
@pytest.mark.parametrize("placed", [{"rotate": 30}, {"shear": [0, 0, 0.3]}])
def test_turned_layers_are_cut_to_a_box_that_holds_it(placed, sides):
    """Each pixel of the part is where it was, and none that is inside is left out."""
    layer = volume(**placed)
    image = only(layer, Region(sides=sides), version="0.6")
    matrix = level_matrix(image.multiscale, 0)
    pixels = np.asarray(image.levels[0])
    kept = set(pixels.ravel().tolist())

    for index in np.ndindex(pixels.shape):
        at = np.unravel_index(pixels[index], layer.data.shape)
        np.testing.assert_allclose(layer.data_to_world(at), (matrix @ [*index, 1])[:3])
    for at in np.ndindex(layer.data.shape):
        world = layer.data_to_world(at)[-2:]
        inside = [s is None or s[0] <= w <= s[1] for s, w in zip(sides, world)]  # noqa: B905
        if all(inside):
            assert int(layer.data[at]) in kept


NUMBERS = st.floats(-50, 50).map(lambda x: round(x, 3))
SIZES = st.floats(0.05, 10).map(lambda x: round(x, 3))


@settings(max_examples=200, deadline=None)
@given(size=SIZES, start=NUMBERS, low=NUMBERS, length=st.floats(0, 30))
def test_any_box(size, start, low, length):
    """Exactly the centres inside, at their place; one pixel where there is none."""
    layer = (np.arange(40.0), {"scale": (size,), "translate": (start,)}, "image")
    pixels = np.tile(layer[0], (2, 1))
    state = {"scale": (1, size), "translate": (0, start)}
    high = low + length
    made = to_images([(pixels, state, "image")], region=Region(sides=((high, low),)))
    centres = start + size * np.arange(40)
    slack = 1e-5 * size
    inside = np.flatnonzero((centres >= low + slack) & (centres <= high - slack))
    nearly = np.flatnonzero((centres >= low - slack) & (centres <= high + slack))

    if not made.images:
        assert not len(inside)
        return
    [image] = made.images
    found = image.levels[0][0].compute().astype(int)
    assert set(inside) <= set(found)
    assert set(found) <= set(nearly) or len(found) == 1
    np.testing.assert_allclose(centres[found[0]], origin(image)[1], atol=1e-9)
