"""A lazy array has the methods of a numpy array."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from napari_ngff.storage.lazy import LazyArray, NumpySource

PIXELS = np.arange(24, dtype="u2").reshape(2, 3, 4)
WAVES = (PIXELS + 1j * PIXELS[::-1]).astype("c8")

# What a numpy array has because it is memory; and "tostring", which NumPy took away.
ABSENT = {
    "tostring",
    *("base", "ctypes", "data", "device", "flags", "setflags", "strides", "to_device"),
    *("dump", "dumps", "getfield"),
}


class Unreadable(NumpySource):
    """Pixels that must not be read."""

    def read(self, box):
        raise AssertionError(box)


def lazy_of(pixels):
    return LazyArray(NumpySource(pixels, (1, 2, 2)[-pixels.ndim :]))


@pytest.fixture
def lazy():
    """Give the lazy array of `PIXELS`."""
    return lazy_of(PIXELS)


def test_nothing_of_numpys_is_forgotten():
    """Every public attribute is there, but for what only memory has."""
    # NumPy 2.0 lists some that it took away, and tells so when they are asked for.
    listed = {name for name in dir(PIXELS) if hasattr(PIXELS, name)}
    public = {name for name in listed if not name.startswith("_")}

    assert public - set(dir(LazyArray)) <= ABSENT


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.argsort(axis=1),
        lambda a: a.argpartition(1, axis=-1).shape,
        lambda a: a[0, 0].choose(np.arange(16).reshape(4, 4)),
        lambda a: a.compress([True, False, True], axis=1),
        lambda a: a.compress([False, True]),
        lambda a: a.cumprod(axis=0),
        lambda a: a.cumsum(),
        lambda a: a.diagonal(1, 1, 2),
        lambda a: a[0].dot(PIXELS[1].T),
        lambda a: a[0, 0].searchsorted([1, 2], side="right"),
        lambda a: a.trace(axis1=1, axis2=2),
        lambda a: a.take([1, 2], axis=1),
        lambda a: a.repeat(2, axis=0),
        lambda a: a.byteswap(),
        lambda a: a.copy("F"),
        lambda a: a.tolist(),
        lambda a: a.tobytes(),
        lambda a: a.tobytes("F"),
        lambda a: list(a.flat),
        lambda a: a.flat[5:9],
        lambda a: a.T.flat[7],
        lambda a: len(a.flat),
    ],
)
@pytest.mark.parametrize("pixels", [PIXELS, PIXELS[:, ::-1, ::-1].astype("f4")])
def test_methods_give_what_numpys_give(call, pixels):
    """The same values and types, of whole arrays and of parts."""
    try:
        expected = call(pixels)
    except TypeError as error:  # numbers that are no indices
        with pytest.raises(type(error)):
            call(lazy_of(pixels))
        return
    actual = call(lazy_of(pixels))

    assert np.asarray(expected).dtype == np.asarray(actual).dtype
    assert np.asarray(expected).tolist() == np.asarray(actual).tolist()


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.real,
        np.real,
        lambda a: a.conj(),
        lambda a: a.conjugate()[0, ::-1],
        lambda a: a.mT,
        np.matrix_transpose,
        lambda a: a.swapaxes(0, 2),
    ],
)
@pytest.mark.parametrize("pixels", [PIXELS, WAVES, WAVES.astype("c16")])
def test_parts_of_numbers_are_lazy(call, pixels):
    """Nothing is read before it is needed; real numbers are their own real parts."""
    expected, actual = call(pixels), call(lazy_of(pixels))

    assert LazyArray is type(call(LazyArray(Unreadable(pixels))))
    assert expected.dtype == actual.dtype
    assert expected.tolist() == actual.tolist()
    assert expected.tolist() == pickle.loads(pickle.dumps(actual)).tolist()


def test_real_numbers_are_their_own_parts(lazy):
    """No other view is made of them."""
    assert lazy is lazy.real
    assert lazy is lazy.conj()


@pytest.mark.parametrize("pixels", [PIXELS, WAVES])
@pytest.mark.parametrize("imaginary", [np.imag, lambda a: a.imag])
def test_imaginary_parts(pixels, imaginary):
    """Zeros of the same type where the numbers are real, which take no memory."""
    expected, actual = imaginary(pixels), imaginary(lazy_of(pixels))

    assert expected.dtype == actual.dtype
    assert expected.tolist() == actual.tolist()
    if pixels is PIXELS:
        imaginary(LazyArray(Unreadable(pixels)))
        assert not any(actual.strides)


def test_parts_of_numbers_are_told_apart():
    """The real parts are not taken for the imaginary ones from a cache."""
    lazy = lazy_of(WAVES)

    assert 4 == len({a.identity for a in (lazy, lazy.real, lazy.imag, lazy.conj())})


def test_text_has_no_conjugate():
    """As in numpy."""
    with pytest.raises(TypeError, match="cannot conjugate"):
        lazy_of(np.array(["a"])).conj()


def test_a_line_has_no_matrix_transpose(lazy):
    """As in numpy."""
    with pytest.raises(ValueError, match="ndim < 2"):
        _ = lazy[0, 0].mT


@pytest.mark.parametrize(
    "at",
    [
        *[(), (0,), (5,), (-1,), (24,), (-25,), ((1, 2, 3),), (1, 2, 3), (1, -1, -1)],
        *[(2, 0, 0), (1, 2), ((1,),), ((),), (1.5,), ("a",)],
    ],
)
@pytest.mark.parametrize("index", [..., 0, (0, 0), (0, 0, 0), (slice(1),) * 3])
def test_item(lazy, at, index):
    """An item by its number or its place, or numpy's error."""
    try:
        expected = PIXELS[index].item(*at)
    except (IndexError, TypeError, ValueError) as error:
        with pytest.raises(type(error)):
            lazy[index].item(*at)
        return

    assert expected == lazy[index].item(*at)


@pytest.mark.parametrize(
    "call",
    [
        lambda a: a.fill(0),
        lambda a: a.put([0], 1),
        lambda a: a.sort(axis=0),
        lambda a: a.partition(1),
        lambda a: a.resize((3, 3)),
        lambda a: a.setfield(1, "u1"),
        lambda a: a.byteswap(inplace=True),
    ],
)
def test_methods_that_write_are_refused(lazy, call):
    """The error says what can be written to."""
    with pytest.raises(ValueError, match="compute"):
        call(lazy)


def test_flat_is_not_assigned_to(lazy):
    """What would change is a copy, so it is an error and not lost."""
    with pytest.raises(ValueError, match="read-only"):
        lazy.flat[0] = 1


def test_pixels_to_a_file(lazy, tmp_path):
    """As numpy writes them."""
    lazy.tofile(tmp_path / "a.raw")
    lazy[0, 0].tofile(tmp_path / "a.txt", sep=" ", format="%d")

    assert PIXELS.tobytes() == (tmp_path / "a.raw").read_bytes()
    assert "0 1 2 3" == (tmp_path / "a.txt").read_text()
