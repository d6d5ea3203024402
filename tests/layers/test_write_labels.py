"""Labels as label images: their image, colours and features."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from napari.layers import Image, Labels, Layer
from napari.utils.colormaps import CyclicLabelColormap, label_colormap

from cases.memory import image, label
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.origins import origins_of
from napari_ngff.metadata.model import ImageLabel


def convert(*layers, **options):
    return to_images([layer.as_layer_data_tuple() for layer in layers], **options)


def pixels(*shape):
    return np.ones(shape, "u2")


def block_of(layer):
    """Convert Labels alone and return their block, and what is lost."""
    made = convert(layer)
    return made.images[0].group.image_label, made.problems


def around(**state):
    return Image(np.zeros((8, 8)), name="around", **state)


def test_labels_go_with_the_first_image_around_them():
    """In the order of the layers, by the extent in the world and not by shape."""
    small = Image(np.zeros((8, 8)), name="small", translate=(50, 50))
    labels = Labels(pixels(4, 4), name="cells", scale=(2, 2), translate=(0.5, 0.5))
    made = convert(labels, small, around(), Image(np.zeros((9, 9)), name="later"))
    found = {i.multiscale.name: [own.name for own in i.labels] for i in made.images}

    assert {"small": [], "around": ["cells"], "later": []} == found
    assert () == made.questions


def test_units_are_compared():
    """Extents in nanometers and micrometers are the same places."""
    labels = Labels(pixels(8, 8), scale=(1000, 1000), units="nm", name="cells")
    made = convert(around(units="um"), labels)

    assert ("cells",) == made.images[0].group.labels


def test_flat_labels_belong_to_a_volume():
    """Axes are compared from the last, as napari lays layers upon each other."""
    made = convert(Image(np.zeros((5, 8, 8))), Labels(pixels(8, 8), name="cells"))

    assert ["cells"] == [own.name for own in made.images[0].labels]
    assert ["y", "x"] == [
        a.name for a in made.images[0].labels[0].image.multiscale.axes
    ]


def test_labels_that_reach_beyond_are_asked_about():
    """With what overlaps them; the answer is used."""
    labels = Labels(pixels(8, 8), name="cells", translate=(4, 0))
    far = Image(np.zeros((8, 8)), name="far", translate=(100, 0))
    layers = around(), far, labels
    made = convert(*layers)
    [question] = made.questions

    assert ("labels-image", ("cells",)) == (question.kind, question.layers)
    assert ["0", "alone"] == [choice.value for choice in question.choices]
    assert "With around" == question.choices[0].text
    assert question.key in question.advice
    chosen = convert(*layers, answers={question.key: "0"})
    assert ((), 2, ("cells",)) == (
        chosen.questions, len(chosen.images), chosen.images[0].group.labels,
    )  # fmt: skip
    alone = convert(*layers, answers={question.key: "alone"})
    assert ((), 3) == (alone.questions, len(alone.images))
    wrong = convert(*layers, answers={question.key: "1"})
    assert 1 == len(wrong.questions)


def test_labels_far_from_all_are_an_image():
    """A label image of their own, without a question."""
    made = convert(around(), Labels(pixels(8, 8), name="cells", translate=(50, 0)))

    assert () == made.questions
    assert [None, ImageLabel()] == [i.group.image_label for i in made.images]


def test_labels_of_a_file_stay_with_its_image():
    """Also where another image that is around them comes first."""
    cells = label(pixels(8, 8), name="cells")
    node = image(np.zeros((8, 8), "u1"), labels=[cells], name="own")
    first = Image(np.zeros((9, 9)), name="first").as_layer_data_tuple()
    made = to_images([first, *layers_of(node)], origins=origins_of(node))

    assert ["first", "own"] == [i.multiscale.name for i in made.images]
    assert [(), ("cells",)] == [i.group.labels or () for i in made.images]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("a/b", "a_b"),
        ("..", "labels"),
        ("a: b?", "a_ b_"),
        ("cells.", "cells"),
        ("nul", "labels_nul"),
        ("Zellen µ", "Zellen µ"),
        ("50%2e", "50_2e"),
    ],
)
def test_names_of_label_images_are_folders(name, folder):
    """Every file system takes them, and none leads elsewhere."""
    made = convert(around(), Labels(pixels(8, 8), name=name))

    assert (folder,) == made.images[0].group.labels


def test_names_are_unique_whatever_their_case():
    """Some file systems do not tell cases apart."""
    labels = [Labels(pixels(8, 8), name=name) for name in ("cells", "Cells", "cells_2")]
    [found] = convert(around(), *labels).images

    assert ("cells", "Cells_2", "cells_2_2") == found.group.labels


def test_bool_labels():
    """Napari holds them as integers."""
    made = convert(Labels(np.ones((4, 4), bool)))

    assert made.images[0].levels[0].dtype.kind in "iu"


def test_colours_that_were_chosen():
    """Those of a dict, but the transparent background, which is so by itself."""
    colors = {None: (0, 0, 0, 0), 0: (0, 0, 0, 0), 1: "red", 7: (0, 1, 0, 0.5)}
    block, problems = block_of(Labels(pixels(4, 4), colormap=colors))

    assert {1: (255, 0, 0, 255), 7: (0, 255, 0, 128)} == block.colors
    assert () == problems


def test_a_background_with_a_colour():
    """It is kept where it can be seen."""
    colors = {None: (0, 0, 0, 0), 0: "white"}
    block, _ = block_of(Labels(pixels(4, 4), colormap=colors))

    assert {0: (255, 255, 255, 255)} == block.colors


def test_usual_colours_are_none():
    """Napari's own are made again when the labels are opened."""
    assert (ImageLabel(), ()) == block_of(Labels(pixels(4, 4)))


