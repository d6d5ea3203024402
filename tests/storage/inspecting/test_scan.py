"""What a scan counts is what is in the files, whatever the layout."""

from __future__ import annotations

import json
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.sharded import GZIP, brute_force, document, some_pixels, write
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import Cancelled
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

SHAPE, SHARD, CHUNK = (40, 33), (16, 16), (4, 8)
PIXELS = some_pixels(SHAPE, CHUNK)
TRANSPOSE = {"name": "transpose", "configuration": {"order": [1, 0]}}


class Counted(LocalKeys):
    """A folder that counts its reads, and may be far away."""

    def __init__(self, folder: str, *, remote: bool = False) -> None:
        super().__init__(folder)
        self.remote = remote
        self.reads: list[str] = []

    def sized(self, key: str, span: Any = None, *, limit: int) -> Any:
        self.reads.append(key)
        return super().sized(key, span, limit=limit)

    def files(self, prefix: str) -> Any:
        return None if self.remote else super().files(prefix)


def opened(folder: Path, *, remote: bool = False) -> tuple[StoredLevel, Counted]:
    """An array, and the keys that it is read by."""
    location = open_location(folder)
    found = location.document(location.node)
    assert found is not None
    keys = Counted(str(folder), remote=remote)
    return StoredLevel(keys, found, LIMITS), keys


def numbers(level: StoredLevel, **more: Any) -> dict[str, Any]:
    """The sums of a scan."""
    done = level.scan(**more)
    looks = done.looks
    assert not any(look.fault for look in looks)
    chunks, _ = done.total([look.chunks for look in looks])
    return {
        "files": done.files,
        "stored": done.nbytes,
        "chunks": chunks,
        "decoded": (chunks or 0) * level.stored.chunk_nbytes,
        "dead": done.total([look.dead_nbytes for look in looks])[0],
    }


@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
@pytest.mark.parametrize("index_endian", ["little", "big"])
@pytest.mark.parametrize("checksum", [True, False], ids=["crc32c", "none"])
@pytest.mark.parametrize("location", ["start", "end"])
def test_numbers_are_those_of_a_brute_force_decode(
    tmp_path: Path, location: str, checksum: bool, index_endian: str, remote: bool
) -> None:
    """Of shards that overhang the array, with chunks missing: one read for each."""
    form = {"location": location, "checksum": checksum, "index_endian": index_endian}
    folder = write(tmp_path / "a", document(SHAPE, SHARD, CHUNK, **form), PIXELS)
    expected = brute_force(folder, SHAPE, SHARD, CHUNK, **form)
    level, keys = opened(folder, remote=remote)

    assert expected == numbers(level)
    assert 0 < expected["chunks"] < prod(level.stored.chunk_grid)
    asked = prod(level.stored.grid) if remote else expected["files"]
    assert asked == len(keys.reads) == len(set(keys.reads))


def not_empty(pixels: Any, cell: tuple[int, ...]) -> int:
    """How many cells hold something."""
    blocks = np.add.reduceat(pixels.astype("u8"), range(0, pixels.shape[0], cell[0]))
    blocks = np.add.reduceat(blocks, range(0, pixels.shape[1], cell[1]), axis=1)
    return int((blocks > 0).sum())


