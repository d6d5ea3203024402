"""Where the inner chunks of a shard are: its index, from bytes. No I/O, no state.

Knows the binary format of the codec ``sharding_indexed`` (Zarr v3, "Sharding codec",
version 1.0, whose sentences are quoted here); knows no zarr, no files, and nothing of
what is in an inner chunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any, Final, Literal

import google_crc32c
import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from napari_ngff.core.problems import Loc

#: "Empty inner chunks are denoted by setting both offset and nbytes to 2^64 - 1."
MISSING: Final = 2**64 - 1
_ENTRY: Final = 16
_CRC: Final = 4
_INDEX_CODECS: Final = (["bytes"], ["bytes", "crc32c"])


class BadIndex(ValueError):
    """Bytes are not the index of a shard: too few or many, or their checksum is wrong.

    Its text is a reason in words, to follow the name of the shard.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardSpec:
    """How the shards of an array are laid out, as its metadata says.

    Attributes
    ----------
    shard_shape, chunk_shape
        Lengths of a shard and of an inner chunk in pixels, in the order that the axes
        have in the index.
    axes
        For each of them the axis of the array that it is; a ``transpose`` before the
        sharding codec changes their order.
    location
        "The index is either placed at the end of the file or at the beginning of the
        file, as configured by the index_location parameter."
    endian
        Byte order of the index.
    checksum
        Whether a CRC-32C follows its entries ("The index is encoded into binary
        representations using the specified index codecs"; it is RECOMMENDED).
    """

    shard_shape: tuple[int, ...]
    chunk_shape: tuple[int, ...]
    axes: tuple[int, ...]
    location: Literal["start", "end"]
    endian: Literal["little", "big"]
    checksum: Literal["crc32c", "none"]

    @property
    def chunks_per_shard(self) -> tuple[int, ...]:
        """The element-wise division of the shard shape by the inner chunk shape."""
        shapes = zip(self.shard_shape, self.chunk_shape, strict=True)
        return tuple(whole // part for whole, part in shapes)

    @property
    def index_nbytes(self) -> int:
        """Bytes of the encoded index.

        "The index always has the full shape of all possible inner chunks per shard,
        even if they extend beyond the array shape."
        """
        checksum = _CRC if self.checksum == "crc32c" else 0
        return _ENTRY * prod(self.chunks_per_shard) + checksum

    @property
    def index_span(self) -> tuple[int, int | None]:
        """What to read of a shard to have its index, as a `storage.keys.Span`."""
        nbytes = self.index_nbytes
        return (0, nbytes) if self.location == "start" else (-nbytes, None)

    def index_in(self, shard: bytes) -> bytes:
        """Return the encoded index out of all bytes of a shard; fewer if it is cut."""
        nbytes = self.index_nbytes
        return shard[:nbytes] if self.location == "start" else shard[-nbytes:]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShardIndex:
    """The entries of one shard's index. All arrays have the shape `chunks_per_shard`.

    Attributes
    ----------
    spec
        How the shard is laid out.
    file_size
        Bytes of the whole shard; None: not known.
    offsets, lengths
        "The offset[i] specifies the byte offset within the shard at which the encoded
        representation of chunk i begins, and nbytes[i] specifies the encoded length in
        bytes." Of type uint64, as they are in the file: believe none that is in
        `outside`.
    missing
        Which are empty: "interpreted as being filled with the fill value".
    outside
        Which have bytes that are not in the file, or wrap around 2^64.
    in_index
        Which have bytes that are the index itself.
    """

    spec: ShardSpec
    file_size: int | None
    offsets: NDArray[np.uint64]
    lengths: NDArray[np.uint64]
    missing: NDArray[np.bool_]
    outside: NDArray[np.bool_]
    in_index: NDArray[np.bool_]

    def fault(self) -> str | None:
        """Return what is wrong with the first bad entry, in words; None if all hold.

        "Inner chunks are written successively in a shard, where unused space between
        them is allowed": so none may begin inside of another one, either. Two that are
        the very same bytes are let pass: a writer may keep equal chunks once.
        """
        if self.outside.any():
            size = "it" if self.file_size is None else f"its {self.file_size} bytes"
            return self._words(self.outside, f"outside of {size}")
        if self.in_index.any():
            return self._words(self.in_index, "where the index itself is")
        shared = self._shared()
        if shared is not None:
            bad = ~self.missing & (self.offsets == shared)
            return self._words(bad, "where another one is, too")
        return None

    def _shared(self) -> int | None:
        """Return where an inner chunk begins that is inside of another; None: none is.

        Where more have begun than one more than have ended, two are at once.
        """
        some = ~self.missing & (self.lengths > 0)
        begins = self.offsets[some]
        ends = begins + self.lengths[some]
        first = _first_shared(begins, ends)
        if first is None:
            return None
        once = np.unique(np.stack([begins, ends], axis=1), axis=0)
        return _first_shared(once[:, 0], once[:, 1])

    def _words(self, bad: NDArray[np.bool_], where: str) -> str:
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        chunk = tuple(i for _, i in sorted(zip(self.spec.axes, first, strict=True)))
        place = f"{self.lengths[first]} bytes from byte {self.offsets[first]} on"
        what = f"its index says that inner chunk {chunk} is {place}, {where}"
        return f"{what}: the shard is damaged"


def _first_shared(begins: NDArray[np.uint64], ends: NDArray[np.uint64]) -> int | None:
    begins, ends = np.sort(begins), np.sort(ends)
    found = np.flatnonzero(begins[1:] < ends[:-1])
    return int(begins[1:][found[0]]) if found.size else None


def shard_spec(document: Mapping[str, Any]) -> ShardSpec | Problem | None:
    """Return how the shards of an array are laid out.

    Parameters
    ----------
    document
        The array's metadata, checked (see `chunks.codecs.guard`).

    Returns
    -------
    ShardSpec, Problem or None
        A Problem where there are shards but their index cannot be found in the file;
        None where the array has none.
    """
    codecs = document["codecs"] if document["zarr_format"] == 3 else []
    names = [codec["name"] for codec in codecs]
    if "sharding_indexed" not in names:
        return None
    at = names.index("sharding_indexed")
    if len(names) > at + 1:
        what = f"the shards are packed as a whole, by {plain(names[-1], limit=64)!r}"
        return _unknown(what, ("codecs", at + 1))
    shape = document["chunk_grid"]["configuration"]["chunk_shape"]
    axes = tuple(range(len(shape)))
    for codec in codecs[:at]:
        if codec["name"] == "transpose":
            axes = tuple(axes[i] for i in codec["configuration"]["order"])
    return spec_of(
        [shape[axis] for axis in axes],
        codecs[at]["configuration"],
        axes=axes,
        loc=("codecs", at),
    )


def spec_of(
    shape: Sequence[int],
    configuration: Mapping[str, Any],
    *,
    axes: Sequence[int] | None = None,
    loc: Loc = (),
) -> ShardSpec | Problem:
    """Return how a shard is laid out, from the configuration of its codec.

    Parameters
    ----------
    shape
        Lengths of the shard, in the order that its axes have in the index.
    configuration
        Of the codec ``sharding_indexed``, checked.
    axes
        See `ShardSpec.axes`; None: as they are.
    loc
        Where in its document the codec is.
    """
    codecs = configuration["index_codecs"]
    names = [codec["name"] for codec in codecs]
    if names not in _INDEX_CODECS:
        what = f"the index is encoded by {plain(', '.join(names), limit=64)}"
        return _unknown(what, (*loc, "configuration", "index_codecs"))
    return ShardSpec(
        shard_shape=tuple(shape),
        chunk_shape=tuple(configuration["chunk_shape"]),
        axes=tuple(range(len(shape)) if axes is None else axes),
        # "If the parameter is not present, the value defaults to end."
        location=configuration.get("index_location", "end"),
        endian=codecs[0]["configuration"]["endian"],
        checksum="crc32c" if len(names) > 1 else "none",
    )


def _unknown(what: str, loc: Loc) -> Problem:
    message = f"{what}: where the inner chunks are in the file is not known"
    return Problem(level="info", kind="unknown-shard-index", loc=loc, message=message)


def parse_index(spec: ShardSpec, data: bytes, file_size: int | None) -> ShardIndex:
    """Return the entries of an encoded index, each checked against the file's size.

    What is taken of memory follows `data`, never a number in it.

    Parameters
    ----------
    spec
        How the shard is laid out.
    data
        The encoded index: just the bytes of `ShardSpec.index_span`.
    file_size
        Bytes of the whole shard. None, if not known: only what wraps around, or is in
        an index at the start, is found.

    Raises
    ------
    BadIndex
        If `data` is not as long as the index must be, or its checksum is wrong.
    """
    nbytes = spec.index_nbytes
    if len(data) != nbytes or (file_size is not None and file_size < nbytes):
        found = len(data) if file_size is None else min(len(data), file_size)
        message = f"its index has {found} bytes in place of {nbytes}"
        raise BadIndex(f"{message}: the shard is cut short")
    if spec.checksum == "crc32c":
        # The checksum is itself little-endian, whatever the entries are.
        stated = int.from_bytes(data[-_CRC:], "little")
        if google_crc32c.value(data[:-_CRC]) != stated:
            raise BadIndex("the checksum of its index is wrong: the shard is damaged")
    kind = np.dtype(np.uint64).newbyteorder("<" if spec.endian == "little" else ">")
    entries = np.frombuffer(data, kind, 2 * prod(spec.chunks_per_shard))
    entries = entries.astype(np.uint64, copy=False).reshape(*spec.chunks_per_shard, 2)
    return _checked(spec, entries[..., 0], entries[..., 1], file_size)


def sound_index(spec: ShardSpec, data: bytes, file_size: int | None) -> ShardIndex:
    """Return what `parse_index` does, if all entries hold.

    Raises
    ------
    BadIndex
        With the reason in words.
    """
    index = parse_index(spec, data, file_size)
    fault = index.fault()
    if fault is not None:
        raise BadIndex(fault)
    return index


def _checked(
    spec: ShardSpec,
    offsets: NDArray[np.uint64],
    lengths: NDArray[np.uint64],
    file_size: int | None,
) -> ShardIndex:
    missing = (offsets == MISSING) & (lengths == MISSING)
    # One of no bytes is not anywhere: it is no chunk, which reading it will show.
    some = ~missing & (lengths > 0)
    size = np.uint64(MISSING if file_size is None else file_size)
    # What remains after an offset wraps around only where the offset is too large.
    outside = some & ((offsets > size) | (lengths > size - offsets))
    in_index = np.zeros_like(missing)
    if spec.location == "start":
        in_index = some & ~outside & (offsets < spec.index_nbytes)
    elif file_size is not None:
        begin = np.uint64(file_size - spec.index_nbytes)
        in_index = some & ~outside & (offsets + lengths > begin)
    return ShardIndex(
        spec=spec,
        file_size=file_size,
        offsets=offsets,
        lengths=lengths,
        missing=missing,
        outside=outside,
        in_index=in_index,
    )


def build_index(
    spec: ShardSpec, offsets: NDArray[np.uint64], lengths: NDArray[np.uint64]
) -> bytes:
    """Return the encoded index of a shard: what `parse_index` reads.

    Parameters
    ----------
    spec
        How the shard is laid out.
    offsets, lengths
        Of every inner chunk, counted from the begin of the shard; both `MISSING` for
        one that is empty. Of the shape `ShardSpec.chunks_per_shard`.
    """
    kind = "<u8" if spec.endian == "little" else ">u8"
    entries = np.stack([offsets, lengths], axis=-1).astype(kind).tobytes()
    if spec.checksum == "none":
        return entries
    checksum: int = google_crc32c.value(entries)
    return entries + checksum.to_bytes(_CRC, "little")
