"""The dock widget "OME-Zarr metadata": a frame for what edits a draft.

Builds the session and the parts, and shows those that what is edited has; computes
nothing, and saves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QEvent, QSize, Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.following import Following
from napari_ngff.widgets.metadata.header import Header
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.metadata.parts import Parts
from napari_ngff.widgets.metadata.preview import Preview
from napari_ngff.widgets.metadata.save_view import SaveView
from napari_ngff.widgets.metadata.sessions import session_of
from napari_ngff.widgets.open_dialog import OpenDialog

if TYPE_CHECKING:
    import napari.viewer
    from qtpy.QtGui import QCloseEvent, QHideEvent, QShowEvent

_MARGIN: Final = 8
_SIZE: Final = QSize(420, 640)


class MetadataEditor(QWidget):  # type: ignore[misc]
    """Edit what an OME-Zarr says of itself, see it at once, and save it in place.

    Parameters
    ----------
    viewer
        The viewer whose active layer is followed.

    Attributes
    ----------
    session
        Holds the draft that is shown and edited.
    header, preview, parts, foot
        What it is made of, from top to bottom.
    following
        Has the session show what the active layer is of.
    """

    def __init__(self, viewer: napari.viewer.Viewer) -> None:
        super().__init__()
        self.viewer = bare(viewer)
        self.session = session_of(self.viewer)
        self._stopped = False
        shown = self.session.draft if self.session.subject == "store" else None
        self.session.show_nothing()  # until there is who shows it
        self.header = Header(self.session)
        self.preview = Preview(self.session, self.viewer)
        self.parts = Parts(self.session, self.viewer, self.preview.layers)
        self.foot = SaveView(self.session, self.viewer)
        self._arrange()
        self._connect()
        self._paint()
        if shown is not None:
            self.session.show(shown, subject="store")
        self.following = Following(self.viewer, self.session)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the dock has at first."""
        return _SIZE

    def open(self) -> OpenDialog:
        """Ask for a store to edit, and return the dialog."""
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
        """Let go of the viewer; edits are there again when an editor is opened anew."""
        if self._stopped:
            return
        self._stopped = True
        self.following.stop()
        self.preview.stop()
        self.session.changed.disconnect()
        self.session.stored.disconnect()
        self.viewer.events.theme.disconnect(self._paint)

    def _arrange(self) -> None:
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(self.parts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.addWidget(self.header)
        layout.addWidget(self.preview)
        layout.addWidget(self.scroll, 1)
        layout.addWidget(self.foot)

    def _connect(self) -> None:
        self.header.open.clicked.connect(self.open)
        self.viewer.events.theme.connect(self._paint)
        for keys, act in (
            (QKeySequence.StandardKey.Undo, self.session.undo),
            (QKeySequence.StandardKey.Redo, self.session.redo),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _paint(self, event: object = None) -> None:
        """Take the colours of napari's theme."""
        del event
        colors = Colors(self.viewer.theme)
        self.setStyleSheet(colors.sheet())
        self.parts.show_colors(colors)
        for part in (self.preview, self.foot):
            part.show_colors(colors)
