"""Arrays are read whole chunk by whole chunk, and failures are told exactly."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
import zarr

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import ChunkReadError, NgffError, StoreChanged
from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes
from napari_ngff.storage.chunks.chunk_reader import ChunkReader
from napari_ngff.storage.chunks.chunk_source import ChunkSource
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.layout import layout_of
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.pixels.ahead import AHEAD, ReadAhead
from napari_ngff.storage.pixels.cache import CACHE

if TYPE_CHECKING:
    from pathlib import Path

PIXELS = np.arange(2 * 20 * 30, dtype="u2").reshape(2, 20, 30)


@pytest.fixture(autouse=True)
def empty_cache(monkeypatch):
    """Begin with nothing held, and read nothing ahead."""
    monkeypatch.setattr(ReadAhead, "after", lambda *_: None)
    CACHE.clear()


@pytest.fixture(params=["v2", "v3", "sharded"])
def array(request, tmp_path):
    """Give a zarr array of `PIXELS` on disk, of each kind."""
    return written(tmp_path / "0", request.param)


def written(path, kind="v3", pixels=PIXELS, chunks=(1, 8, 10)):
    """Write an array."""
    made = zarr.create_array(
        path,
        shape=pixels.shape,
        dtype=pixels.dtype,
        chunks=chunks,
        shards=(2, 16, 30) if kind == "sharded" else None,
        zarr_format=2 if kind == "v2" else 3,
        fill_value=7,
    )
    made[...] = pixels
    return zarr.open_array(path, mode="r")


@pytest.fixture(params=["ours", "zarr"])
def source_of(request):
    """Give what makes a source of an array, which we read, or zarr does."""

    def made(array, **options):
        ours = request.param == "ours" and isinstance(array, zarr.Array)
        pixels = reader_of(array) if ours else array
        return ChunkSource(pixels, store="somewhere/image.zarr", node="0", **options)

    return made


def reader_of(array):
    """Return our own reader of an array that zarr wrote."""
    folder, v3 = array.store.root, array.metadata.zarr_format == 3
    text = (folder / ("zarr.json" if v3 else ".zarray")).read_text()
    layout = layout_of(guard(json.loads(text), 3 if v3 else 2, LIMITS))
    stored = ChunkBytes(LocalKeys(str(folder)), limit=2**20, shards=layout.shards)
    return ChunkReader(layout, stored, "")


def stamp_of(path: Path):
    """Return what changes when a metadata document does."""
    return path.read_bytes()


def test_pixels(array, source_of):
    """What is read is what was written, and the second time too."""
    lazy = LazyArray(source_of(array))

    for _ in range(2):
        assert PIXELS[1, ::-2, 3:].tolist() == lazy[1, ::-2, 3:].tolist()
    assert PIXELS.shape == lazy.shape
    assert (1, 8, 10) == lazy.chunks


def test_the_store_is_not_asked_for_what_is_held(array, monkeypatch, source_of):
    """A second read of the same chunks does not come to the array."""
    source = source_of(array)
    box = (slice(0, 1), slice(0, 8), slice(0, 30))
    source.read(box)
    monkeypatch.setattr(ChunkSource, "load", None)

    assert PIXELS[box].tolist() == source.read(box).tolist()


def test_every_read_is_noted_for_reading_ahead(array, monkeypatch, source_of):
    """Reads of pixels, held or not, tell where someone is going."""
    noted = []
    monkeypatch.setattr(ReadAhead, "after", lambda *given: noted.append(given))
    source = source_of(array)
    box = (slice(0, 1), slice(0, 8), slice(0, 30))
    for _ in range(2):
        source.read(box)

    assert [(AHEAD, source, box)] * 2 == noted


def test_absent_chunks_have_the_fill_value(tmp_path, source_of):
    """Chunks that are not there are the fill value, not an error."""
    made = zarr.create_array(
        tmp_path / "0", shape=(9, 9), dtype="u1", chunks=(4, 4), fill_value=3
    )

    assert {3} == set(LazyArray(source_of(made)).compute().ravel().tolist())


@pytest.mark.parametrize("dtype", [">u2", ">f4", "bool", "i1", "f2", "u8", "c8"])
def test_types(dtype, tmp_path, source_of):
    """Pixels of any type come in the machine's byte order."""
    pixels = np.arange(12).reshape(3, 4).astype(dtype)
    made = written(tmp_path / "0", "v2", pixels, (2, 2))
    lazy = LazyArray(source_of(made))

    assert lazy.dtype.isnative
    assert lazy.dtype == lazy.compute().dtype
    assert pixels.tolist() == lazy.tolist()


@pytest.mark.parametrize("shape", [(), (0,), (3, 0)])
def test_arrays_without_axes_or_pixels(shape, tmp_path, source_of):
    """An array without axes, or without pixels, can be read."""
    chunks = tuple(max(n, 1) for n in shape)
    made = zarr.create_array(
        tmp_path / "0", shape=shape, dtype="u2", chunks=chunks, fill_value=5
    )

    assert np.full(shape, 5).tolist() == LazyArray(source_of(made)).tolist()


@pytest.mark.parametrize("many", [True, False])
def test_a_broken_chunk_is_named(tmp_path, many, source_of):
    """The error names store, array, the chunk that is broken and why."""
    made = written(tmp_path / "0")
    (tmp_path / "0/c/1/2/1").write_bytes(b"nonsense")
    lazy = LazyArray(source_of(made))
    key = np.s_[:] if many else np.s_[1, 17, 12]
    with pytest.raises(ChunkReadError) as caught:
        lazy[key].compute()

    error = caught.value
    assert ("somewhere/image.zarr", "0", (1, 2, 1)) == (
        error.store,
        error.node,
        error.chunk,
    )
    assert error.__cause__ is not None
    assert type(error.__cause__).__name__ in error.reason
    assert PIXELS[0].tolist() == lazy[0].tolist()


