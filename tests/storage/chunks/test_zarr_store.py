"""The Zarr store: what zarr reads through it, and what it must not take for absent."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import pickle
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from zarr.abc.store import OffsetByteRequest, RangeByteRequest, SuffixByteRequest
from zarr.buffer import default_buffer_prototype
from zarr.codecs import BytesCodec, GzipCodec, ShardingCodec
from zarr.storage import LocalStore

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import ChunkReadError, LimitExceeded, Unreadable
from napari_ngff.storage.chunks import chunk_bytes
from napari_ngff.storage.chunks.chunk_source import ChunkSource
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.shards import BadIndex, ShardSpec, shard_spec
from napari_ngff.storage.chunks.zarr_array import open_array
from napari_ngff.storage.chunks.zarr_store import KeyStore
from napari_ngff.storage.keys.http import HttpKeys
from napari_ngff.storage.keys.local import LocalKeys

if TYPE_CHECKING:
    from pathlib import Path

    from zarr.abc.store import ByteRequest

VALUE = bytes(range(200))
PROTOTYPE = default_buffer_prototype()


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    """A store with one value."""
    (tmp_path / "key").write_bytes(VALUE)
    (tmp_path / "folder").mkdir()
    return KeyStore(LocalKeys(str(tmp_path)))


@pytest.mark.parametrize(
    "request_",
    [None, RangeByteRequest(3, 9), OffsetByteRequest(190), SuffixByteRequest(7)],
)
def test_it_answers_as_zarrs_own_store(
    store: KeyStore, tmp_path: Path, request_: Any
) -> None:
    """With and without an event loop, whole and in part, as zarr's local store."""

    async def ask(asked: Any, key: str) -> bytes | None:
        found = await asked.get(key, PROTOTYPE, request_)
        return None if found is None else bytes(found.to_bytes())

    own = LocalStore(tmp_path, read_only=True)
    expected = asyncio.run(ask(own, "key"))
    assert expected == asyncio.run(ask(store, "key"))
    found = store.get_sync("key", byte_range=request_)
    assert found is not None
    assert expected == found.to_bytes()
    assert asyncio.run(ask(store, "none")) is None
    assert store.get_sync("none", byte_range=request_) is None


@pytest.mark.parametrize("part", [SuffixByteRequest(0), RangeByteRequest(2, 2)])
def test_nothing_is_not_a_chunk(store: KeyStore, part: ByteRequest) -> None:
    """The last 0 bytes are not all, nor a chunk that is absent: an error."""
    with pytest.raises(Unreadable, match="empty"):
        store.get_sync("key", byte_range=part)


def test_several_parts_come_in_their_order(store: KeyStore) -> None:
    """Several keys and parts of them are answered in the order asked for."""
    wanted = [("key", RangeByteRequest(0, 2)), ("none", None), ("key", None)]
    found = asyncio.run(store.get_partial_values(PROTOTYPE, wanted))

    expected = [VALUE[:2], None, VALUE]
    assert expected == [None if part is None else part.to_bytes() for part in found]
    assert asyncio.run(store.exists("key"))
    assert not asyncio.run(store.exists("none"))


def test_a_folder_in_a_chunks_place_is_an_error(store: KeyStore) -> None:
    """Zarr's own store takes a folder for an absent chunk; this one does not."""
    with pytest.raises(Unreadable):
        store.get_sync("folder")


def test_reads_are_bounded(tmp_path: Path) -> None:
    """A value larger than the limit is not read."""
    (tmp_path / "key").write_bytes(VALUE)
    limits = Limits(encoded_chunk_bytes=100)
    store = KeyStore(LocalKeys(str(tmp_path)), limits=limits)

    with pytest.raises(LimitExceeded):
        store.get_sync("key")
    assert store.get_sync("key", byte_range=RangeByteRequest(0, 100)) is not None


def test_it_is_read_only(store: KeyStore) -> None:
    """Nothing can be written, deleted or listed through it."""
    value = PROTOTYPE.buffer.from_bytes(b"x")
    with pytest.raises(ValueError, match="reading only"):
        store.set_sync("key", value)
    with pytest.raises(ValueError, match="reading only"):
        store.delete_sync("key")
    with pytest.raises(ValueError, match="reading only"):
        asyncio.run(store.set("key", value))
    with pytest.raises(ValueError, match="reading only"):
        asyncio.run(store.delete("key"))
    for listing in (
        store.list,
        lambda: store.list_prefix(""),
        lambda: store.list_dir(""),
    ):
        with pytest.raises(NotImplementedError):
            listing()
    assert store.read_only
    can = (store.supports_writes, store.supports_deletes, store.supports_listing)
    assert can == (False, False, False)
    assert store.supports_consolidated_metadata is False


