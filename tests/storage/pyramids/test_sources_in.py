"""What may be saved: every kind of array gives the same pixels, read past caches."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
import pytest
import zarr

from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.location import open_location
from napari_ngff.storage.pixels.cache import CACHE
from napari_ngff.storage.pixels.source import (
    CastSource,
    NumpySource,
    Source,
    StackSource,
)
from napari_ngff.storage.pyramids.sources_in import (
    DaskSource,
    LazySource,
    SlicedSource,
    decoded_at_once,
    source_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari_ngff.storage.pixels.indexing import Box

SHAPE = (5, 12, 10)
PIXELS = np.arange(np.prod(SHAPE), dtype="u2").reshape(SHAPE)
BOX = (slice(1, 4), slice(0, 7), slice(9, 10))


class Sliced:
    """An array that knows nothing but slicing."""

    shape, dtype = SHAPE, PIXELS.dtype

    def __getitem__(self, key: Any) -> list[Any]:
        return PIXELS[key].tolist()


def _stored(folder: Path) -> zarr.Array[Any]:
    array = zarr.create_array(folder / "0", shape=SHAPE, dtype="u2", chunks=(2, 5, 5))
    array[...] = PIXELS
    return array


def _lazy(folder: Path) -> LazyArray:
    _stored(folder)
    found = open_location(folder / "0")
    document = found.document(found.node)
    assert document is not None
    return found.array(document)


def _in_memory() -> zarr.Array[Any]:
    array = zarr.create_array({}, shape=SHAPE, dtype="u2", chunks=(2, 5, 5))
    array[...] = PIXELS
    return array


def _stack(folder: Path) -> LazyArray:
    lazy = _lazy(folder)
    return LazyArray(StackSource(tuple(lazy[i] for i in range(5)), lazy.dtype))


KINDS: dict[str, Callable[[Path], Any]] = {
    "numpy": lambda folder: PIXELS,
    "numpy, big-endian": lambda folder: PIXELS.astype(">u2"),
    "numpy, order F": lambda folder: np.asfortranarray(PIXELS),
    "dask": lambda folder: da.from_array(PIXELS, chunks=(2, 5, 5)),
    "zarr in a folder": _stored,
    "zarr in memory": lambda folder: _in_memory(),
    "lazy": _lazy,
    "lazy, reversed": lambda folder: LazyArray(NumpySource(PIXELS[::-1]))[::-1],
    "lazy, cast": lambda folder: _lazy(folder).astype("u2").view("i2").view("u2"),
    "lazy, permuted": lambda folder: LazyArray(NumpySource(PIXELS.T)).T,
    "a stack": _stack,
    "a source": lambda folder: NumpySource(PIXELS),
    "anything": lambda folder: Sliced(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_its_pixels(kind: str, tmp_path: Path):
    """Shape, type and the pixels of a box; and the cache holds nothing of it."""
    CACHE.clear()
    source = source_of(KINDS[kind](tmp_path))

    assert isinstance(source, Source)
    assert (SHAPE, PIXELS.dtype) == (source.shape, source.dtype)
    assert source.dtype.isnative
    assert PIXELS[BOX].tolist() == source.read(BOX).tolist()
    assert 3 == len(source.chunks)
    assert all(1 <= n <= length for n, length in zip(source.chunks, SHAPE, strict=True))
    assert 0 == CACHE.nbytes


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"anything", "zarr in memory"}))
def test_sources_go_to_other_processes(kind: str, tmp_path: Path):
    """A task takes its source along."""
    source = pickle.loads(pickle.dumps(source_of(KINDS[kind](tmp_path))))

    assert PIXELS[BOX].tolist() == source.read(BOX).tolist()


def test_steps_are_kept(tmp_path: Path):
    """A view of every second plane is saved as it is seen."""
    source = source_of(_lazy(tmp_path)[::2, ::-3])

    assert (
        PIXELS[::2, ::-3][1:3].tolist()
        == source.read((slice(1, 3), slice(0, 4), slice(0, 10))).tolist()
    )


def test_a_cast_is_kept():
    """Pixels that are shown as another type are saved as that type."""
    lazy = LazyArray(CastSource(NumpySource(PIXELS), np.dtype("f4")))
    source = source_of(lazy)

    assert np.dtype("f4") == source.dtype
    assert PIXELS[BOX].tolist() == source.read(BOX).tolist()


def test_a_zarr_array_that_only_zarr_reads_is_read_by_zarr(tmp_path: Path):
    """What our own reader refuses may still be saved."""
    array = zarr.create_array(
        tmp_path / "0",
        shape=(4,),
        dtype="u2",
        chunks=(2,),
        filters=[zarr.codecs.TransposeCodec(order=(0,))],
        attributes={"a": 1},
    )
    array[...] = [1, 2, 3, 4]
    document = (tmp_path / "0" / "zarr.json").read_text()
    (tmp_path / "0" / "zarr.json").unlink()  # only the open array knows it now
    source = source_of(array)

    assert document
    assert [2, 3] == source.read((slice(1, 3),)).tolist()


def test_dask_computes_where_it_was_told_to():
    """A scheduler that was chosen is used; else the thread that reads."""
    import dask

    asked: list[str] = []

    def scheduler(graph: Any, keys: Any, **kwargs: Any) -> Any:
        asked.append("asked")
        return dask.get(graph, keys, **kwargs)

    source = source_of(da.ones((4,), chunks=2))
    assert isinstance(source, DaskSource)
    with dask.config.set(scheduler=scheduler):
        assert [1, 1] == source.read((slice(1, 3),)).tolist()

    assert ["asked"] == asked
    assert [1, 1] == source.read((slice(1, 3),)).tolist()
    assert ["asked"] == asked


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.ma.masked_greater(PIXELS, 9), "fill it first"),
        (da.ma.masked_greater(da.from_array(PIXELS), 9), "fill it first"),
        (da.from_array(PIXELS).map_blocks(lambda b: b[:1], dtype="u2"), "promised"),
        (da.from_array(PIXELS).map_blocks(lambda b: b / 2, dtype="u2"), "check its"),
        (da.from_array(PIXELS).map_blocks(lambda b: b - 9.0, dtype="u2"), "check its"),
        (da.from_array(PIXELS)[da.from_array(PIXELS) > 9], "compute_chunk_sizes"),
    ],
)
def test_pixels_are_as_promised_or_refused(array: Any, words: str):
    """A mask, a shape or a fraction would be lost without a word."""
    with pytest.raises(ValueError, match=words):
        source_of(array).read((slice(0, 5), slice(0, 12), slice(0, 10)))


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_an_array_of_another_class_gives_its_pixels():
    """A matrix stays two-dimensional in all parts; a mask that hides nothing goes."""
    for array in (np.asmatrix(PIXELS[0]), np.ma.array(PIXELS[0])):
        source = source_of(array)

        assert (1, 10) == source.read((slice(2, 3), slice(0, 10))).shape
        assert np.array_equal(PIXELS[0], source.read((slice(0, 12), slice(0, 10))))


def test_numbers_that_fit_are_converted():
    """Dask computes what it likes; nothing is lost where the numbers are the same."""
    lazy = da.from_array(PIXELS).map_blocks(lambda b: b.astype("f8"), dtype="u2")
    halves = da.from_array(PIXELS).map_blocks(lambda b: b / 3, dtype="f4")

    assert np.array_equal(PIXELS[BOX], source_of(lazy).read(BOX))
    assert np.array_equal((PIXELS / 3).astype("f4")[BOX], source_of(halves).read(BOX))


class Chunked:
    """A source that decodes whole chunks."""

    shape, chunks, dtype, identity = (4, 6), (2, 3), np.dtype("f8"), "chunked"

    def read(self, box: Box) -> Any:
        raise NotImplementedError


CHUNKED, MEMORY = LazyArray(Chunked()), LazyArray(NumpySource(np.zeros((4, 6))))


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        (MEMORY, None),
        (MEMORY.astype("f4"), None),
        (CHUNKED, (2, 3)),
        (CHUNKED.T.astype("f4"), (3, 2)),
        (LazyArray(LazySource(CHUNKED)), (2, 3)),
        (LazyArray(LazySource(MEMORY)), None),
        (LazyArray(SlicedSource(Sliced())), None),
    ],
    ids=["memory", "cast", "stored", "turned", "inside", "memory inside", "anything"],
)
def test_what_is_decoded_at_once(array: LazyArray, expected: object) -> None:
    """Pixels in memory are not read again; of a store whole chunks are."""
    assert expected == decoded_at_once(array)


def test_what_a_stack_decodes_at_once() -> None:
    """It is stored if one of its parts is."""
    mixed = StackSource(parts=(CHUNKED, MEMORY), dtype=CHUNKED.dtype)
    memory = StackSource(parts=(MEMORY, MEMORY), dtype=MEMORY.dtype)

    assert (1, 2, 3) == decoded_at_once(LazyArray(mixed))
    assert decoded_at_once(LazyArray(memory)) is None
