"""Whole locations as layers: naming, collections, forms, every case and store."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace

import numpy as np
import pytest
from napari.components import ViewerModel
from napari.layers import Layer

from cases import table
from cases.build import build_image
from cases.memory import image, label, lazy, ramp
from napari_ngff import read_layers
from napari_ngff.core.problems import CannotOpen, NgffError, Problem
from napari_ngff.dataset.nodes import ArrayData, CollectionData
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.read import layers_of, show_as

CASES = {case.name: case for case in table.CASES}
OBLIQUE = "ignore:Non-orthogonal slicing"


def names(layers):
    return [meta["name"] for _, meta, _ in layers]


def collection(*children, kind="group", problems=()):
    return CollectionData(
        store="folder/all.zarr",
        node="",
        kind=kind,
        children=children,
        problems=problems,
    )


def add(layers):
    """Add layers to a viewer and return it."""
    viewer = ViewerModel()
    for layer in layers:
        viewer.add_layer(Layer.create(*layer))
    return viewer


@pytest.mark.filterwarnings(OBLIQUE)
@pytest.mark.parametrize("name", CASES)
def test_every_case_opens(name, tmp_path):
    """Each store of the table opens in a viewer, its layers where it says."""
    case = CASES[name]
    layers = read_layers(case.build(tmp_path / "store"))
    viewer = add(layers)
    _, meta, _ = layers[0]

    assert len(layers) == len(set(names(layers))) == len(viewer.layers)
    if case.kind != "image":
        return
    if case.scale is not None:
        assert _by_axis(meta, "scale").items() <= _pairs(case, case.scale)
        assert _by_axis(meta, "translate").items() <= _pairs(case, case.translation)
    elif case.matrix is None:
        _assert_in_pixels(viewer.layers[0])
        return
    # An axis without a unit is in pixels, or has that of the image's others.
    borrowed = {(a, u) for a in case.axes for u in case.units if u is not None}
    said = {
        a: u or "pixel" for a, u in zip(case.axes, case.units, strict=True)
    } | dict.fromkeys(case.unsized, "pixel")
    unsaid = {a for a, unit in zip(case.axes, case.units, strict=True) if not unit}
    units = {pair for pair in borrowed if pair[0] in unsaid} | said.items()
    assert _by_axis(meta, "units").items() <= units


def _assert_in_pixels(layer):
    """No number of the layer claims to be a length, and it says why."""
    problems = layer.metadata["napari_ngff"]["problems"]
    corner = [side - 1 for side in layer.level_shapes[0]]

    assert {"pixel"} == {str(unit) for unit in layer.units}
    assert tuple(corner) == tuple(layer.data_to_world(corner))
    assert "not-placed" in {problem["kind"] for problem in problems}


@pytest.mark.parametrize(("depth", "unit"), [(1, "micrometer"), (2, "pixel")])
def test_an_axis_that_a_file_drops_and_creates_anew(depth, unit, tmp_path):
    """Exact where it has one pixel; else pixels would lie upon each other."""
    project = {"type": "projectAxis", "droppedInputs": [0], "createdOutputs": [0]}
    path = build_image(
        tmp_path / "a.zarr",
        version="0.6",
        axes="zyx",
        shape=(depth, 8, 8),
        levels=1,
        transforms=[[project]],
    )
    [layer] = add(read_layers(path)).layers
    problems = layer.metadata["napari_ngff"]["problems"]
    found = {problem["kind"] for problem in problems}
    wrong = {"not-placed", "level-singular"}

    assert (depth, 8, 8) == layer.data.shape
    assert (0, 3, 4) == tuple(layer.data_to_world((0, 3, 4)))
    assert [unit] * 3 == [str(each) for each in layer.units]
    assert (wrong if depth > 1 else set()) == wrong & found


@pytest.mark.parametrize("path", ["a", None])
def test_alternatives_that_could_be_applied_are_no_warning(path, tmp_path):
    """A matrix in an array is not read for them, which is not a fault of the file."""
    matrix = {"path": path} if path else {"affine": [[1, 0, 5], [0, 1, 6]]}

    def add_system(ome):
        [entry] = ome["multiscales"]
        [system] = entry["coordinateSystems"]
        entry["coordinateSystems"] = [system, {**system, "name": "other"}]
        ends = {"input": {"name": "physical"}, "output": {"name": "other"}}
        entry["coordinateTransformations"] = [{"type": "affine", **matrix, **ends}]

    shape = (16, 16)
    [(_, meta, _)] = read_layers(
        build_image(
            tmp_path / "s", version="0.6", axes="yx", shape=shape, edit=add_system
        )
    )
    [problem] = meta["metadata"]["napari_ngff"]["problems"]

    assert ("info", "other-systems") == (problem["level"], problem["kind"])
    assert problem["message"].endswith("the file also describes: other.")


def _by_axis(meta, key):
    """What a layer says of each axis that the file has."""
    pairs = dict(zip(meta["axis_labels"], meta[key], strict=True))
    return {name: value for name, value in pairs.items() if name}


def _pairs(case, values):
    return set(zip(case.axes, values, strict=True))


def test_every_store_opens_or_says_why(stores):
    """Stores of other tools: layers, or an error of ours with a reason."""
    opened, refused = 0, []
    for store in sorted(stores.iterdir()):
        for root in _roots(store):
            try:
                layers = read_layers(root)
            except NgffError as error:
                refused.append(str(error))
                continue
            add([layer for layer in layers if layer[1]["visible"]][:4])
            assert pickle.loads(pickle.dumps([meta for _, meta, _ in layers]))
            opened += 1

    assert opened > 25
    assert all(refused)


def _roots(folder):
    """Yield the topmost Zarr nodes in a folder."""
    for path, folders, files in os.walk(folder):
        if {"zarr.json", ".zgroup", ".zarray"} & set(files):
            folders.clear()
            yield path


def test_pixels_are_seen_where_they_are(tmp_path):
    """A value is found at the world position that the file gives it."""
    data = ramp(2, 4, 6, 8)
    path = build_image(
        tmp_path / "a.zarr",
        data=data,
        shape=data.shape,
        scale=(1, 2, 3, 4),
        translation=(0, 10, 20, 30),
        levels=1,
    )
    viewer = add(read_layers(path))
    viewer.dims.set_point(0, 10 + 2 * 3)

    assert data[1, 3, 4, 5] == viewer.layers[1].get_value(
        (16, 20 + 3 * 4, 30 + 4 * 5), world=True
    )
    np.testing.assert_allclose(
        [[10, 20, 30], [16, 35, 58]], viewer.layers[1].extent.world
    )


def test_layers_are_called_after_channels_or_images():
    """A channel by its label, else by its image and number; one layer by its image."""
    assert ["cells"] == names(layers_of(image(ramp(4, 4), name="cells")))
    assert ["cells: channel 0", "cells: channel 1"] == names(
        layers_of(image(ramp(2, 4, 4), "cyx", name="cells"))
    )


@pytest.mark.parametrize(
    ("name", "node", "index", "expected"),
    [
        ("cells", "", 0, "cells"),
        ("/cells/", "0", 0, "cells"),
        (None, "", 0, "sample"),
        ("", "0", 0, "sample/0"),
        ("0", "A/1/0", 0, "sample/A/1/0"),
        ("/", "", 0, "sample"),
        (None, "", 1, "sample (1)"),
        ("<i>\u202ex", "", 0, "\u2039i>x"),
    ],
)
def test_images_are_called_by_what_says_most(name, node, index, expected):
    """Their own name, unless that is empty or a number: then store and path."""
    ((_, meta, _),) = layers_of(image(ramp(4, 4), name=name, node=node, index=index))

    assert expected == meta["name"]


def test_no_two_layers_have_one_name():
    """A name that is taken is numbered, as napari does."""
    cells = [label(ramp(4, 4)), label(ramp(4, 4))]
    layers = layers_of(image(ramp(4, 4), name="cells", labels=cells))

    assert ["cells", "cells [1]", "cells [2]"] == names(layers)


def test_several_images_are_told_apart():
    """Each layer is named after its image; images of one name by their path."""
    first = image(ramp(2, 4, 4), "cyx", name="a", labels=[label(ramp(4, 4))])
    second = image(ramp(4, 4), name="b")
    same = [replace(image(ramp(4, 4), name="x"), node=f"p{i}") for i in range(2)]

    assert ["a: channel 0", "a: channel 1", "a: cells", "b"] == names(
        layers_of(collection(first, second))
    )
    assert ["sample/p0", "sample/p1"] == names(layers_of(collection(*same)))


def test_later_entries_of_multiscales_are_hidden_and_named():
    """Every entry opens; those after the first invisible and named after it."""
    first = image(ramp(2, 4, 4), "cyx", name="raw")
    second = image(ramp(2, 4, 4), "cyx", name="deconvolved", index=1)
    layers = layers_of(collection(first, second, kind="images"))

    assert [True, True, False, False] == [meta["visible"] for _, meta, _ in layers]
    assert ["deconvolved: channel 0", "deconvolved: channel 1"] == names(layers)[2:]


def test_what_concerns_all_is_told_by_the_first_layer():
    """Problems of a collection are in the first layer's record."""
    problem = Problem(level="warning", kind="not-all-opened", message="16 of 99")
    layers = layers_of(
        collection(image(ramp(4, 4)), image(ramp(4, 4)), problems=(problem,))
    )
    first, second = (Provenance.from_metadata(m["metadata"]) for _, m, _ in layers)

    assert problem in first.problems
    assert problem not in second.problems


