"""Layers of napari itself as images: what a writer gets, and what becomes of it."""

from __future__ import annotations

import dask.array as da
import numpy as np
import pytest
import zarr
from napari.layers import Image, Labels, Layer, Points, Shapes, Surface, Tracks, Vectors

from cases.memory import affine, image
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.origins import origins_of
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.transforms import Affine, Identity, Scale, Sequence


def convert(*layers, **options):
    """Convert layers of napari."""
    return to_images([layer.as_layer_data_tuple() for layer in layers], **options)


def only(*layers, **options):
    """Convert layers to the one image that they are, without a word of loss."""
    made = convert(*layers, **options)
    assert ((), ()) == (made.problems, made.questions)
    [image] = made.images
    return image


def names(image):
    return "".join(axis.name for axis in image.multiscale.axes)


def kinds(made):
    return {problem.kind for problem in made.problems}


@pytest.mark.parametrize(
    ("shape", "units", "expected"),
    [
        ((4, 4), None, "yx"),
        ((3, 4, 4), None, "zyx"),
        ((3, 4, 4), ("s", "um", "um"), "tyx"),
        ((2, 3, 4, 4), None, "tzyx"),
        ((2, 2, 3, 4, 4), None, "tczyx"),
    ],
)
def test_axes_without_names_are_named_by_their_place(shape, units, expected):
    """A '-1' of napari's is no name: the last axes are z, y, x, a time unit says t."""
    image = only(Image(np.zeros(shape, "u1"), units=units))
    types = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}

    assert expected == names(image)
    assert [types[n] for n in expected] == [axis.type for axis in image.multiscale.axes]


def test_scale_translation_and_units():
    """They are the level's transformation; pint's units are the specification's."""
    layer = Image(
        np.zeros((3, 4, 5), "u2"),
        name="nuclei",
        scale=(2, 0.5, 0.25),
        translate=(10, 20, 30),
        units=("um", "nm", "mm"),
    )
    image = only(layer)
    [level] = image.multiscale.levels

    assert "nuclei" == image.multiscale.name
    assert Scale((2.0, 0.5, 0.25)) == level.transform.transforms[0]
    assert (10.0, 20.0, 30.0) == level.transform.transforms[1].translation
    units = [axis.unit for axis in image.multiscale.axes]
    assert ["micrometer", "nanometer", "millimeter"] == units


def test_the_unit_pixel_is_never_written():
    """It is napari's word for no unit."""
    image = only(Image(np.zeros((4, 4), "u1")))

    assert {None} == {axis.unit for axis in image.multiscale.axes}
    assert Scale((1.0, 1.0)) == image.multiscale.levels[0].transform


def test_pixels_beside_micrometers_are_told():
    """One axis without a unit would be read in that of the others."""
    made = convert(Image(np.zeros((2, 4, 4), "u1"), units=("pixel", "um", "um")))

    assert {"unit-missing"} == kinds(made)
    assert "axes z have no unit" in made.problems[0].message


def test_axis_labels_are_names_once_each():
    """A name that occurs twice or says nothing is replaced."""
    layer = Image(np.zeros((2, 2, 3, 4, 4), "u1"))
    layer.axis_labels = ("time", "phase", "-3", "y", "y")
    made = convert(layer)
    axes = made.images[0].multiscale.axes

    assert ["time", "phase", "z", "y", "x"] == [axis.name for axis in axes]
    assert ["time", None, "space", "space", "space"] == [axis.type for axis in axes]


def test_more_than_five_axes_stay():
    """What the version makes of them is for the metadata to say."""
    image = only(Image(np.zeros((1, 2, 1, 2, 3, 4, 4), "u1")))

    assert (
        7 == len(image.multiscale.axes) == len({a.name for a in image.multiscale.axes})
    )


