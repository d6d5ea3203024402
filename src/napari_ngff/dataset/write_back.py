"""Save labels that were painted on over their own, chunk by chunk.

Knows in which order: which chunks were painted, whether they still hold what was
copied, then level after level, then all in place at once. Chunks that nobody painted
are never touched, nor is anything else in the store.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.painting.edits import DIGEST, as_type, digest
from napari_ngff.dataset.painting.following import by_chunk, difference, shifted
from napari_ngff.dataset.painting.label_documents import with_looks
from napari_ngff.dataset.painting.stored_labels import document_of, stored_labels
from napari_ngff.dataset.saving.stretch import Stretch
from napari_ngff.storage.chunks.encoding import Mismatch
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.storage.commit.amending import Amending
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.pixels import grid
from napari_ngff.storage.places.consolidating import (
    as_bytes,
    read_json,
    repeat,
    repeating,
)
from napari_ngff.storage.places.nodes import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Sequence as Items

    from numpy.typing import NDArray

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.painting.edits import Edit, Seen
    from napari_ngff.dataset.painting.stored_labels import StoredLabels, StoredLevel
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.storage.pixels.indexing import Box

_COMPARED, _FINEST, _LEVELS = 0.2, 0.7, 0.85
"""Fractions of a save that are done after each part of it."""
_AGAIN: Final = (
    "Add your labels to the image as new ones (Layers > Data > Add Labels to Image), "
    "or make another copy of those that are there now (Edit Labels)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was saved.

    Attributes
    ----------
    seen
        What the copy holds now, as far as it was saved: for the next time.
    chunks
        How many chunks were written, by the path of their array.
    looks
        Whether colours and properties were.
    problems
        What could not be tidied up; the save itself has succeeded.
    """

    seen: Seen
    chunks: Mapping[str, int]
    looks: bool
    problems: tuple[Problem, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was."""
        return self.looks or bool(self.chunks)


def write_back(
    edit: Edit,
    *,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Saved:
    """Save what was painted on a copy of labels.

    Parameters
    ----------
    edit
        The copy. What is painted while this runs is saved the next time.
    progress, cancelled
        As of `dataset.write.execute`.

    Returns
    -------
    Saved
        Also where nothing was painted; then nothing was written.

    Raises
    ------
    CannotSave
        If somebody else changed what was painted on, a value does not fit the type of
        the labels, or they are stored in a way that is only read. Nothing was changed.
    Cancelled
        If `cancelled` said so. Nothing was changed.
    NgffError
        If what is there cannot be read.
    """
    shown = plain(f"{edit.store}/{edit.node}", limit=1024)
    told = Stretch(progress, cancelled, target=shown)
    told(0.0)
    labels = stored_labels(edit.store, edit.node, edit.index)
    _check_same(edit, labels, shown)
    painted = _painted(edit, labels, told.part(0.0, _COMPARED), shown)
    documents = _documents(edit, labels)
    if not painted and not documents:
        told.end()
        return Saved(seen=edit.seen, chunks={}, looks=False)
    with Amending(
        labels.store, _folder(labels, documents), nbytes=_estimate(labels, painted)
    ) as amending:
        save = _Save(labels=labels, edit=edit, amending=amending, shown=shown)
        try:
            seen, counts = save.levels(painted, told.part(_COMPARED, _LEVELS))
        except Mismatch as error:
            advice = "The memory of this computer, or a library, is broken. Try again."
            raise CannotSave(shown, str(error), advice) from error
        except BadIndex as error:
            raise CannotSave(shown, f"a shard is damaged: {error}") from error
        for key, document in documents.items():
            amending.put(key, as_bytes(document))
        left: tuple[Problem, ...] = ()
        if counts or documents:
            end = told.part(_LEVELS, 1.0)
            left = amending.commit(progress=lambda done, total: end(done / total))
    told.end()
    return Saved(seen=seen, chunks=counts, looks=bool(documents), problems=left)


def _check_same(edit: Edit, labels: StoredLabels, shown: str) -> None:
    """Refuse an array that is another one than the copy is of."""
    level = labels.levels[0]
    node = key_of(labels.node, edit.level)
    same = (
        level.document.node == node
        and level.shape == edit.seen.shape
        and level.recoder.layout.chunks == edit.seen.chunks
    )
    if not same:
        reason = "the labels were replaced since they were copied"
        raise CannotSave(shown, reason, _AGAIN)
    if edit.pixels.shape != edit.seen.size:
        reason = f"the layer has the shape {edit.pixels.shape}, and was copied as "
        raise CannotSave(shown, f"{reason}{edit.seen.size}", _AGAIN)


def _painted(
    edit: Edit, labels: StoredLabels, told: Stretch, shown: str
) -> dict[ChunkIndex, tuple[int, Box, bytes]]:
    """Return the chunks that were painted on: number, part of the copy, old digest."""
    dtype = labels.levels[0].recoder.layout.dtype
    box, total = edit.seen.box, max(len(edit.seen.digests) // DIGEST, 1)
    found = {}
    for number, (chunk, part, before) in enumerate(edit.seen.parts()):
        pixels = _cast(edit.pixels[grid.inside(part, box)], dtype, shown)
        if digest(pixels) != before:
            found[chunk] = (number, part, before)
        told((number + 1) / total)
    return found


def _cast(pixels: NDArray[Any], dtype: Any, shown: str) -> NDArray[Any]:
    try:
        return as_type(pixels, dtype)
    except ValueError as error:
        reason = f"its labels are of the type {dtype}, which has no {error}"
        raise CannotSave(shown, reason, _AGAIN) from error


def _documents(edit: Edit, labels: StoredLabels) -> dict[str, Mapping[str, Any]]:
    """Return the documents that say other colours or properties; none if all is as is.

    Consolidated metadata that repeat them are among these.
    """
    looks, now = edit.image_label, labels.group.image_label
    if looks is None or (
        now is not None
        and (looks.colors, looks.properties) == (now.colors, now.properties)
    ):
        return {}
    keys = LocalKeys(labels.store)
    format2 = labels.document.zarr_format == 2
    key = key_of(labels.node, ".zattrs" if format2 else "zarr.json")
    document = read_json(keys, key, LIMITS) or {}
    attributes = document if format2 else document.get("attributes", {})
    changed = with_looks(attributes, looks, labels.group.loc)
    new = changed if format2 else {**document, "attributes": changed}
    return repeat(repeating(keys, labels.node, LIMITS), {key: new})


def _folder(labels: StoredLabels, documents: Iterable[str]) -> str:
    """Return the smallest group that takes in the labels and some documents."""
    nodes = [key.rpartition("/")[0] for key in documents]
    return min([labels.node, *nodes], key=len)


def _estimate(labels: StoredLabels, painted: Items[Any] | Mapping[Any, Any]) -> int:
    level = labels.levels[0].recoder
    return 2 * len(painted) * level.layout.chain.nbytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Save:
    """One save: what it goes on with, level after level."""

    labels: StoredLabels
    edit: Edit
    amending: Amending
    shown: str

    def levels(
        self, painted: Mapping[ChunkIndex, tuple[int, Box, bytes]], told: Stretch
    ) -> tuple[Seen, dict[str, int]]:
        """Stage the chunks of all levels that change; see `Saved`."""
        digests = bytearray(self.edit.seen.digests)
        finest = self.labels.levels[0]

        def paint(chunk: ChunkIndex, old: NDArray[Any], origin: Box) -> NDArray[Any]:
            number, part, before = painted[chunk]
            mine = self._mine(part)
            after = digest(mine)
            theirs = old[grid.inside(part, origin)]
            if digest(theirs) not in (before, after):
                reason = "another program changed the labels where you painted"
                raise CannotSave(self.shown, reason, _AGAIN)
            digests[number * DIGEST : (number + 1) * DIGEST] = after
            new = old.copy()
            new[grid.inside(part, origin)] = mine
            return new

        share = (_FINEST - _COMPARED) / (_LEVELS - _COMPARED)
        coarser = max(len(self.labels.steps), 1)
        boxes = self._level(finest, painted, paint, told.part(0.0, share))
        counts = {finest.document.node: len(boxes)} if boxes else {}
        for number, (level, step) in enumerate(
            zip(self.labels.levels[1:], self.labels.steps, strict=True)
        ):
            finer = self.labels.levels[number].reader(self.amending.keys)
            wanted = [box for each in boxes if (box := step.touched(each)) is not None]
            regions = by_chunk(wanted, level.recoder.layout.chunks, level.shape)

            def follow(
                chunk: ChunkIndex, old: NDArray[Any], origin: Box
            ) -> NDArray[Any]:
                region = regions[chunk]  # noqa: B023  (called before the next level)
                new = old.copy()
                pixels = step.pixels(finer[step.source(region)], region)  # noqa: B023
                place = tuple(slice(n) for n in new[grid.inside(region, origin)].shape)
                new[grid.inside(region, origin)] = pixels[place]
                return new

            start, width = share + (1 - share) * number / coarser, (1 - share) / coarser
            part = told.part(start, start + width)
            boxes = self._level(level, regions, follow, part)
            if boxes:
                counts[level.document.node] = len(boxes)
        seen = replace(self.edit.seen, digests=bytes(digests))
        return seen, counts

    def _mine(self, part: Box) -> NDArray[Any]:
        pixels = self.edit.pixels[grid.inside(part, self.edit.seen.box)]
        return _cast(pixels, self.labels.levels[0].recoder.layout.dtype, self.shown)

    def _level(
        self,
        level: StoredLevel,
        chunks: Iterable[ChunkIndex],
        change: Callable[[ChunkIndex, NDArray[Any], Box], NDArray[Any]],
        told: Stretch,
    ) -> list[Box]:
        """Stage the files of one level that change; return which pixels do."""
        recoder, keys = level.recoder, self.amending.keys
        stored = level.reader(keys)
        cells: dict[ChunkIndex, list[ChunkIndex]] = defaultdict(list)
        for chunk in chunks:
            cells[level.cell_of(chunk)].append(chunk)
        boxes: list[Box] = []
        for number, (cell, members) in enumerate(cells.items()):
            encoded: dict[ChunkIndex, bytes | None] = {}
            for chunk in members:
                whole = grid.span_of((chunk, chunk), recoder.layout.chunks, level.shape)
                old = stored[whole]
                new = change(chunk, old, whole)
                changed = difference(old, new)
                if changed is not None:
                    encoded[chunk] = recoder.encode(new)
                    boxes.append(shifted(changed, whole))
                told(number / len(cells))
            if encoded:
                self._put(level, cell, encoded)
        if boxes:
            # The same text in a new file: whoever has the array open will notice.
            key = level.document.key
            self.amending.put(key, document_of(LocalKeys(self.labels.store), key))
        return boxes

    def _put(
        self,
        level: StoredLevel,
        cell: ChunkIndex,
        encoded: Mapping[ChunkIndex, bytes | None],
    ) -> None:
        key, recoder = level.key(cell), level.recoder
        old = None
        if recoder.layout.shards is not None:
            old = self.amending.keys.get(key, limit=recoder.limit)
        self.amending.put(key, recoder.file(cell, old, encoded))
