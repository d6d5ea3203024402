"""The verb that saves: arrays, what was read, and layers."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.build import build_image
from cases.many import build_series
from napari_ngff import read, read_layers, validate, write
from napari_ngff.core.problems import CannotSave, TargetExists
from napari_ngff.dataset.nodes import CollectionData, ImageData, LabelData
from napari_ngff.layers.provenance import problems_of
from napari_ngff.layers.reading.telling import summarize
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation

if TYPE_CHECKING:
    from pathlib import Path

ARRAY = np.arange(2 * 9 * 40 * 50, dtype="u2").reshape(2, 9, 40, 50)


def pixels(path: Any) -> np.ndarray:
    found = read(path)
    assert isinstance(found, ImageData)
    return np.asarray(found.levels[0])


def test_an_array_is_saved_as_it_is_meant(tmp_path: Path) -> None:
    """The target's name is taken as it is, without a suffix added."""
    found = write(
        tmp_path / "a",
        ARRAY,
        axes="czyx",
        scale={"z": 2, "y": 0.5, "x": 0.5},
        units="micrometer",
        levels=3,
        compression="zstd:3",
        chunks={"y": 16},
    )

    assert tmp_path / "a" == found
    again = read(found)
    assert np.array_equal(ARRAY, pixels(found))
    assert [1, 2, 0.5, 0.5] == list(
        scale_and_translation(level_matrix(again.multiscale, 0))[0]
    )
    assert [(2, 9, 40, 50), (2, 9, 20, 25), (2, 9, 10, 13)] == [
        level.shape for level in again.levels
    ]
    assert {(1, 16)} == {
        (level.chunks[0], level.chunks[2]) for level in again.levels[:2]
    }


def zarr_array(folder: Path) -> Any:
    import zarr

    return zarr.create_array(folder / "in.zarr", data=ARRAY, chunks=(1, 4, 16, 16))


def dask_array(folder: Path) -> Any:
    import dask.array as da

    return da.from_array(ARRAY, chunks=(1, 4, 16, 16))


def lazy_array(folder: Path) -> Any:
    return read(build_image(folder / "in.zarr", data=ARRAY)).levels[0]


@pytest.mark.parametrize("make", [zarr_array, dask_array, lazy_array])
def test_any_kind_of_array(make: Any, tmp_path: Path) -> None:
    """Arrays of zarr and dask, and lazy ones, are read as they are written."""
    write(tmp_path / "a.zarr", make(tmp_path), axes="czyx")

    assert np.array_equal(ARRAY, pixels(tmp_path / "a.zarr"))


def test_what_was_read_is_saved(tmp_path: Path) -> None:
    """An image with its labels, into one file of another version."""
    store = build_image(tmp_path / "in.zarr", labels={"cells": {}})
    before = read(store)

    found = write(tmp_path / "a.ozx", before, version="0.6")

    again = read(found)
    assert np.array_equal(before.levels[0], again.levels[0])
    assert ["cells"] == [label.name for label in again.labels]
    assert "0.6" == again.group.version


def test_a_label_image_alone_is_saved(tmp_path: Path) -> None:
    """It stays a label image, of no other one."""
    store = build_image(tmp_path / "in.zarr", labels={"cells": {}})
    label = read(store).labels[0]

    found = write(tmp_path / "a.zarr", label)

    again = read(found)
    assert isinstance(again, LabelData)
    assert np.array_equal(label.image.levels[0], again.image.levels[0])


def test_a_series_is_saved_as_one(tmp_path: Path) -> None:
    """All images of a collection, beside each other or in one store."""
    before = read(build_series(tmp_path / "in.zarr"))
    assert isinstance(before, CollectionData)

    paths = write(tmp_path / "a.ome.zarr", before)
    one = write(tmp_path / "b.ome.zarr", before, several="series")

    assert len(before.children) == len(paths) == len(read(one).children)


def test_layers_that_were_read_are_saved(tmp_path: Path) -> None:
    """What the reader makes of a store is that store again."""
    store = build_image(tmp_path / "in.zarr", labels={"cells": {}})

    found = write(tmp_path / "a.zarr", read_layers(store))

    before, again = read(store), read(found)
    assert np.array_equal(before.levels[0], again.levels[0])
    assert before.multiscale.axes == again.multiscale.axes
    assert np.array_equal(
        level_matrix(before.multiscale, 0), level_matrix(again.multiscale, 0)
    )
    assert np.array_equal(
        before.labels[0].image.levels[0], again.labels[0].image.levels[0]
    )


class Layer:
    """What a layer of napari is to us."""

    def as_layer_data_tuple(self) -> Any:
        state = {"name": "DNA", "scale": (0.5, 0.5), "units": ("um", "um")}
        return ARRAY[0, 0], state, "image"


@pytest.mark.parametrize("data", [Layer(), [Layer()], Layer().as_layer_data_tuple()])
def test_layers_bring_their_own_axes(data: Any, tmp_path: Path) -> None:
    """One, several, or as tuples."""
    found = write(tmp_path / "a.zarr", data)

    again = read(found)
    assert ["y", "x"] == [axis.name for axis in again.multiscale.axes]
    assert ["micrometer"] * 2 == [axis.unit for axis in again.multiscale.axes]


@pytest.mark.parametrize("data", [Layer(), "image"])
def test_axes_of_an_image_are_not_stated_again(data: Any, tmp_path: Path) -> None:
    """They would contradict what it says itself."""
    if data == "image":
        data = read(build_image(tmp_path / "in.zarr"))

    with pytest.raises(ValueError, match=r"axes: .* (its|their) own"):
        write(tmp_path / "a.zarr", data, axes="yx")


