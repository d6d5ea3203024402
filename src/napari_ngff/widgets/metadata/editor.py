"""The dock widget "OME-Zarr metadata": a frame for what edits a draft.

Builds the session and the parts, and shows those that what is edited has; computes
nothing, and saves nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QKeySequence, QShortcut
from qtpy.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.axes_table import AxesTable
from napari_ngff.widgets.metadata.channel_grid import NAME, channel_grid
from napari_ngff.widgets.metadata.grid_section import GridSection
from napari_ngff.widgets.metadata.header import Header
from napari_ngff.widgets.metadata.label_grid import label_grid
from napari_ngff.widgets.metadata.levels_table import LevelsTable
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.metadata.name_row import NameRow
from napari_ngff.widgets.metadata.section import Section
from napari_ngff.widgets.metadata.session import Session

if TYPE_CHECKING:
    import napari.viewer

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
    sections
        The parts by title.
    """

    def __init__(self, viewer: napari.viewer.Viewer) -> None:
        super().__init__()
        self.viewer = viewer
        self.session = Session()
        self.header = Header(self.session)
        self.name = NameRow(self.session)
        self.axes = AxesTable(self.session)
        self.levels = LevelsTable(self.session)
        self.channels = GridSection(self.session, channel_grid, stretched=NAME)
        self.labels = GridSection(self.session, label_grid, stretched=-1)
        self.sections = {
            "Axes": Section("Axes", self.axes),
            "Channels": Section("Channels", self.channels),
            "Label colours and properties": Section(
                "Label colours and properties", self.labels
            ),
            "Levels": Section("Levels", self.levels),
        }
        for title in ("Axes", "Channels"):
            self.sections[title].unfold()
        self._arrange()
        self._connect()
        self._paint()
        self.render_()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the dock has at first."""
        return _SIZE

    def render_(self) -> None:
        """Show the parts that what is edited has."""
        draft = self.session.draft
        self.page.setVisible(draft is not None)
        if draft is None:
            return
        image = draft.multiscale is not None
        there = {
            "Axes": image,
            "Levels": image,
            "Channels": self.channels.grid is not None,
            "Label colours and properties": self.labels.grid is not None,
        }
        self.name.setVisible(image)
        for title, shows in there.items():
            self.sections[title].setVisible(shows)

    def _arrange(self) -> None:
        self.page = QWidget()
        inside = QVBoxLayout(self.page)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.setSpacing(10)
        inside.addWidget(self.name)
        for section in self.sections.values():
            inside.addWidget(section)
        inside.addStretch(1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(self.page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.addWidget(self.header)
        layout.addWidget(self.scroll, 1)

    def _connect(self) -> None:
        self.session.changed.connect(self.render_)
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
        for part in (self.axes, self.name, self.channels, self.labels, self.levels):
            part.show_colors(colors)
