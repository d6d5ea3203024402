"""The parts of the metadata editor that scroll: each is there for what has it.

Knows which parts there are, and their order; what they do they know themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.axes_table import AxesTable
from napari_ngff.widgets.metadata.channel_grid import ChannelGrid, names
from napari_ngff.widgets.metadata.channels_section import ChannelsSection
from napari_ngff.widgets.metadata.field import Field
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.labels_section import LabelsSection
from napari_ngff.widgets.metadata.layers_row import LayersRow
from napari_ngff.widgets.metadata.level_grid import LevelGrid
from napari_ngff.widgets.metadata.levels_table import LevelsTable
from napari_ngff.widgets.metadata.name_row import NameRow
from napari_ngff.widgets.metadata.plane_row import PlaneRow
from napari_ngff.widgets.metadata.problems_view import ProblemsView
from napari_ngff.widgets.metadata.relatives_row import RelativesRow
from napari_ngff.widgets.metadata.section import Section
from napari_ngff.widgets.metadata.systems_table import SystemsTable

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.widgets.metadata.layer_preview import LayerPreview
    from napari_ngff.widgets.metadata.look import Colors, Tone
    from napari_ngff.widgets.metadata.session import Session

_NAMES: Final = 4
_COLLECTION: Final = (
    "This group is no image itself. Select a layer of one of its images, or open one, "
    "to edit its axes and channels."
)


class Parts(QWidget):  # type: ignore[misc]
    """Name, problems, axes, channels, labels, levels and coordinate systems.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.
    viewer
        Whose layers values are copied from.
    preview
        Shows drafts on these layers.

    Attributes
    ----------
    sections
        The parts that fold, by title.
    """

    def __init__(self, session: Session, viewer: Any, preview: LayerPreview) -> None:
        super().__init__()
        self.session = session
        self.name = NameRow(session)
        self.collection = label(_COLLECTION, tone="muted")
        self.problems = ProblemsView(session)
        self.axes = AxesTable(session)
        self.relatives = RelativesRow(session)
        self.channels = ChannelsSection(session)
        self.plane = PlaneRow(session)
        self.layers = LayersRow(session, viewer, preview)
        self.labels = LabelsSection(session)
        self.levels = LevelsTable(session)
        self.systems = SystemsTable(session)
        self.sections = {
            title: Section(title, _together(*contents))
            for title, contents in (
                ("Problems", (self.problems,)),
                ("Axes", (self.axes, self.relatives)),
                ("Channels", (self.channels, self.plane)),
                ("Labels", (self.labels,)),
                ("Levels", (self.levels,)),
                ("Coordinate systems", (self.systems,)),
            )
        }
        self._shown: tuple[str, str, int] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(8)
        layout.addWidget(self.name)
        layout.addWidget(self.collection)
        for title, section in self.sections.items():
            layout.addWidget(section)
            if title == "Channels":
                layout.addWidget(self.layers)
        layout.addStretch(1)
        for title in ("Axes", "Channels"):
            self.sections[title].unfold()
        self.problems.counted.connect(self.sections["Problems"].say)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Show the parts that what is edited has."""
        draft = self.session.draft
        self.setVisible(draft is not None)
        self.setEnabled(not self.session.busy)
        if draft is None:
            return
        self._forget_typing(draft)
        image, stored = draft.multiscale is not None, self.session.subject == "store"
        self.name.setVisible(image)
        self.layers.setVisible(image and stored)
        self.collection.setVisible(not image)
        for title, shows in (
            ("Problems", stored),
            ("Axes", image),
            ("Channels", stored and self.channels.grid is not None),
            ("Labels", stored and self.labels.grid is not None),
            ("Levels", stored and image),
            ("Coordinate systems", stored and self.systems.grid is not None),
        ):
            self.sections[title].setVisible(shows)
        self._summarize(draft)

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        for part in (
            self.name,
            self.problems,
            self.axes,
            self.relatives,
            self.channels,
            self.plane,
            self.layers,
            self.labels,
            self.levels,
            self.systems,
        ):
            part.show_colors(colors)

    def _forget_typing(self, draft: Draft) -> None:
        """Let what was typed for one image, and not taken, not be there for another."""
        documents = draft.documents
        shown = (documents.store, documents.node, draft.index)
        if shown == self._shown:
            return
        self._shown = shown
        for field in self.findChildren(Field):
            field.show_again()
        for part in (self.axes, self.channels, self.labels, self.levels, self.systems):
            part.say("")

    def _summarize(self, draft: Draft) -> None:
        """Say a few words of each part, for when it is folded."""
        axes = draft.multiscale.axes if draft.multiscale else ()
        self.sections["Axes"].say(", ".join(plain(a.name, limit=16) for a in axes))
        channels, levels = self.channels.grid, self.levels.grid
        if isinstance(channels, ChannelGrid):
            self.sections["Channels"].say(names(channels, _NAMES))
        if isinstance(levels, LevelGrid):
            wrong = len(levels.wrong)
            text = f"{wrong} of {levels.count} elsewhere" if wrong else ""
            tone: Tone = "doubtful" if wrong else "muted"
            self.sections["Levels"].say(text or str(levels.count), tone)
        if self.labels.grid is not None:
            self.sections["Labels"].say(str(self.labels.grid.count))
        if self.systems.grid is not None:
            self.sections["Coordinate systems"].say(str(self.systems.grid.count))


def _together(*contents: QWidget) -> QWidget:
    if len(contents) == 1:
        return contents[0]
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for content in contents:
        layout.addWidget(content)
    return page
