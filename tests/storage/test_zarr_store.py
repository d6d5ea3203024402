"""The Zarr store: what zarr reads through it, and what it must not take for absent."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from zarr.abc.store import OffsetByteRequest, RangeByteRequest, SuffixByteRequest
from zarr.buffer import default_buffer_prototype
from zarr.storage import LocalStore

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.codecs import guard
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.zarr_source import open_array
from napari_ngff.storage.zarr_store import KeyStore

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
    array = zarr.create_array(
        folder, shape=(8, 8), chunks=(4, 4), dtype="uint16", fill_value=7, **settings
    )
    array[...] = pixels
    document = json.loads((folder / "zarr.json").read_text())
    store = KeyStore(LocalKeys(str(folder)))
    return open_array(store, "", guard(document, 3, LIMITS)), pixels


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


@pytest.mark.parametrize(
    "entry", [(2**63, 10), (0, 2**62), (10**6, 16), (2**64 - 8, 16)]
)
def test_shard_indices_that_lie_are_errors(
    tmp_path: Path, entry: tuple[int, int]
) -> None:
    """An index that points out of its shard takes no memory and gives no pixels."""
    import google_crc32c

    array, _ = written(tmp_path / "x", shards=(8, 8))
    shard = tmp_path / "x" / "c" / "0" / "0"
    data = shard.read_bytes()
    index = np.frombuffer(data[-68:-4], "<u8").copy().reshape(4, 2)
    index[0] = entry
    table = index.tobytes()
    checksum = google_crc32c.value(table).to_bytes(4, "little")
    shard.write_bytes(data[:-68] + table + checksum)

    with pytest.raises(Exception, match=r"."):
        array[:4, :4]
