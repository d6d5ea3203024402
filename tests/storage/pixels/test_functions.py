"""Numpy's functions and operators take lazy arrays."""

from __future__ import annotations

import operator

import numpy as np
import pytest

from napari_ngff.storage.lazy import LazyArray, NumpySource

PIXELS = np.arange(24, dtype="u2").reshape(2, 3, 4)
BINARY = (
    "add sub mul truediv floordiv mod pow and_ or_ xor lshift rshift lt le eq ne gt ge"
)


@pytest.fixture
def lazy():
    """Give the lazy array of `PIXELS`."""
    return LazyArray(NumpySource(PIXELS, (1, 2, 2)))


@pytest.mark.parametrize("name", BINARY.split())
def test_operators(lazy, name):
    """Every operator works with numbers, arrays and lazy arrays on either side."""
    act = getattr(operator, name)
    other = np.full((3, 4), 2, "u2")
    pairs = [
        (act(PIXELS, 2), act(lazy, 2)),
        (act(PIXELS, other), act(lazy, other)),
        (act(other, PIXELS + 1), act(other, LazyArray(NumpySource(PIXELS + 1)))),
        (act(PIXELS, PIXELS[:1] + 1), act(lazy, lazy[:1] + 1)),
    ]

    for expected, actual in pairs:
        assert np.ndarray is type(actual)
        assert expected.dtype == actual.dtype
        assert expected.tolist() == actual.tolist()


@pytest.mark.parametrize("name", ["neg", "pos", "abs", "invert"])
def test_unary_operators(lazy, name):
    """Unary operators work."""
    act = getattr(operator, name)

    assert act(PIXELS).tolist() == act(lazy).tolist()


def test_matrix_product(lazy):
    """The matrix product works."""
    assert (PIXELS @ PIXELS[0].T).tolist() == (lazy @ lazy[0].T).tolist()


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.median(a, axis=0),
        lambda a: np.percentile(a, [1, 99]),
        lambda a: np.quantile(a, 0.3, axis=(0, 2)),
        lambda a: np.concatenate([a, a], axis=1),
        lambda a: np.block([[a, a]]),
        lambda a: np.where(a > 3, a, 0),
        lambda a: np.sort(a, axis=1),
        lambda a: np.unique(a),
        lambda a: np.histogram(a, 5)[0],
        lambda a: np.pad(a, 1),
        lambda a: np.rot90(a),
        lambda a: np.dot(a[0], a[1].T),
        lambda a: np.einsum("ijk->kj", a),
        lambda a: np.isfinite(a),
        lambda a: np.sqrt(a),
        lambda a: np.add.reduce(a, axis=1),
        lambda a: np.add.outer(a[0, 0], a[0, 1]),
        lambda a: np.cumsum(a, axis=1),
        lambda a: np.broadcast_to(a, (2, 2, 3, 4)),
        lambda a: np.copy(a),
        lambda a: np.clip(a, 2, 9),
        lambda a: np.take(a, [1, 2], axis=1),
        lambda a: np.ravel(a),
        lambda a: np.array_equal(a, PIXELS),
        lambda a: np.stack([a[0], np.ones((3, 4))]),
        lambda a: np.stack([a[0], a[1]], axis=-1, dtype="f4"),
        lambda a: np.reshape(a, (6, 4)),
        lambda a: np.nanmean(a, axis=1),
        lambda a: a.clip(3, 5),
        lambda a: a.flatten(),
        lambda a: a.ravel(),
        lambda a: a.round(),
        lambda a: a.nonzero()[1],
        lambda a: np.asarray(a, copy=True),
    ],
)
def test_functions_that_read(lazy, call):
    """Functions without a shape of their own read, and give what numpy gives."""
    expected, actual = np.asarray(call(PIXELS)), call(lazy)

    assert not isinstance(actual, LazyArray)
    assert expected.dtype == np.asarray(actual).dtype
    assert expected.tolist() == np.asarray(actual).tolist()


@pytest.mark.parametrize(
    "call",
    [
        np.transpose,
        lambda a: np.transpose(a, (2, 0, 1)),
        lambda a: np.swapaxes(a, 0, -1),
        lambda a: np.moveaxis(a, 0, -1),
        lambda a: np.moveaxis(a, [0, 2], [1, 0]),
        lambda a: np.expand_dims(a, 1),
        lambda a: np.expand_dims(a, (0, -1)),
        lambda a: np.squeeze(a[:, :1]),
        lambda a: np.squeeze(a[:, :1], axis=1),
        np.flip,
        lambda a: np.flip(a, (0, 2)),
        np.flipud,
        np.fliplr,
        lambda a: np.reshape(a, (2, 1, 3, 4)),
        lambda a: np.astype(a, np.float32),
        lambda a: np.stack([a[0], a[1]]),
        lambda a: np.stack([a[0], a[1].astype("f4")], axis=-1)[1:, ::-1],
        lambda a: np.stack([a, a], axis=2).T,
    ],
)
def test_functions_that_stay_lazy(lazy, call):
    """Functions that only move axes give a lazy array of numpy's shape and pixels."""
    expected, actual = call(PIXELS), call(lazy)

    assert LazyArray is type(actual)
    assert expected.dtype == actual.dtype
    assert expected.shape == actual.shape
    assert expected.tolist() == actual.tolist()


def test_functions_of_shape_alone_do_not_read():
    """Shapes, types and arrays like another one need no pixels."""

    class Unreadable(NumpySource):
        def read(self, box):
            raise AssertionError

    lazy = LazyArray(Unreadable(PIXELS))

    assert ((2, 3, 4), 3, 24) == (np.shape(lazy), np.ndim(lazy), np.size(lazy))
    assert np.dtype("f4") == np.result_type(lazy, np.float32(1))
    assert np.zeros_like(PIXELS).tolist() == np.zeros_like(lazy).tolist()
    assert (2, 3, 4) == np.empty_like(lazy, dtype="f8").shape
    assert not np.iscomplexobj(lazy)
    assert not np.shares_memory(lazy, PIXELS)


@pytest.mark.parametrize(
    "call",
    [
        lambda a: np.moveaxis(a, 0, (1, 2)),
        lambda a: np.moveaxis(a, 5, 0),
        lambda a: np.squeeze(a, axis=0),
        lambda a: np.expand_dims(a, 9),
        lambda a: np.stack([a, a], axis=7),
        lambda a: np.swapaxes(a, 0, 3),
        lambda a: np.flip(a, 3),
    ],
)
def test_what_numpy_refuses_is_refused(lazy, call):
    """A wrong axis raises the same kind of error as in numpy."""
    with pytest.raises(ValueError) as expected:  # noqa: PT011
        call(PIXELS)
    with pytest.raises(ValueError) as actual:  # noqa: PT011
        call(lazy)

    assert expected.type is actual.type


def test_other_kinds_of_arrays_decide_for_themselves(lazy):
    """A function of a lazy array and a foreign array is left to the foreign one."""

    class Foreign:
        def __array_function__(self, func, types, args, kwargs):
            return "foreign"

    assert "foreign" == np.concatenate([lazy, Foreign()])
