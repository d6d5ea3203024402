"""The picture of a shard: where its chunks lie in the file, and how large they are.

Knows the session; has the index of the chosen shard read in another thread.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LimitExceeded, NgffError, Unreadable
from napari_ngff.dataset.inspecting.picture_words import (
    chunk_words,
    faults_of,
    place_words,
    shard_words,
)
from napari_ngff.dataset.inspecting.shard_pictures import ShardPicture, shard_picture
from napari_ngff.storage.chunks.shards import BadIndex
from napari_ngff.widgets._work import Job, show_error
from napari_ngff.widgets.layout.legend import Legend
from napari_ngff.widgets.layout.palette import palette_of
from napari_ngff.widgets.layout.shard_canvas import ShardCanvas
from napari_ngff.widgets.layout.size_histogram import SizeHistogram
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.look import set_tone

if TYPE_CHECKING:
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.widgets.layout.legend import Key
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Colors

_CHOOSE = "Choose a shard in the picture of the level."
_NO_SHARDS = "This level has no shards: each chunk is a file of its own."
_UNKNOWN = (
    "Where the chunks of this level's shards are in their files is not known: see the "
    "problems of the level."
)
_LETTERS = 1024
_MARGIN = 20


class ShardPictureView(QWidget):  # type: ignore[misc]
    """The file of the shard that is chosen.

    Parameters
    ----------
    session
        Holds which shard of which level is chosen.

    Attributes
    ----------
    told
        Signal: a few words for when it is folded, and their tone.
    """

    told = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._job: Job | None = None
        self._wanted: tuple[StoredLevel, ChunkIndex] | None = None
        self.title, self.faults, self.words = label(), label(), label(tone="muted")
        set_tone(self.faults, "doubtful")
        self.canvas = ShardCanvas()
        self.legend = Legend(_MARGIN)
        self.sizes = SizeHistogram()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        parts = (self.title, self.faults, self.canvas, self.legend, self.words)
        for part in (*parts, self.sizes):
            layout.addWidget(part)
        session.changed.connect(self.render_)
        session.level_changed.connect(self.render_)
        session.shard_changed.connect(self.render_)
        session.scanned.connect(self._read_again)
        session.cursor_changed.connect(self._point)
        self.canvas.chosen.connect(self._tell)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        palette = palette_of(colors)
        self.canvas.show_palette(palette)
        self.legend.show_palette(palette)
        self.sizes.show_colors(colors)

    def render_(self) -> None:
        """Show the shard that is chosen, once its index is read."""
        level, place = self.session.stored(self.session.level), self.session.shard
        self.told.emit("" if place is None else place_words(place), "muted")
        if level is None or level.stored.shard is None:
            self._show_none("" if level is None else _NO_SHARDS)
        elif not level.stored.specs:
            self._show_none(_UNKNOWN)
        elif place is None:
            self._show_none(_CHOOSE)
        else:
            self._wanted = (level, place)
            self._read()

    def _read_again(self, level: int) -> None:
        if level == self.session.level:
            self.render_()

    def _point(self) -> None:
        """Mark the chunk that is under the cursor on the canvas, if it is here."""
        session, picture = self.session, self.canvas.picture
        chunk, level = session.cursor, session.stored(session.level)
        per_shard = None if level is None else level.stored.chunks_per_shard
        if level is not None and len(level.stored.specs) > 1:
            per_shard = None  # what lies in this file are shards, not chunks
        number = None
        if picture is not None and chunk is not None and per_shard is not None:
            pairs = list(zip(chunk, per_shard, strict=True))
            if tuple(at // count for at, count in pairs) == session.shard:
                number = picture.number([at % count for at, count in pairs])
        self.canvas.point(-1 if number is None else number)

    def _show_none(self, why: str) -> None:
        self._wanted = None
        self.title.setText(why)
        self._show(None)

    def _read(self) -> None:
        """Read the index that is wanted, unless one is being read: then after it."""
        if self._job is not None or self._wanted is None:
            return
        wanted = self._wanted
        self._job = Job(partial(_picture_of, *wanted), self)
        self._job.ended.connect(partial(self._take, wanted))
        self._job.start()

    def _take(
        self,
        wanted: tuple[StoredLevel, ChunkIndex],
        picture: ShardPicture | str | None,
        error: Exception | None,
    ) -> None:
        """Show what was read, unless something else is wanted by now."""
        self._job = None
        if self._wanted != wanted:
            self._read()
            return
        name = f"Shard {place_words(wanted[1])}"
        if error is not None:
            self._show_none(f"{name} cannot be shown.")
            show_error(error, doing="reading the index of a shard")
        elif isinstance(picture, ShardPicture):
            nested = len(wanted[0].stored.specs) > 1
            more = ", each of them a shard itself" if nested else ""
            self.title.setText(f"{name}: {shard_words(picture)}{more}")
            self._show(picture)
        else:
            why = "not stored" if picture is None else picture
            self._show_none(f"{name}: {plain(why, limit=_LETTERS)}")

    def _show(self, picture: ShardPicture | None) -> None:
        faults = () if picture is None else faults_of(picture)
        wrong = picture is not None and picture.fault
        self.faults.setText(
            plain(picture.fault, limit=_LETTERS)
            if picture is not None and picture.fault
            else ", ".join(faults)
        )
        set_tone(self.faults, "wrong" if wrong else "doubtful")
        self.faults.setVisible(bool(faults))
        self.canvas.show_picture(picture)
        self.canvas.setVisible(picture is not None)
        self.legend.setVisible(picture is not None)
        self.legend.show_keys(() if picture is None else _keys_of(picture))
        sizes = None if picture is None else picture.ends - picture.begins
        self.sizes.show_sizes(sizes, "chunk")
        self._tell(-1)

    def _tell(self, number: int) -> None:
        """Say what the chunk is that is chosen."""
        picture = self.canvas.picture
        self.words.setVisible(picture is not None)
        if picture is None:
            return
        hint = "Click a chunk, or use the arrow keys, to see where it lies."
        self.words.setText(hint if number < 0 else chunk_words(picture, number))


def _keys_of(picture: ShardPicture) -> list[Key]:
    """Return what is in the picture besides the chunks that are stored."""
    found: list[Key] = [("index", "index")]
    if len(picture.missing):
        found.append(("faint", "not stored"))
    if len(picture.gaps):
        found.append(("unused", "unused"))
    if len(picture.overlaps):
        found.append(("fault", "overlap"))
    if not picture.inside.all():
        found.append(("beyond", "beyond the array's end"))
    return found


def _picture_of(
    level: StoredLevel, place: ChunkIndex, tell: Any, cancelled: Any
) -> ShardPicture | str | None:
    """Return the picture of a shard; why there is none; None: it is not stored."""
    del tell, cancelled
    try:
        index = level.shard(place)
    except BadIndex as error:
        return str(error)
    except Unreadable as error:
        return error.reason
    except (LimitExceeded, NgffError) as error:
        return str(error)
    return None if index is None else shard_picture(index, level.files.inside(place))
