"""What may be chosen when a store is re-sharded: one value, with sensible defaults.

Knows the choices and their names. Does not know what they lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.dataset.saving.options import MEMORY, Existing, wrong
from napari_ngff.storage.chunks.compression import Compression

if TYPE_CHECKING:
    from napari_ngff.storage.chunks.ordering import ChunkOrder
    from napari_ngff.storage.resharding.documents import IndexLocation

ShardWish: TypeAlias = Mapping[str, int] | Literal["none", "same"]

_WORDS = ("none", "same")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReshardOptions:
    """How chunks are to lie in files.

    Attributes
    ----------
    shard
        Length of a shard in pixels by axis name; along axes that are not named it is
        one chunk. Rounded up to whole chunks, and no longer than a level needs.
        ``"none"``: a file per chunk. ``"same"``: as it is.
    chunk
        Length of a chunk by axis name, where it is to be another one: then all is
        decoded. Axes that are not named stay as they are.
    compression
        Of every chunk, where it is to be another one: then all is decoded. None: as it
        is.
    order
        In which the chunks of a shard lie in its file: along a Z, so that neighbours
        are near each other whatever the axis, or the last axis fastest.
    index
        Whether the index is at the start or the end of a shard.
    existing
        Whether an image that is at the target already may be replaced.
    memory
        Bytes of memory that decoding may take, whatever the image's size.
    workers
        How many tasks run at a time; None: as many as there are processors.
    """

    shard: ShardWish = "same"
    chunk: Mapping[str, int] = field(default_factory=dict)
    compression: Compression | None = None
    order: ChunkOrder = "morton"
    index: IndexLocation = "end"
    existing: Existing = "refuse"
    memory: int = MEMORY
    workers: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no choice.

        Raises
        ------
        ValueError
            It says which choice and what there is.
        """
        for name, fits, right in _RIGHT:
            value = getattr(self, name)
            if not fits(value):
                raise ValueError(wrong(name, value, right))


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 1


def _are_lengths(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and _is_count(length) for name, length in value.items()
    )


def _is_shard(value: Any) -> bool:
    return value in _WORDS if isinstance(value, str) else _are_lengths(value)


_LENGTHS = "lengths by axis name, whole numbers such as {'z': 16}"
_RIGHT = (
    ("shard", _is_shard, f"{_LENGTHS}, or 'none', or 'same'"),
    ("chunk", _are_lengths, _LENGTHS),
    (
        "compression",
        lambda v: v is None or isinstance(v, Compression),
        "a Compression, its name such as 'zstd:3', or None",
    ),
    ("order", ("morton", "C").__contains__, "'morton' or 'C'"),
    ("index", ("end", "start").__contains__, "'end' or 'start'"),
    ("existing", ("refuse", "replace").__contains__, "'refuse' or 'replace'"),
    ("memory", _is_count, "a number of bytes"),
    (
        "workers",
        lambda v: v is None or _is_count(v),
        "a whole number, 1 or more, or None",
    ),
)
