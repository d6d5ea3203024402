"""Where layers are: every axis order and every transformation that has a matrix."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from napari.components import ViewerModel
from napari.layers import Layer

from cases.memory import affine, axis, image, label, lazy, ramp, scaled
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.read import layers_of
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.transforms import (
    ByDimension,
    ByDimensionPart,
    Field,
    MapAxis,
    ProjectAxis,
    Rotation,
    Scale,
    Translation,
    Unknown,
)

OBLIQUE = "ignore:Non-orthogonal slicing"


def record(layer):
    return Provenance.from_metadata(layer[1]["metadata"])


def kinds(layer):
    return [problem.kind for problem in record(layer).problems]


def world(layer, index, channel_axis=None):
    """Where napari puts a pixel of the array, by axis name."""
    made = Layer.create(*layer)
    order = record(layer).order
    point = [0 if a is None else index[a] for a in order]
    return dict(zip(made.axis_labels, made.data_to_world(point), strict=True))


def stated(node, index):
    """Where the file says that a pixel of the array is, by axis name."""
    place = level_matrix(node.multiscale, 0) @ [*index, 1]
    names = [a.name for a in node.multiscale.axes]
    return dict(zip(names, place, strict=False))


def test_scale_and_translation_are_kept_without_the_channel():
    """Translations everywhere; the channel's row is dropped."""
    node = image(ramp(2, 3, 4, 5), "czyx", transform=scaled((1, 2, 3, 4), (0, 5, 6, 7)))
    _, meta, _ = layers_of(node)[1]

    assert (2.0, 3.0, 4.0) == meta["scale"]
    assert (5.0, 6.0, 7.0) == meta["translate"]
    assert ("z", "y", "x") == meta["axis_labels"]
    assert ("micrometer",) * 3 == meta["units"]
    assert "affine" not in meta


def test_the_whole_image_is_moved_after_its_levels():
    """Level 0's transforms are composed with the multiscales-level ones."""
    node = image(
        ramp(4, 5), transform=scaled((2, 3), (1, 1)), whole=scaled((10, 10), (4, 5))
    )
    ((_, meta, _),) = layers_of(node)

    assert (20.0, 30.0) == meta["scale"]
    assert (14.0, 15.0) == meta["translate"]


@pytest.mark.parametrize("axes", ["".join(p) for p in permutations("cyx")])
def test_the_channel_may_be_anywhere(axes):
    """One layer a channel, a view of its pixels, wherever the channel axis is."""
    data = ramp(2, 3, 4).transpose(["cyx".index(a) for a in axes])
    layers = layers_of(image(data, axes, transform=scaled((1, 1, 1))))
    plane = "".join(a for a in axes if a != "c")

    assert 2 == len(layers)
    for i, (pixels, meta, _) in enumerate(layers):
        assert tuple(plane) == meta["axis_labels"]
        np.testing.assert_array_equal(
            np.take(data, i, axis=axes.index("c")), np.asarray(pixels)
        )


@pytest.mark.parametrize(
    ("axes", "shown"),
    [
        ("yxt", "tyx"),
        ("zyxt", "tzyx"),
        ("ytx", "tyx"),
        ("xyz", "xyz"),
        ("tzyx", "tzyx"),
        (("q", "w", "e"), ("q", "w", "e")),
    ],
)
def test_space_comes_last(axes, shown):
    """The viewer displays the last axes: space; else the file's order stays."""
    node = image(ramp(*range(2, 2 + len(axes))), axes)
    ((pixels, meta, _),) = layers_of(node)

    assert tuple(shown) == meta["axis_labels"]
    expected = tuple(node.levels[0].shape[tuple(axes).index(a)] for a in shown)
    assert expected == pixels.shape


@pytest.mark.parametrize("ndim", range(1, 9))
def test_one_to_eight_dimensions(ndim):
    """Any number of axes opens; one dimension gets a singleton axis."""
    axes = [axis(f"a{i}", type=None) for i in range(ndim)]
    ((pixels, meta, _),) = layers_of(image(ramp(*range(2, 2 + ndim)), axes))
    made = Layer.create(pixels, meta, "image")

    assert max(ndim, 2) == made.ndim
    assert ndim != 1 or pixels.shape == (1, 2)