def test_a_broken_chunk_is_not_remembered(tmp_path, source_of):
    """Once mended, a chunk is read."""
    made = written(tmp_path / "0")
    good = (tmp_path / "0/c/0/0/0").read_bytes()
    (tmp_path / "0/c/0/0/0").write_bytes(b"nonsense")
    lazy = LazyArray(source_of(made))
    with pytest.raises(ChunkReadError):
        lazy.compute()
    (tmp_path / "0/c/0/0/0").write_bytes(good)

    assert PIXELS.tolist() == lazy.tolist()


def test_a_failure_that_passes_is_overcome(array, source_of):
    """When the batch fails and its chunks do not, there are pixels."""

    class Once:
        failed = False

        def __getattr__(self, name):
            return getattr(array, name)

        def __getitem__(self, box):
            if not self.failed:
                self.failed = True
                raise OSError
            return array[box]

    assert PIXELS.tolist() == LazyArray(source_of(Once())).tolist()


def test_reasons_are_fit_to_be_shown(array, source_of):
    """The text of a cause is plain, and without secrets."""

    class Failing:
        def __getattr__(self, name):
            return getattr(array, name)

        def __getitem__(self, box):
            message = "<b>no</b> https://me:secret@host/a?token=abc"
            raise OSError(message)

    with pytest.raises(ChunkReadError) as caught:
        LazyArray(source_of(Failing())).compute()

    assert "OSError" in caught.value.reason
    for unfit in ("<", "secret", "abc"):
        assert unfit not in str(caught.value)


def test_our_own_errors_are_not_named_twice(array, source_of):
    """The text of one of our own errors is the reason as it is."""

    class Failing:
        def __getattr__(self, name):
            return getattr(array, name)

        def __getitem__(self, box):
            raise Told

    class Told(NgffError):
        def __str__(self):
            return "The server said no"

    with pytest.raises(ChunkReadError) as caught:
        LazyArray(source_of(Failing())).compute()

    assert "The server said no" == caught.value.reason


@pytest.mark.parametrize("chunks", [(1, 8, 10), (2, 5, 5), (1, 8, 30)])
def test_a_store_that_was_replaced_is_noticed(tmp_path, chunks, source_of):
    """New chunks under old metadata are never handed on, decodable or not."""
    path = tmp_path / "0"
    made = written(path)
    source = source_of(made, stamp=lambda: stamp_of(path / "zarr.json"))
    lazy = LazyArray(source)
    lazy[0].compute()
    (tmp_path / "0").rename(tmp_path / "old")
    written(path, "v3", PIXELS[:, :, ::-1] + 1, chunks)
    made = zarr.open_array(path, mode="r+")
    made.attrs["other"] = 1

    with pytest.raises(StoreChanged, match="Open it again"):
        lazy[1].compute()
    with pytest.raises(StoreChanged):  # though the cache holds it
        lazy[0].compute()
    with pytest.raises(StoreChanged):
        np.asarray(lazy[0])


def test_what_numpy_only_looks_at_is_shared(array, source_of):
    """Ask for a copy, or compute, to have what can be written to."""
    lazy = LazyArray(source_of(array))
    looked = np.asarray(lazy)

    assert np.shares_memory(looked, np.asarray(lazy))
    assert not looked.flags.writeable
    for own in (np.array(lazy), lazy.compute(), np.asarray(lazy[::2]), lazy + 0):
        assert own.flags.writeable
        assert not np.shares_memory(looked, own)


def test_a_store_that_is_gone_is_noticed(tmp_path, source_of):
    """When the store is gone, its pixels are not fill values."""
    path = tmp_path / "0"
    source = source_of(
        written(path), stamp=lambda: (path / "zarr.json").exists(), opened=True
    )
    path.rename(tmp_path / "elsewhere")

    with pytest.raises(StoreChanged):
        LazyArray(source).compute()


def test_a_stamp_that_cannot_be_had_is_a_failure(array, source_of):
    """When the identity cannot be asked for, pixels are not handed on."""

    def stamp():
        message = "no connection"
        raise OSError(message)

    with pytest.raises(ChunkReadError, match="no connection"):
        LazyArray(source_of(array, stamp=stamp, opened=1)).compute()


def test_identity_is_that_of_the_metadata(array, source_of):
    """Two sources are the same only with the same store, node and stamp."""
    one, same = (source_of(array, stamp=lambda: 1) for _ in range(2))
    other = source_of(array, stamp=lambda: 2)

    assert one.identity == same.identity
    assert one.identity != other.identity


def test_pickling(array, source_of):
    """A source survives pickling, with its pipeline and identity."""
    source = source_of(array)
    again = pickle.loads(pickle.dumps(source))

    assert source.identity == again.identity
    assert PIXELS.tolist() == LazyArray(again).tolist()


def test_threads(array, source_of):
    """Many threads read the same array at once."""
    lazy = LazyArray(source_of(array))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: lazy[i % 2, i:].compute(), range(20)))

    assert all((PIXELS[i % 2, i:] == part).all() for i, part in enumerate(found))


def test_a_text_that_tells(array, source_of):
    """The text of a source has its store and node."""
    assert "<ChunkSource '0' of somewhere/image.zarr>" == repr(source_of(array))