def test_layers_of_one_place_are_channels_in_their_order():
    """Names, colours, windows and visibility are those of the layers."""
    first = Image(
        np.full((3, 4, 4), 1, "u2"), name="DAPI", colormap="blue",
        contrast_limits=(5, 500), scale=(2, 1, 1), blending="additive",
    )  # fmt: skip
    second = Image(
        np.full((3, 4, 4), 2, "u2"), name="GFP", colormap="#ff8800",
        contrast_limits=(0, 9), scale=(2, 1, 1), visible=False, blending="additive",
    )  # fmt: skip
    image = only(first, second)
    dapi, gfp = image.group.rendering.channels

    assert "czyx" == names(image)
    assert (2, 3, 4, 4) == image.levels[0].shape
    assert [1, 2] == image.levels[0][:, 0, 0, 0].tolist()
    assert ("DAPI", "0000FF", True) == (dapi.label, dapi.color, dapi.active)
    assert ("GFP", "FF8800", False) == (gfp.label, gfp.color, gfp.active)
    window = dapi.window
    assert (5, 500, 0, 65535) == (window.start, window.end, window.min, window.max)


@pytest.mark.parametrize(
    "other",
    [
        {"data": np.zeros((4, 5), "u2")},
        {"data": np.zeros((4, 4), "u1")},
        {"scale": (1, 2)},
        {"translate": (0, 1)},
        {"units": "um"},
        {"axis_labels": ("z", "x")},
    ],
)
def test_what_differs_in_place_or_type_is_another_image(other):
    """Each difference alone makes an image of its own, with a name of its own."""
    shared = {"data": np.zeros((4, 4), "u2"), "name": "a"}
    made = convert(Image(**shared), Image(**(shared | other)))

    assert ["a", "a_2"] == [image.multiscale.name for image in made.images]


def test_time_comes_before_channels():
    """The order that the specification asks for, whatever the layer's is."""
    layer = Image(np.zeros((5, 2, 3, 4), "u1"), axis_labels=("z", "t", "y", "x"))
    image = only(layer, Image(layer.data.copy(), axis_labels=("z", "t", "y", "x")))

    assert "tczyx" == names(image)
    assert (2, 2, 5, 3, 4) == image.levels[0].shape


def test_five_axes_take_no_channels():
    """A sixth axis is more than 0.5 and 0.6 hold: then each layer is an image."""
    layer = Image(np.zeros((1, 2, 3, 4, 4), "u1"), axis_labels=tuple("tqzyx"))
    made = convert(layer, Image(layer.data.copy(), axis_labels=tuple("tqzyx")))

    assert 2 == len(made.images)


def test_rgb_is_a_channel_axis():
    """Red, green and blue, as they are opened as colours again."""
    pixels = np.arange(4 * 5 * 3, dtype="u1").reshape(4, 5, 3)
    image = only(Image(pixels, rgb=True, scale=(2, 3)))
    [(data, meta, _)] = layers_of(image)

    assert "cyx" == names(image)
    assert (3, 4, 5) == image.levels[0].shape
    assert Scale((1.0, 2.0, 3.0)) == image.multiscale.levels[0].transform
    assert meta["rgb"]
    np.testing.assert_array_equal(pixels, data)


def test_rgba_of_a_pyramid():
    """Levels and their place stay; the fourth channel is alpha."""
    levels = [np.zeros((8, 8, 4), "u1"), np.zeros((4, 4, 4), "u1")]
    image = only(Image(levels, rgb=True))

    assert [(4, 8, 8), (4, 4, 4)] == [level.shape for level in image.levels]
    assert "alpha" == image.group.rendering.channels[3].label
    assert layers_of(image)[0][1]["rgb"]


def test_rgb_of_other_types_is_told():
    """Only 8 bits are shown as colours."""
    made = convert(Image(np.zeros((4, 4, 3), "f4"), rgb=True))

    assert {"rgb-as-channels"} == kinds(made)


