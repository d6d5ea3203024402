"""Labels layers as labels of an image that is stored, on that image's pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.build import build_image
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.add_labels import add_labels
from napari_ngff.layers.extract import Part, read_layers
from napari_ngff.layers.read import read_layers as open_layers
from napari_ngff.layers.writing.adding import addition, is_target, names_taken
from napari_ngff.layers.writing.origins import read_origins

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.writing.adding import Addition

SCALE, TRANSLATE = (2.0, 0.5, 0.25), (10.0, 20.0, 30.0)
SHAPE = (6, 32, 24)


def image(path: Path, axes: str = "czyx", **options: Any) -> LayerData:
    """Return a layer of an image that is stored."""
    sizes = {"c": 2, "t": 3, "z": 6, "y": 32, "x": 24}
    scales = dict(zip("zyx", SCALE, strict=True))
    places = dict(zip("zyx", TRANSLATE, strict=True))
    store = build_image(
        path / "a.zarr",
        shape=tuple(sizes[a] for a in axes),
        axes=axes,
        levels=2,
        scale=tuple(scales.get(a, 1) for a in axes),
        translation=tuple(places.get(a, 0) for a in axes),
        **options,
    )
    return open_layers(store)[0]


def painted(pixels: Any, **state: Any) -> LayerData:
    """Return a labels layer on the pixels of that image."""
    ndim = pixels.ndim
    place = {"scale": SCALE[-ndim:], "translate": TRANSLATE[-ndim:]}
    return pixels, {"name": "mine", **place, **state}, "labels"


def add(target: LayerData, layer: LayerData) -> Addition:
    """Turn a layer into labels of an image."""
    return addition(target, layer, "mine", read_origins([target]))


def labels(seed: int = 0, shape: tuple[int, ...] = SHAPE) -> Any:
    """Labels all over."""
    return np.random.default_rng(seed).integers(0, 9, shape).astype("u2")


def saved(target: LayerData, layer: LayerData) -> LayerData:
    """Add labels, and open the image again."""
    found = add(target, layer)
    add_labels(found.store, found.node, [found.label])
    [again] = [each for each in open_layers(found.store) if each[2] == "labels"]
    return again


ORDERED = ("czyx", "zyx", "xzy")  # as 0.4 and 0.5 want them


@pytest.mark.parametrize(
    ("axes", "version"),
    [
        *((axes, version) for axes in ORDERED for version in ("0.4", "0.5", "0.6")),
        ("zcyx", "0.6"),
        ("xyzc", "0.6"),
    ],
)
def test_labels_are_where_they_were_drawn(
    axes: str, version: str, tmp_path: Path
) -> None:
    """In napari's place and pixels, whatever the order of the file's axes."""
    target = image(tmp_path, axes, version=version)

    order = ["zyx".index(axis) for axis in axes if axis != "c"]
    pixels = labels().transpose(order)
    scale, translate = np.take(SCALE, order), np.take(TRANSLATE, order)

    data, state, _ = saved(target, painted(pixels, scale=scale, translate=translate))

    np.testing.assert_array_equal(data[0].compute(), pixels)
    np.testing.assert_allclose(state["scale"], scale)
    np.testing.assert_allclose(state["translate"], translate)
    assert "mine" == state["name"]


def test_a_part_is_put_in_its_place(tmp_path: Path) -> None:
    """What the labels do not cover is background; empty margins may stick out."""
    pixels = labels(shape=(3, 10, 30))
    pixels[:, :, 20:] = 0
    layer = painted(pixels, translate=(10 + 2 * 2, 20 + 0.5 * 5, 30 + 0.25 * 4))

    data, _, _ = saved(image(tmp_path), layer)

    expected = np.zeros(SHAPE, "u2")
    expected[2:5, 5:15, 4:24] = pixels[:, :, :20]
    np.testing.assert_array_equal(data[0].compute(), expected)


def test_labels_that_stick_out_are_refused(tmp_path: Path) -> None:
    """None of them is cut off unasked."""
    layer = painted(labels(), translate=(10, 20, 30.25))

    with pytest.raises(CannotSave, match="outside of the image"):
        add(image(tmp_path), layer)


@pytest.mark.parametrize(
    "place",
    [
        {"scale": (2, 0.5, 0.5)},
        {"translate": (10, 20.25, 30)},
        {"rotate": 10.0},
        {"scale": (2, 0.5, 0.252)},
    ],
)
def test_labels_beside_the_pixels_are_refused(place: Any, tmp_path: Path) -> None:
    """Another pixel size, a turn, half a pixel: it says what to do instead."""
    with pytest.raises(CannotSave, match=r"do not lie on the pixels.*Save As"):
        add(image(tmp_path), painted(labels(), **place))


def test_the_image_may_have_been_moved(tmp_path: Path) -> None:
    """Labels are on the pixels that they are seen on, wherever both are."""
    data, state, kind = image(tmp_path)
    state = {**state, "scale": (1, 1, 1), "translate": (0, 0, 5)}
    layer = painted(labels(), scale=(1, 1, 1), translate=(0, 0, 5))

    found, state, _ = saved((data, state, kind), layer)

    np.testing.assert_array_equal(found[0].compute(), labels())
    np.testing.assert_allclose(state["scale"], SCALE)


def test_fewer_and_more_axes(tmp_path: Path) -> None:
    """A plane; an axis of length 1 in front; more than that is refused."""
    target = image(tmp_path)
    plane = add(target, painted(labels(shape=SHAPE[1:])))
    assert ("y", "x") == tuple(a.name for a in plane.label.image.multiscale.axes)

    more = labels(shape=(1, *SHAPE))
    layer = painted(more, scale=(1, *SCALE), translate=(0, *TRANSLATE))
    assert SHAPE == add(target, layer).label.image.levels[0].shape

    several = labels(shape=(2, *SHAPE))
    with pytest.raises(CannotSave, match="have 4 axes, the image 3"):
        add(target, painted(several, scale=(1, *SCALE), translate=(0, *TRANSLATE)))


def test_looks_and_losses(tmp_path: Path) -> None:
    """Colours and features go along."""
    layer = painted(
        labels(),
        colormap={1: np.array([1, 0, 0, 1.0]), None: np.array([0, 0, 0, 0.0])},
        features={"index": [1, 2], "class": ["a", "b"]},
    )

    found = add(image(tmp_path), layer)

    assert {1: (255, 0, 0, 255)} == found.label.image_label.colors
    assert {1: {"class": "a"}, 2: {"class": "b"}} == found.label.image_label.properties


def test_what_can_get_labels(tmp_path: Path) -> None:
    """Layers of stored images, whole ones; and only while the file is as it was."""
    target = image(tmp_path, labels={"cells": {"axes": "zyx", "shape": SHAPE}})
    others = open_layers(tmp_path / "a.zarr")
    data, state, kind = target
    generator = read_layers(
        [(data, {**state, "affine": np.eye(4)}, kind)],
        Part(level=0, box=((0, 1), (0, 32), (0, 24))),
    )
    part = None
    while part is None:
        try:
            next(generator)
        except StopIteration as end:
            [part] = end.value

    assert is_target(target)
    assert [True, True, False] == [is_target(layer) for layer in others]
    assert not is_target(part)
    assert not is_target((np.zeros((4, 4)), {}, "image"))
    assert {"cells"} == names_taken(target, read_origins([target]))
    with pytest.raises(CannotSave, match="Open it again"):
        addition(target, painted(labels()), "mine", {})
