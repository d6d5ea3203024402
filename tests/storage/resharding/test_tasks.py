"""Chunks in other shards are the same bytes, and what is damaged is never passed on."""

from __future__ import annotations

import json
import os
import pickle
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.resharding import chunk_bytes, document_of, reshard_array
from cases.sharded import GZIP, document, some_pixels, write
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import Cancelled, Unreadable
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.location import open_location
from napari_ngff.storage.pyramids.tasks import run
from napari_ngff.storage.resharding import taking
from napari_ngff.storage.resharding.arrays import resharding_of
from napari_ngff.storage.resharding.documents import resharded
from napari_ngff.storage.resharding.listing import listed
from napari_ngff.storage.resharding.tasks import reshard_tasks

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.storage.resharding.arrays import Resharding

SHAPE, SHARD, CHUNK = (40, 33), (16, 16), (4, 8)
PIXELS = some_pixels(SHAPE, CHUNK)
TRANSPOSE = {"name": "transpose", "configuration": {"order": [1, 0]}}
V2 = {"name": "v2", "configuration": {"separator": "."}}
PLAIN = {"shape": SHAPE, "dtype": "u2", "fill_value": 0}


def sharded(folder: Path, **form: Any) -> Path:
    """An array in shards, with chunks missing."""
    return write(folder, document(SHAPE, SHARD, CHUNK, **form), PIXELS)


def single(folder: Path, **form: Any) -> Path:
    """An array of single chunks."""
    array = zarr.create_array(folder, chunks=CHUNK, **(PLAIN | form))
    array[...] = PIXELS
    return folder


def level_of(folder: Path) -> StoredLevel:
    """What our own inspection makes of an array."""
    location = open_location(folder)
    found = location.document(location.node)
    assert found is not None
    return StoredLevel(location.keys, found, LIMITS)


SOURCES: dict[str, Any] = {
    "shards": sharded,
    "index first, big-endian": lambda folder: sharded(
        folder, location="start", checksum=False, index_endian="big", endian="big"
    ),
    "shards transposed": lambda folder: write(
        folder, document(SHAPE, SHARD, (8, 4), before=[TRANSPOSE]), PIXELS
    ),
    "chunks transposed": lambda folder: sharded(folder, inside=[TRANSPOSE]),
    "raw, with checksums": lambda folder: sharded(folder, packers=[{"name": "crc32c"}]),
    "chunks": lambda folder: single(folder, zarr_format=3),
    "chunks, keys of format 2": lambda folder: single(folder, chunk_key_encoding=V2),
    "format 2": lambda folder: single(folder, zarr_format=2),
    "format 2, columns": lambda folder: single(folder, zarr_format=2, order="F"),
    "format 2, big-endian": lambda folder: single(folder, zarr_format=2, dtype=">u2"),
}
SHARDS = [None, (4, 8), (8, 16), (32, 32), (40, 40), (12, 24)]


@pytest.mark.parametrize("source", SOURCES)
def test_chunks_are_the_same_bytes(tmp_path: Path, source: str) -> None:
    """Whatever the shards were and become: each chunk, no other, and the same pixels.

    Nothing else is in the files: they have no dead bytes, and none has no chunks.
    """
    folder = SOURCES[source](tmp_path / "a")
    expected = chunk_bytes(folder)
    attempts = zip(SHARDS, product(["end", "start"], ["morton", "C"]), strict=False)
    assert expected

    for number, (shard, (location, order)) in enumerate(
        [*attempts, ((12, 24), ("end", "C"))]
    ):
        target = tmp_path / str(number)
        reshard_array(folder, target, shard, location=location, order=order)

        found = level_of(target / "0").scan()
        assert expected == chunk_bytes(target / "0")
        assert not any(look.fault or look.dead_nbytes for look in found.looks)
        assert all(look.chunks for look in found.looks)
        assert found.strangers == ()
        np.testing.assert_array_equal(PIXELS, zarr.open_array(target / "0")[...])


@pytest.mark.parametrize("order", ["morton", "C"])
def test_the_order_is_as_asked(tmp_path: Path, order: str) -> None:
    """As our own inspection names it, which knows that of zarr."""
    folder = sharded(tmp_path / "a")
    reshard_array(folder, tmp_path / "b", (40, 40), order=order)

    found = level_of(tmp_path / "b" / "0").files.map_of((0, 0))

    assert found is not None
    assert order.capitalize() == found.order