def test_pyramids_lie_as_napari_draws_them():
    """Each level covers the extent of the finest, from border to border."""
    levels = [np.zeros((9, 8), "u1"), np.zeros((5, 4), "u1")]
    image = only(Image(levels, scale=(2, 1), translate=(3, 0)))
    fine, coarse = (level_matrix(image.multiscale, i) for i in (0, 1))

    assert ["0", "1"] == [level.path for level in image.multiscale.levels]
    for matrix, shape in ((fine, (9, 8)), (coarse, (5, 4))):
        corner = (
            np.array([-0.5, -0.5, 1]),
            np.array([shape[0] - 0.5, shape[1] - 0.5, 1]),
        )
        np.testing.assert_allclose([2, -0.5], (matrix @ corner[0])[:2])
        np.testing.assert_allclose([20, 7.5], (matrix @ corner[1])[:2])


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_right_angles_are_exact_in_every_version(degrees):
    """Axes are exchanged and turned round; every pixel is where it was."""
    layer = Image(
        np.arange(12).reshape(3, 4), scale=(2, 0.5), rotate=degrees, translate=(7, 9)
    )
    image = only(layer)
    pixels = np.asarray(image.levels[0])
    inverse = np.linalg.inv(level_matrix(image.multiscale, 0))

    assert isinstance(image.multiscale.transform, Identity)
    for index in np.ndindex(layer.data.shape):
        found = inverse @ [*layer.data_to_world(index), 1]
        assert layer.data[index] == pixels[tuple(np.rint(found[:2]).astype(int))]


def test_negative_scale_is_turned_round():
    """A mirrored axis runs forward in the file; the pixels are where they were."""
    image = only(Image(np.arange(4.0).reshape(1, 4), scale=(1, -2), translate=(0, 5)))

    assert [[3, 2, 1, 0]] == image.levels[0].tolist()
    assert Scale((1.0, 2.0)) == image.multiscale.levels[0].transform.transforms[0]
    assert (0.0, -1.0) == image.multiscale.levels[0].transform.transforms[1].translation


TURNED = [
    {"rotate": 30},
    {"shear": [0.5]},
    {"affine": [[1, 0.5, 3], [0, 1, 2], [0, 0, 1]]},
    {"rotate": 10, "shear": [0.2], "scale": (2, 3), "translate": (5, 6)},
]


@pytest.mark.parametrize("placed", TURNED)
def test_turned_and_sheared_is_exact_in_0_6(placed):
    """Pixel size in the levels, the rest in one matrix after them."""
    levels = [np.zeros((16, 8), "u1"), np.zeros((8, 4), "u1")]
    layer = Image(levels, **placed)
    image = only(layer, version="0.6")
    matrix = level_matrix(image.multiscale, 0)

    assert isinstance(image.multiscale.transform, Affine)
    for index in ((0, 0), (15, 7), (3, 5)):
        np.testing.assert_allclose(
            layer.data_to_world(index), (matrix @ [*index, 1])[:2], atol=1e-12
        )
    for level in image.multiscale.levels:
        assert isinstance(level.transform, Scale | Sequence)
    [(_, meta, _)] = layers_of(image)
    again = Layer.create(levels, meta, "image")
    np.testing.assert_allclose(
        layer.data_to_world((3, 5)), again.data_to_world((3, 5)), atol=1e-12
    )


def test_turned_is_a_question_before_0_6():
    """Unless the caller says what becomes of it."""
    layer = Image(np.zeros((8, 8)), rotate=30, name="tilted")
    [question] = convert(layer).questions

    assert ("affine", ("tilted",)) == (question.kind, question.layers)
    assert ["0.6", "resample", "drop"] == [choice.value for choice in question.choices]
    assert () == convert(layer, affine="drop").questions
    assert () == convert(layer, affine="resample", version="0.4").questions


