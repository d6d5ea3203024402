"""The dock widget "OME-Zarr metadata": a frame for what edits a draft.

Builds the session and the parts, and shows those that what is edited has; computes
nothing, and saves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut

from napari_ngff.widgets.dock import Dock
from napari_ngff.widgets.metadata.following import Following
from napari_ngff.widgets.metadata.header import Header
from napari_ngff.widgets.metadata.parts import Parts
from napari_ngff.widgets.metadata.preview import Preview
from napari_ngff.widgets.metadata.save_view import SaveView
from napari_ngff.widgets.metadata.sessions import session_of

if TYPE_CHECKING:
    import napari.viewer

    from napari_ngff.widgets.metadata.look import Colors


class MetadataEditor(Dock):
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
        super().__init__(viewer)
        self.session = session_of(self.viewer)
        shown = self.session.draft if self.session.subject == "store" else None
        self.session.show_nothing()  # until there is who shows it
        self.header = Header(self.session)
        self.preview = Preview(self.session, self.viewer)
        self.parts = Parts(self.session, self.viewer, self.preview.layers)
        self.foot = SaveView(self.session, self.viewer)
        self.arrange(self.header, self.preview, scrolled=self.parts, foot=self.foot)
        self._connect()
        self.follow_theme()
        if shown is not None:
            self.session.show(shown, subject="store")
        self.following = Following(self.viewer, self.session)

    def let_go(self) -> None:
        """Take back the preview; edits are there again in an editor that is new."""
        self.preview.stop()
        self.session.changed.disconnect()
        self.session.stored.disconnect()

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        for part in (self.parts, self.preview, self.foot):
            part.show_colors(colors)

    def _connect(self) -> None:
        self.header.open.clicked.connect(self.open)
        for keys, act in (
            (QKeySequence.StandardKey.Undo, self.session.undo),
            (QKeySequence.StandardKey.Redo, self.session.redo),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
