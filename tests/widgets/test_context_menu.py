"""Every entry of napari's layer context menu, on lazy arrays as on numpy's.

Runs napari's own actions on a viewer without a window, and holds what they make of
lazy arrays to what they make of numpy arrays.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np
import pytest
from napari._app_model.actions._layerlist_context_actions import (
    LAYERLIST_CONTEXT_ACTIONS,
)
from napari.components import ViewerModel

from napari_ngff.storage.lazy import LazyArray, NumpySource

ACTIONS = {action.id: action for action in LAYERLIST_CONTEXT_ACTIONS}
FOR_POINTS = {"napari.layer.border_colorbar", "napari.layer.face_colorbar"}
PLACE = {"scale": (2, 0.5, 0.25), "translate": (1, 10, 20)}


def lazy(array: np.ndarray) -> LazyArray:
    chunks = tuple(max(1, size // 3) for size in array.shape)
    return LazyArray(NumpySource(array, chunks))


def levels(array: np.ndarray) -> list[np.ndarray]:
    return [array, array[:, ::2, ::2], array[:, ::4, ::4]]


def volume(dtype: str, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (rng.random((5, 16, 12)) * 100).astype(dtype)


def one_image(viewer, make):
    viewer.add_image(make(volume("uint16")), contrast_limits=(0, 100), **PLACE)


def float_image(viewer, make):
    viewer.add_image(make(volume("float32")), contrast_limits=(0, 100), **PLACE)


def pyramid(viewer, make):
    viewer.add_image(
        [make(level) for level in levels(volume("uint16"))],
        multiscale=True,
        contrast_limits=(0, 100),
        **PLACE,
    )


def locked_pyramid(viewer, make):
    pyramid(viewer, make)
    viewer.layers[0].locked_data_level = 1


def labels(viewer, make):
    viewer.add_labels(make(volume("uint16")), **PLACE)


def label_pyramid(viewer, make):
    data = [make(level) for level in levels(volume("uint16"))]
    viewer.add_labels(data, multiscale=True, **PLACE)


def rgb_image(viewer, make):
    viewer.add_image(make(volume("uint8")[..., :3]), rgb=True)


def rgb_pyramid(viewer, make):
    data = volume("uint8").repeat(2, axis=0)[..., :3]
    pyramid = [make(data), make(data[::2, ::2])]
    viewer.add_image(pyramid, rgb=True, multiscale=True)


def three_images(viewer, make):
    for seed, colormap in enumerate(("red", "green", "blue")):
        viewer.add_image(
            make(volume("uint8", seed)),
            colormap=colormap,
            contrast_limits=(0, 255),
            **PLACE,
        )


def three_pyramids(viewer, make):
    for seed, colormap in enumerate(("red", "green", "blue")):
        viewer.add_image(
            [make(level) for level in levels(volume("uint8", seed))],
            multiscale=True,
            colormap=colormap,
            contrast_limits=(0, 255),
            **PLACE,
        )


def image_and_labels(viewer, make):
    one_image(viewer, make)
    labels(viewer, make)


SETUPS = [
    one_image,
    float_image,
    pyramid,
    locked_pyramid,
    labels,
    label_pyramid,
    rgb_image,
    rgb_pyramid,
    three_images,
    three_pyramids,
    image_and_labels,
]


@cache
def outcome(action_id: str, setup, make) -> tuple[str, list[dict[str, Any]]]:
    """Return the error's name, or nothing and what each layer is afterwards."""
    viewer = ViewerModel()
    setup(viewer, make)
    for layer in viewer.layers:
        layer.name = f"layer {viewer.layers.index(layer)}"
    viewer.layers.selection = set(viewer.layers)
    viewer.layers.selection.active = viewer.layers[-1]
    if len(viewer.layers) > 1:
        viewer.layers.selection = set(viewer.layers)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ACTIONS[action_id].callback(viewer.layers)
    except Exception as error:  # noqa: BLE001 - compared with that of numpy
        return type(error).__name__, []
    return "", [state(layer) for layer in viewer.layers]


def state(layer) -> dict[str, Any]:
    arrays = list(layer.data) if layer.multiscale else [layer.data]
    colormap = getattr(layer, "colormap", None)
    return {
        "type": type(layer).__name__,
        "name": layer.name,
        "visible": layer.visible,
        "locked": layer.locked,
        "multiscale": layer.multiscale,
        "rgb": getattr(layer, "rgb", False),
        "scale": layer.scale.tolist(),
        "translate": layer.translate.tolist(),
        "affine": layer.affine.affine_matrix.tolist(),
        "units": [str(unit) for unit in layer.units],
        "axis_labels": layer.axis_labels,
        "contrast_limits": getattr(layer, "contrast_limits", None),
        "colormap": getattr(colormap, "name", None),
        "overlays": (layer.bounding_box.visible, layer.name_overlay.visible),
        "arrays": [np.asarray(array) for array in arrays],
    }


def assert_same(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    expected, actual = dict(expected), dict(actual)
    left, right = expected.pop("arrays"), actual.pop("arrays")
    # napari measures what is not numpy's in a few planes
    whole, measured = expected.pop("contrast_limits"), actual.pop("contrast_limits")
    assert expected == actual
    assert whole is measured or (whole[0] <= measured[0] <= measured[1] <= whole[1])
    assert len(left) == len(right)
    for one, other in zip(left, right, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=1e-6)  # sums in other orders


@pytest.mark.parametrize("setup", SETUPS, ids=lambda setup: setup.__name__)
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_lazy_arrays_do_what_numpy_arrays_do(action, setup):
    """The same layers come out, or the same error."""
    error, expected = outcome(action, setup, np.asarray)

    failed, actual = outcome(action, setup, lazy)

    assert error == failed
    assert len(expected) == len(actual)
    for one, other in zip(expected, actual, strict=True):
        assert_same(one, other)


@pytest.mark.parametrize("action", sorted(ACTIONS.keys() - FOR_POINTS))
def test_each_entry_works_somewhere(action):
    """No entry fails in every case above: that would compare errors alone."""
    outcomes = [outcome(action, setup, lazy)[0] for setup in SETUPS]

    assert "" in outcomes


def test_splitting_a_stack_reads_the_contrast_alone():
    """A plane of a split stack is a view: its pixels are read when it is shown."""
    viewer = ViewerModel()
    one_image(viewer, lazy)

    ACTIONS["napari.layer.split_stack"].callback(viewer.layers)

    assert [True] * 5 == [isinstance(layer.data, LazyArray) for layer in viewer.layers]
