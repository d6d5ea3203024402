"""A lazy array equals the numpy array of the same pixels, and reads late."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from napari_ngff.core.problems import TooLargeForMemory
from napari_ngff.storage.lazy import LazyArray, NumpySource
from napari_ngff.storage.pixels import memory

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=7)


@dataclass(frozen=True, eq=False)
class Counting(NumpySource):
    """A source that remembers what was read from it."""

    reads: list = field(default_factory=list)

    def read(self, box):
        self.reads.append(tuple((part.start, part.stop) for part in box))
        return super().read(box)


def counted(shape, dtype="u2"):
    """Return an array whose items tell where they are."""
    return np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)


def lazy_of(pixels, chunks=()):
    """Return a lazy array that counts its reads, and those reads."""
    source = Counting(pixels, chunks)
    return LazyArray(source), source.reads


@st.composite
def arrays(draw, shapes=SHAPES):
    """Draw a numpy array and the lazy array of the same pixels."""
    pixels = counted(draw(shapes))
    chunks = draw(hnp.array_shapes(min_dims=pixels.ndim, max_dims=pixels.ndim))
    return pixels, LazyArray(NumpySource(pixels, chunks if pixels.ndim else ()))


@st.composite
def advanced(draw):
    """Draw an array and an index of it with integer arrays, slices and integers."""
    shapes = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=6)
    pixels, lazy = draw(arrays(shapes))
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=2, max_side=3))
    parts = []
    for n in pixels.shape:
        whole = hnp.arrays(np.intp, shape, elements=st.integers(-n, n - 1))
        parts.append(draw(st.one_of(whole, st.slices(n), st.integers(-n, n - 1))))
        if draw(st.booleans()):
            parts.append(None)
    return pixels, lazy, tuple(parts[: draw(st.integers(1, len(parts)))])


@given(arrays(), st.data())
def test_basic_indices(pair, data):
    """Every basic index gives another lazy array, equal to numpy's."""
    pixels, lazy = pair
    key = data.draw(
        hnp.basic_indices(pixels.shape, allow_newaxis=True, allow_ellipsis=True)
    )
    view = lazy[key]

    assert LazyArray is type(view)
    assert np.shape(pixels[key]) == view.shape
    assert np.asarray(pixels[key]).tolist() == np.asarray(view).tolist()


@given(advanced())
def test_integer_arrays_as_indices(case):
    """Integer arrays mixed with slices, integers and new axes give what numpy gives."""
    pixels, lazy, key = case
    expected = pixels[key]

    assert expected.tolist() == np.asarray(lazy[key]).tolist()


@given(arrays(), st.data())
def test_boolean_arrays_as_indices(pair, data):
    """A mask over the first axes gives what numpy gives."""
    pixels, lazy = pair
    ndim = data.draw(st.integers(0, pixels.ndim))
    mask = data.draw(hnp.arrays(bool, pixels.shape[:ndim]))

    assert pixels[mask].tolist() == lazy[mask].tolist()


@pytest.mark.parametrize(
    "key",
    [[0, 2], [], [True, False, True], ([0, 1], [1, 0]), [[0, 1], [2, 2]], True, False],
)
def test_lists_as_indices(key):
    """Lists mean what they mean to numpy."""
    pixels = counted((3, 4, 5))

    assert pixels[key].tolist() == LazyArray(NumpySource(pixels))[key].tolist()


@pytest.mark.parametrize(
    "key",
    [
        [3],
        [-4],
        np.array([0.5]),
        "name",
        1.5,
        np.ones(4, bool),
        (0, 0, 0, 0),
        ([0], [0], [0], [0]),
    ],
)
def test_what_numpy_refuses_is_refused(key):
    """An index that numpy refuses raises IndexError too."""
    pixels = counted((3, 4, 5))
    with pytest.raises(IndexError):
        pixels[key]

    with pytest.raises(IndexError):
        LazyArray(NumpySource(pixels))[key]


