"""Chunks of an array that is there already, encoded as it has them, whoever wrote it.

Knows layouts, codec entries and the bytes of chunks and shards; no files, and no zarr.
It covers what `chunks.layout` covers: blosc, zstd, gzip and their like, any byte
order, axis order and shards. What it encodes is decoded again before it is handed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import google_crc32c
import numpy as np

from napari_ngff.storage.chunks.chains import settings_of
from napari_ngff.storage.chunks.chunk_reader import decoded
from napari_ngff.storage.chunks.codecs import encoded_limit, guard
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.chunks.layout import CRC, layout_of
from napari_ngff.storage.chunks.shards import MISSING, build_index, sound_index

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.chunks.layout import Layout
    from napari_ngff.storage.chunks.shards import ShardSpec
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.places.nodes import NodeDocument

    Pack = Callable[[Any], bytes]

_SHUFFLES: Final = {"noshuffle": 0, "shuffle": 1, "bitshuffle": 2}
#: What each compressor may be told, and the numbers that it may be told.
_SETTINGS: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    "blosc": {"clevel": (0, 9), "shuffle": (-1, 2), "blocksize": (0, 2**27)},
    "zstd": {"level": (-(2**17), 22), "checksum": (0, 1)},
    "gzip": {"level": (0, 9)},
    "zlib": {"level": (-1, 9)},
    "bz2": {"level": (1, 9)},
    "lz4": {"acceleration": (1, 2**16)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoder:
    """Encodes chunks of one array.

    Attributes
    ----------
    layout
        How the array is stored.
    packers
        What its bytes go through, one after another.
    limit
        How many bytes a stored chunk or shard may have.
    absent
        Whether a chunk that has nothing but the fill value may be left out.
    """

    layout: Layout
    packers: tuple[Pack, ...]
    limit: int
    absent: bool = True

    @property
    def cell(self) -> tuple[int, ...]:
        """Lengths of what one file holds: a shard, or a chunk."""
        pairs = zip(self.layout.chunks, self.layout.per_shard, strict=True)
        return tuple(size * count for size, count in pairs)

    def encode(self, pixels: NDArray[Any]) -> bytes | None:
        """Return the bytes of a chunk; None where it need not be stored.

        Parameters
        ----------
        pixels
            Of the chunk; fewer at the array's end, the rest is the fill value.

        Raises
        ------
        Mismatch
            If the bytes do not decode to the same pixels.
        """
        layout, chain = self.layout, self.layout.chain
        whole = np.full(layout.chunks, layout.fill, layout.dtype)
        whole[tuple(slice(n) for n in pixels.shape)] = pixels
        if self.absent and bool((whole == layout.fill).all()):
            return None
        stored = whole.transpose(chain.axes).astype(chain.dtype, order="C")
        data: Any = stored.reshape(-1)
        for pack in self.packers:
            data = pack(data)
        found = data.tobytes() if isinstance(data, np.ndarray) else bytes(data)
        if not np.array_equal(decoded(found, chain), whole):
            message = "a chunk does not decode to the pixels that were encoded"
            raise Mismatch(message)
        return found

    def file(
        self, cell: ChunkIndex, old: bytes | None, chunks: Mapping[ChunkIndex, Any]
    ) -> list[bytes] | None:
        """Return a file with some of its chunks exchanged, in parts.

        Parameters
        ----------
        cell
            Place of the file in the array's grid of files.
        old
            The file as it is; None where there is none. Not needed without shards.
        chunks
            By their place in the array's grid of chunks: what `encode` returned.

        Returns
        -------
        list of bytes or None
            None: there is nothing in it but the fill value; no file is needed.

        Raises
        ------
        BadIndex
            If `old` is no such shard.
        """
        spec = self.layout.shards
        if spec is None:
            [data] = chunks.values()
            return None if data is None else [data]
        begin = [at * n for at, n in zip(cell, self.layout.per_shard, strict=True)]
        inner = {
            tuple(chunk[axis] - begin[axis] for axis in spec.axes): data
            for chunk, data in chunks.items()
        }
        return _shard(spec, old, inner)


def _shard(
    spec: ShardSpec, old: bytes | None, inner: Mapping[ChunkIndex, bytes | None]
) -> list[bytes] | None:
    """Put a shard together of chunks that stay, in their order, and new ones."""
    offsets = np.full(spec.chunks_per_shard, MISSING, np.uint64)
    lengths = offsets.copy()
    parts: dict[ChunkIndex, bytes | memoryview] = {}
    if old is not None:
        index = sound_index(spec, spec.index_in(old), len(old))
        view = memoryview(old)
        kept = [tuple(map(int, at)) for at in np.argwhere(~index.missing)]
        for at in sorted(kept, key=lambda at: int(index.offsets[at])):
            start = int(index.offsets[at])
            parts[at] = view[start : start + int(index.lengths[at])]
    for at, data in inner.items():
        parts.pop(at, None)
        if data is not None:
            parts[at] = data
    if not parts:
        return None
    end = spec.index_nbytes if spec.location == "start" else 0
    for at, part in parts.items():
        offsets[at], lengths[at] = end, len(part)
        end += len(part)
    found = [bytes(part) for part in parts.values()]
    head = build_index(spec, offsets, lengths)
    return [head, *found] if spec.location == "start" else [*found, head]


def recoder_of(document: NodeDocument, limits: Limits) -> Recoder | None:
    """Return what encodes chunks of an array; None where it is not covered.

    Parameters
    ----------
    document
        The array's, as it was read.
    limits
        Bounds on what it may ask for.

    Raises
    ------
    DocumentError, LimitExceeded
        See `chunks.codecs.guard`.
    """
    checked = guard(document.metadata, document.zarr_format, limits)
    layout = layout_of(checked)
    if layout is None or layout.dtype.kind not in "biu":
        return None
    packers = [_packer(*entry) for entry in _entries(document)]
    if len(packers) != len(layout.chain.packers):
        return None
    known = tuple(pack for pack in packers if pack is not None)
    if len(known) < len(packers):
        return None
    undefined = document.zarr_format == 2 and checked["fill_value"] is None
    return Recoder(
        layout=layout,
        packers=known,
        limit=encoded_limit(checked, limits),
        absent=not undefined,
    )


def _entries(document: NodeDocument) -> list[tuple[str, dict[str, Any]]]:
    """Return name and settings of what follows the bytes of a chunk."""
    metadata: Any = document.metadata
    if document.zarr_format == 2:
        compressor = metadata.get("compressor")
        return [] if compressor is None else [settings_of(compressor, "id", ())]
    codecs: Sequence[Any] = metadata["codecs"]
    entries = [settings_of(entry, "name", ()) for entry in codecs]
    if entries[-1][0] == "sharding_indexed":
        inner = entries[-1][1]["codecs"]
        entries = [settings_of(entry, "name", ()) for entry in inner]
    names = [name for name, _ in entries]
    at = next((i for i, name in enumerate(names) if name in ("bytes", "endian")), -1)
    return entries[at + 1 :]


def _packer(name: str, settings: Mapping[str, Any]) -> Pack | None:
    """Return what packs bytes as a codec does; None for one that is not known."""
    from numcodecs.registry import get_codec

    if name == CRC:
        return _with_crc
    short = name.removeprefix("numcodecs.")
    told = _told(short, settings)
    if told is None:
        return None
    return partial(_pack, get_codec({"id": short, **told}))


def _told(name: str, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the settings of a compressor, each of them a number in its bounds."""
    if name not in _SETTINGS:
        return None
    found: dict[str, Any] = {}
    for key, (low, high) in _SETTINGS[name].items():
        value = settings.get(key)
        value = _SHUFFLES.get(value) if isinstance(value, str) else value
        if isinstance(value, int):
            found[key] = min(max(int(value), low), high)
    if name == "zstd" and "checksum" in found:
        found["checksum"] = bool(found["checksum"])
    if name == "blosc":
        from numcodecs.blosc import list_compressors

        found["cname"] = settings.get("cname", "lz4")
        if found["cname"] not in list_compressors():
            return None
    return found


def _pack(codec: Any, data: Any) -> bytes:
    return bytes(codec.encode(data))


def _with_crc(data: Any) -> bytes:
    # "The checksum is appended as a little-endian unsigned 32-bit integer" (crc32c).
    stored = data.tobytes() if isinstance(data, np.ndarray) else bytes(data)
    value: int = google_crc32c.value(stored)
    return stored + value.to_bytes(4, "little")
