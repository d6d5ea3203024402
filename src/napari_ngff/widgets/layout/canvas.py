"""What all painted pictures share: hints at the pointer, focus, a picture kept painted.

Knows Qt; nothing of what is painted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QPainter, QPen
from qtpy.QtWidgets import QSizePolicy, QToolTip, QWidget

if TYPE_CHECKING:
    from qtpy.QtCore import QPoint
    from qtpy.QtGui import (
        QFocusEvent,
        QImage,
        QMouseEvent,
        QPaintEvent,
        QResizeEvent,
    )

    from napari_ngff.widgets.layout.palette import Palette


class Canvas(QWidget):  # type: ignore[misc]
    """A painted picture. It is painted once for each size, and shown again from memory.

    Parameters
    ----------
    name
        What it is, for those who do not see it.
    empty
        What is said where there is nothing to paint.
    """

    def __init__(self, name: str, empty: str) -> None:
        super().__init__()
        self.palette_: Palette | None = None
        self.empty = empty
        self._image: QImage | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_palette(self, palette: Palette) -> None:
        """Paint in other colours."""
        self.palette_ = palette
        self.paint_anew()

    def paint_anew(self) -> None:
        """Forget the picture that was painted."""
        self._image = None
        self.update()

    def area(self) -> QRectF:
        """Return where the image is; may be empty."""
        raise NotImplementedError

    def image(self, palette: Palette, height: int, width: int) -> QImage | None:
        """Return the image for a size in pixels of the screen; None: there is none."""
        raise NotImplementedError

    def paint_over(self, painter: QPainter, palette: Palette, area: QRectF) -> None:
        """Paint what is around and above the image."""
        raise NotImplementedError

    def hint(self, point: QPointF) -> str:
        """Return what is at a point, in words; empty: nothing."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that is readable."""
        return QSize(360, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint."""
        del event
        palette, area = self.palette_, self.area()
        if palette is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        ratio = self.devicePixelRatioF()
        size = round(area.height() * ratio), round(area.width() * ratio)
        if self._image is None and min(size) > 0:
            self._image = self.image(palette, *size)
        if self._image is None:
            self._say(painter, palette)
        else:
            painter.drawImage(area.topLeft(), self._image)
            self.paint_over(painter, palette, area)
        if self.hasFocus():
            self._frame(painter, palette)
        painter.end()

    def _say(self, painter: QPainter, palette: Palette) -> None:
        painter.setPen(QColor(palette.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect(), flags, self.empty)

    def _frame(self, painter: QPainter, palette: Palette) -> None:
        color = QColor(palette.muted)
        color.setAlphaF(0.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Paint in the new size."""
        self.paint_anew()
        super().resizeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that keys are for this."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Show that keys are not for this any more."""
        self.update()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell what is at the pointer."""
        if event.type() == QEvent.Type.ToolTip:
            self._show_hint(event.pos())
            return True
        return bool(super().event(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell on what is at the pointer, once that was told of something."""
        if QToolTip.isVisible():
            self._show_hint(event.pos())
        super().mouseMoveEvent(event)

    def _show_hint(self, point: QPoint) -> None:
        words = self.hint(QPointF(point))
        if words:
            QToolTip.showText(self.mapToGlobal(point), words, self)
        else:
            QToolTip.hideText()


def frame(painter: QPainter, rect: QRectF, palette: Palette) -> None:
    """Paint a frame around what is chosen, that is seen on any colour."""
    outer, inner = QColor(palette.text), QColor(palette.text)
    inner.setRgb(*(255 - part for part in outer.getRgb()[:3]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inner, 4))
    painter.drawRect(rect)
    painter.setPen(QPen(outer, 2))
    painter.drawRect(rect)


def dot(painter: QPainter, rect: QRectF, palette: Palette) -> None:
    """Paint a dot in the middle of what is under the cursor on napari's canvas."""
    color = QColor(palette.text)
    inner = QColor(*(255 - part for part in color.getRgb()[:3]))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(inner, 1.5))
    painter.setBrush(color)
    painter.drawEllipse(rect.center(), 3.5, 3.5)
    painter.restore()