def test_losses_are_told(tmp_path: Path) -> None:
    """Points cannot be saved: a warning says so, and the image is."""
    points = (np.zeros((3, 2)), {"name": "spots"}, "points")

    with pytest.warns(UserWarning, match="spots"):
        found = write(tmp_path / "a.zarr", [Layer(), points])

    assert np.array_equal(ARRAY[0, 0], pixels(found))


def test_nothing_to_save(tmp_path: Path) -> None:
    """Points alone are no image."""
    points = (np.zeros((3, 2)), {"name": "spots"}, "points")

    with pytest.raises(CannotSave, match="there is neither"):
        write(tmp_path / "a.zarr", [points])


def test_questions_are_errors_in_a_script(tmp_path: Path) -> None:
    """The error says how to answer; the answer is taken."""
    turned = (ARRAY[0, 0], {"name": "a", "rotate": 30.0}, "image")

    with pytest.raises(CannotSave, match="resample"):
        write(tmp_path / "a.zarr", turned)

    with pytest.warns(UserWarning, match="resampled|turned"):
        write(tmp_path / "a.zarr", turned, affine="resample")


def test_overwriting_takes_leave(tmp_path: Path) -> None:
    """Without it nothing happens."""
    write(tmp_path / "a.zarr", ARRAY[0])

    with pytest.raises(TargetExists, match="overwrite=True replaces it"):
        write(tmp_path / "a.zarr", ARRAY[1])
    write(tmp_path / "a.zarr", ARRAY[1], overwrite=True)

    assert np.array_equal(ARRAY[1], pixels(tmp_path / "a.zarr"))


@pytest.mark.parametrize(
    "choice",
    [
        {"path": 5},
        {"path": ""},
        {"overwrite": "no"},
        {"answers": "first"},
        {"scheduler": "threads"},
        {"progress": True},
        {"progress": None},
        {"cancelled": None},
        {"compression": 5},
        {"compression": "zip"},
        {"compression": "zstd:a"},
        {"compression": {"name": "zstd"}},
        {"levels": "5"},
    ],
)
def test_an_argument_of_a_wrong_type_is_named(
    choice: dict[str, Any], tmp_path: Path
) -> None:
    """Before anything is written, and before the pixels are looked at."""
    [name] = choice

    with pytest.raises(ValueError, match=f"^{name}=.*"):
        write(**({"path": tmp_path / "a.zarr", "data": ARRAY} | choice))

    assert [] == list(tmp_path.iterdir())


def test_the_verb_loads_neither_napari_nor_dask() -> None:
    """A script that saves waits for neither."""
    code = (
        "import sys, numpy, tempfile, pathlib\n"
        "from napari_ngff import write\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "write(folder / 'a.zarr', numpy.zeros((9, 9), 'u2'))\n"
        "import shutil; shutil.rmtree(folder)\n"
        "print({'napari', 'dask', 'qtpy', 'distributed'} & set(sys.modules))\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert b"set()" == done.stdout.strip()


def test_labels_alone_keep_their_name(tmp_path: Path) -> None:
    """Also when they are saved again; the store is called otherwise."""
    layers: Any = [(np.ones((8, 8), "i4"), {"name": "cells"}, "labels")]
    for name in ("first.ome.zarr", "second.ome.zarr"):
        layers = read_layers(write(tmp_path / name, layers))

        assert ["cells"] == [layer[1]["name"] for layer in layers]


def test_questions_end_as_they_should(tmp_path: Path) -> None:
    """With one mark, not two."""
    layer = (np.ones((8, 8), "u1"), {"name": "a", "rotate": 30}, "image")
    with pytest.raises(CannotSave, match=r"to be saved\? Pass version='0\.6'"):
        write(tmp_path / "new", [layer])


def test_nothing_is_told_with_its_target(tmp_path: Path) -> None:
    """A script may have filtered all away."""
    with pytest.raises(CannotSave, match=r"new: OME-Zarr holds images and labels, and"):
        write(tmp_path / "new", [])


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
@pytest.mark.parametrize(
    ("method", "label_method"), [("mean", "mode"), ("strided", "nearest")]
)
def test_what_is_saved_opens_without_a_notification(
    method: Any, label_method: Any, version: Any, tmp_path: Path
) -> None:
    """Of sizes that do not divide evenly, by either method, with plain labels."""
    pixels = np.arange(3 * 101 * 77, dtype=np.uint16).reshape(3, 101, 77)
    path = write(
        tmp_path / "a.ome.zarr",
        pixels,
        scale={"z": 2, "y": 0.5, "x": 0.5},
        units="micrometer",
        labels={"cells": pixels % 5},
        levels=4,
        method=method,
        label_method=label_method,
        version=version,
    )

    layers = read_layers(path)

    metadata = [layer[1]["metadata"] for layer in layers]
    assert 2 == len(layers)
    assert summarize(metadata) is None
    # It is drawn elsewhere all the same, and that can be found out.
    kinds = {(p.level, p.kind) for p in problems_of(metadata)}
    assert ("info", "level-misplaced") in kinds
    # The specification wants colors of labels ("SHOULD"): a strict judge says so.
    found = {(p.level, p.kind) for p in validate(path, strict=True).problems}
    assert {("warning", "image-label-colors-missing")} == found
