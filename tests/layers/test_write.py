"""Layers as images: the inverse of reading, over every case of the table."""

from __future__ import annotations

import numpy as np
import pytest
from napari.layers import Layer

from cases import table
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.nodes import ImageData, LabelData
from napari_ngff.dataset.read import read
from napari_ngff.layers.read import layers_of, read_layers
from napari_ngff.layers.write import to_images
from napari_ngff.layers.writing.origins import origins_of, read_origins
from napari_ngff.layers.writing.world import layer_matrix

#: Cases whose axes the reader had to name, or must be put in the order of the
#: specification: layers differ in that.
_NAMED = {"project-axis-dropped", "axes-missing-one", "axes-x", "axes-1d"}
_LOOKS = ("visible", "rgb", "colormap", "contrast_limits", "blending", "features")
CASES = {case.name: case for case in table.CASES if case.kind in ("image", "label")}


@pytest.mark.parametrize("version", ["0.5", "0.6"])
@pytest.mark.parametrize("name", CASES)
def test_what_is_read_is_what_is_written(name, version, tmp_path):
    """The images made of a file's layers open as the same layers."""
    case = CASES[name]
    node = read(case.build(tmp_path / "store"))
    layers = layers_of(node)
    made = to_images(layers, origins=origins_of(node), version=version)
    [image] = made.images
    again = layers_of(_as_node(image))

    assert () == made.questions or version == "0.5"
    assert len(layers) == len(again)
    for layer, other in zip(layers, again, strict=True):
        _assert_same(layer, other, case)


@pytest.mark.filterwarnings("ignore:Non-orthogonal slicing")
@pytest.mark.parametrize("name", CASES)
def test_what_napari_shows_is_what_is_written(name, tmp_path):
    """The same through layers of napari, which keep numbers and colours their way."""
    case = CASES[name]
    layers = read_layers(case.build(tmp_path / "store"))
    shown = [Layer.create(*layer).as_layer_data_tuple() for layer in layers]
    made = to_images(shown, origins=read_origins(shown), version="0.6")
    [image] = made.images
    again = layers_of(_as_node(image))

    assert not {"origin-gone", "colormap-not-saved"} & {p.kind for p in made.problems}
    assert len(layers) == len(again)
    for layer, other in zip(layers, again, strict=True):
        _assert_same(layer, other, case)


def _as_node(image: ImageData) -> ImageData | LabelData:
    block = image.group.image_label
    if block is None:
        return image
    return LabelData(name=image.multiscale.name, image=image, image_label=block)


def _assert_same(layer, other, case):
    """Compare layers by the names of their axes; mirrored ones by where pixels are."""
    (data, meta, kind), (found, now, what) = layer, other
    levels, matrix = _straight(data, meta, meta["axis_labels"])
    same = set(meta["axis_labels"]) == set(now["axis_labels"])
    names = meta["axis_labels"] if same else now["axis_labels"]
    others, there = _straight(found, now, names)

    assert kind == what
    assert [level.shape for level in levels] == [level.shape for level in others]
    np.testing.assert_allclose(matrix, there, atol=1e-9)
    assert same or case.name in _NAMED
    if same and not case.unsized:
        assert _by_name(meta, "units") == _by_name(now, "units")
    for key in _LOOKS:
        np.testing.assert_equal(meta.get(key), now.get(key), key)
    try:
        pixels = levels[-1].compute()
    except NgffError:
        return
    np.testing.assert_array_equal(pixels, others[-1].compute())


def _by_name(meta, key):
    return dict(zip(meta["axis_labels"], meta[key], strict=True))


def _straight(data, meta, names):
    """Return levels and matrix with these axes, what is mirrored turned round."""
    order = [list(meta["axis_labels"]).index(name) for name in names]
    matrix = layer_matrix(meta, len(order))[np.ix_([*order, -1], [*order, -1])]
    levels = data if isinstance(data, list) else [data]
    levels = [v.permuted([*order, *range(len(order), v.ndim)]) for v in levels]
    for axis in np.flatnonzero(np.diagonal(matrix) < 0):
        matrix[:, -1] += matrix[:, axis] * (levels[0].shape[axis] - 1)
        matrix[:, axis] *= -1
        levels = [np.flip(level, axis) for level in levels]
    return levels, matrix


@pytest.mark.parametrize("name", CASES)
def test_without_its_file_a_layer_is_where_it_was(name, tmp_path):
    """What layers remember is enough for axes, units, places, pixels and looks."""
    case = CASES[name]
    layers = layers_of(read(case.build(tmp_path / "store")))
    made = to_images(layers, version="0.6")
    [image] = made.images
    again = layers_of(_as_node(image))

    assert len(layers) == len(again)
    assert {"origin-gone"} <= {problem.kind for problem in made.problems}
    for layer, other in zip(layers, again, strict=True):
        _assert_same(layer, other, case)


COLLECTIONS = {
    case.name: case
    for case in table.CASES
    if case.kind not in ("image", "label", "array")
}


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collections_keep_every_layer(name, tmp_path):
    """Each layer of a collection is in one image, and names are unique."""
    layers = layers_of(read(COLLECTIONS[name].build(tmp_path / "store")))
    made = to_images(layers, origins=read_origins(layers), version="0.6")
    names = [image.multiscale.name for image in made.images]
    pixels = sum(image.levels[0].size for image in made.images)
    pixels += sum(own.image.levels[0].size for i in made.images for own in i.labels)
    shown = [data[0] if isinstance(data, list) else data for data, _, _ in layers]

    assert len(names) == len({str(name).casefold() for name in names})
    assert sum(level.size for level in shown) == pixels