def test_one_image_that_cannot_be_shown_does_not_keep_the_others():
    """Failing per part: an image without pixels is a problem of the whole."""
    empty = image(np.zeros((0, 4)), node="empty")
    (layer,) = layers_of(collection(empty, image(ramp(4, 4), name="good")))
    record = Provenance.from_metadata(layer[1]["metadata"])

    assert "good" == layer[1]["name"]
    assert [("not-shown", "empty")] == [(p.kind, p.node) for p in record.problems]


def test_labels_that_cannot_be_shown_do_not_keep_the_image():
    """A label image without pixels is a problem of its image."""
    (layer,) = layers_of(image(ramp(4, 4), labels=[label(np.zeros((0, 4), "uint8"))]))
    record = Provenance.from_metadata(layer[1]["metadata"])

    assert ["not-shown"] == [problem.kind for problem in record.problems]


@pytest.mark.parametrize(
    "node", [image(np.zeros((0, 4))), collection(), collection(image(np.zeros((0, 4))))]
)
def test_nothing_to_show_is_an_error(node):
    """Where nothing can be shown: one clear error."""
    with pytest.raises(CannotOpen):
        layers_of(node)


@pytest.mark.parametrize("dtype", ["bool", "uint8", "int64", "float32"])
def test_labels_of_any_number(dtype):
    """Labels that are no integers are shown as such, lazily."""
    data = np.array([[0, 1], [1, 0]], dtype)
    *_, (pixels, meta, kind) = layers_of(image(ramp(2, 2), labels=[label(data)]))
    layer = Layer.create(pixels, meta, kind)

    assert "labels" == kind
    np.testing.assert_array_equal(data.astype(int), np.asarray(layer.data))