@pytest.mark.parametrize(
    "changes",
    [
        {"before": [TRANSPOSE], "chunk": (8, 4)},
        {"inside": [TRANSPOSE]},
        {"endian": "big", "packers": []},
        {"packers": [{"name": "crc32c"}]},
        {"keys": {"name": "v2"}},
        {"keys": {"name": "v2", "configuration": {"separator": "/"}}},
        {"keys": {"name": "default", "configuration": {"separator": "."}}},
    ],
    ids=["transposed", "inside", "big", "crc", "v2", "v2 /", "default ."],
)
def test_other_layouts_are_counted_right(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    """As many chunks as hold something, and just as many files as there are."""
    folder = write(tmp_path / "a", document(SHAPE, SHARD, **changes), PIXELS)
    level, _ = opened(folder)
    found = numbers(level)
    files = [f for f in folder.rglob("*") if f.is_file() and f.name != "zarr.json"]

    assert CHUNK == level.stored.chunk
    assert not_empty(PIXELS, CHUNK) == found["chunks"]
    assert (len(files), sum(f.stat().st_size for f in files)) == (
        found["files"],
        found["stored"],
    )
    assert 0 == found["dead"]
    assert not level.scan().strange


@pytest.mark.parametrize("location", ["start", "end"])
def test_shards_in_shards(tmp_path: Path, location: str) -> None:
    """The innermost chunks are counted, and no index is taken for a chunk."""
    inner = document((16, 16), (8, 8), (4, 8), location=location)["codecs"]
    metadata = document(SHAPE, SHARD, (8, 8), location=location)
    metadata["codecs"][0]["configuration"]["codecs"] = inner
    folder = write(tmp_path / "a", metadata, PIXELS)
    level, _ = opened(folder)
    found = numbers(level)

    assert (4, 8) == level.stored.chunk
    assert not_empty(PIXELS, (4, 8)) == found["chunks"]
    assert 0 == found["dead"]


def test_what_cannot_be_looked_into_is_said(tmp_path: Path) -> None:
    """Shards that are packed as a whole, and indices in an unknown form."""
    folder = write(tmp_path / "a", document(SHAPE, SHARD, CHUNK, after=[GZIP]), PIXELS)
    level, _ = opened(folder)
    assert level.stored.packed
    assert ["packed-shards"] == [p.kind for p in level.stored.problems]
    assert "gzip (level 1)" in level.stored.problems[0].message
    done = level.scan()
    assert (None, False) == done.total([look.chunks for look in done.looks])

    metadata = json.loads((folder / "zarr.json").read_text())
    sharding = metadata["codecs"].pop(0)
    sharding["configuration"]["index_codecs"].append(GZIP)
    (folder / "zarr.json").write_text(json.dumps(metadata | {"codecs": [sharding]}))
    level, _ = opened(folder)
    assert "unknown-shard-index" in {p.kind for p in level.stored.problems}
    assert done.nbytes == level.scan().nbytes


def test_files_of_their_own(tmp_path: Path) -> None:
    """Chunks that are files, of both formats, are counted by one listing."""
    import zarr

    for zarr_format in (2, 3):
        folder = tmp_path / str(zarr_format)
        array = zarr.create_array(
            folder, shape=SHAPE, chunks=CHUNK, dtype="u2", zarr_format=zarr_format
        )
        array[...] = PIXELS
        level, keys = opened(folder)
        found = numbers(level)

        assert not_empty(PIXELS, CHUNK) == found["chunks"] == found["files"]
        assert [] == keys.reads
        assert (10, 5) == level.stored.grid


def test_a_sample_is_near_and_says_so(tmp_path: Path) -> None:
    """A large array is not looked at whole: what is told is what is expected."""
    pixels = np.random.default_rng(1).integers(1, 99, (64, 64)).astype("u2")
    folder = write(tmp_path / "a", document((64, 64), (4, 4), (2, 2)), pixels)
    level, keys = opened(folder)
    done = level.scan(budget=Budget(reads=32))
    chunks, exact = done.total([look.chunks for look in done.looks])

    assert (32, 256, True) == (done.asked, done.of, done.sampled)
    assert (1024, False) == (chunks, exact)
    assert 32 == len(keys.reads)
    level, keys = opened(folder, remote=True)
    far = level.scan(budget=Budget(remote_reads=40))
    assert (40, 256) == (len(keys.reads), far.files)
    assert done.nbytes == pytest.approx(far.nbytes, rel=0.1)
    level, _ = opened(folder)
    few = level.scan(budget=Budget(files=10, reads=20))
    assert (False, 20) == (few.listed, few.asked)


def test_a_scan_can_be_ended(tmp_path: Path) -> None:
    """Whoever watches is told how far it is, and may end it."""
    folder = write(tmp_path / "a", document(), PIXELS)
    told: list[float] = []
    opened(folder)[0].scan(watch=Watch(progress=told.append))
    assert 1.0 == told[-1] == max(told)
    with pytest.raises(Cancelled):
        opened(folder)[0].scan(watch=Watch(cancelled=lambda: True))


def test_what_does_not_belong_is_told(tmp_path: Path) -> None:
    """Orphans beyond the array's end, strangers, and files that were not finished."""
    folder = write(tmp_path / "a", document(), PIXELS)
    (folder / "c/9").mkdir()
    for name in ("c/9/0", "c/0/0.a1b2.partial", "notes.txt", "c/01/0"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    level, _ = opened(folder)
    kinds = {stranger.key: stranger.kind for stranger in level.scan().strangers}

    assert {
        "c/9/0": "beyond",
        "c/0/0.a1b2.partial": "temporary",
        "notes.txt": "unknown",
        "c/01/0": "unknown",
    } == kinds


def test_damaged_files_are_told_and_the_others_counted(tmp_path: Path) -> None:
    """A shard that is cut, one that is empty and a pipe do not end a scan."""
    folder = write(tmp_path / "a", document(), PIXELS)
    files = sorted(f for f in folder.rglob("c/*/*") if f.is_file())
    files[0].write_bytes(files[0].read_bytes()[:20])
    files[1].write_bytes(b"")
    level, _ = opened(folder)
    done = level.scan()
    faults = {look.place: look.fault for look in done.looks if look.fault}

    assert 2 == len(faults)
    assert all("cut short" in fault for fault in faults.values())
    assert len(files) == len(done.looks)
    assert not done.total([look.chunks for look in done.looks])[1]