def test_it_can_be_pickled_and_compared(store: KeyStore, tmp_path: Path) -> None:
    """Stores over the same keys are equal, in this process and the next."""
    again = pickle.loads(pickle.dumps(store))

    assert again == store
    assert hash(again) == hash(store)
    assert again != KeyStore(LocalKeys(str(tmp_path / "folder")))
    assert str(tmp_path) == str(store)
    assert str(tmp_path) in repr(store)
    assert again.get_sync("key").to_bytes() == VALUE


def written(folder: Path, **settings: Any) -> tuple[Any, np.ndarray[Any, Any]]:
    """Write an array with zarr and open it through our store."""
    pixels = np.arange(64, dtype="uint16").reshape(8, 8)
    settings = {"chunks": (4, 4), **settings}
    array = zarr.create_array(
        folder, shape=(8, 8), dtype="uint16", fill_value=7, **settings
    )
    array[...] = pixels
    return open_array(opened(folder)[0], "", opened(folder)[1]), pixels


def opened(folder: Path) -> tuple[KeyStore, dict[str, Any]]:
    """Return what an array in a folder is opened with."""
    document = guard(json.loads((folder / "zarr.json").read_text()), 3, LIMITS)
    layout = shard_spec(document)
    shards = layout if isinstance(layout, ShardSpec) else None
    return KeyStore(LocalKeys(str(folder)), shards=shards), document


def test_only_an_absent_chunk_is_fill_value(tmp_path: Path) -> None:
    """An absent chunk has the fill value; a folder or a pipe in its place fails."""
    array, pixels = written(tmp_path / "x")
    (tmp_path / "x" / "c" / "0" / "0").unlink()
    pixels[:4, :4] = 7
    assert np.array_equal(pixels, array[...])

    (tmp_path / "x" / "c" / "0" / "0").mkdir()
    with pytest.raises(Unreadable, match="a folder"):
        array[:4, :4]
    if hasattr(os, "mkfifo"):
        (tmp_path / "x" / "c" / "0" / "0").rmdir()
        os.mkfifo(tmp_path / "x" / "c" / "0" / "0")
        with pytest.raises(Unreadable, match="a pipe"):
            array[:4, :4]


DAMAGED_SHARDS = {
    "bad checksum": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "cut": lambda data: data[:-10],
    "cut to the index": lambda data: data[:20],
    "empty": lambda data: b"",
}


@pytest.mark.parametrize("damage", DAMAGED_SHARDS.values(), ids=DAMAGED_SHARDS.keys())
def test_damaged_shards_are_errors(tmp_path: Path, damage: Any) -> None:
    """A shard whose index does not hold is never taken for absent pixels."""
    array, _ = written(tmp_path / "x", shards=(8, 8))
    shard = tmp_path / "x" / "c" / "0" / "0"
    shard.write_bytes(damage(shard.read_bytes()))

    with pytest.raises(Exception, match=r"."):
        array[:4, :4]


def lie(
    folder: Path, entry: tuple[int, int], location: str
) -> tuple[ChunkSource, np.ndarray[Any, Any]]:
    """Write raw shards; one's index says where its first inner chunk is."""
    sharding = ShardingCodec(
        chunk_shape=(4, 4),
        codecs=[BytesCodec()],
        index_codecs=[BytesCodec()],
        index_location=location,
    )
    settings = {"chunks": (8, 8), "serializer": sharding, "compressors": None}
    _, pixels = written(folder, **settings)
    shard = folder / "c" / "0" / "0"
    data = bytearray(shard.read_bytes())
    at = 0 if location == "start" else len(data) - 64
    data[at : at + 16] = np.array(entry, "<u8").tobytes()
    shard.write_bytes(data)
    store, document = opened(folder)
    array = open_array(store, "", document)
    return ChunkSource(array, store="store", node="level"), pixels


LIES = {
    "huge": ("end", (2**63, 32)),
    "huge length": ("end", (0, 2**62)),
    "past the end": ("end", (170, 32)),
    "wraps around": ("end", (2**64 - 8, 32)),
    "into the index": ("end", (112, 32)),
    "in the index": ("end", (128, 32)),
    "in the first index": ("start", (0, 32)),
    "half in the first index": ("start", (48, 32)),
    "into another": ("start", (100, 32)),
}


