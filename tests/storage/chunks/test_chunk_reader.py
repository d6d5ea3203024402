"""Our own reader gives what zarr gives: of any array it covers, and of damaged ones."""

from __future__ import annotations

import math
import pickle
import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from zarr.storage import MemoryStore, StorePath

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.chunks import chunk_reader, fetching
from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes
from napari_ngff.storage.chunks.chunk_reader import ChunkReader
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.decoding import BadChunk
from napari_ngff.storage.chunks.layout import layout_of
from napari_ngff.storage.chunks.shards import ShardSpec, shard_spec
from napari_ngff.storage.chunks.zarr_array import open_array
from napari_ngff.storage.chunks.zarr_store import KeyStore
from napari_ngff.storage.keys import clip

KINDS = {
    "bool": "b1", "int8": "i1", "uint16": "u2", "int32": "i4", "uint64": "u8",
    "float16": "f2", "float32": "f4", "float64": "f8", "complex64": "c8",
}  # fmt: skip
BLOSC = {"cname": "zstd", "clevel": 1, "shuffle": 1, "blocksize": 0}
V2_COMPRESSORS = [
    None,
    {"id": "blosc", **BLOSC},
    {"id": "zstd", "level": 1},
    {"id": "zlib", "level": 1},
    {"id": "gzip", "level": 1},
    {"id": "bz2", "level": 1},
    {"id": "lz4", "acceleration": 1},
]
V3_PACKERS = [
    {"name": "blosc", "configuration": {**BLOSC, "shuffle": "shuffle", "typesize": 2}},
    {"name": "zstd", "configuration": {"level": 1, "checksum": False}},
    {"name": "gzip", "configuration": {"level": 1}},
    {"name": "crc32c"},
]


class Held:
    """Keys in memory, which count what they are asked for."""

    url = "held"

    def __init__(self, values: dict[str, bytes], *, remote: bool = False) -> None:
        self.values = values
        self.remote = remote
        self.asked: list[tuple[str, Any]] = []

    def get(self, key: str, span: Any = None, *, limit: int) -> bytes | None:
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(self, key: str, span: Any = None, *, limit: int) -> Any:
        self.asked.append((key, span))
        if key not in self.values:
            return None
        value = self.values[key]
        start, length = clip(span, len(value))
        if length > limit:
            raise LimitExceeded("The size", length, limit)
        return value[start : start + length], len(value)


def written(
    document: dict[str, Any], pixels: np.ndarray[Any, Any], node: str = ""
) -> dict[str, bytes]:
    """Return what zarr makes of pixels."""
    values: dict[str, Any] = {}
    at = StorePath(MemoryStore(values), node)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Combining a `sharding_indexed` codec")
        array = zarr.Array.from_dict(at, document)
    array[...] = pixels
    return {key: value.to_bytes() for key, value in values.items()}


def both(document: dict[str, Any], keys: Held, node: str = "") -> tuple[Any, Any]:
    """Return our reader of an array, and zarr's array."""
    checked = guard(document, document["zarr_format"], LIMITS)
    layout, spec = layout_of(checked), shard_spec(checked)
    assert layout is not None
    stored = ChunkBytes(keys, limit=2**20, shards=layout.shards)
    store = KeyStore(keys, shards=spec if isinstance(spec, ShardSpec) else None)
    return ChunkReader(layout, stored, node), open_array(store, node, checked)


def everything(shape: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(0, n) for n in shape)


@st.composite
def fills(draw: Any, kind: str, *, v3: bool) -> Any:
    """A fill value as a document has it."""
    if not v3 and draw(st.booleans()):
        return None
    special = st.sampled_from(["NaN", "Infinity", "-Infinity", 0.0, 1.5, -2.0])
    if kind[0] == "b":
        return draw(st.booleans())
    if kind[0] == "f" and v3 and draw(st.booleans()):
        return "0x" + np.array(draw(st.integers(-9, 9)), ">" + kind).tobytes().hex()
    if kind[0] == "f":
        return draw(special)
    if kind[0] == "c":
        return [draw(special), draw(special)]
    return draw(st.integers(0, 100))


