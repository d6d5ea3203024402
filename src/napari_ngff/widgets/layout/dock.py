"""The dock widget "OME-Zarr layout": a frame for what shows how an image is stored.

Builds the session and the parts, and lets go of them; computes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from napari_ngff.widgets.dock import Dock
from napari_ngff.widgets.layout import resharding
from napari_ngff.widgets.layout.following import Following
from napari_ngff.widgets.layout.header import Header
from napari_ngff.widgets.layout.places import Places
from napari_ngff.widgets.layout.progress_row import ProgressRow
from napari_ngff.widgets.layout.report_row import ReportRow
from napari_ngff.widgets.layout.scanning import Scanning
from napari_ngff.widgets.layout.session import Session
from napari_ngff.widgets.metadata.labels import button

if TYPE_CHECKING:
    import napari.viewer
    from qtpy.QtGui import QEnterEvent, QHideEvent, QShowEvent

    from napari_ngff.widgets.layout.reshard_dialog import ReshardDialog
    from napari_ngff.widgets.metadata.look import Colors

_SHARDING: Final = "Put the chunks into fewer or more files, without decoding them"


class LayoutDock(Dock):
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
        super().__init__(viewer)
        self.session = Session()
        self.scanning = Scanning(self.session)
        self.header = Header(self.session)
        self.progress = ProgressRow(self.scanning)
        self.places = Places(self.session, self.scanning, self.viewer)
        self.foot = ReportRow(self.session)
        self.sharding = button("Change sharding…", _SHARDING)
        self.foot.row.insertWidget(0, self.sharding)
        self.arrange(self.header, self.progress, scrolled=self.places, foot=self.foot)
        self.places.render_()  # a scroll area shows what it is given
        self.header.open.clicked.connect(self.open)
        self.sharding.clicked.connect(self.change_sharding)
        self.follow_theme()
        self.following = Following(self.viewer, self.session)

    def change_sharding(self) -> ReshardDialog | None:
        """Ask how the store is to be re-sharded, do it, and return the dialog."""
        return resharding.ask(self.session, self.viewer, self.window())

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show, and look at, what is there by now."""
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
        self.scanning.pause()

    def let_go(self) -> None:
        """End what is under way."""
        self.scanning.stop()
        self.places.stop()

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        self.places.show_colors(colors)
