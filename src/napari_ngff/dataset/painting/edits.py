"""A copy of part of a label image that is painted on, and what of it was changed.

Knows pixels, chunks and digests of what they held; no files, no layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from napari_ngff.storage.pixels import grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from napari_ngff.metadata.model import ImageLabel
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box

#: Bytes of a digest: two that differ are the same once in 10^19 times.
DIGEST: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a part of an array held when it was copied.

    Attributes
    ----------
    shape, chunks
        Of the whole array.
    start
        Where the copy begins in it.
    size
        Lengths of the copy.
    digests
        `DIGEST` bytes for each chunk that the copy touches, in C order: of the pixels
        that the copy has of it.
    """

    shape: tuple[int, ...]
    chunks: tuple[int, ...]
    start: tuple[int, ...]
    size: tuple[int, ...]
    digests: bytes

    @property
    def box(self) -> Box:
        """Which pixels of the array the copy has."""
        pairs = zip(self.start, self.size, strict=True)
        return tuple(slice(start, start + size) for start, size in pairs)

    def parts(self) -> Iterator[tuple[ChunkIndex, Box, bytes]]:
        """Give each chunk, what the copy has of it, and what that held."""
        for number, (chunk, part) in enumerate(
            _parts(self.box, self.chunks, self.shape)
        ):
            at = number * DIGEST
            yield chunk, part, self.digests[at : at + DIGEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A copy that was painted on.

    Attributes
    ----------
    store, node, index
        The label image: its store, its group and the entry of its multiscales.
    level
        Path of its finest array relative to `node`.
    pixels
        The copy, with the axes of that array; it may be painted on meanwhile.
    seen
        What the copied part held.
    image_label
        Colours and properties as they should be; None: as they are.
    """

    store: str
    node: str
    index: int
    level: str
    pixels: NDArray[Any]
    seen: Seen
    image_label: ImageLabel | None = None


def _parts(
    box: Box, chunks: Sequence[int], shape: Sequence[int]
) -> Iterator[tuple[ChunkIndex, Box]]:
    for chunk in product(*grid.touched(box, chunks)):
        part = grid.meet(grid.span_of((chunk, chunk), chunks, shape), box)
        if part is not None:
            yield chunk, part


def see(
    pixels: NDArray[Any],
    *,
    start: Sequence[int],
    shape: Sequence[int],
    chunks: Sequence[int],
) -> Seen:
    """Return what a copy holds.

    Parameters
    ----------
    pixels
        The copy, of the array's type.
    start
        Where it begins in the array.
    shape, chunks
        Of the array.
    """
    box = tuple(slice(a, a + n) for a, n in zip(start, pixels.shape, strict=True))
    digests = [
        digest(pixels[grid.inside(part, box)]) for _, part in _parts(box, chunks, shape)
    ]
    return Seen(
        shape=tuple(shape),
        chunks=tuple(chunks),
        start=tuple(start),
        size=tuple(pixels.shape),
        digests=b"".join(digests),
    )


def digest(pixels: NDArray[Any]) -> bytes:
    """Return what pixels of one type and shape are told from others by."""
    flat = np.ascontiguousarray(pixels).reshape(-1)
    return blake2b(flat.view(np.uint8), digest_size=DIGEST).digest()


def as_type(pixels: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Return a copy of labels as another type.

    Raises
    ------
    ValueError
        If that type has not all of the values; says which one it lacks.
    """
    found = np.array(pixels, dtype, order="C")
    if found.dtype != pixels.dtype:
        wrong = found != pixels
        if wrong.any():
            raise ValueError(f"{pixels[wrong][0]}")
    return found