@st.composite
def v2_documents(draw: Any) -> dict[str, Any]:
    """The ``.zarray`` of an array that is covered."""
    kind = draw(st.sampled_from(list(KINDS.values())))
    shape = draw(st.lists(st.integers(1, 7), max_size=4))
    order = draw(st.sampled_from("<>")) if kind[-1] != "1" else "|"
    return {
        "zarr_format": 2,
        "shape": shape,
        "chunks": [draw(st.integers(1, 5)) for _ in shape],
        "dtype": order + kind,
        "order": draw(st.sampled_from("CF")),
        "fill_value": draw(fills(kind, v3=False)),
        "dimension_separator": draw(st.sampled_from("./")),
        "compressor": draw(st.sampled_from(V2_COMPRESSORS)),
        "filters": None,
    }


@st.composite
def chains(draw: Any, ndim: int) -> list[dict[str, Any]]:
    """The codecs of a chunk."""
    endian = draw(st.sampled_from(["little", "big"]))
    packers = draw(st.lists(st.sampled_from(V3_PACKERS), max_size=2))
    serializer = {"name": "bytes", "configuration": {"endian": endian}}
    return [*draw(transposes(ndim)), serializer, *packers]


@st.composite
def transposes(draw: Any, ndim: int) -> list[dict[str, Any]]:
    """Up to two codecs that reorder axes."""
    orders = draw(st.lists(st.permutations(range(ndim)), max_size=2 if ndim else 0))
    return [{"name": "transpose", "configuration": {"order": o}} for o in orders]


@st.composite
def v3_documents(draw: Any) -> dict[str, Any]:
    """The ``zarr.json`` of an array that is covered, in shards or not."""
    name = draw(st.sampled_from(list(KINDS)))
    shape = draw(st.lists(st.integers(1, 7), max_size=4))
    chunk = [draw(st.integers(1, 4)) for _ in shape]
    encoding = draw(st.sampled_from(["default", "v2"]))
    separator = draw(st.sampled_from("./"))
    codecs = draw(chains(len(shape)))
    if shape and draw(st.booleans()):
        # Zarr refuses to write transposed shards that are not as long as wide.
        outer = draw(transposes(len(shape)))
        chunk = chunk[:1] * len(shape) if outer else chunk
        endian = draw(st.sampled_from(["little", "big"]))
        index = [{"name": "bytes", "configuration": {"endian": endian}}]
        sharding = {
            "chunk_shape": chunk,
            "codecs": codecs,
            "index_codecs": index + [{"name": "crc32c"}] * draw(st.integers(0, 1)),
            "index_location": draw(st.sampled_from(["start", "end"])),
        }
        codecs = [*outer, {"name": "sharding_indexed", "configuration": sharding}]
        times = [draw(st.integers(1, 3)) for _ in shape]
        times = times[:1] * len(shape) if outer else times
        chunk = [n * many for n, many in zip(chunk, times, strict=True)]
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": shape,
        "data_type": name,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": chunk}},
        "chunk_key_encoding": {
            "name": encoding,
            "configuration": {"separator": separator},
        },
        "fill_value": draw(fills(KINDS[name], v3=True)),
        "codecs": codecs,
        "attributes": {},
    }


DOCUMENTS = st.one_of(v2_documents(), v3_documents())


def pixels_for(document: dict[str, Any], seed: int) -> np.ndarray[Any, Any]:
    """Return pixels of an array; many chunks of them are zeros or fill values."""
    kind = KINDS.get(document.get("data_type", "")) or document["dtype"]
    random = np.random.default_rng(seed)
    values = random.integers(0, 3, document["shape"])
    return np.asarray(values * random.integers(0, 40)).astype(kind)


