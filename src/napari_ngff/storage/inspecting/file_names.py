"""Which chunk or shard a file is, by its name; and what else may be there. Pure.

Knows how keys are made (`chunks.layout.ChunkKeys`), the metadata that stands beside
chunks, and what programs call files that they have not finished.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from napari_ngff.storage.inspecting.stored_as import StoredAs

Kind: TypeAlias = Literal["chunk", "beyond", "metadata", "temporary", "unknown"]

_METADATA: Final = frozenset({"zarr.json", ".zarray", ".zattrs", ".zgroup"})
#: What zarr (``.partial``, with a number before it), tensorstore (``.__lock``), fsspec,
#: rsync (``.name.a1B2c3``) and this package leave of what they had not finished.
_TEMPORARY: Final = re.compile(
    r"\.partial$|\.part$|\.tmp$|\.temp$|^\.?tmp|\.__lock$|\.__tmp|\.ngff-[a-z.]+$"
    r"|^\..+\.[0-9A-Za-z]{6}$|~$"
)


@dataclass(frozen=True, kw_only=True)
class FileNames:
    """What the files of one array are.

    Attributes
    ----------
    stored
        How the array is stored.
    """

    stored: StoredAs

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        keys = self.stored.keys
        number = "(0|[1-9][0-9]{0,17})"
        parts = (*map(re.escape, keys.start), *(number for _ in self.stored.shape))
        return re.compile(re.escape(keys.separator).join(parts) or "0")

    def place(self, name: str) -> tuple[Kind, tuple[int, ...]]:
        """Return what a file is, and its place in the grid if it is a chunk or shard.

        Parameters
        ----------
        name
            Its key, relative to the array.
        """
        found = self._pattern.fullmatch(name)
        if found is None:
            return self._other(name), ()
        place = tuple(int(part) for part in found.groups())
        inside = all(i < n for i, n in zip(place, self.stored.grid, strict=True))
        return "chunk" if inside else "beyond", place

    def _other(self, name: str) -> Kind:
        if name in _METADATA:
            return "metadata"
        parts = name.split("/")
        return "temporary" if any(map(_TEMPORARY.search, parts)) else "unknown"
