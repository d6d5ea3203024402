"""The painted grid of a level: click, or go with the arrow keys, to choose a file.

Knows Qt and pictures of levels; not where they come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QPointF, QRectF, Qt, Signal
from qtpy.QtGui import QColor

from napari_ngff.dataset.inspecting.picture_words import cell_words, file_words
from napari_ngff.widgets.layout.canvas import Canvas, dot, frame
from napari_ngff.widgets.layout.level_image import level_pixels
from napari_ngff.widgets.layout.palette import image_of

if TYPE_CHECKING:
    from qtpy.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QResizeEvent

    from napari_ngff.dataset.inspecting.looked import Looked
    from napari_ngff.dataset.inspecting.pictures import LevelPicture
    from napari_ngff.dataset.inspecting.scales import Scale
    from napari_ngff.storage.pixels.grid import ChunkIndex
    from napari_ngff.widgets.layout.palette import Palette

_MARGIN: Final = 20
_HEIGHTS: Final = (110, 400)
#: A picture is at most so many times as long as it is wide.
_STRETCH: Final = 4.0
_SMALL: Final = 7.0
_LARGEST: Final = 90
_STEPS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_PageUp: (-10, 0),
    Qt.Key.Key_PageDown: (10, 0),
}


class LevelCanvas(Canvas):
    """The grid of the shards, or chunks, of a level.

    Attributes
    ----------
    chosen
        Signal: the place of the file that was clicked, or gone to.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__("Files of the level", "")
        self.picture: LevelPicture | None = None
        self._looked: Looked | None = None
        self._scale: Scale | None = None
        self._names = ("", "")
        self._place: ChunkIndex | None = None
        self._pointed: ChunkIndex | None = None
        self.setFixedHeight(_HEIGHTS[0])

    def show_picture(
        self,
        picture: LevelPicture | None,
        looked: Looked | None,
        scale: Scale | None,
        names: tuple[str, str],
    ) -> None:
        """Paint other cells.

        Parameters
        ----------
        picture
            The cells; None: nothing is known.
        looked, scale
            The files that they are of, and which number has which colour.
        names
            Of the axes along rows and columns; empty for none.
        """
        self.picture, self._looked, self._scale = picture, looked, scale
        self._names = names
        self._fit()
        self.paint_anew()

    def choose(self, place: ChunkIndex | None) -> None:
        """Frame a file, if it is in the picture."""
        self._place = place
        self.setAccessibleDescription(self._words(place))
        self.update()

    def point(self, place: ChunkIndex | None) -> None:
        """Mark the file that is under the cursor on napari's canvas, if it is here."""
        if place != self._pointed:
            self._pointed = place
            self.update()

    def area(self) -> QRectF:
        """Return where the cells are: in the shape of the level, if that fits."""
        if self.picture is None or 0 in self.picture.shape:
            return QRectF()
        space = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -2, -2)
        aspect = self._aspect()
        width = min(space.width(), space.height() / aspect)
        ratio = self.devicePixelRatioF()
        height = min(space.height(), width * aspect)
        return QRectF(
            space.left(),
            space.top(),
            int(width * ratio) / ratio,
            int(height * ratio) / ratio,
        )

    def _aspect(self) -> float:
        if self.picture is None or 0 in self.picture.shape:
            return 1.0
        rows, columns = self.picture.shape
        if self.picture.across[0] is None:
            return 1 / _STRETCH
        return min(_STRETCH, max(1 / _STRETCH, rows / columns))

    def _fit(self) -> None:
        """Be as high as the picture is, if that is as wide as there is room."""
        if self.picture is None:
            return
        around = _MARGIN + 2
        wished = (self.width() - around) * self._aspect() + around
        # A few cells are not larger than is good to look at.
        largest = min(_HEIGHTS[1], _LARGEST * self.picture.grid[0] + around)
        height = round(max(_HEIGHTS[0], min(largest, wished)))
        if height != self.height():
            self.setFixedHeight(height)

    def image(self, palette: Palette, height: int, width: int) -> QImage | None:
        """Return the cells as an image."""
        if self.picture is None or self._scale is None:
            return None
        ratio = self.devicePixelRatioF()
        size, line = (height, width), max(1, round(ratio))
        pixels = level_pixels(self.picture, self._scale, palette, size, line)
        return image_of(pixels, ratio)

    def paint_over(self, painter: QPainter, palette: Palette, area: QRectF) -> None:
        """Paint the names of the axes, and the frame around what is chosen."""
        painter.setPen(QColor(palette.muted))
        start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        top = QRectF(area.left(), 0, self.width() - area.left(), area.top())
        painter.drawText(top, start, self._axis_words(1))
        painter.save()
        painter.translate(0, area.bottom())
        painter.rotate(-90)
        side = QRectF(0, 0, area.height(), area.left())
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        fits = painter.fontMetrics().horizontalAdvance(self._axis_words(0))
        short = self._axis_words(0) if fits < area.height() else self._names[0]
        painter.drawText(side, end, short)
        painter.restore()
        for place, mark in ((self._place, frame), (self._pointed, dot)):
            rect = self._rect(place)
            if rect is not None:
                mark(painter, rect, palette)

    def _axis_words(self, side: int) -> str:
        picture, name = self.picture, self._names[side]
        if picture is None or not name:
            return ""
        return f"{name} \N{MIDDLE DOT} {picture.shape[side]:,} pixels"

    def hint(self, point: QPointF) -> str:
        """Return what the file at a point is."""
        cell = self._cell(point)
        if cell is None or self.picture is None or self._looked is None:
            return ""
        row, column = (at // n for at, n in zip(cell, self.picture.step, strict=True))
        return cell_words(self.picture, self._looked, row, column)

    def _words(self, place: ChunkIndex | None) -> str:
        if place is None or self._looked is None:
            return ""
        return file_words(self._looked, place)

    def _cell(self, point: QPointF) -> tuple[int, int] | None:
        """Return row and column in the grid of what is at a point."""
        area, picture = self.area(), self.picture
        if picture is None or not area.contains(point):
            return None
        parts = (
            (point.y() - area.top()) / area.height(),
            (point.x() - area.left()) / area.width(),
        )
        found = [
            min(count - 1, int(part * length / cell))
            for part, length, cell, count in zip(
                parts, picture.shape, picture.cell, picture.grid, strict=True
            )
        ]
        return found[0], found[1]

    def _rect(self, place: ChunkIndex | None) -> QRectF | None:
        """Return where a file is painted; None: it is not in the picture."""
        picture, area = self.picture, self.area()
        where = None if picture is None or place is None else picture.where(place)
        if picture is None or where is None:
            return None
        edges = []
        for at, cell, length in zip(where, picture.cell, picture.shape, strict=True):
            edges.append((at * cell / length, min(1.0, (at + 1) * cell / length)))
        (top, bottom), (left, right) = edges
        rect = QRectF(
            QPointF(
                area.left() + left * area.width(), area.top() + top * area.height()
            ),
            QPointF(
                area.left() + right * area.width(), area.top() + bottom * area.height()
            ),
        )
        more = [max(0.0, _SMALL - side) / 2 for side in (rect.width(), rect.height())]
        return rect.adjusted(-more[0], -more[1], more[0], more[1])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the shape of the level."""
        self._fit()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose the file that is clicked."""
        cell = self._cell(QPointF(event.pos()))
        if cell is not None and self.picture is not None:
            self.chosen.emit(self.picture.place(*cell))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the next file."""
        picture, step = self.picture, _STEPS.get(event.key())
        if picture is None or step is None:
            super().keyPressEvent(event)
            return
        where = None if self._place is None else picture.where(self._place)
        at = (0, 0) if where is None else tuple(map(sum, zip(where, step, strict=True)))
        row, column = (
            min(max(0, i), count - 1) for i, count in zip(at, picture.grid, strict=True)
        )
        self.chosen.emit(picture.place(row, column))