@pytest.mark.parametrize(
    "colormap",
    [
        label_colormap(49, seed=0.9),
        CyclicLabelColormap(colors=["red", "green", "blue"]),
    ],
)
def test_other_cyclic_colours_are_told(colormap):
    """They have no value that they belong to."""
    block, problems = block_of(Labels(pixels(4, 4), colormap=colormap))

    assert {} == block.colors
    assert ["colors-not-saved"] == [problem.kind for problem in problems]


def test_features_are_properties():
    """By the index; what is missing is left out, numbers are plain."""
    features = pd.DataFrame(
        {
            "index": [1, 5, 9],
            "area": [1.5, np.nan, 3.0],
            "type": ["a", None, "b"],
            "good": [True, False, True],
            "count": np.array([1, 2, 3], "i8"),
            "when": pd.to_datetime(["2026-01-02", None, "2026-03-04"]),
            "group": pd.Categorical(["x", "y", None]),
        }
    )
    block, problems = block_of(Labels(pixels(4, 4), features=features))

    assert () == problems
    assert {
        1: {
            "area": 1.5, "type": "a", "good": True, "count": 1,
            "when": "2026-01-02T00:00:00", "group": "x",
        },
        5: {"good": False, "count": 2, "group": "y"},
        9: {
            "area": 3.0, "type": "b", "good": True, "count": 3,
            "when": "2026-03-04T00:00:00",
        },
    } == block.properties  # fmt: skip
    kinds = {type(value) for row in block.properties.values() for value in row.values()}
    assert {float, str, bool, int} == kinds


def test_features_without_an_index_are_of_the_labels_in_turn():
    """Napari's rule: row 0 is of the background."""
    block, _ = block_of(Labels(pixels(4, 4), features={"area": [0.0, 2.0]}))

    assert {0: {"area": 0.0}, 1: {"area": 2.0}} == block.properties


def test_what_features_cannot_be_is_told():
    """Infinite numbers, and rows of no label."""
    features = {"index": [1, 1.5, 3, 3], "area": [np.inf, 1, 2, 4]}
    block, problems = block_of(Labels(pixels(4, 4), features=features))

    assert {1: {}, 3: {"area": 4.0}} == block.properties
    assert ["features-not-saved"] * 2 == [problem.kind for problem in problems]
    assert "area" in problems[0].message
    assert problems[1].message.startswith("2 rows")


BLOCK = ImageLabel(
    colors={1: (255, 0, 0, 255), 900: (1, 2, 3, 4), 10**6: (9, 9, 9, 9)},
    properties={
        1: {"area": 3, "tags": ["a"], "index": 4},
        2: {"area": None, "name": "\u202ex"},
        3: {"area": 2.5},
    },
    version="0.4",
)


def opened(**state):
    """The layer of a file's labels through napari, and the file."""
    node = label(pixels(8, 8), block=BLOCK)
    [layer] = [Layer.create(*item) for item in layers_of(node)]
    for key, value in state.items():
        setattr(layer, key, value)
    return layer, origins_of(node)


def test_what_nobody_touched_is_as_in_the_file():
    """Integers, lists, odd texts and colours that could not be shown, too."""
    layer, origins = opened()
    [found] = convert(layer, origins=origins).images

    assert BLOCK.colors == found.group.image_label.colors
    assert BLOCK.properties == found.group.image_label.properties
    assert list(BLOCK.colors) == list(found.group.image_label.colors)


