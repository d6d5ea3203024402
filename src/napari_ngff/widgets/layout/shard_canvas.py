"""The painted file of a shard: where each chunk lies, and what lies between.

Across is the file, byte by byte; down are the positions in the shard. In C order chunks
go down in one line, along a Z in steps that repeat.

Knows Qt and pictures of shards; not where they come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from qtpy.QtCore import QPointF, QRectF, Qt, Signal
from qtpy.QtGui import QColor, QPen

from napari_ngff.dataset.inspecting.picture_words import chunk_words, piece_words
from napari_ngff.dataset.inspecting.quantities import nbytes_words
from napari_ngff.widgets.layout.canvas import Canvas, dot, frame
from napari_ngff.widgets.layout.palette import image_of
from napari_ngff.widgets.layout.shard_image import (
    bar_pixels,
    mark_pixels,
    plot_pixels,
    position_pixels,
)

if TYPE_CHECKING:
    from qtpy.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter

    from napari_ngff.dataset.inspecting.shard_pictures import ShardPicture
    from napari_ngff.widgets.layout.palette import Palette

_LEFT: Final = 20
_STRIP: Final = 8
_SPACE: Final = 4
_TOP: Final = 20
_PLOT: Final = 120
_MARKS: Final = 4
_BAR: Final = 18
_FOOT: Final = 20
_THIN: Final = 3


class ShardCanvas(Canvas):
    """The file of a shard, from its first byte to its last.

    Attributes
    ----------
    chosen
        Signal: the number in the file of the chunk that was clicked, or gone to; -1:
        none.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__("File of the shard", "Choose a shard in the picture above.")
        self.picture: ShardPicture | None = None
        self.number = self._pointed = -1
        self.setFixedHeight(_TOP + _PLOT + _MARKS + _BAR + 2 * _SPACE + _FOOT)

    def show_picture(self, picture: ShardPicture | None) -> None:
        """Paint another shard; None: there is none."""
        self.picture, self.number, self._pointed = picture, -1, -1
        self.setAccessibleDescription("")
        self.paint_anew()

    def choose(self, number: int) -> None:
        """Frame a chunk, by its number in the file; -1: none."""
        self.number = number
        picture = self.picture
        words = "" if picture is None or number < 0 else chunk_words(picture, number)
        self.setAccessibleDescription(words)
        self.update()
        self.chosen.emit(number)

    def point(self, number: int) -> None:
        """Mark the chunk that is under the cursor on napari's canvas; -1: none."""
        if number != self._pointed:
            self._pointed = number
            self.update()

    def area(self) -> QRectF:
        """Return where the images are: positions, chunks, marks and the bar."""
        if self.picture is None or not self.picture.nbytes:
            return QRectF()
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -2, -_FOOT)

    def _plot(self) -> QRectF:
        area = self.area()
        return QRectF(
            area.left() + _STRIP + _SPACE,
            area.top(),
            max(0.0, area.width() - _STRIP - _SPACE),
            _PLOT,
        )

    def image(self, palette: Palette, height: int, width: int) -> QImage | None:
        """Return all images as one."""
        picture = self.picture
        if picture is None:
            return None
        ratio = self.devicePixelRatioF()
        left, plot, marks, bar, space = (
            round(n * ratio) for n in (_STRIP + _SPACE, _PLOT, _MARKS, _BAR, _SPACE)
        )
        across = width - left
        pixels = np.zeros((height, width), np.uint32)
        if across < 2:
            return image_of(pixels, ratio)
        strip = plot, round(_STRIP * ratio)
        pixels[:plot, : strip[1]] = position_pixels(picture, palette, strip)
        least = round(_THIN * ratio)
        pixels[:plot, left:] = plot_pixels(picture, palette, (plot, across), least)
        top = plot + space
        pixels[top : top + marks, left:] = mark_pixels(
            picture, palette, (marks, across)
        )
        top += marks
        pixels[top : top + bar, left:] = bar_pixels(picture, palette, (bar, across))
        return image_of(pixels, ratio)

    def paint_over(self, painter: QPainter, palette: Palette, area: QRectF) -> None:
        """Paint names and numbers of both axes, and the frame around what is chosen."""
        plot, picture = self._plot(), self.picture
        if picture is None:
            return
        painter.setPen(QPen(QColor(palette.muted), 1))
        line = QColor(palette.muted)
        line.setAlphaF(0.4)
        middle = Qt.AlignmentFlag.AlignVCenter
        head = QRectF(area.left(), 0, self.width() - area.left(), _TOP)
        words = f"Positions 0 to {picture.positions - 1:,}, from top to bottom"
        fits = painter.fontMetrics().horizontalAdvance(words) < head.width()
        words = words if fits else words.rpartition(",")[0]
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | middle, words)
        self._paint_bytes(painter, picture, plot, area)
        painter.setPen(QPen(line, 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        for number, mark in ((self.number, frame), (self._pointed, dot)):
            for rect in self._rects(number):
                mark(painter, rect, palette)

    def _paint_bytes(
        self, painter: QPainter, picture: ShardPicture, plot: QRectF, area: QRectF
    ) -> None:
        rect = QRectF(plot.left(), area.bottom(), plot.width(), _FOOT)
        middle = Qt.AlignmentFlag.AlignVCenter
        size = nbytes_words(picture.nbytes)
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | middle, "byte 0")
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | middle, size)

    def _rects(self, number: int) -> list[QRectF]:
        """Return where a chunk is in the plot and in the bar."""
        picture, plot = self.picture, self._plot()
        if picture is None or not 0 <= number < len(picture.begins):
            return []
        x = [
            plot.left() + plot.width() * int(at[number]) / picture.nbytes
            for at in (picture.begins, picture.ends)
        ]
        down = plot.height() / picture.positions
        top = plot.top() + int(picture.ranks[number]) * down
        width = max(6.0, x[1] - x[0])
        bar = plot.bottom() + _SPACE + _MARKS
        return [
            QRectF(x[0], top, width, max(6.0, down)),
            QRectF(x[0], bar, width, _BAR),
        ]

    def _offset(self, point: QPointF) -> float | None:
        """Return the byte that a point is above or at."""
        plot, area, picture = self._plot(), self.area(), self.picture
        inside = plot.left() <= point.x() < plot.right()
        if picture is None or not inside or not area.contains(point):
            return None
        part = float((point.x() - plot.left()) / plot.width())
        return part * picture.nbytes

    def hint(self, point: QPointF) -> str:
        """Return what the bytes at a point are."""
        offset = self._offset(point)
        if offset is None or self.picture is None:
            return ""
        return piece_words(self.picture, offset)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the chunk that is clicked."""
        offset = self._offset(QPointF(event.pos()))
        if offset is not None and self.picture is not None:
            number = self.picture.chunk_at(offset)
            self.choose(-1 if number is None else number)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to another chunk, in the order of the file."""
        picture = self.picture
        last = -1 if picture is None else len(picture.begins) - 1
        steps = {
            Qt.Key.Key_Left: self.number - 1,
            Qt.Key.Key_Right: self.number + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last < 0 or event.key() not in steps:
            super().keyPressEvent(event)
            return
        self.choose(min(max(0, steps[event.key()]), last))