def test_arrays_as_indices_read_their_bounding_box():
    """Only the box around what is asked for is read."""
    lazy, reads = lazy_of(counted((10, 10, 10)))
    lazy[[2, 4], :3, [7, 6]]

    assert [((2, 5), (0, 3), (6, 8))] == reads


def test_nothing_is_read_before_pixels_are_needed():
    """Indexing, transposing, casting and describing read nothing."""
    lazy, reads = lazy_of(counted((4, 5, 6)))
    view = lazy[1:, None, ::-1].T.astype("f4")[..., 0].squeeze().swapaxes(0, 1)
    repr(view), view.shape, view.nbytes, view.chunks, len(view), list(view)
    np.moveaxis(np.flip(np.expand_dims(view, 0)), 0, -1), np.zeros_like(view)

    assert [] == reads


def test_one_plane_of_a_stack_is_read_as_napari_asks_for_it():
    """First the displayed ranges, then the plane: one plane is read."""
    lazy, reads = lazy_of(counted((3, 8, 64, 64)))
    view = lazy[:, :, np.int64(8) : np.int64(40) : 1, 0:64:1]
    pixels = np.asarray(view[(1, 5, slice(None), slice(None))])

    assert counted((3, 8, 64, 64))[1, 5, 8:40].tolist() == pixels.tolist()
    assert [((1, 2), (5, 6), (8, 40), (0, 64))] == reads


def test_steps_over_chunks_leave_them_unread():
    """A step longer than a chunk does not read what lies between."""
    lazy, reads = lazy_of(counted((100, 4)), (5, 4))
    np.asarray(lazy[::50])

    assert [((0, 1), (0, 4)), ((50, 51), (0, 4))] == reads


@given(arrays(), st.data())
def test_reversed_and_stepped_blocks(pair, data):
    """Reading in many small blocks gives the same pixels."""
    pixels, lazy = pair
    key = data.draw(hnp.basic_indices(pixels.shape))
    out = np.empty(np.shape(pixels[key]), pixels.dtype)
    for block, part in lazy[key].pieces(8):
        out[block] = part

    assert np.asarray(pixels[key]).tolist() == out.tolist()


@pytest.mark.parametrize("axes", [(), (None,), (0, 2, 1), ((1, 2, 0),), (-1, 0, 1)])
def test_transpose(axes):
    """All the ways to call transpose."""
    pixels = counted((2, 3, 4))
    view = LazyArray(NumpySource(pixels)).transpose(*axes)

    assert LazyArray is type(view)
    assert pixels.transpose(*axes).tolist() == view.tolist()


@pytest.mark.parametrize("axes", [(0, 1), (0, 0, 1), (0, 1, 3)])
def test_wrong_axes_are_refused(axes):
    """Axes that are missing, doubled or not there raise, as in numpy."""
    pixels = counted((2, 3, 4))
    with pytest.raises(ValueError):  # noqa: PT011  (AxisError is one)
        pixels.transpose(axes)

    with pytest.raises(ValueError):  # noqa: PT011
        LazyArray(NumpySource(pixels)).transpose(axes)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        ((2, 1, 3, 4), LazyArray),
        ((2, 3, 4, 1, 1), LazyArray),
        ((1, -1, 3, 4), LazyArray),
        ((6, 4), np.ndarray),
        ((-1,), np.ndarray),
    ],
)
def test_reshape(shape, kind):
    """Axes of length one come and go lazily; any other shape reads."""
    pixels = counted((1, 2, 3, 4))
    found = LazyArray(NumpySource(pixels)).reshape(shape)

    assert kind is type(found)
    assert pixels.reshape(shape).tolist() == found.tolist()


def test_reshape_to_another_size_is_refused():
    """A shape of another size raises, as in numpy."""
    with pytest.raises(ValueError, match="cannot reshape"):
        LazyArray(NumpySource(counted((2, 3)))).reshape(7)


