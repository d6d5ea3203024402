"""Every row of the case table is opened, and seen as the table says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.arrays import write_array, write_group
from cases.build import build_image, pixels
from cases.table import CASES, Case
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import CannotOpen, NgffError, NotOmeZarr
from napari_ngff.dataset.nodes import ArrayData, CollectionData, ImageData, LabelData
from napari_ngff.dataset.read import read
from napari_ngff.metadata.axes import normal_unit
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.storage.keys.local import LocalKeys

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.dataset.nodes import Node

DOCUMENTS = {"zarr.json", ".zgroup", ".zattrs", ".zarray", "METADATA.ome.xml"}
BY_PATH = {"affine-by-path", "by-dimension-by-path"}
PLACED = [case for case in CASES if case.kind in ("image", "label")]
KINDS = {ImageData: "image", LabelData: "label", ArrayData: "array"}


def kind_of(node: Node) -> str:
    return node.kind if isinstance(node, CollectionData) else KINDS[type(node)]


def image_of(node: Node) -> ImageData:
    image = node.image if isinstance(node, LabelData) else node
    assert isinstance(image, ImageData)
    return image


def problems_of(node: Node) -> tuple[Any, ...]:
    return node.image.problems if isinstance(node, LabelData) else node.problems


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def node(case: Case, tmp_path: Path) -> Node:
    return read(case.build(tmp_path / "store.zarr"))


def test_kind(case: Case, node: Node) -> None:
    """A store opens as what it is."""
    assert case.kind == kind_of(node)


def test_wrong(case: Case, node: Node) -> None:
    """What is wrong is told; where nothing is, nothing is told."""
    wrong = [p for p in problems_of(node) if p.level != "info"]

    assert case.clean == (not wrong), wrong


@pytest.mark.parametrize("case", PLACED, ids=lambda case: case.name)
def test_geometry(case: Case, tmp_path: Path) -> None:
    """Axes, units, levels and the place of the finest level are those of the file."""
    image = image_of(read(case.build(tmp_path / "store.zarr")))
    matrix = level_matrix(image.multiscale, 0)
    place = None if matrix is None else scale_and_translation(matrix)
    scale, translation = place or (None, None)

    assert case.axes == tuple(axis.name for axis in image.multiscale.axes)
    assert case.units == tuple(normal_unit(a.unit) for a in image.multiscale.axes)
    assert case.levels == len(image.levels) == len(image.multiscale.levels)
    assert case.scale == (scale and pytest.approx(scale))
    assert case.translation == (translation and pytest.approx(translation))
    if case.matrix is not None:
        np.testing.assert_allclose(case.matrix, matrix[:-1])


def test_reads_no_chunk(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening reads metadata documents and parameters, not one chunk of an image."""
    seen: list[str] = []
    get = LocalKeys.get

    def spy(self: LocalKeys, key: str, *args: Any, **options: Any) -> bytes | None:
        seen.append(key)
        return get(self, key, *args, **options)

    monkeypatch.setattr(LocalKeys, "get", spy)
    read(case.build(tmp_path / "store.zarr"))

    chunks = {key for key in seen if key.rpartition("/")[2] not in DOCUMENTS}
    parameters = {key for key in chunks if key.startswith("coordinateTransformations/")}
    assert chunks == parameters
    assert bool(parameters) == (case.name in BY_PATH)


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6"])
def test_pixels(tmp_path: Path, version: str) -> None:
    """The pixels of every version are those that were written."""
    shape = (2, 3, 4, 17, 16)
    build_image(tmp_path / "s.zarr", version=version, shape=shape, axes="tczyx")
    image = read(tmp_path / "s.zarr")

    np.testing.assert_array_equal(pixels(shape), image.levels[0])


def test_sharded_pixels(tmp_path: Path) -> None:
    """Pixels come out of shards."""
    build_image(
        tmp_path / "s.zarr", version="0.5", chunks=(1, 2, 8, 8), shards=(2, 4, 16, 16)
    )
    image = read(tmp_path / "s.zarr")

    np.testing.assert_array_equal(pixels((2, 4, 16, 16)), image.levels[0])


def test_bare_array(tmp_path: Path) -> None:
    """A bare array keeps its dimension names and pixels."""
    (case,) = (c for c in CASES if c.name == "array-v3")
    array = read(case.build(tmp_path / "a.zarr"))

    assert ("line", None) == array.dimension_names
    np.testing.assert_array_equal(pixels((4, 8)), array.array)


def test_store_and_node(tmp_path: Path) -> None:
    """A node says where it is, in words that open it again."""
    path = build_image(tmp_path / "group" / "s.zarr", labels={"cells": {}})
    image = read(path / "labels" / "cells")
    again = read(image.store)

    assert ("", "labels/cells") == (image.node, image.labels[0].image.node)
    assert "" == image.labels[0].parent
    assert again.levels[0].shape == image.levels[0].shape


def test_order_of_levels(tmp_path: Path) -> None:
    """Levels listed from small to large are shown from large to small."""

    def reverse(ome: dict[str, Any]) -> None:
        ome["multiscales"][0]["datasets"].reverse()

    image = read(build_image(tmp_path / "s.zarr", edit=reverse))

    assert [(2, 4, 16, 16), (2, 2, 8, 8)] == [a.shape for a in image.levels]
    assert ["0", "1"] == [level.path for level in image.multiscale.levels]
    assert "level-order" in {p.kind for p in image.problems}