def test_labels_with_channels_are_several_layers():
    """A label image's channel of length 1 leaves; several are as many layers."""
    one = label(ramp(1, 4, 4, dtype="uint8"), "cyx", name="one")
    two = label(ramp(2, 4, 4, dtype="uint8"), "cyx", name="two")
    layers = layers_of(image(ramp(4, 4), labels=[one, two]))

    assert ["one", "two: channel 0", "two: channel 1"] == names(layers)[1:]
    assert {(4, 4)} == {pixels.shape for pixels, _, _ in layers}


def test_multiscale_labels_are_not_editable():
    """Labels of several levels open, and napari lets no one paint them."""
    cells = label([ramp(8, 8), ramp(4, 4)])
    viewer = add(layers_of(image([ramp(8, 8), ramp(4, 4)], labels=[cells])))

    assert viewer.layers["cells"].multiscale
    assert not viewer.layers["cells"].editable


def test_a_bare_array_is_what_it_is():
    """An image in pixels, its dimension names as axis labels, nothing split."""
    array = ArrayData(
        store="a/b.zarr",
        node="x/y",
        array=lazy(ramp(2, 3, 4)),
        dimension_names=("c", None, "x"),
    )
    ((pixels, meta, kind),) = layers_of(array)
    record = Provenance.from_metadata(meta["metadata"])

    assert ("image", "b/x/y") == (kind, meta["name"])
    assert ("c", "dim_1", "x") == meta["axis_labels"]
    assert ("pixel",) * 3 == meta["units"]
    assert (2, 3, 4) == pixels.shape
    assert ("array", None) == (record.kind, record.dialect)


