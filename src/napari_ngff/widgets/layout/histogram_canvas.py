"""The painted histogram of sizes: how many have about so many bytes.

Knows Qt and histograms; not what they are of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QPen

from napari_ngff.dataset.inspecting.quantities import nbytes_words
from napari_ngff.widgets.layout.canvas import Canvas
from napari_ngff.widgets.layout.palette import image_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from qtpy.QtGui import QImage, QPainter

    from napari_ngff.dataset.inspecting.histograms import SizeHistogram
    from napari_ngff.widgets.layout.palette import Palette

_LEFT: Final = 20
_TOP: Final = 20
_BARS: Final = 64
_FOOT: Final = 20


class HistogramCanvas(Canvas):
    """How many have about so many bytes."""

    def __init__(self) -> None:
        super().__init__("Histogram of sizes", "There are no sizes to show.")
        self.histogram: SizeHistogram | None = None
        self._word = "chunks"
        self.setFixedHeight(_TOP + _BARS + _FOOT)

    def show_histogram(self, histogram: SizeHistogram | None, word: str) -> None:
        """Paint another one.

        Parameters
        ----------
        histogram
            What is painted; None: nothing.
        word
            What is counted, such as "chunks".
        """
        self.histogram, self._word = histogram, word
        self.setAccessibleDescription("" if histogram is None else self._ends())
        self.paint_anew()

    def _ends(self) -> str:
        found = self.histogram
        if found is None:
            return ""
        low, high = nbytes_words(found.low), nbytes_words(found.high)
        return f"{found.count:,} {self._word} of {low} to {high}"

    def area(self) -> QRectF:
        """Return where the bars are."""
        if self.histogram is None:
            return QRectF()
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -2, -_FOOT)

    def image(self, palette: Palette, height: int, width: int) -> QImage | None:
        """Return the bars as an image."""
        if self.histogram is None:
            return None
        counts = self.histogram.counts
        pixels = np.zeros((height, width), np.uint32)
        bins = _bins(len(counts), width)
        high = np.ceil(counts * height / max(1, self.histogram.most)).astype(np.intp)
        # Few are not none.
        high = np.where(counts > 0, np.maximum(high, 2), 0)[bins]
        rows = height - np.arange(height)[:, None]
        pixels[rows <= high] = palette.map[140]
        if width >= 4 * len(counts):
            pixels[:, np.flatnonzero(np.diff(bins))] = 0
        return image_of(pixels, self.devicePixelRatioF())

    def paint_over(self, painter: QPainter, palette: Palette, area: QRectF) -> None:
        """Paint the numbers, and a line where the median is."""
        found = self.histogram
        if found is None:
            return
        color = QColor(palette.muted)
        painter.setPen(QPen(color, 1))
        middle = Qt.AlignmentFlag.AlignVCenter
        head = QRectF(area.left(), 0, area.width(), _TOP)
        start = Qt.AlignmentFlag.AlignLeft | middle
        painter.drawText(head, start, f"up to {found.most:,}")
        foot = QRectF(area.left(), area.bottom(), area.width(), _FOOT)
        end = Qt.AlignmentFlag.AlignRight | middle
        painter.drawText(foot, start, nbytes_words(found.low))
        painter.drawText(foot, end, nbytes_words(found.high))
        self._paint_median(painter, palette, area, found)

    def _paint_median(
        self, painter: QPainter, palette: Palette, area: QRectF, found: SizeHistogram
    ) -> None:
        bins = np.arange(len(found.edges)) / (len(found.edges) - 1)
        part = float(np.interp(found.median, found.edges, bins))
        x = area.left() + part * area.width()
        pen = QPen(QColor(palette.text), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        words = f"median {nbytes_words(found.median)}"
        metrics = painter.fontMetrics()
        long = metrics.horizontalAdvance(words)
        free = 8 + max(
            metrics.horizontalAdvance(nbytes_words(n)) for n in (found.low, found.high)
        )
        left = min(max(x - long / 2, area.left() + free), area.right() - free - long)
        if left >= area.left() + free:
            rect = QRectF(left, area.bottom(), long + 1, _FOOT)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, words)

    def hint(self, point: QPointF) -> str:
        """Return how many are in the bar at a point."""
        found, area = self.histogram, self.area()
        if found is None or not area.contains(point):
            return ""
        part = (point.x() - area.left()) / area.width()
        number = min(len(found.counts) - 1, int(part * len(found.counts)))
        low, high = (nbytes_words(n) for n in found.edges[number : number + 2])
        return f"{int(found.counts[number]):,} {self._word} of {low} to {high}"


def _bins(count: int, width: int) -> NDArray[np.intp]:
    """Return the bar that each column of pixels is in."""
    return (np.arange(width) * count // width).astype(np.intp)