@settings(max_examples=300)
@given(data=st.data(), document=DOCUMENTS, seed=st.integers(0, 2**32 - 1))
def test_it_reads_what_zarr_reads(
    data: st.DataObject, document: dict[str, Any], seed: int
) -> None:
    """Of any document that is covered, any box, with some chunks absent."""
    node = data.draw(st.sampled_from(["", "a/0"]))
    pixels = pixels_for(document, seed)
    values = written(document, pixels, node)
    gone = data.draw(st.sets(st.sampled_from(sorted(values)))) if values else set()
    held = {key: value for key, value in values.items() if key not in gone}
    remote = data.draw(st.booleans())
    ours, zarrs = both(document, Held(held, remote=remote), node)
    box = tuple(
        slice(*sorted(data.draw(st.tuples(st.integers(0, n - 1), st.integers(1, n)))))
        for n in pixels.shape
    )
    box = tuple(slice(p.start, max(p.stop, p.start + 1)) for p in box)
    found, expected = ours[box], np.asarray(zarrs[box])

    assert expected.shape == found.shape
    assert found.dtype.isnative
    assert np.dtype(zarrs.dtype).newbyteorder("=") == found.dtype
    assert np.array_equal(expected, found, equal_nan=found.dtype.kind in "fc")
    assert found.flags.writeable
    if not gone:
        assert np.array_equal(pixels[box], found)


@settings(max_examples=300)
@given(data=st.data(), document=DOCUMENTS, seed=st.integers(0, 2**32 - 1))
def test_damage_is_what_it_is_to_zarr(
    data: st.DataObject, document: dict[str, Any], seed: int
) -> None:
    """Where zarr fails we do, and of what both read we read the same."""
    pixels = pixels_for(document, seed)
    values = written(document, pixels + np.ones((), pixels.dtype).astype(pixels.dtype))
    if not values:
        return
    key = data.draw(st.sampled_from(sorted(values)))
    value = bytearray(values[key])
    at = data.draw(st.integers(0, len(value) - 1))
    if data.draw(st.booleans()):
        value = value[:at]
    else:
        value[at] ^= data.draw(st.integers(1, 255))
    held = Held(values | {key: bytes(value)}, remote=data.draw(st.booleans()))
    ours, zarrs = both(document, held)
    box = everything(pixels.shape)
    try:
        expected = np.asarray(zarrs[box])
    except Exception:  # noqa: BLE001  (zarr may raise any)
        with pytest.raises((BadChunk, Unreadable)):
            ours[box]
        return
    assert expected.astype(ours.dtype).tobytes() == ours[box].tobytes()


@given(order=st.permutations(range(3)), inner=transposes(3), data=st.data())
def test_transposed_shards_are_the_shards_of_the_transposed(
    order: list[int], inner: list[dict[str, Any]], data: st.DataObject
) -> None:
    """What zarr refuses to write: by "Transpose codec" its bytes are those of another.

    The shards of an array are then those of the transposed array, under other keys.
    """
    pixels = np.arange(7 * 9 * 10, dtype="u2").reshape(7, 9, 10)
    whole, part = (4, 6, 8), (2, 3, 4)
    document = sharded(shape=[pixels.shape[i] for i in order])
    settings = document["codecs"][0]["configuration"]
    settings["chunk_shape"] = [part[i] for i in order]
    settings["codecs"] = [*inner, *settings["codecs"]]
    grid = document["chunk_grid"]["configuration"]
    grid["chunk_shape"] = [whole[i] for i in order]
    values = written(document, pixels.transpose(order))
    back = [order.index(axis) for axis in range(3)]
    held = {}
    for key, value in values.items():
        _, *at = key.split("/")
        held["/".join(["c", *(at[i] for i in back)])] = value
    first = {"name": "transpose", "configuration": {"order": order}}
    document["shape"], grid["chunk_shape"] = list(pixels.shape), list(whole)
    document["codecs"] = [first, *document["codecs"]]
    layout = layout_of(guard(document, 3, LIMITS))
    assert layout is not None
    stored = ChunkBytes(Held(held), limit=2**20, shards=layout.shards)
    ours = ChunkReader(layout, stored, "")
    box = tuple(slice(data.draw(st.integers(0, n - 1)), n) for n in pixels.shape)

    assert part == ours.chunks
    assert np.array_equal(pixels[box], ours[box])