def test_axes_of_arrays_with_more_dimensions(tmp_path: Path) -> None:
    """Axes that are missing are those of the first dimensions; the scale stays."""

    def forget(ome: dict[str, Any]) -> None:
        del ome["multiscales"][0]["axes"][0]
        for dataset in ome["multiscales"][0]["datasets"]:
            for step in dataset["coordinateTransformations"]:
                step[step["type"]] = step[step["type"]][1:]

    image = read(build_image(tmp_path / "s.zarr", edit=forget))

    assert ["dim_0", "z", "y", "x"] == [a.name for a in image.multiscale.axes]
    matrix = level_matrix(image.multiscale, 0)
    assert [1.0, 0.5, 0.5, 0.5, 1.0] == np.diagonal(matrix).tolist()


def test_axes_of_arrays_with_fewer_dimensions(tmp_path: Path) -> None:
    """Axes that are too many are left out from the first one on."""
    image = read(
        build_image(
            tmp_path / "s.zarr",
            shape=(16, 16),
            axes="zyx",
            factors=[[1, 1]],
            transforms=[[{"type": "scale", "scale": [4.0, 0.5, 0.25]}]],
        )
    )

    assert ["y", "x"] == [axis.name for axis in image.multiscale.axes]
    assert [0.5, 0.25, 1.0] == np.diagonal(level_matrix(image.multiscale, 0)).tolist()
    assert "axes-length" in {p.kind for p in image.problems}


def test_several_multiscales(tmp_path: Path) -> None:
    """Every entry opens with its own levels; labels go with the first."""
    (case,) = (c for c in CASES if c.name == "two-multiscales")
    both = read(case.build(tmp_path / "s.zarr"))

    assert [(0, 2), (1, 1)] == [(c.index, len(c.levels)) for c in both.children]
    assert ["image", "second"] == [c.multiscale.name for c in both.children]


def test_nothing_there(tmp_path: Path) -> None:
    """A path where nothing is cannot be opened, and the error says where."""
    with pytest.raises(CannotOpen, match=r"nothing\.zarr"):
        read(tmp_path / "nothing.zarr")


def test_empty_group(tmp_path: Path) -> None:
    """A group without images or arrays is not OME-Zarr."""
    (tmp_path / "s.zarr").mkdir()
    (tmp_path / "s.zarr" / ".zgroup").write_text('{"zarr_format": 2}')

    with pytest.raises(NotOmeZarr, match="without images or arrays"):
        read(tmp_path / "s.zarr")


def test_limits_are_those_given(tmp_path: Path) -> None:
    """Levels beyond the limit are left out, and the problem says how many are shown."""
    path = build_image(tmp_path / "s.zarr", shape=(1, 1, 32, 32), levels=3)
    image = read(path, limits=Limits(levels=2))

    assert 2 == len(image.levels)
    assert any(p.level != "info" and "2" in p.message for p in image.problems)


def test_array_without_dimensions(tmp_path: Path) -> None:
    """An array of no dimension, or of too many, cannot be shown."""
    write_array(tmp_path / "0d", pixels(()), zarr_format=3, chunks=())
    write_array(tmp_path / "9d", pixels((1,) * 9), zarr_format=3, chunks=(1,) * 9)

    for name in ("0d", "9d"):
        with pytest.raises(NgffError, match="dimensions"):
            read(tmp_path / name)


def test_dimension_names_that_do_not_fit(tmp_path: Path) -> None:
    """Dimension names of another number than the dimensions are not used."""
    attributes = {"_ARRAY_DIMENSIONS": ["y"]}
    path = write_array(
        tmp_path / "a",
        pixels((4, 8)),
        zarr_format=2,
        chunks=(4, 4),
        attributes=attributes,
    )
    array = read(path)

    assert array.dimension_names is None
    assert ["dimension-names"] == [p.kind for p in array.problems]


def test_array_of_a_group(tmp_path: Path) -> None:
    """An array that no image above it lists opens as what it is."""
    path = build_image(tmp_path / "s.zarr")
    write_group(path / "more", zarr_format=2)
    write_array(path / "more" / "a", pixels((4, 8)), zarr_format=2, chunks=(4, 4))

    assert "more/a" == read(path / "more" / "a").node


@pytest.mark.parametrize("ndim", [2, 3, 6])
def test_version_without_axes(ndim: int, tmp_path: Path) -> None:
    """Where a version has no axes, an array of any dimensions has the usual ones."""
    shape = (1,) * (ndim - 2) + (8, 8)
    axes = ("dim_0", *"tczyx")[-ndim:]
    image = read(
        build_image(tmp_path / "s.zarr", version="0.2", shape=shape, axes=axes)
    )

    assert axes == tuple(axis.name for axis in image.multiscale.axes)
    assert level_matrix(image.multiscale, 0) is not None


def test_affine_of_too_many_axes(tmp_path: Path) -> None:
    """What cannot be cut to the array's dimensions is said to be unknown."""
    affine = {"type": "affine", "affine": [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 3, 0]]}
    image = read(
        build_image(
            tmp_path / "s.zarr",
            version="0.6",
            shape=(16, 16),
            axes="zyx",
            factors=[[1, 1]],
            transforms=[[affine]],
        )
    )

    assert level_matrix(image.multiscale, 0) is None


def test_unsafe_parameters(tmp_path: Path) -> None:
    """Parameters outside of the store are not read."""
    secret = write_array(
        tmp_path / "secret", pixels((2, 3), "float64"), zarr_format=3, chunks=(2, 3)
    )
    affine = {"type": "affine", "path": f"../{secret.name}"}
    image = read(
        build_image(
            tmp_path / "s.zarr",
            version="0.6",
            shape=(16, 16),
            axes="yx",
            levels=1,
            transforms=[[affine]],
        )
    )

    assert level_matrix(image.multiscale, 0) is None
    assert "transform-parameters" in {p.kind for p in image.problems}