def test_a_line_has_the_unit_of_its_axis():
    """The axis that only the layer has does not switch units off."""
    ((_, meta, _),) = layers_of(image(ramp(5), "x", transform=Scale((0.5,))))

    assert ("micrometer", "micrometer") == meta["units"]
    assert (1.0, 0.5) == meta["scale"]


@pytest.mark.filterwarnings(OBLIQUE)
@pytest.mark.parametrize(
    ("axes", "transform", "expected"),
    [
        ("yx", affine([[2, 1, 5], [0, 3, 6]]), "affine"),
        ("yx", Rotation(((0.0, -1.0), (1.0, 0.0))), "scale"),
        ("yx", Rotation(((0.6, -0.8), (0.8, 0.6))), "affine"),
        ("yx", Rotation(((6e-17, -1.0), (1.0, 6e-17))), "scale"),
        ("yx", affine([[-2, 0, 5], [0, 3, 6]]), "scale"),
        ("zyx", MapAxis((2, 0, 1)), "scale"),
        ("zyx", affine([[1, 0.5, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]), "affine"),
        (
            "tyx",
            ByDimension(
                (
                    ByDimensionPart(Translation((3.0,)), (0,), (0,)),
                    ByDimensionPart(affine([[1, 1, 0], [0, 1, 0]]), (1, 2), (1, 2)),
                )
            ),
            "affine",
        ),
    ],
)
def test_pixels_are_where_the_file_says(axes, transform, expected):
    """Whatever has a matrix is exact: as scale and translate where those suffice."""
    node = image(ramp(*range(3, 3 + len(axes))), axes, transform=transform)
    (layer,) = layers_of(node)

    assert expected in layer[1]
    for corner in np.ndindex(*(2,) * len(axes)):
        assert stated(node, corner) == pytest.approx(world(layer, corner), abs=1e-12)


def test_an_affine_is_given_as_it_is():
    """Anything affine is `affine`, (N + 1) x (N + 1), in the layer's axis order."""
    ((_, meta, _),) = layers_of(
        image(ramp(4, 5), transform=affine([[2, 1, 5], [0, 3, 6]]))
    )

    np.testing.assert_array_equal([[2, 1, 5], [0, 3, 6], [0, 0, 1]], meta["affine"])
    assert "scale" not in meta


@pytest.mark.filterwarnings(OBLIQUE)
def test_planes_out_of_the_view_are_told():
    """A turn that 2-D slices do not show is a problem; one within them is not."""
    tilted = affine([[0.6, -0.8, 0, 0], [0.8, 0.6, 0, 0], [0, 0, 1, 0]])
    turned = affine([[1, 0, 0, 0], [0, 0.6, -0.8, 0], [0, 0.8, 0.6, 0]])
    (first,) = layers_of(image(ramp(3, 4, 5), "zyx", transform=tilted))
    (second,) = layers_of(image(ramp(3, 4, 5), "zyx", transform=turned))

    assert "oblique-planes" in kinds(first)
    assert "oblique-planes" not in kinds(second)


@pytest.mark.filterwarnings(OBLIQUE)
@given(data=st.data())
def test_any_matrix_is_exact(data):
    """Napari puts every pixel where level 0's matrix does, in any number of axes."""
    ndim = data.draw(st.integers(1, 4))
    numbers = st.sampled_from([-2.0, -0.5, 0.0, 0.0, 0.0, 1.0, 3.0])
    rows = [[data.draw(numbers) for _ in range(ndim + 1)] for _ in range(ndim)]
    axes = data.draw(st.permutations("tzyx"))[:ndim]
    node = image(ramp(*range(2, 2 + ndim)), axes, transform=affine(rows))
    (layer,) = layers_of(node)
    corner = [1] * ndim
    place = world(layer, corner)
    place.pop("", None)
    determinant = np.linalg.det(np.array(rows)[:, :-1])

    if abs(determinant) < 1e-9:
        assert "not-placed" in kinds(layer)
    else:
        assert stated(node, corner) == pytest.approx(place)


@pytest.mark.parametrize(
    ("transform", "words"),
    [
        (Field(type="displacements", path="d"), "displacements"),
        (Field(type="coordinates", path="d"), "coordinates"),
        (Unknown(type="warp"), "warp"),
        (Scale((1.0, 0.0)), "lie upon each other"),
        (Scale((1.0, float("nan"))), "numbers"),
        (Scale((1.0,)), "do not fit"),
        (Rotation(path="lost"), "could not be read"),
        (affine([[1, 1, 0], [1, 1, 0]]), "no inverse"),
        (ProjectAxis(dropped_inputs=(0,), created_outputs=(0,)), "drops an axis"),
    ],
)
def test_what_cannot_be_expressed_is_shown_in_pixels(transform, words):
    """Shown untransformed, with a problem that says so and why."""
    (layer,) = layers_of(image(ramp(4, 5), transform=transform))
    meta = layer[1]

    assert ((1.0, 1.0), (0.0, 0.0)) == (meta["scale"], meta["translate"])
    assert ("pixel", "pixel") == meta["units"]
    (problem,) = (p for p in record(layer).problems if p.kind == "not-placed")
    assert words in problem.message
    assert "error" == problem.level


def test_nothing_is_half_placed():
    """A level without a matrix is in pixels, whatever the whole image says."""
    field = Field(type="displacements", path="d")
    (layer,) = layers_of(image(ramp(4, 5), transform=field, whole=scaled((2, 3))))

    assert (1.0, 1.0) == layer[1]["scale"]
    assert ["not-placed"] == kinds(layer)


def test_the_pixel_size_stays_where_only_the_whole_cannot_be_placed():
    """A multiscales-level transformation that has no matrix is left out alone."""
    field = Field(type="displacements", path="d")
    (layer,) = layers_of(image(ramp(4, 5), transform=scaled((2, 3)), whole=field))

    assert (2.0, 3.0) == layer[1]["scale"]
    assert "not-placed" in kinds(layer)


def test_created_and_dropped_axes_of_length_one_are_exact():
    """A new axis is a singleton one; one that nothing depends on may leave."""
    project = ProjectAxis(dropped_inputs=(0,), created_outputs=(0,))
    node = image(ramp(1, 4, 5), "zyx", transform=project)
    (layer,) = layers_of(node)

    assert (None, 1, 2) == record(layer).order
    assert (1, 4, 5) == layer[0].shape
    assert "not-placed" not in kinds(layer)


def test_each_channel_has_its_own_place():
    """A shift that depends on the channel alone (chromatic) is exact a channel."""
    shift = affine([[1, 0, 0, 0], [10, 2, 0, 1], [-5, 0, 3, 2]])
    layers = layers_of(image(ramp(2, 4, 5), "cyx", transform=shift))

    assert [(1.0, 2.0), (11.0, -3.0)] == [meta["translate"] for _, meta, _ in layers]
    assert [(2.0, 3.0)] * 2 == [meta["scale"] for _, meta, _ in layers]


@pytest.mark.filterwarnings(OBLIQUE)
def test_a_channel_that_is_mixed_stays():
    """Channel rows are dropped only where that is exact: else a slider, told."""
    mixed = affine([[1, 0, 1, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    (layer,) = layers_of(image(ramp(3, 4, 5), "cyx", transform=mixed))

    assert ("c", "y", "x") == layer[1]["axis_labels"]
    assert "slider" == record(layer).form
    assert "inseparable-channel" in kinds(layer)


def test_a_scale_of_zero_along_the_channel_does_not_matter():
    """The channel's own coordinate is dropped: nothing of the image depends on it."""
    layers = layers_of(image(ramp(2, 4, 5), "cyx", transform=scaled((0, 2, 3))))

    assert [(2.0, 3.0)] * 2 == [meta["scale"] for _, meta, _ in layers]


def test_two_channel_axes():
    """The one that omero describes becomes layers, the other a slider in pixels."""
    axes = [axis("c"), axis("s", type="channel"), axis("y"), axis("x")]
    layers = layers_of(image(ramp(2, 3, 4, 5), axes))

    assert 2 == len(layers)
    assert ("s", "y", "x") == layers[0][1]["axis_labels"]
    assert "pixel" == layers[0][1]["units"][0]


def test_labels_have_their_own_place():
    """A label image of another pixel size and offset, without the channel."""
    cells = label(ramp(2, 3, dtype="uint8"), transform=scaled((4, 4), (1, 2)))
    node = image(
        ramp(2, 8, 9), "cyx", transform=scaled((1, 2, 2), (0, 10, 20)), labels=[cells]
    )
    *_, (_, meta, kind) = layers_of(node)

    assert "labels" == kind
    assert ((4.0, 4.0), (1.0, 2.0)) == (meta["scale"], meta["translate"])


def test_labels_follow_the_axes_of_their_image():
    """Axes are matched by name: one missing between others spans the image."""
    cells = label(ramp(2, 4, 3, dtype="uint8"), "txy")
    axes = "tzyx"
    node = image(
        ramp(2, 6, 3, 4),
        axes,
        transform=scaled((1, 2, 1, 1), (0, 7, 0, 0)),
        labels=[cells],
    )
    picture, labels = layers_of(node)
    viewer = ViewerModel()
    viewer.add_layer(Layer.create(*picture))
    shown = viewer.add_layer(Layer.create(*labels))
    seen = []
    for z in range(7, 18, 2):
        viewer.dims.set_point((0, 1), (1, z))
        seen.append(shown.get_value((1, z, 1, 2), world=True))

    assert tuple(axes) == labels[1]["axis_labels"]
    assert (2, 1, 3, 4) == labels[0].shape
    assert [np.asarray(cells.image.levels[0])[1, 2, 1]] * 6 == seen


def test_labels_of_a_turned_image_are_where_they_say():
    """An image placed by a matrix gives its labels units, not axes."""
    turn = Rotation(((0.6, -0.8), (0.8, 0.6)))
    cells = label(ramp(4, 5, dtype="uint8"), [axis("x", unit=None), axis("y")])
    *_, labels = layers_of(image(ramp(4, 5), transform=turn, labels=[cells]))

    assert ("x", "y") == labels[1]["axis_labels"]
    assert ("micrometer", "micrometer") == labels[1]["units"]


def test_views_are_not_copies():
    """A channel is a view of the level, at every level."""
    levels = [lazy(ramp(2, 8, 8)), lazy(ramp(2, 4, 4))]
    (first, meta, _), _ = layers_of(image(levels, "cyx"))

    assert meta["multiscale"] is True
    assert [levels[0].source, levels[1].source] == [level.source for level in first]
    assert [(8, 8), (4, 4)] == [level.shape for level in first]


@pytest.mark.parametrize(
    ("whole", "unit"),
    [
        (Unknown("translation"), "micrometer"),
        (Field(type="displacements", path="d"), "micrometer"),
        (Field(type="coordinates", path="d"), "pixel"),
        (Unknown("scale"), "pixel"),
        (Rotation(path="lost"), "pixel"),
        (Scale((2.0,)), "pixel"),
    ],
)
def test_what_may_change_the_pixel_size_is_not_left_out(whole, unit):
    """Without the transformation of the whole image a number must still be true."""
    (layer,) = layers_of(image(ramp(4, 5), transform=scaled((2, 3)), whole=whole))

    assert (unit,) * 2 == layer[1]["units"]
    assert ((2.0, 3.0) if unit != "pixel" else (1.0, 1.0)) == layer[1]["scale"]
    assert "not-placed" in kinds(layer)


def test_an_axis_whose_pixel_size_is_assumed_is_in_pixels():
    """It takes no unit from the other axes of its kind either."""
    known = Scale((1.0, 0.5), assumed=(0,))
    ((_, meta, _),) = layers_of(image(ramp(4, 5), transform=known))

    assert ("pixel", "micrometer") == meta["units"]
    assert (1.0, 0.5) == meta["scale"]