@pytest.mark.parametrize(
    "make",
    [
        lambda pixels: da.from_array(pixels, chunks=4),
        lambda pixels: zarr.array(pixels, chunks=(4, 4)),
    ],
)
def test_other_kinds_of_arrays(make):
    """Arrays of dask and zarr are taken and not read."""
    pixels = np.arange(48, dtype="i4").reshape(6, 8)
    image = only(Image(make(pixels), contrast_limits=(0, 48)))

    np.testing.assert_array_equal(pixels, image.levels[0])


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "u8", "f2", "f4", "f8"])
def test_types_of_pixels(dtype):
    """Every type that OME-Zarr has is kept; windows are numbers."""
    image = only(Image(np.ones((4, 4), dtype), contrast_limits=(0, 1)))
    window = image.group.rendering.channels[0].window

    assert np.dtype(dtype) == image.levels[0].dtype
    assert window.min <= window.start < window.end <= window.max


def test_complex_numbers_are_refused():
    """With words on what to do."""
    layer = (np.zeros((4, 4), complex), {"name": "k-space"}, "image")
    made = to_images([layer])
    [problem] = made.problems

    assert () == made.images
    assert ("error", "layer-unfit", "k-space") == (
        problem.level, problem.kind, problem.node,
    )  # fmt: skip
    assert "magnitude and the phase" in problem.message


@pytest.mark.parametrize(
    ("state", "dtype", "shape", "words"),
    [
        ({}, "U3", (4, 4), "type <U3"),
        ({}, "u1", (0, 4), "no pixels"),
        ({"affine": np.zeros((3, 3))}, "u1", (4, 4), "no inverse"),
    ],
)
def test_what_cannot_be_saved(state, dtype, shape, words):
    """An error, for the user has to leave it out."""
    made = to_images([(np.zeros(shape, dtype), state, "image")])

    assert ["error"] == [problem.level for problem in made.problems]
    assert words in made.problems[0].message


def test_other_kinds_of_layers_are_not_saved():
    """A warning each; the image is saved."""
    triangle = (np.zeros((3, 2)), np.array([[0, 1, 2]]))
    made = convert(
        Image(np.zeros((4, 4))),
        Points(np.zeros((1, 2))),
        Shapes(),
        Tracks(np.zeros((1, 4))),
        Surface(triangle),
        Vectors(np.zeros((1, 2, 2))),
    )
    words = ["points", "shapes", "tracks", "surface", "vectors"]

    assert 1 == len(made.images)
    assert {"layer-not-saved"} == kinds(made)
    assert ["warning"] * 5 == [problem.level for problem in made.problems]
    for word, problem in zip(words, made.problems, strict=True):
        assert f"not {word}" in problem.message


def test_nothing_to_save():
    """No image and no labels: nothing is made."""
    assert () == convert(Points(np.zeros((1, 2)))).images


LOSSES = [
    ({"gamma": 0.5}, "gamma-not-saved", "warning", "gamma of 0.5"),
    ({"colormap": "viridis"}, "colormap-not-saved", "warning", "'viridis'"),
    ({"blending": "minimum"}, "blending-not-saved", "warning", "'minimum'"),
    ({"opacity": 0.25}, "opacity-not-saved", "info", "0.25"),
    ({"rendering": "iso"}, "rendering-not-saved", "info", "'iso'"),
    ({"metadata": {"a": 1}}, "layer-metadata-not-saved", "info", "(a)"),
]


@pytest.mark.parametrize(("state", "kind", "level", "words"), LOSSES)
def test_losses_of_an_image(state, kind, level, words):
    """Each is told, with the layer's name."""
    [problem] = convert(Image(np.zeros((4, 4)), name="cells", **state)).problems

    assert (kind, level, "cells") == (problem.kind, problem.level, problem.node)
    assert words in problem.message


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ({"opacity": 1}, "opacity-not-saved"),
        ({"blending": "additive"}, "blending-not-saved"),
        ({"visible": False}, "hidden-not-saved"),
    ],
)
def test_losses_of_labels(state, kind):
    """Each is told."""
    made = convert(Labels(np.zeros((4, 4), "u1"), **state))

    assert [kind] == [problem.kind for problem in made.problems]


