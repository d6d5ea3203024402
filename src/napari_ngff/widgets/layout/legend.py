"""What colours mean: a bar with numbers, and a box for all else that is painted.

Knows Qt and scales; nothing of levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from qtpy.QtCore import QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter
from qtpy.QtWidgets import QSizePolicy, QWidget

from napari_ngff.dataset.inspecting.pictures import FAULTY, MISSING, UNKNOWN
from napari_ngff.widgets.layout.level_image import hatched
from napari_ngff.widgets.layout.palette import image_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from qtpy.QtGui import QPaintEvent, QResizeEvent

    from napari_ngff.dataset.inspecting.scales import Scale
    from napari_ngff.widgets.layout.palette import Palette

_BAR: Final = 10
_BOX: Final = 10
_GAP: Final = 6
_WIDEST: Final = 260
#: Which colour of a palette something has, and what it is.
Key: TypeAlias = tuple[str, str]
_STATES: Final[dict[int, Key]] = {
    MISSING: ("faint", "missing"),
    FAULTY: ("fault", "damaged"),
    UNKNOWN: ("hatch", "not looked at"),
}


class Legend(QWidget):  # type: ignore[misc]
    """What the colours of a picture mean."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self._left = left
        self._scale: Scale | None = None
        self._keys: tuple[Key, ...] = ()
        self._palette: Palette | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_palette(self, palette: Palette) -> None:
        """Paint in other colours."""
        self._palette = palette
        self.update()

    def show_scale(self, scale: Scale | None, states: Collection[int]) -> None:
        """Tell of other numbers.

        Parameters
        ----------
        scale
            Which number has which colour; None: nothing is told.
        states
            What is in the picture; see `pictures.LevelPicture.states`.
        """
        self._show(scale, tuple(_STATES[state] for state in _STATES if state in states))

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Tell of things alone, and of no numbers."""
        self._show(None, tuple(keys))

    def _show(self, scale: Scale | None, keys: tuple[Key, ...]) -> None:
        self._scale, self._keys = scale, keys
        self._fit()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that it needs."""
        return QSize(240, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the line where it is too long."""
        self._fit()
        super().resizeEvent(event)

    def _has_bar(self) -> bool:
        return self._scale is not None and bool(self._scale.ticks())

    def _bar(self) -> float:
        return float(min(_WIDEST, self.width() - self._left - 2))

    def _lines(self) -> list[tuple[Key, QRectF]]:
        """Return where the boxes are, beside the bar or below it."""
        metrics, found = self.fontMetrics(), []
        height = metrics.height()
        widths = [
            _BOX + _GAP + metrics.horizontalAdvance(words) for _, words in self._keys
        ]
        beside = self._left + self._bar() + 3 * _GAP
        fits = beside + sum(widths) + 3 * _GAP * len(widths) < self.width()
        x, y = (beside, 0.0) if fits else (self._left, _BAR + 4.0 + height + _GAP)
        if not self._has_bar():
            x, y = self._left, 0.0
        for key, width in zip(self._keys, widths, strict=True):
            if x + width > self.width() and x > self._left:
                x, y = self._left, y + height + 2
            found.append((key, QRectF(x, y, width, height)))
            x += width + 3 * _GAP
        return found

    def _fit(self) -> None:
        bar = _BAR + 4 + self.fontMetrics().height() if self._has_bar() else 0
        lowest = max((rect.bottom() for _, rect in self._lines()), default=0.0)
        self.setFixedHeight(round(max(bar, lowest)) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint."""
        del event
        palette, scale = self._palette, self._scale
        if palette is None:
            return
        painter = QPainter(self)
        painter.setPen(QColor(palette.muted))
        if scale is not None and scale.ticks():
            self._paint_bar(painter, palette, scale)
        for key, rect in self._lines():
            self._paint_box(painter, palette, key, rect)
        painter.end()

    def _paint_bar(self, painter: QPainter, palette: Palette, scale: Scale) -> None:
        ratio, width = self.devicePixelRatioF(), self._bar()
        pixels = max(1, round(width * ratio))
        values = np.linspace(0, 1, pixels)
        if scale.is_flat:
            values, width = np.ones(round(_BOX * ratio)), _BOX
        row = palette.colors(values)[None].repeat(round(_BAR * ratio), 0)
        painter.drawImage(QRectF(self._left, 0, 0, 0).topLeft(), image_of(row, ratio))
        metrics = painter.fontMetrics()
        free, last = 0.0, self._left + width
        for at, words in _by_weight(scale.ticks()):
            long = metrics.horizontalAdvance(words)
            x = self._left + at * (width - long)
            if at == 0.5 and (x < free + _GAP or x + long > last - _GAP):
                continue
            free = x + long if at == 0 else free
            last = x if at == 1 else last
            x = self._left if scale.is_flat else x
            rect = QRectF(x, _BAR + 4, long + 1, metrics.height())
            painter.drawText(rect, Qt.AlignmentFlag.AlignLeft, words)

    def _paint_box(
        self, painter: QPainter, palette: Palette, key: Key, rect: QRectF
    ) -> None:
        side = round(_BOX * self.devicePixelRatioF())
        color, words = key
        pixels = np.full((side, side), getattr(palette, color), np.uint32)
        if color == "hatch":
            pixels = hatched(side, side, palette)
        # Beside a bar it is as high as that; below, its words are.
        top = rect.top() + (rect.height() - _BOX) / 2
        beside = self._has_bar() and rect.top() == 0
        corner = QRectF(rect.left(), 0 if beside else top, _BOX, _BOX)
        painter.drawImage(corner.topLeft(), image_of(pixels, self.devicePixelRatioF()))
        place = QRectF(corner.right() + _GAP, 0, rect.width(), rect.height())
        place.moveTop(corner.center().y() - rect.height() / 2)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, flags, words)


def _by_weight(ticks: tuple[tuple[float, str], ...]) -> list[tuple[float, str]]:
    """Return the numbers at the ends first: that between may have no room."""
    return sorted(ticks, key=lambda tick: tick[0] == 0.5)
