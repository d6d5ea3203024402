"""What the docks have in common: a head, what scrolls, a foot; a viewer that is let go.

Knows Qt and napari's docks; nothing of what is shown in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import QEvent, QSize, Qt
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.open_dialog import OpenDialog

if TYPE_CHECKING:
    from qtpy.QtGui import QCloseEvent, QHideEvent, QShowEvent

_MARGIN: Final = 8
_SIZE: Final = QSize(420, 640)


class Dock(QWidget):  # type: ignore[misc]
    """A dock that follows the active layer, or shows a store that was opened in it.

    Parameters
    ----------
    viewer
        The viewer whose active layer is followed.

    Attributes
    ----------
    following
        Has the dock show what the active layer is of; made by the dock itself.
    """

    following: Any

    def __init__(self, viewer: Any) -> None:
        super().__init__()
        self.viewer = bare(viewer)
        self._stopped = False

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the dock has at first."""
        return _SIZE

    def open(self) -> OpenDialog:
        """Ask for a store to show, and return the dialog."""
        dialog = OpenDialog(self.window())
        dialog.accepted.connect(lambda: self.following.open(dialog.text()))
        dialog.open()
        return dialog

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the active layer, first the one that it is by now."""
        super().showEvent(event)
        self.following.active.resume()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Read nothing for what nobody sees."""
        super().hideEvent(event)
        self.following.active.pause()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go of the viewer."""
        self.stop()
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Let go of the viewer when the dock is closed: napari takes its widget out."""
        taken_out = event.type() == QEvent.Type.ParentChange and self.parent() is None
        if taken_out:
            self.stop()
            self.deleteLater()
        return bool(super().event(event))

    def stop(self) -> None:
        """Let go of the viewer, and end what is under way."""
        if self._stopped:
            return
        self._stopped = True
        self.following.stop()
        self.let_go()
        self.viewer.events.theme.disconnect(self._paint)

    def let_go(self) -> None:
        """Let go of all else that the dock listens to."""
        raise NotImplementedError

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        raise NotImplementedError

    def arrange(self, *head: QWidget, scrolled: QWidget, foot: QWidget) -> None:
        """Put the parts below each other; the foot stays where it is."""
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(scrolled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        for widget in head:
            layout.addWidget(widget)
        layout.addWidget(self.scroll, 1)
        layout.addWidget(foot)

    def follow_theme(self) -> None:
        """Take the colours of napari's theme, now and whenever it changes."""
        self.viewer.events.theme.connect(self._paint)
        self._paint()

    def _paint(self, event: object = None) -> None:
        del event
        colors = Colors(self.viewer.theme)
        self.setStyleSheet(colors.sheet())
        self.show_colors(colors)