def test_what_was_changed_is_as_in_the_layer():
    """A cell and a colour; all else stays as in the file."""
    layer, origins = opened()
    table = layer.features.copy()
    table.loc[0, "area"] = 7.0
    layer.features = table
    colors = dict(layer.colormap.color_dict)
    layer.colormap = colors | {2: np.array([0, 0, 1, 1.0])}
    [found] = convert(layer, origins=origins).images
    block = found.group.image_label

    assert {"area": 7.0, "tags": ["a"], "index": 4} == block.properties[1]
    assert BLOCK.properties[2] == block.properties[2]
    assert BLOCK.colors | {2: (0, 0, 255, 255)} == block.colors


def test_other_colours_are_not_mixed_with_the_file_s():
    """A colormap of the user's own replaces the file's colours."""
    layer, origins = opened()
    layer.colormap = {None: (0, 0, 0, 0), 3: "red"}
    [found] = convert(layer, origins=origins).images

    assert {3: (255, 0, 0, 255)} == found.group.image_label.colors


VALUES = st.integers(1, 60_000)
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.lists(st.integers(0, 9), max_size=3),
)
BLOCKS = st.builds(
    ImageLabel,
    colors=st.dictionaries(VALUES, st.tuples(*[st.integers(0, 255)] * 4), max_size=4),
    properties=st.dictionaries(
        VALUES,
        st.dictionaries(st.sampled_from(["a", "b", "index", "\u202e"]), CELLS),
        max_size=4,
    ),
)


@settings(max_examples=150, deadline=None)
@given(block=BLOCKS)
def test_any_block_comes_back(block):
    """Read and converted, with its file at hand, it is equal."""
    node = label(pixels(4, 4), block=block)
    made = to_images(layers_of(node), origins=origins_of(node))
    found = made.images[0].group.image_label

    assert () == made.problems
    assert block.colors == found.colors
    assert block.properties == found.properties


@settings(max_examples=50, deadline=None)
@given(
    colors=st.dictionaries(VALUES, st.tuples(*[st.integers(0, 255)] * 4), min_size=1)
)
def test_any_colours_are_seen_again(colors):
    """Without the file what is opened looks the same."""
    node = label(pixels(4, 4), block=ImageLabel(colors=colors))
    [(_, meta, _)] = layers_of(node)
    [found] = to_images(layers_of(node)).images
    block = found.group.image_label
    [(_, again, _)] = layers_of(label(pixels(4, 4), block=block))

    for value in colors:
        np.testing.assert_allclose(meta["colormap"][value], again["colormap"][value])


def test_what_plugins_hand_on_is_not_taken_for_the_labels():
    """Labels made of an image, with its metadata: they are no channel of it."""
    node = image(np.zeros((2, 8, 8), "u1"), "cyx", name="own", extra={"a": 1})
    layers = layers_of(node)
    (_, meta, _) = layers[0]
    copied = {key: meta[key] for key in ("metadata", "scale", "units", "axis_labels")}
    cells = (pixels(8, 8), {"name": "cells", **copied}, "labels")
    made = to_images([*layers, cells], origins=origins_of(node))
    [found] = made.images
    [own] = found.labels

    assert ("cells", ["y", "x"]) == (
        own.name,
        [a.name for a in own.image.multiscale.axes],
    )
    assert {"a": 1} == found.multiscale.extra
    assert {} == own.image.multiscale.extra


def test_labels_with_channels_are_one_label_image():
    """As in the file where all are there; else each is by itself."""
    cells = label(np.ones((2, 8, 8), "u2"), "cyx", name="cells")
    layers, origins = layers_of(cells), origins_of(cells)
    whole = to_images(layers, origins=origins).images
    half = to_images(layers[1:], origins=origins).images
    gone = to_images(layers).images

    assert [(2, 8, 8)] == [i.levels[0].shape for i in whole]
    assert [(1, 8, 8)] == [i.levels[0].shape for i in half]
    assert [(1, 8, 8)] * 2 == [i.levels[0].shape for i in gone]


def test_edited_labels_beside_those_that_they_are_a_copy_of():
    """Both are saved, each under a name of its own."""
    cells = label(pixels(8, 8), name="cells")
    node = image(np.zeros((8, 8), "u1"), labels=[cells])
    picture, labels = layers_of(node)
    edited = (np.zeros((8, 8), "u2"), labels[1] | {"name": "cells [1]"}, "labels")
    made = to_images([picture, labels, edited], origins=origins_of(node))

    assert ("cells", "cells_2") == made.images[0].group.labels