def test_astype_and_view_stay_lazy():
    """Types change when pixels are read, in any order with indices."""
    pixels = counted((3, 4)) + 300
    lazy, reads = lazy_of(pixels)
    cast, viewed = lazy.astype("u1")[1:].T, lazy[::2].view("i2")

    assert [] == reads
    assert (np.dtype("u1"), np.dtype("i2")) == (cast.dtype, viewed.dtype)
    assert pixels.astype("u1")[1:].T.tolist() == cast.tolist()
    assert pixels[::2].view("i2").tolist() == viewed.tolist()
    assert pixels.view("u1").tolist() == lazy.view("u1").tolist()
    assert lazy is lazy.astype(lazy.dtype)
    assert lazy is lazy.view()
    assert lazy is lazy.view("u2")


def test_astype_keeps_to_the_casting_rule():
    """A conversion that the rule forbids is refused, as numpy refuses it."""
    with pytest.raises(TypeError, match="safe"):
        LazyArray(NumpySource(counted(3, "f8"))).astype("u1", casting="safe")


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (2, 3)])
def test_what_it_says_of_itself(shape):
    """Shape, sizes and type are those of the numpy array."""
    pixels = counted(shape)
    lazy = LazyArray(NumpySource(pixels))

    for name in ("shape", "dtype", "ndim", "size", "nbytes", "itemsize"):
        assert getattr(pixels, name) == getattr(lazy, name)


def test_it_tells_what_it_is():
    """The text of a lazy array has shape, type, chunks and source."""
    lazy = LazyArray(NumpySource(counted((4, 6)), (2, 3)))
    expected = "<LazyArray shape=(4, 3) dtype=uint16 chunks=(2, 1) of "

    assert repr(lazy[:, ::2]).startswith(expected)


def test_length_and_iteration():
    """A lazy array has a length and gives lazy rows; one without axes has neither."""
    lazy = LazyArray(NumpySource(counted((3, 2))))

    assert len(lazy) == 3
    assert [[0, 1], [2, 3], [4, 5]] == [row.tolist() for row in lazy]
    with pytest.raises(TypeError):
        len(lazy[0, 0])
    with pytest.raises(TypeError):
        iter(lazy[0, 0])


def test_membership():
    """The `in` operator looks at the pixels."""
    lazy = LazyArray(NumpySource(counted((3, 2)), (1, 1)))

    assert 5 in lazy
    assert 6 not in lazy


def test_scalars():
    """One item is a number."""
    lazy = LazyArray(NumpySource(counted((2, 3))))

    assert (5, 5.0, 5, 5 + 0j) == (
        int(lazy[1, 2]),
        float(lazy[1:, 2:]),
        lazy[1, 2].item(),
        complex(lazy[1, 2]),
    )
    assert (4, 4, 5) == (lazy.item(4), lazy.item((1, 1)), lazy.item(1, 2))
    assert "abcdef"[lazy[1, 2]] == "f"
    assert lazy[0, 1]
    assert not lazy[0, 0]
    with pytest.raises(ValueError, match="ambiguous"):
        bool(lazy)
    with pytest.raises(ValueError, match="size 1"):
        lazy.item()
    with pytest.raises(TypeError, match="index"):
        lazy.__index__()


@pytest.mark.parametrize(
    "assign",
    [
        lambda lazy: lazy.__setitem__(0, 1),
        lambda lazy: lazy.__iadd__(1),
        lambda lazy: np.add(1, 2, out=lazy),
        lambda lazy: np.add.at(lazy, 0, 1),
        lambda lazy: np.sum([[1], [2]], axis=1, out=lazy),
        lambda lazy: np.copyto(lazy, 1),
        lambda lazy: np.put(lazy, 0, 1),
    ],
)
def test_assignment_is_refused(assign):
    """No way of assigning works, and the message says what does."""
    lazy = LazyArray(NumpySource(counted((2,))))

    with pytest.raises(ValueError, match=r"compute\(\)"):
        assign(lazy)