@st.composite
def geometries(draw: st.DrawFn) -> tuple[Any, ...]:
    """Shapes, chunks and two shards, of up to four axes."""
    ndim = draw(st.integers(0, 4))
    most = {0: 1, 1: 40, 2: 12, 3: 7, 4: 4}[ndim]
    sizes = st.lists(st.integers(1, most), min_size=ndim, max_size=ndim)
    times = st.lists(st.integers(1, 4), min_size=ndim, max_size=ndim)
    shape, chunk = draw(sizes), draw(times)
    one, other = (
        [a * b for a, b in zip(chunk, draw(times), strict=True)] for _ in range(2)
    )
    return shape, chunk, one, draw(st.sampled_from([other, None]))


@given(
    geometries(),
    st.sampled_from(["start", "end"]),
    st.sampled_from(["morton", "C"]),
    st.integers(0, 2**32),
)
@settings(max_examples=20, deadline=None)
def test_there_and_back(geometry: Any, location: str, order: str, seed: int) -> None:
    """Whatever the geometry: the chunks are the same, and so they are once back."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    shape, chunk, one, other = geometry
    with TemporaryDirectory() as name:
        folder = Path(name)
        written = zarr.create_array(
            folder / "a", shape=shape, chunks=chunk, dtype="u1", fill_value=0
        )
        written[...] = np.random.default_rng(seed).integers(0, 2, shape)
        before = chunk_bytes(folder / "a")

        reshard_array(folder / "a", folder / "b", one, order=order, location=location)
        reshard_array(folder / "b" / "0", folder / "c", other, order=order)
        reshard_array(folder / "c" / "0", folder / "d", None)

        assert before == chunk_bytes(folder / "b" / "0")
        assert before == chunk_bytes(folder / "c" / "0")
        assert before == chunk_bytes(folder / "d" / "0")


def test_dead_bytes_and_what_is_beyond_the_end_are_dropped(tmp_path: Path) -> None:
    """A shard that was written to again holds both; equal chunks may be kept once."""
    folder = sharded(tmp_path / "a", checksum=False)
    shard = folder / "c" / "2" / "2"
    data = shard.read_bytes()
    entries = np.frombuffer(data[-128:], "<u8").reshape(4, 2, 2).copy()
    assert (entries[2:] == 2**64 - 1).all()
    assert (entries[0, 0] != 2**64 - 1).all()
    entries += np.uint64(100) * (entries != 2**64 - 1) * np.array([1, 0], "u8")
    entries[3, 1] = entries[1, 0] = entries[0, 0]
    shard.write_bytes(b"x" * 100 + data[:-128] + entries.tobytes())
    expected = chunk_bytes(folder)

    reshard_array(folder, tmp_path / "b", (40, 40))

    assert expected == chunk_bytes(tmp_path / "b" / "0")
    [look] = level_of(tmp_path / "b" / "0").scan().looks
    assert (0, 0, len(expected)) == (look.dead_nbytes, look.beyond, look.chunks)


def cut_short(folder: Path) -> None:
    path = folder / "c" / "2" / "0"
    path.write_bytes(path.read_bytes()[:-1])


def emptied(folder: Path) -> None:
    (folder / "c" / "2" / "0").write_bytes(b"")


def flipped(folder: Path) -> None:
    path = folder / "c" / "2" / "0"
    path.write_bytes(path.read_bytes()[:-30] + b"?" + path.read_bytes()[-29:])


def pointing_outside(folder: Path) -> None:
    path = folder / "c" / "2" / "0"
    entries = np.frombuffer(path.read_bytes()[-128:], "<u8").copy()
    entries[entries != 2**64 - 1] += 2**20
    path.write_bytes(path.read_bytes()[:-128] + entries.tobytes())


def of_no_bytes(folder: Path) -> None:
    path = folder / "c" / "2" / "0"
    entries = np.frombuffer(path.read_bytes()[-128:], "<u8").copy()
    entries[0:2] = 0
    path.write_bytes(path.read_bytes()[:-128] + entries.tobytes())


def a_folder(folder: Path) -> None:
    (folder / "c" / "2" / "0").unlink()
    (folder / "c" / "2" / "0").mkdir()


@pytest.mark.parametrize(
    ("harm", "form", "says"),
    [
        (cut_short, {}, "damaged"),
        (emptied, {}, "cut short"),
        (flipped, {}, "checksum"),
        (pointing_outside, {"checksum": False}, "outside"),
        (of_no_bytes, {"checksum": False}, "no bytes"),
        (a_folder, {}, "a folder is in its place"),
    ],
)
@pytest.mark.parametrize("shard", [None, (40, 40)])
def test_a_damaged_shard_is_refused(
    tmp_path: Path, harm: Any, form: Any, says: str, shard: Any
) -> None:
    """By the name of its file, and with the reason: it is no chunk that is absent."""
    folder = sharded(tmp_path / "a", **form)
    harm(folder)

    with pytest.raises(Unreadable, match=says) as error:
        reshard_array(folder, tmp_path / "b", shard)
    assert error.value.key == "c/2/0"


@pytest.mark.parametrize(
    ("harm", "says"), [(emptied, "empty"), (cut_short, "63 bytes in place of 64")]
)
def test_a_damaged_chunk_is_refused(tmp_path: Path, harm: Any, says: str) -> None:
    """One of no bytes, or of too few where their number is known."""
    folder = single(tmp_path / "a", zarr_format=3, compressors=None)
    harm(folder)

    with pytest.raises(Unreadable, match=says):
        reshard_array(folder, tmp_path / "b", (40, 40))


class Changing(LocalKeys):
    """A folder in which another program writes while a file is read."""

    def __init__(self, folder: str, key: str, after: int, data: Any) -> None:
        super().__init__(folder)
        self.key, self.after, self.data, self.count = key, after, data, 0

    def sized(self, key: str, span: Any = None, *, limit: int) -> Any:
        if key == self.key:
            self.count += 1
            if self.count == self.after:
                path = os.path.join(self.url, key)
                with open(path, "rb") as file:
                    old = file.read()
                with open(path, "wb") as file:
                    file.write(self.data(old))
        return super().sized(key, span, limit=limit)


def changed(old: bytes) -> bytes:
    return bytes(255 - byte for byte in old[:8]) + old[8:]


def swapped(old: bytes) -> bytes:
    index = np.frombuffer(old[-128:], "<u8").reshape(8, 2)
    return old[:-128] + index[[1, 0, *range(2, 8)]].tobytes()


@pytest.mark.parametrize("after", [2, 3, 4])
@pytest.mark.parametrize(
    "change",
    [changed, swapped, lambda old: old[:-1], lambda old: old + b"?", lambda old: b""],
    ids=["changed", "swapped", "shorter", "longer", "emptied"],
)
def test_a_source_that_changes_meanwhile(
    tmp_path: Path, after: int, change: Any
) -> None:
    """Is found out; or what is written is what it was or now is, as a whole."""
    folder = sharded(tmp_path / "a", checksum=False)
    before = chunk_bytes(folder)
    keys = Changing(str(folder), "c/2/0", after, change)

    try:
        reshard_array(folder, tmp_path / "b", (40, 40), keys=keys, workers=1)
    except (Unreadable, Mismatch):
        return

    assert chunk_bytes(tmp_path / "b" / "0") in (before, chunk_bytes(folder))


def test_what_is_written_wrongly_is_found_out(tmp_path: Path, monkeypatch: Any) -> None:
    """A byte that flips on its way to the disk, anywhere; or one too many."""
    from napari_ngff.storage.commit import files

    folder, write_right = sharded(tmp_path / "a"), files.write
    harms = [
        lambda data: bytes([data[0] ^ 1]) + data[1:],
        lambda data: data[:-7] + bytes([data[-7] ^ 4]) + data[-6:],
        lambda data: data + b"?",
    ]
    for number, harm in enumerate(harms):

        def write_wrong(descriptor: int, data: Any, path: Any, harm: Any = harm) -> int:
            wrong = harm(bytes(data))
            assert write_right(descriptor, memoryview(wrong), path) == len(wrong)
            return len(data)

        monkeypatch.setattr(files, "write", write_wrong)
        with pytest.raises(Mismatch, match="0/c/0/0"):
            reshard_array(folder, tmp_path / str(number), (40, 40))


def test_memory_is_bounded_by_pieces(tmp_path: Path, monkeypatch: Any) -> None:
    """A chunk larger than a piece is copied in several, and never read at once."""
    monkeypatch.setattr(taking, "_PIECE", 100)
    monkeypatch.setattr(taking, "_WINDOW", 150)
    asked = []

    class Watched(LocalKeys):
        def sized(self, key: str, span: Any = None, *, limit: int) -> Any:
            asked.append(limit)
            return super().sized(key, span, limit=limit)

    raw = {"chunks": (16, 16), "compressors": None}
    folder = single(tmp_path / "a", zarr_format=3)
    zarr.create_array(tmp_path / "w", **(PLAIN | raw))[...] = PIXELS
    folder = tmp_path / "w"

    for number, shard in enumerate([(48, 48), (16, 32), None]):
        keys = Watched(str(folder))
        target = tmp_path / str(number)
        reshard_array(folder, target, shard, keys=keys)
        assert chunk_bytes(folder) == chunk_bytes(target / "0")
        folder = target / "0"

    assert max(asked) <= 144 + 4  # an index; chunks have 512 bytes


def test_progress_and_cancelling(tmp_path: Path) -> None:
    """All that is told adds up to the whole; who wants no more ends it."""
    folder = sharded(tmp_path / "a")
    metadata, zarr_format = document_of(folder)
    document = resharded(metadata, zarr_format, shard=(12, 24))
    keys = LocalKeys(str(folder))
    array = resharding_of(keys, "", metadata, zarr_format, document, node="0")
    tasks = list(reshard_tasks(array, root=str(tmp_path / "b")))
    ticks: list[int] = []
    (tmp_path / "b").mkdir()

    for task in tasks:
        ticks.clear()
        run(pickle.loads(pickle.dumps(task)), ticks.append)
        assert sum(ticks) == task.nbytes

    assert array.nbytes == sum(task.nbytes for task in tasks)
    with pytest.raises(Cancelled):
        reshard_array(folder, tmp_path / "c", (12, 24), cancelled=lambda: True)


def test_out_of_a_large_shard_by_many_tasks(tmp_path: Path) -> None:
    """So that several workers share what one shard becomes, a file each."""
    shape = (64, 64)
    pixels = np.arange(64 * 64, dtype="u2").reshape(shape)
    folder = write(tmp_path / "a", document(shape, shape, (2, 2), packers=()), pixels)
    metadata, zarr_format = document_of(folder)
    target = resharded(metadata, zarr_format, shard=None)
    keys = LocalKeys(str(folder))
    array = resharding_of(keys, "", metadata, zarr_format, target, node="0")

    tasks = list(reshard_tasks(array, root=""))

    places = [place for task in tasks for place in task.places]
    assert len(tasks) > 4
    assert sorted(places) == list(product(range(32), range(32)))


def array_of(folder: Path, shard: Any) -> Resharding:
    """What becomes of an array in other shards."""
    metadata, zarr_format = document_of(folder)
    target = resharded(metadata, zarr_format, shard=shard)
    keys = LocalKeys(str(folder))
    return resharding_of(keys, "", metadata, zarr_format, target, node="0")


@pytest.mark.parametrize("shard", [None, (4, 8)])
def test_little_of_much_is_found_by_listing(tmp_path: Path, shard: Any) -> None:
    """Of billions of places only those are asked for where something is."""
    form = {"shape": (10**6, 10**6), "chunks": (2, 2), "shards": shard}
    array = zarr.create_array(tmp_path / "a", dtype="u2", **form)
    array[4:8, :8] = 1

    found = listed(array_of(tmp_path / "a", (8, 4)))

    assert found.places == ((0, 0), (0, 1))
    assert found.nbytes == 2 * 32 * 2
    tasks = list(reshard_tasks(found, root=""))
    assert [place for task in tasks for place in task.places] == [(0, 0), (0, 1)]


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_all_places_are_asked_for_where_a_listing_does_not_tell(tmp_path: Path) -> None:
    """A link that leads away must be refused by its name, not taken for absent."""
    form = {"shape": (10**6, 10**6), "chunks": (2, 2)}
    zarr.create_array(tmp_path / "a", dtype="u2", **form)[:2, :2] = 1
    (tmp_path / "a" / "c").rename(tmp_path / "away")
    (tmp_path / "a" / "c").symlink_to(tmp_path / "away")

    assert listed(array_of(tmp_path / "a", (40, 40))).places is None


def test_over_the_web(tmp_path: Path, web: Any) -> None:
    """What is far away is copied here in few requests, and is the same."""
    for name, make in {"s": sharded, "c": lambda f: single(f, zarr_format=3)}.items():
        folder = make(tmp_path / name)
        web.serve(folder, f"/{name}")
        keys = open_location(f"{web.url}/{name}").keys
        web.asked.clear()

        reshard_array(folder, tmp_path / f"{name}2", (40, 40), keys=keys)

        assert chunk_bytes(folder) == chunk_bytes(tmp_path / f"{name}2" / "0")
        files = {"s": 9, "c": 50}[name]
        # Each file twice, to compare; its index, and its chunks as one.
        assert len(web.asked) <= 2 * files * {"s": 2, "c": 1}[name]


def test_what_cannot_be_copied_is_no_task(tmp_path: Path) -> None:
    """It is an error to begin with it."""
    metadata = document(after=[GZIP])

    with pytest.raises(ValueError, match="packed as a whole"):
        resharding_of(LocalKeys(str(tmp_path)), "", metadata, 3, document(), node="0")
    assert json.dumps(metadata)