def sharded(**changes: Any) -> dict[str, Any]:
    """Return the document of an array of two shards of 4 x 4 inner chunks."""
    little = {"name": "bytes", "configuration": {"endian": "little"}}
    sharding = {
        "chunk_shape": [8, 8],
        "codecs": [little, *changes.pop("packers", [])],
        "index_codecs": [little, {"name": "crc32c"}],
    }
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": [64, 32],
        "data_type": "uint16",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [32, 32]}},
        "chunk_key_encoding": {"name": "default"},
        "fill_value": 7,
        "codecs": [{"name": "sharding_indexed", "configuration": sharding}],
        "attributes": {},
        **changes,
    }


PIXELS = np.arange(64 * 32, dtype="u2").reshape(64, 32)


def test_neighbours_in_a_shard_are_fetched_as_one() -> None:
    """A corner of inner chunks takes two reads: the index, and their bytes."""
    keys = Held(written(sharded(), PIXELS))
    ours, _ = both(sharded(), keys)

    assert np.array_equal(PIXELS[:16, :16], ours[0:16, 0:16])
    (_, index), (_, piece) = keys.asked
    assert (-(16 * 16 + 4), None) == index
    assert 4 * 128 == piece[1] - piece[0]


def test_pieces_are_neither_too_large_nor_of_strangers() -> None:
    """What is fetched as one is bounded, and leaves out what lies far between."""
    least, most = fetching._PIECE

    def sizes(*spans: tuple[int, int], many: int = 1) -> list[int]:
        entries = [fetching.Entry(*span, (i,)) for i, span in enumerate(spans)]
        pieces = fetching.pieces_of(entries, [range(4 * many)], 1)
        return [len(piece.entries) for piece in pieces]

    assert [] == sizes()
    assert [2] == sizes((0, 10), (10, 20))
    assert [1, 1] == sizes((0, 10), (10 + 2**13, 20 + 2**13))
    assert [1, 1] == sizes((0, least), (least, 2 * least))
    assert [2, 1] == sizes((0, least), (least, 2 * least), (2 * least, 9**6), many=2)
    assert [1, 1] == sizes((0, most), (most, most + 1), many=9)
    assert [3] == sizes((0, 10), (0, 10), (5, 15))


def test_a_small_shard_far_away_is_fetched_whole() -> None:
    """Where a read takes a trip and most is wanted, one is enough."""
    keys = Held(written(sharded(), PIXELS), remote=True)
    ours, _ = both(sharded(), keys)

    assert np.array_equal(PIXELS, ours[0:64, 0:32])
    assert [("c/0/0", None), ("c/1/0", None)] == sorted(keys.asked)
    keys.asked.clear()
    assert np.array_equal(PIXELS[8:16, 8:16], ours[8:16, 8:16])
    assert 2 == len(keys.asked)