def test_what_is_read_is_the_callers_own():
    """Arrays that were read may be written to, and nothing else changes."""
    pixels = counted((4, 4))
    lazy = LazyArray(NumpySource(pixels))
    for own in (np.asarray(lazy), np.asarray(lazy.T), lazy.compute(), lazy.copy()):
        own[...] = 99

    assert counted((4, 4)).tolist() == lazy.tolist()


def test_conversion_to_numpy():
    """A type may be asked for; a view of the pixels may not."""
    lazy = LazyArray(NumpySource(counted((2,))))

    assert np.dtype("f4") == np.asarray(lazy, "f4").dtype
    with pytest.raises(ValueError, match="copy"):
        np.array(lazy, copy=False)


def test_copies_are_the_same_lazy_array():
    """A layer that is duplicated shares its pixels."""
    lazy, reads = lazy_of(counted((2,)))

    assert lazy is copy.deepcopy([lazy])[0]
    assert lazy is copy.copy(lazy)
    assert [] == reads


def test_pickling():
    """A view survives pickling."""
    lazy = LazyArray(NumpySource(counted((4, 6))))[1, ::-2].T

    assert lazy.tolist() == pickle.loads(pickle.dumps(lazy)).tolist()


def test_views_of_the_same_pixels_have_one_identity():
    """Identity says which pixels are shown, not by which steps one came there."""
    lazy = LazyArray(NumpySource(counted((4, 6))))

    assert lazy[1:][1:].identity == lazy[2:].identity
    assert lazy[1:].identity != lazy[2:].identity
    assert lazy.astype("f4").identity != lazy.identity


@pytest.mark.parametrize(
    "key", [np.s_[...], np.s_[0, ::-1, 3:], np.s_[None, :, ::3, 0], np.s_[:0]]
)
def test_to_dask(key):
    """The dask array has the same pixels, and its blocks are chunks."""
    pixels = counted((4, 9, 11))
    array = LazyArray(NumpySource(pixels, (1, 4, 5)))[key].to_dask()

    assert pixels[key].tolist() == array.compute(scheduler="sync").tolist()
    assert array.dtype == pixels.dtype


def test_dask_blocks_are_chunks():
    """One task a chunk, also where a view begins inside one; equal views, one name."""
    lazy = LazyArray(NumpySource(counted((10, 9)), (4, 9)))[3:]

    assert ((1, 4, 2), (9,)) == lazy.to_dask().chunks
    assert lazy.to_dask().name == lazy.to_dask().name


@pytest.fixture
def little_memory():
    """Let no operation hold more than 1000 bytes."""
    memory.set_operation_limit(1000)
    yield
    memory.set_operation_limit(None)


@pytest.mark.usefixtures("little_memory")
def test_what_does_not_fit_in_memory_is_refused():
    """What would not fit is not begun, and the error names the way out."""
    lazy, reads = lazy_of(counted((100, 100)), (1, 100))

    for operation in (np.asarray, np.negative, np.sort, lambda a: a[a.T[0] > 1]):
        with pytest.raises(TooLargeForMemory, match=r"to_dask\(\)"):
            operation(lazy)
    assert lazy.sum() == counted((100, 100)).sum()
    assert (1, 100) == np.asarray(lazy[:1]).shape
    assert all(rows[1] - rows[0] <= 100 for rows, _ in reads)


def test_dask_is_imported_by_to_dask_alone():
    """Using lazy arrays imports neither dask, zarr nor napari."""
    code = (
        "import sys, numpy as np; from napari_ngff.storage.lazy import *;"
        "a = LazyArray(NumpySource(np.ones((9, 9)), (3, 3)));"
        "a[1:].sum(0); np.stack([a, a]).max(); a + 1; a[[1, 2]]; repr(a);"
        "print([m for m in ('dask', 'zarr', 'napari') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert ("[]\n", "") == (ran.stdout, ran.stderr)
