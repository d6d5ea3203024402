"""One array as it is stored: scan it, look into a shard, ask what a view costs.

Knows the parts beside it and puts them together; knows no images. A window asks this
of each level.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from napari_ngff.core.problems import DocumentError, LimitExceeded, Problem, Unreadable
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.fetching import Fetching
from napari_ngff.storage.chunks.layout import layout_of
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.storage.inspecting.budget import Watch
from napari_ngff.storage.inspecting.cost import cost_of
from napari_ngff.storage.inspecting.looking import Files
from napari_ngff.storage.inspecting.scan import look_at, scan
from napari_ngff.storage.inspecting.stored_as import stored_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.chunks.shards import ShardIndex
    from napari_ngff.storage.inspecting.budget import Budget
    from napari_ngff.storage.inspecting.cost import Cost
    from napari_ngff.storage.inspecting.looking import FileLook
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box
    from napari_ngff.storage.places.nodes import NodeDocument


class StoredLevel:
    """An array as it is stored. Thread-safe; nothing is read before it is asked for.

    Parameters
    ----------
    keys
        Where the bytes are.
    document
        The array's metadata.
    limits
        Bounds on what it may ask for.

    Raises
    ------
    DocumentError
        If not even its shape and chunks can be known.
    LimitExceeded
        If they are more than the limits allow.
    """

    def __init__(self, keys: Keys, document: NodeDocument, limits: Limits) -> None:
        metadata, zarr_format = document.metadata, document.zarr_format
        self.stored = stored_as(metadata, zarr_format, limits)
        self.files = Files(keys, document.node, self.stored)
        self._by_us = False
        try:
            checked = guard(metadata, zarr_format, limits)
        except DocumentError as error:
            self._add_problems(error.problems)
        except LimitExceeded as error:
            message = str(error)
            self._add_problems(
                (Problem(level="error", kind="limit-exceeded", message=message),)
            )
        else:
            self._by_us = layout_of(checked) is not None

    def _add_problems(self, problems: tuple[Problem, ...]) -> None:
        known = {(p.loc, p.kind) for p in self.stored.problems}
        more = [p for p in problems if (p.loc, p.kind) not in known]
        self.stored = replace(self.stored, problems=(*self.stored.problems, *more))
        self.files.stored = self.stored

    @cached_property
    def fetching(self) -> Fetching:
        """How it is fetched: what is decoded at once, and what is in a file."""
        stored, specs = self.stored, self.stored.specs
        chunk = stored.cell
        if specs:
            # Of shards in shards, those inside are read as a whole.
            sizes = dict(zip(specs[0].axes, specs[0].chunk_shape, strict=True))
            chunk = tuple(sizes[axis] for axis in range(len(stored.shape)))
        pairs = list(zip(stored.cell, chunk, strict=True))
        nbytes = stored.itemsize
        for part in chunk:
            nbytes *= part
        return Fetching(
            shape=stored.shape,
            chunks=chunk,
            per_shard=tuple(whole // part for whole, part in pairs),
            chunk_nbytes=nbytes,
            remote=self.files.keys.remote,
        )

    def scan(
        self, *, budget: Budget | None = None, watch: Watch | None = None
    ) -> LevelScan:
        """Look at all files; see `inspecting.scan.scan`."""
        return scan(self.files, budget=budget, watch=watch)

    def look_at(
        self, places: Sequence[ChunkIndex], *, watch: Watch | None = None
    ) -> list[FileLook]:
        """Look at some files, also where a scan left them out; see `scan.look_at`."""
        return look_at(self.files, places, watch or Watch())

    def shard(self, place: ChunkIndex) -> ShardIndex | None:
        """Return the index of a shard; None where there is no such shard.

        Raises
        ------
        Unreadable, LimitExceeded, BadIndex
            See `looking.Files.index`.
        """
        return self.files.index(place)

    def cost(self, box: Box, *, at_most: int | None = None) -> Cost:
        """Return what reading a box costs, if nothing of it is at hand.

        Files that cannot be read, or are damaged, count as absent, and then it is not
        exact; nor is it where zarr reads shards, of which our rule is not known to be
        its own.

        Parameters
        ----------
        box
            One slice of step 1 per axis, in bounds and not empty.
        at_most
            How many files are looked into; see `cost.AT_MOST`.
        """
        looking = _Looking(self.files)
        more = {} if at_most is None else {"at_most": at_most}
        found = cost_of(
            box,
            self.fetching,
            itemsize=self.stored.itemsize,
            size=looking.size,
            index=looking.index if self.stored.specs else None,
            **more,
        )
        ours = self._by_us or not self.stored.specs
        return replace(found, exact=found.exact and ours and not looking.failed)


class _Looking:
    """Looks into files, and remembers whether that failed."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.failed = False

    def size(self, place: ChunkIndex) -> int | None:
        try:
            return self._files.size(place)
        except (Unreadable, LimitExceeded):
            self.failed = True
            return None

    def index(self, place: ChunkIndex) -> ShardIndex | None:
        try:
            index = self._files.index(place)
        except (Unreadable, LimitExceeded, BadIndex):
            self.failed = True
            return None
        if index is not None and index.fault() is not None:
            self.failed = True
            return None
        return index