def test_a_large_shard_far_away_is_fetched_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It comes faster over several connections."""
    monkeypatch.setattr(fetching, "_WHOLE", 100)
    keys = Held(written(sharded(), PIXELS), remote=True)
    ours, _ = both(sharded(), keys)

    assert np.array_equal(PIXELS, ours[0:64, 0:32])
    assert ("c/0/0", None) not in keys.asked


@pytest.mark.parametrize("change", ["removed", "replaced", "cut"])
def test_a_shard_that_changes_while_it_is_read(change: str) -> None:
    """After its index was read, other bytes are not pixels, nor is their absence."""
    values = written(sharded(), PIXELS)

    class Changing(Held):
        def sized(self, key: str, span: Any = None, *, limit: int) -> Any:
            found = super().sized(key, span, limit=limit)
            if change == "removed":
                self.values.pop(key, None)
            elif change == "replaced":
                self.values[key] = b"\0" * 16 + values[key]
            else:
                self.values[key] = self.values[key][:100]
            return found

    ours, _ = both(sharded(), Changing(dict(values)))
    with pytest.raises(Unreadable, match="while it was read"):
        ours[0:8, 0:8]


def test_a_shard_that_was_replaced_is_read_anew() -> None:
    """An index is remembered of those very bytes alone."""
    zstd = [V3_PACKERS[1]]
    keys = Held(written(sharded(packers=zstd), PIXELS))
    ours, _ = both(sharded(packers=zstd), keys)
    box = everything(PIXELS.shape)
    assert np.array_equal(PIXELS, ours[box])
    keys.values |= written(sharded(packers=zstd), PIXELS // 9)

    assert np.array_equal(PIXELS // 9, ours[box])


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest index is forgotten first, and one is always kept."""
    monkeypatch.setattr("napari_ngff.storage.chunks.chunk_bytes._REMEMBERED", 20)
    keys = Held(written(sharded(), PIXELS))
    ours, _ = both(sharded(), keys)

    assert np.array_equal(PIXELS, ours[everything(PIXELS.shape)])
    assert 1 == len(ours.stored._sound)


def test_pickling() -> None:
    """A reader survives pickling, without what it remembered."""
    keys = Held(written(sharded(), PIXELS))
    ours, _ = both(sharded(), keys)
    box = everything(PIXELS.shape)
    ours[box]
    again = pickle.loads(pickle.dumps(ours))

    assert ours.layout == again.layout
    assert not again.stored._sound
    assert np.array_equal(PIXELS, again[box])


@pytest.mark.parametrize("nbytes", [0, 3, 127, 129])
def test_a_chunk_has_just_its_bytes(nbytes: int) -> None:
    """More or fewer bytes than a chunk has are damage."""
    document = sharded()
    document["codecs"] = document["codecs"][0]["configuration"]["codecs"]
    values = written(document, PIXELS)
    ours, _ = both(document, Held(values | {"c/0/0": b"x" * nbytes}))

    with pytest.raises((BadChunk, Unreadable), match=r"empty|where 2048 are expected"):
        ours[0:1, 0:1]


def test_many_chunks_are_read_by_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """All pixels are there however many work at it, and little is left to one."""
    seen: list[int] = []
    each = chunk_reader.WORKERS.each

    def watched(work: Any, things: Any, *, at_once: int) -> Any:
        seen.append(at_once)
        return each(work, things, at_once=at_once)

    monkeypatch.setattr(chunk_reader.WORKERS, "each", watched)
    ours, _ = both(sharded(), Held(written(sharded(), PIXELS)))
    for little, expected in ((2**20, 1), (0, fetching.CORES)):
        monkeypatch.setattr(fetching, "_LITTLE", little)
        seen.clear()
        assert np.array_equal(PIXELS, ours[everything(PIXELS.shape)])
        assert {expected} == set(seen)


def test_every_chunk_has_its_own_key() -> None:
    """The keys of both formats, with and without axes."""
    for ndim, v3 in product((0, 1, 3), (True, False)):
        document = {"zarr_format": 2, "dtype": "|u1", "order": "C", "fill_value": 0}
        document |= {"shape": [3] * ndim, "chunks": [2] * ndim, "filters": None}
        document |= {"dimension_separator": ".", "compressor": None}
        if v3:
            document = sharded(shape=[3] * ndim)
            document["chunk_grid"]["configuration"]["chunk_shape"] = [2] * ndim
            document["codecs"] = document["codecs"][0]["configuration"]["codecs"]
        pixels = np.ones([3] * ndim, "u2" if v3 else "u1")
        layout = layout_of(guard(document, document["zarr_format"], LIMITS))
        assert layout is not None
        keys = {layout.keys.key(at) for at in product(range(2), repeat=ndim)}

        assert set(written(document, pixels)) == keys
        assert math.prod([2] * ndim) == len(keys)
