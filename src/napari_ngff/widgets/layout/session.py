"""What the layout dock shows: a store, one array of it, and what was found of that.

Holds what was found and where one looks, and tells when that changes; knows no widgets
and no layers, and reads no files itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError

if TYPE_CHECKING:
    from napari_ngff.dataset.inspecting.arrays import Arrays, InspectedArray
    from napari_ngff.dataset.inspecting.findings import Findings, Which
    from napari_ngff.dataset.inspecting.layouts import Found
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.location import Location
    from napari_ngff.storage.pixels.grid import ChunkIndex

_LETTERS = 1024


class Session:
    """The store that is shown, and where in it one looks.

    Attributes
    ----------
    changed
        Signal: another store or part is shown, or none, or there is something to say.
        `level_changed` and the others are not told then.
    level_changed
        Signal: another level of the same part.
    scanned
        Signal: the number of a level of the part that is shown, whose files were looked
        at or checked, or could not be.
    position_changed, shard_changed, cursor_changed
        Signal: `position` or `displayed`; `shard`; `cursor`.
    findings
        What was found of the store; None: none is shown.
    part_index, level
        Which part of it is shown, and which of its arrays.
    position
        Indices in the array of that level where the viewer's sliders stand; None: no
        layer shows it.
    displayed
        The axes of the array that the viewer shows, rows before columns; None: no layer
        shows it.
    shard
        The place of the file that was chosen: of a shard, or of a chunk where there are
        no shards; None: none.
    cursor
        The chunk under the cursor, as its place in the grid of chunks; None: none.
    wanted_anew
        Signal: what is shown is to be read again; its files have changed.
    message
        Why nothing is shown, or what went wrong last; fit to be shown.
    """

    changed = Signal()
    level_changed = Signal()
    scanned = Signal(int)
    position_changed = Signal()
    shard_changed = Signal()
    cursor_changed = Signal()
    wanted_anew = Signal()

    def __init__(self) -> None:
        self.findings: Findings | None = None
        self.part_index = 0
        self.level = 0
        self.position: tuple[int, ...] | None = None
        self.displayed: tuple[int, ...] | None = None
        self.shard: ChunkIndex | None = None
        self.cursor: ChunkIndex | None = None
        self.message = ""

    @property
    def location(self) -> Location | None:
        """The store that is shown."""
        return self.findings.location if self.findings else None

    @property
    def parts(self) -> tuple[Arrays, ...]:
        """Its images, label images and arrays."""
        return self.findings.parts if self.findings else ()

    @property
    def part(self) -> Arrays | None:
        """The part that is shown; None: there is none."""
        parts = self.parts
        return parts[self.part_index] if self.part_index < len(parts) else None

    @property
    def levels(self) -> tuple[InspectedArray, ...]:
        """The documents of the arrays of that part, finest first."""
        return self.part.arrays if self.part else ()

    def which(self, level: int) -> Which:
        """Return which array of all a level of the part is."""
        return self.part_index, level

    def stored(self, level: int) -> StoredLevel | None:
        """Return an array as it is stored; None: it cannot be inspected, or is not."""
        if self.findings is None or not 0 <= level < len(self.levels):
            return None
        try:
            return self.findings.level(self.which(level))
        except NgffError:
            return None

    def found(self, level: int) -> Found | None:
        """Return what was found of an array; None: it was not looked at yet."""
        return self.findings.found(self.which(level)) if self.findings else None

    def scan(self, level: int) -> LevelScan | None:
        """Return what the files of an array show; None: not looked at yet."""
        found = self.found(level)
        return found.scan if found else None

    def show(self, findings: Findings, *, part: int = 0, level: int = 0) -> None:
        """Show a store, from one of its parts and levels on."""
        self.findings, self.message = findings, ""
        self._go(part, level)

    def show_nothing(self, message: str = "") -> None:
        """Show that there is nothing to look at, and why."""
        self.findings, self.message = None, plain(message, limit=_LETTERS)
        self._go(0, 0)

    def say(self, message: str) -> None:
        """Tell something; what is shown stays."""
        self.message = plain(message, limit=_LETTERS)
        self.changed.emit()

    def show_part(self, part: int) -> None:
        """Show another part of the same store."""
        if part != self.part_index and 0 <= part < len(self.parts):
            self._go(part, 0)

    def show_level(self, level: int) -> None:
        """Show another level of the same part."""
        if level == self.level or not 0 <= level < len(self.levels):
            return
        self._leave()
        self.level = level
        self.level_changed.emit()

    def look(
        self, position: tuple[int, ...] | None, displayed: tuple[int, ...] | None
    ) -> None:
        """Tell where the viewer's sliders stand, and which axes it shows."""
        if (position, displayed) != (self.position, self.displayed):
            self.position, self.displayed = position, displayed
            self.position_changed.emit()

    def choose(self, shard: ChunkIndex | None) -> None:
        """Choose a file by its place in the grid; None: none."""
        if shard != self.shard:
            self.shard = shard
            self.shard_changed.emit()

    def point(self, chunk: ChunkIndex | None) -> None:
        """Tell which chunk is under the cursor; None: none."""
        if chunk != self.cursor:
            self.cursor = chunk
            self.cursor_changed.emit()

    def renew(self) -> None:
        """Wish that what is shown is read again: its files have changed."""
        self.wanted_anew.emit()

    def keep(self, findings: Findings, which: Which, found: Found | NgffError) -> None:
        """Remember what was found of an array, of whatever store."""
        if isinstance(found, NgffError):
            findings.fail(which, found)
        else:
            findings.keep(which, found)
        if findings is self.findings and which[0] == self.part_index:
            self.scanned.emit(which[1])

    def _go(self, part: int, level: int) -> None:
        self._leave()
        self.part_index, self.level = part, level
        self.changed.emit()

    def _leave(self) -> None:
        """Forget where one looked in an array that is not shown any more."""
        self.position = self.displayed = self.shard = self.cursor = None
