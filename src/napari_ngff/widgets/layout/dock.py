"""The dock widget "OME-Zarr layout": a frame for what shows how an image is stored.

Builds the session and the parts, and lets go of them; computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QEvent, QSize, Qt
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.layout import resharding
from napari_ngff.widgets.layout.following import Following
from napari_ngff.widgets.layout.header import Header
from napari_ngff.widgets.layout.places import Places
from napari_ngff.widgets.layout.progress_row import ProgressRow
from napari_ngff.widgets.layout.report_row import ReportRow
from napari_ngff.widgets.layout.scanning import Scanning
from napari_ngff.widgets.layout.session import Session
from napari_ngff.widgets.metadata.labels import button
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.open_dialog import OpenDialog

if TYPE_CHECKING:
    import napari.viewer
    from qtpy.QtGui import QCloseEvent, QEnterEvent, QHideEvent, QShowEvent

    from napari_ngff.widgets.layout.reshard_dialog import ReshardDialog

_MARGIN: Final = 8
_SIZE: Final = QSize(420, 640)
_SHARDING: Final = "Put the chunks into fewer or more files, without decoding them"


class LayoutDock(QWidget):  # type: ignore[misc]
    """See how an image is stored, what looking at it costs, and whether it is whole.

    Parameters
    ----------
    viewer
        The viewer whose active layer is followed.

    Attributes
    ----------
    session
        Holds what is shown.
    scanning
        Looks at files.
    header, progress, places, foot
        What it is made of, from top to bottom.
    following
        Has the session show the store of the active layer.
    """

    def __init__(self, viewer: napari.viewer.Viewer) -> None:
        super().__init__()
        self.viewer = bare(viewer)
        self._stopped = False
        self.session = Session()
        self.scanning = Scanning(self.session)
        self.header = Header(self.session)
        self.progress = ProgressRow(self.scanning)
        self.places = Places(self.session, self.scanning, self.viewer)
        self.foot = ReportRow(self.session)
        self.sharding = button("Change sharding…", _SHARDING)
        self._arrange()
        self.header.open.clicked.connect(self.open)
        self.sharding.clicked.connect(self.change_sharding)
        self.viewer.events.theme.connect(self._paint)
        self._paint()
        self.following = Following(self.viewer, self.session)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the dock has at first."""
        return _SIZE

    def open(self) -> OpenDialog:
        """Ask for a store to look at, and return the dialog."""
        dialog = OpenDialog(self.window())
        dialog.accepted.connect(lambda: self.following.open(dialog.text()))
        dialog.open()
        return dialog

    def change_sharding(self) -> ReshardDialog | None:
        """Ask how the store is to be re-sharded, do it, and return the dialog."""
        return resharding.ask(self.session, self.viewer, self.window())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the active layer, first the one that it is by now."""
        super().showEvent(event)
        self.following.resume()
        self.scanning.resume()

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Show what is there by now: to save, or re-shard, is to replace a store."""
        super().enterEvent(event)
        self.following.refresh()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Read nothing for what nobody sees."""
        super().hideEvent(event)
        self.following.active.pause()
        self.scanning.pause()

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
        self.scanning.stop()
        self.places.stop()
        self.viewer.events.theme.disconnect(self._paint)

    def _arrange(self) -> None:
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(self.places)
        self.places.render_()  # a scroll area shows what it is given
        self.foot.row.insertWidget(0, self.sharding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.addWidget(self.header)
        layout.addWidget(self.progress)
        layout.addWidget(self.scroll, 1)
        layout.addWidget(self.foot)

    def _paint(self, event: object = None) -> None:
        """Take the colours of napari's theme."""
        del event
        colors = Colors(self.viewer.theme)
        self.setStyleSheet(colors.sheet())
        self.places.show_colors(colors)
