"""Copies of labels: which pixels of the file they are, and what goes back."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.build import build_image
from cases.painting import stored
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.write_back import write_back
from napari_ngff.layers.extract import Part, read_layers, whole
from napari_ngff.layers.provenance import KEY
from napari_ngff.layers.read import read_layers as open_layers
from napari_ngff.layers.writing.editing import arranged, edit_of, is_copy, saved

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.layers.reading.pictures import LayerData

CASES = {
    "as stored": {"axes": "zyx", "shape": (6, 32, 24)},
    "transposed": {"axes": "xzy", "shape": (24, 6, 32)},
    "time": {"axes": "tzyx", "shape": (2, 6, 32, 24)},
    "plane": {"axes": "yx", "shape": (32, 24)},
    "channels": {"axes": "czyx", "shape": (2, 6, 32, 24)},
}
BLOCK = {
    "colors": [{"label-value": 1, "rgba": [255, 0, 0, 255]}],
    "properties": [{"label-value": 1, "class": "A"}],
}


def opened(path: Path, case: str, version: str = "0.5") -> list[LayerData]:
    """Return the labels layers of an image."""
    axes = "tczyx" if case == "time" else "czyx"
    labels = {"cells": {**CASES[case], "image_label": BLOCK}}
    shape = (2,) * (len(axes) - 3) + (6, 32, 24)
    store = build_image(
        path / "a.zarr",
        shape=shape,
        axes=axes,
        levels=2,
        labels=labels,
        version=version,
    )
    return [layer for layer in open_layers(store) if layer[2] == "labels"]


def copied(layer: LayerData, part: Part | None = None) -> LayerData:
    """Copy all of a layer, or a part of it."""
    data, state, _ = layer
    levels = data if state.get("multiscale") else [data]
    state = {
        "scale": (1.0,) * levels[0].ndim,
        "affine": np.eye(levels[0].ndim + 1),
    } | state
    generator = read_layers(
        [(data, state, "labels")], part or whole(levels[0].shape, 0)
    )
    while True:
        try:
            next(generator)
        except StopIteration as end:
            [found] = end.value
            return found


@pytest.mark.parametrize("version", ["0.4", "0.5"])
@pytest.mark.parametrize("case", CASES)
def test_painting_goes_to_the_pixels_that_were_copied(
    case: str, version: str, tmp_path: Path
) -> None:
    """Whatever the order of the axes, and which channel it is."""
    layers = opened(tmp_path, case, version)
    for layer, (data, state, kind) in zip(layers, [*map(copied, layers)], strict=True):
        before = data.copy()
        assert is_copy(state["metadata"])
        pickle.dumps(state["metadata"])
        data[..., 3:9, 2] = 7

        result = write_back(edit_of((data, state, kind)))

        again = next(
            each
            for each in open_layers(tmp_path / "a.zarr")
            if each[2] == "labels" and each[1]["name"] == layer[1]["name"]
        )
        np.testing.assert_array_equal(data, again[0][0].compute())
        assert (before != data).any()
        metadata = saved(state["metadata"], result.seen)
        assert not write_back(
            edit_of((data, {**state, "metadata": metadata}, kind))
        ).changed


def test_a_part_of_a_layer(tmp_path: Path) -> None:
    """A region and a time step go back to where they were."""
    [layer] = opened(tmp_path, "transposed")
    part = Part(level=0, box=((2, 4), (5, 20), (7, 24)))
    data, state, kind = copied(layer, part)
    data[1, 2, 3] = 77

    write_back(edit_of((data, state, kind)))

    found = stored(tmp_path / "a.zarr")[0]
    assert 77 == found[7 + 3, 2 + 1, 5 + 2]
    assert 1 == (found == 77).sum()


def test_looks_go_back_only_where_they_changed(tmp_path: Path) -> None:
    """Colours and features of the file are no change; those of the user are."""
    [layer] = opened(tmp_path, "as stored")
    data, state, kind = copied(layer)

    assert edit_of((data, state, kind)).image_label is None
    colors = {**state["colormap"], 5: np.array([0, 0, 1, 1.0])}
    looks = edit_of((data, {**state, "colormap": colors}, kind)).image_label
    assert {1: (255, 0, 0, 255), 5: (0, 0, 255, 255)} == looks.colors
    assert {1: {"class": "A"}} == looks.properties


@pytest.mark.parametrize("change", ["cropped", "lazy", "image", "level", "other"])
def test_what_is_no_copy_is_refused(change: str, tmp_path: Path) -> None:
    """Other shapes, lazy pixels, images, coarser levels, layers of other origin."""
    [layer] = opened(tmp_path, "as stored")
    data, state, kind = copied(layer)
    made: dict[str, Any] = {
        "cropped": (data[:, 1:], state, kind),
        "lazy": layer,
        "image": (data, state, "image"),
        "level": (
            data[:, ::2, ::2],
            copied(layer, whole(layer[0][1].shape, 1))[1],
            kind,
        ),
        "other": (data, {**state, "metadata": {}}, kind),
    }

    with pytest.raises(CannotSave, match="Edit Labels"):
        edit_of(made[change])


@pytest.mark.parametrize(
    "change",
    [
        {"digests": 5},
        {"digests": "not hexadecimal"},
        {"shape": None},
        {"start": [0.5, 0, 0]},
        {"start": []},
        {"chunks": [0, 0, 0]},
        {"order": [-1, 0, 1]},
        {"order": ["z", "y", "x"]},
    ],
)
def test_what_others_changed_is_refused(change: dict[str, Any], tmp_path: Path) -> None:
    """Anybody may write into a layer's metadata; nothing is saved by such numbers."""
    [layer] = opened(tmp_path, "as stored")
    data, state, kind = copied(layer)
    record = state["metadata"][KEY]
    for told in ({"copy": {**record["copy"], **change}}, {"copy": {}}, {"levels": ()}):
        own = {**state, "metadata": {KEY: {**record, **told}}}

        with pytest.raises(CannotSave, match="Edit Labels"):
            edit_of((data, own, kind))


def test_an_image_shown_as_labels_is_no_copy_of_labels(tmp_path: Path) -> None:
    """Convert to Labels keeps what the image remembers: it is not labels."""
    store = build_image(tmp_path / "a.zarr", shape=(32, 24), axes="yx", levels=1)
    [(data, state, _)] = open_layers(store)

    found = copied((data, state, "labels"))

    assert "copy" not in found[1]["metadata"][KEY]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, None, 0), (2, 0), (None, 1, 0)])
def test_arranged_is_a_view(order: tuple[int | None, ...]) -> None:
    """What is painted on the layer is seen in the array's axes."""
    ndim = 3 if 2 in order else 2
    pixels = np.zeros((2, 1, 4) if ndim == 3 else (2, 4), "u1")

    view = arranged(pixels, order)
    pixels[...] = 1

    assert (view == 1).all()
    sizes = tuple(1 if axis is None else pixels.shape[axis] for axis in order)
    assert sizes == view.shape