def test_show_as_rgb_and_back(tmp_path):
    """The same image in the other form, from what its layers remember."""
    data = ramp(3, 6, 8, dtype="uint8")
    path = build_image(
        tmp_path / "a b.zarr", data=data, shape=data.shape, axes="cyx", dtype="uint8"
    )
    channels = read_layers(path)
    origin = Provenance.from_metadata(channels[0][1]["metadata"])
    ((pixels, meta, _),) = show_as(origin, "rgb")
    back = show_as(Provenance.from_metadata(meta["metadata"]), "channels")

    assert meta["rgb"]
    np.testing.assert_array_equal(data.transpose(1, 2, 0), np.asarray(pixels[0]))
    assert names(channels) == names(back)
    assert channels[0][1]["scale"] == meta["scale"]


def test_show_as_rgb_of_an_image_in_a_group(tmp_path):
    """An image below the root is found again, 16 bits too."""
    data = ramp(3, 6, 8)
    build_image(tmp_path / "all.zarr", data=ramp(4, 4), shape=(4, 4), axes="yx")
    build_image(
        tmp_path / "all.zarr" / "below", data=data, shape=data.shape, axes="cyx"
    )
    layers = read_layers(tmp_path / "all.zarr" / "below")
    origin = Provenance.from_metadata(layers[0][1]["metadata"])
    ((_, meta, _),) = show_as(origin, "rgb")

    assert "below" == origin.node
    assert meta["contrast_limits"][1] > 1


@pytest.mark.parametrize(
    ("axes", "shape", "form", "words"),
    [
        ("cyx", (2, 6, 8), "rgb", "it has 2"),
        ("yx", (6, 8), "rgb", "no channel axis"),
        ("yx", (6, 8), "channels", "no channel axis"),
    ],
)
def test_forms_that_an_image_does_not_have(axes, shape, form, words, tmp_path):
    """What cannot be shown so is refused with the reason."""
    path = build_image(tmp_path / "a.zarr", shape=shape, axes=axes, levels=1)
    origin = Provenance.from_metadata(read_layers(path)[0][1]["metadata"])

    with pytest.raises(CannotOpen, match=words):
        show_as(origin, form)


def test_an_image_that_is_gone_is_an_error(tmp_path):
    """The store is there, the image is not."""
    path = build_image(tmp_path / "a.zarr", shape=(4, 4), axes="yx", levels=1)
    origin = Provenance.from_metadata(read_layers(path)[0][1]["metadata"])

    with pytest.raises(CannotOpen, match="no image"):
        show_as(replace(origin, index=7), "rgb")


def test_other_coordinate_systems_are_told(tmp_path):
    """Of 0.6: shown in the intrinsic system; the others are named."""
    matrix = [[1, 0, 5], [0, 1, 6]]
    edges = [
        {
            "type": "affine",
            "affine": matrix,
            "input": {"name": "physical"},
            "output": {"name": "world"},
        }
    ]

    def edit(ome):
        multiscale = ome["multiscales"][0]
        system = multiscale["coordinateSystems"][0]
        edges[0]["input"]["name"] = system["name"]
        multiscale["coordinateSystems"].append({**system, "name": "world"})
        multiscale["coordinateTransformations"] = edges

    path = build_image(
        tmp_path / "a.zarr", version="0.6", shape=(4, 4), axes="yx", edit=edit
    )
    ((_, meta, _),) = read_layers(path)
    record = Provenance.from_metadata(meta["metadata"])
    (told,) = (p for p in record.problems if p.kind == "other-systems")

    assert ("info", (0.0, 0.0)) == (told.level, meta["translate"])
    assert "world" in told.message