@pytest.mark.parametrize("box", [(slice(0, 4), slice(0, 4)), (slice(0, 8),) * 2])
@pytest.mark.parametrize(("location", "entry"), LIES.values(), ids=LIES)
def test_shard_indices_that_lie_are_errors(
    tmp_path: Path, location: str, entry: tuple[int, int], box: Any
) -> None:
    """No pixels are made of bytes that are not theirs; the error says where."""
    source, _ = lie(tmp_path / "x", entry, location)

    with pytest.raises(ChunkReadError, match="the shard is damaged") as caught:
        source.load(box)
    assert ("store", "level") == (caught.value.store, caught.value.node)
    assert (0, 0) == caught.value.chunk
    assert "'c/0/0'" in caught.value.reason
    assert "inner chunk (0, 0) is" in caught.value.reason


def test_a_shard_that_is_replaced_is_checked_again(tmp_path: Path) -> None:
    """What was found good is remembered of that index alone."""
    array, pixels = written(tmp_path / "x", shards=(8, 8), compressors=None)
    assert np.array_equal(pixels[:4, :4], array[:4, :4])
    assert np.array_equal(pixels, array[...])
    shard = tmp_path / "x" / "c" / "0" / "0"
    data = bytearray(shard.read_bytes())
    shard.write_bytes(data[16:])

    with pytest.raises(Unreadable, match="where the index itself is"):
        array[:4, :4]
    with pytest.raises(Unreadable, match="where the index itself is"):
        array[...]
    again = pickle.loads(pickle.dumps(array.store))
    with pytest.raises(Unreadable, match="where the index itself is"):
        again.get_sync("c/0/0")
    shard.write_bytes(data)
    assert np.array_equal(pixels, array[...])


def test_an_index_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading more of a shard does not check its index anew, nor ask for more."""
    array, _ = written(tmp_path / "x", shards=(8, 8))
    looked: list[Any] = []
    asked: list[str] = []
    check, sized = chunk_bytes.sound_index, LocalKeys.sized

    def counted(keys: LocalKeys, key: str, *args: Any, **more: Any) -> Any:
        asked.append(key)
        return sized(keys, key, *args, **more)

    monkeypatch.setattr(
        chunk_bytes, "sound_index", lambda *a: looked.append(a) or check(*a)
    )
    monkeypatch.setattr(LocalKeys, "sized", counted)
    for _ in range(3):
        array[:4, :4]
        array[4:, :4]
    assert 1 == len(looked)
    assert 12 == len(asked)  # each time the index and one inner chunk


def test_a_shard_that_is_packed_whole_is_checked(tmp_path: Path) -> None:
    """Its index is inside of what is packed: it is checked once that is unpacked."""
    sharding = ShardingCodec(chunk_shape=(4, 4), codecs=[BytesCodec()])
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Combining a `sharding_indexed` codec")
        _, pixels = written(
            tmp_path / "x",
            chunks=(8, 8),
            serializer=sharding,
            compressors=GzipCodec(),
        )
    store, document = opened(tmp_path / "x")
    array = open_array(store, "", document)  # and nobody is warned
    assert np.array_equal(pixels, array[...])
    shard = tmp_path / "x" / "c" / "0" / "0"
    shard.write_bytes(gzip.compress(gzip.decompress(shard.read_bytes())[16:]))

    with pytest.raises(BadIndex, match="where the index itself is"):
        array[:4, :4]


@pytest.mark.parametrize("ranges", ["yes", "ignored"])
def test_shards_on_the_web_are_checked(tmp_path: Path, web: Any, ranges: str) -> None:
    """Without one more question, and whether or not the server sends parts."""
    _, pixels = written(tmp_path / "x", shards=(8, 8), compressors=None)
    _, document = opened(tmp_path / "x")
    web.serve(tmp_path / "x", "/x")
    web.ranges = ranges
    layout = shard_spec(document)
    assert isinstance(layout, ShardSpec)
    store = KeyStore(HttpKeys(f"{web.url}/x"), shards=layout)
    array = open_array(store, "", document)
    assert np.array_equal(pixels[:4, :4], array[:4, :4])
    assert ["/x/c/0/0"] * 2 == web.paths()

    web.values["/x/c/0/0"] = web.values["/x/c/0/0"][16:]
    with pytest.raises(Unreadable, match="where the index itself is"):
        array[:4, :4]
    assert ["/x/c/0/0"] * 3 == web.paths()