def test_names_are_texts_to_show():
    """What a name holds does no harm to the sentence that it is in."""
    [problem] = convert(
        Points(np.zeros((1, 2)), name="<b>\u202e\n" + "x" * 500)
    ).problems

    assert problem.node.startswith("\u2039b> x")
    assert len(problem.node) <= 80


def test_channels_with_a_place_of_their_own_stay_one_image():
    """A matrix that shifts each channel: all that is in a file stays in one."""
    shift = [[1, 0, 0, 0], [3, 1, 0, 0], [0, 0, 1, 0]]
    node = image(np.zeros((2, 8, 8), "u1"), "cyx", transform=affine(shift), name="a")
    layers = layers_of(node)
    made = to_images(layers, origins=origins_of(node), version="0.6")

    assert [0, 3] == [meta["translate"][0] for _, meta, _ in layers]
    assert 2 == len(to_images(layers, origins=origins_of(node)).images)
    [found] = made.images
    np.testing.assert_allclose(
        level_matrix(node.multiscale, 0), level_matrix(found.multiscale, 0)
    )


def test_the_same_image_opened_twice_has_all_its_channels():
    """In one image, for they are in one place; none is lost."""
    node = image(np.zeros((2, 8, 8), "u1"), "cyx", name="a")
    layers = [*layers_of(node), *layers_of(node)]
    [found] = to_images(layers, origins=origins_of(node)).images

    assert (4, 8, 8) == found.levels[0].shape
    assert 4 == len(found.group.rendering.channels)


def test_names_of_several_images():
    """What stands before the colon in the names of all channels; else a layer's."""
    made = convert(
        Image(np.zeros((4, 4)), name="cells: DAPI"),
        Image(np.zeros((4, 4)), name="cells: GFP"),
        Image(np.zeros((5, 5)), name="one"),
        Image(np.zeros((5, 5)), name="two"),
    )

    assert ["cells", "one"] == [i.multiscale.name for i in made.images]


def test_a_single_image_of_several_layers_may_be_nameless():
    """Then it is called what the file is."""
    image = only(
        Image(np.zeros((4, 4)), name="one"), Image(np.zeros((4, 4)), name="two")
    )

    assert image.multiscale.name is None


def test_images_of_files_stay_apart():
    """Fields of a well are no channels; what is new joins the first of its place."""
    fields = [
        image(np.zeros((2, 8, 8), "u1"), "cyx", name=name, node=name, extra={"a": 1})
        for name in ("first", "second")
    ]
    layers = [layer for field in fields for layer in layers_of(field)]
    state = {key: layers[0][1][key] for key in ("scale", "units", "axis_labels")}
    new = (np.zeros((8, 8), "u1"), {"name": "filtered", **state}, "image")
    origins = {k: o for field in fields for k, o in origins_of(field).items()}
    made = to_images([new, *layers], origins=origins)
    found = {i.multiscale.name: i.levels[0].shape[0] for i in made.images}
    labels = [c.label for c in made.images[0].group.rendering.channels]

    assert [3, 2] == list(found.values())
    assert ["first", "second"] == list(found)
    assert "filtered" == labels[0]
    assert [{"a": 1}] * 2 == [i.multiscale.extra for i in made.images]


@pytest.mark.parametrize("name", [None, "field"])
def test_fields_of_wells_are_called_by_their_paths(name):
    """Their names say nothing, and a number would not say which well it was."""
    fields = [
        image(np.zeros((8, 8), "u1"), "yx", name=name, node=node)
        for node in ("A/1/0", "B/2/0")
    ]
    layers = [layer for field in fields for layer in layers_of(field)]
    for given in (origins_of(fields[0]) | origins_of(fields[1]), {}):
        made = to_images(layers, origins=given)
        found = [i.multiscale.name for i in made.images]

        assert ["A/1/0", "B/2/0"] == [called[-5:] for called in found]
