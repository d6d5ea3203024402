"""The picture of a level: its shards, or chunks, across two axes.

Knows the session and paints what `dataset.inspecting.pictures` made of its scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.looked import looked, looked_further, measures_of
from napari_ngff.dataset.inspecting.picture_words import file_word, file_words
from napari_ngff.dataset.inspecting.pictures import (
    Across,
    across_of,
    level_picture,
)
from napari_ngff.dataset.inspecting.quantities import count_words
from napari_ngff.dataset.inspecting.scales import scale_of
from napari_ngff.widgets.layout.further import Further
from napari_ngff.widgets.layout.legend import Legend
from napari_ngff.widgets.layout.level_canvas import LevelCanvas
from napari_ngff.widgets.layout.palette import palette_of
from napari_ngff.widgets.layout.place_rows import PlaceRows
from napari_ngff.widgets.layout.size_histogram import SizeHistogram
from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.inspecting.looked import Looked
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.inspecting.looking import FileLook
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Colors

_MARGIN: Final = 20
_LETTERS: Final = 24
_LONGEST: Final = 256
_NOT_YET: Final = "The files were not looked at yet."
_NO_PIXELS: Final = "This level has no pixels."
_MEASURES: Final = {
    "fill": ("Fill", "How many of its chunks are stored"),
    "ratio": ("Compression", "How many bytes one stored byte decodes to"),
    "bytes": ("Bytes", "How large the file is"),
}


class LevelPictureView(QWidget):  # type: ignore[misc]
    """The files of a level as a grid; a click, or an arrow key, chooses one.

    Parameters
    ----------
    session
        Holds which level is shown, what was found of it, and where one looks.

    Attributes
    ----------
    told
        Signal: a few words for when it is folded, and their tone.
    """

    told = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._scan: LevelScan | None = None
        self._looked: Looked | None = None
        #: What was found further, of each level, and of which scan.
        self._kept: dict[int, tuple[LevelScan, Looked]] = {}
        self._measure, self._across = QComboBox(), QComboBox()
        self._measure.setAccessibleName("Colour by")
        self._across.setAccessibleName("Axes of the picture")
        self._across.setToolTip("The axes down and across the picture")
        for box in (self._measure, self._across):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.places = PlaceRows()
        self.canvas = LevelCanvas()
        self.legend = Legend(_MARGIN)
        self.further = Further()
        self.words = label()
        self.sizes = SizeHistogram()
        self._arrange()
        self._connect()
        self.render_()

    @property
    def looked(self) -> Looked | None:
        """The files that are shown, as arrays of numbers; None: not looked at yet."""
        return self._looked

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        palette = palette_of(colors)
        self.canvas.show_palette(palette)
        self.legend.show_palette(palette)
        self.sizes.show_colors(colors)

    def _arrange(self) -> None:
        self._choices = QWidget()
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("Colour by"))
        row.addWidget(self._measure)
        row.addWidget(self._across)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        parts = (self._choices, self.places, self.canvas, self.legend)
        for part in (*parts, self.further, self.words, self.sizes):
            layout.addWidget(part)
        layout.setAlignment(self.further, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        session = self.session
        session.changed.connect(self.render_)
        session.level_changed.connect(self.render_)
        session.scanned.connect(self._take_scan)
        session.position_changed.connect(self._follow)
        session.shard_changed.connect(self._show_choice)
        session.cursor_changed.connect(self._point)
        self.canvas.chosen.connect(session.choose)
        self.further.looked.connect(self._take_looks)
        self.places.moved.connect(self._paint)
        self._measure.currentIndexChanged.connect(self._paint)
        self._across.currentIndexChanged.connect(self._turn)

    def _stored(self) -> StoredAs | None:
        level = self.session.stored(self.session.level)
        return None if level is None else level.stored

    def _names(self) -> list[str]:
        stored, part = self._stored(), self.session.part
        count = 0 if stored is None else len(stored.shape)
        axes = () if part is None else part.axes
        given = [axis.name for axis in axes] if len(axes) == count else [""] * count
        return [
            plain(name, limit=_LETTERS) or f"axis {i}" for i, name in enumerate(given)
        ]

    def render_(self) -> None:
        """Offer what can be shown of another level, and show it."""
        self._scan = self._looked = None  # those are of the level before
        stored, names = self._stored(), self._names()
        self._choices.setVisible(stored is not None)
        pairs = () if stored is None else across_of(stored.shape)
        words = [(_pair_words(pair, names), pair) for pair in pairs]
        _offer(self._across, [(text, "", pair) for text, pair in words])
        self._across.setVisible(len(pairs) > 1)
        measures = () if stored is None else measures_of(stored)
        _offer(self._measure, [(*_MEASURES[name], name) for name in measures])
        self._turn()
        self._follow()
        self._take_scan(self.session.level)

    def _turn(self) -> None:
        """Have sliders for the axes that are not across the picture."""
        self.places.show_axes(self._stored(), self._names(), self._pair())
        self._paint()

    def _pair(self) -> Across:
        found: Across | None = self._across.currentData()
        return (None, None) if found is None else found

    def _follow(self) -> None:
        """Show the files that the viewer shows."""
        session, stored = self.session, self._stored()
        shown, at = session.displayed, session.position
        if stored is None or at is None or len(at) != len(stored.shape):
            return
        if shown is not None and len(shown) == 2:  # in 3-D all are
            self._go_across(tuple(sorted(shown)))
        cells = zip(at, stored.cell, stored.grid, strict=True)
        place = [min(max(0, i // size), count - 1) for i, size, count in cells]
        if tuple(place) != self.places.at:
            self.places.go(place)
            self._paint()

    def _go_across(self, pair: Sequence[int]) -> None:
        """Show two axes, if they are among those that can be shown."""
        for number in range(self._across.count()):
            if self._across.itemData(number) == tuple(pair):
                self._across.setCurrentIndex(number)

    def _take_scan(self, level: int) -> None:
        """Show what was found of the files."""
        if level != self.session.level:
            return
        scan = self.session.scan(level)
        if scan is not self._scan:
            self._scan = scan
            kept = self._kept.get(level)
            if kept is None or kept[0] is not scan:
                self._looked = None if scan is None else looked(scan)
            else:
                self._looked = kept[1]
        self._show_found()

    def _take_looks(
        self, level: StoredLevel, places: list[ChunkIndex], looks: list[FileLook]
    ) -> None:
        """Show what was found where a sample had left files out."""
        number, scan, found = self.session.level, self._scan, self._looked
        if scan is None or found is None or level is not self.session.stored(number):
            return
        self._looked = looked_further(found, places, looks)
        self._kept[number] = (scan, self._looked)
        self._show_found()

    def _show_found(self) -> None:
        """Show what is known by now of the files."""
        self._paint()
        self._show_choice()
        found, scan = self._looked, self._scan
        word = "file" if found is None else file_word(found.stored)
        known = None if found is None else found.nbytes[~np.isnan(found.nbytes)]
        which = "" if found is None or found.complete else " that were looked at"
        self.sizes.show_sizes(known, word, which)
        count = "" if scan is None else count_words(scan.files, word)
        about = "" if found is None or found.complete else "\N{ALMOST EQUAL TO} "
        self.told.emit(about + count, "muted")

    def _paint(self) -> None:
        """Paint the cells."""
        found, measure = self._looked, self._measure.currentData()
        stored = self._stored()
        fits = stored is not None and found is not None and 0 not in stored.shape
        self.canvas.empty = _NO_PIXELS if stored and 0 in stored.shape else _NOT_YET
        if found is None or not fits or measure is None:
            self.canvas.show_picture(None, None, None, ("", ""))
            self.legend.show_scale(None, ())
            self.further.hide()
            return
        pair = self._pair()
        picture = level_picture(found, measure, pair, self.places.at)
        scale = scale_of(found, measure)
        names = self._names()
        row, column = ("" if axis is None else names[axis] for axis in pair)
        self.canvas.show_picture(picture, found, scale, (row, column))
        self.legend.show_scale(scale, set(np.unique(picture.states).tolist()))
        self.further.offer(self.session.stored(self.session.level), picture, found)

    def _point(self) -> None:
        """Mark the file that is under the cursor on the canvas."""
        chunk, stored = self.session.cursor, self._stored()
        if chunk is None or stored is None:
            self.canvas.point(None)
            return
        per_shard = stored.chunks_per_shard or (1,) * len(chunk)
        pairs = zip(chunk, per_shard, strict=True)
        self.canvas.point(tuple(at // count for at, count in pairs))

    def _show_choice(self) -> None:
        """Frame the file that is chosen, and say what it is."""
        place: ChunkIndex | None = self.session.shard
        self.canvas.choose(place)
        found = self._looked
        there = found is not None and 0 not in found.stored.shape
        self.words.setVisible(there)
        if found is None or not there:
            return
        level, word = self.session.stored(self.session.level), file_word(found.stored)
        if place is None or level is None:
            self.words.setText(f"Click a {word}, or use the arrow keys, to choose it.")
            return
        told = file_words(found, place)
        if place in found.looks:
            key = plain(level.files.key(place), limit=_LONGEST)
            told = f"{told}\nFile {key}"
        self.words.setText(told)


def _pair_words(pair: Across, names: Sequence[str]) -> str:
    return " \N{MULTIPLICATION SIGN} ".join(names[i] for i in pair if i is not None)


def _offer(box: QComboBox, items: list[tuple[str, str, Any]]) -> None:
    """Offer other things; what is chosen stays, if it can."""
    chosen = box.currentData()
    blocked = box.blockSignals(True)
    box.clear()
    for number, (text, tip, value) in enumerate(items):
        box.addItem(text, value)
        box.setItemData(number, tip, 3)
        if value == chosen:
            box.setCurrentIndex(number)
    box.blockSignals(blocked)
