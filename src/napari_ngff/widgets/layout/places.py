"""The parts of the layout dock, in their order: each a widget of the session.

Knows which parts there are and their titles; what they do they know themselves. A part
takes the session, and what else it needs. It may have ``show_colors`` for the colours
of a theme, a signal ``told`` for a few words beside its title (and their tone), which
its ``render_`` emits, and ``stop`` to let go of the viewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.widgets.layout.advice_view import AdviceView
from napari_ngff.widgets.layout.costs_view import CostsView
from napari_ngff.widgets.layout.health_view import HealthView
from napari_ngff.widgets.layout.level_picture import LevelPictureView
from napari_ngff.widgets.layout.levels_part import LevelsPart
from napari_ngff.widgets.layout.shard_picture import ShardPictureView
from napari_ngff.widgets.layout.view_cost import ViewCostView
from napari_ngff.widgets.metadata.section import Section

if TYPE_CHECKING:
    from napari_ngff.widgets.layout.scanning import Scanning
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Colors


class Places(QWidget):  # type: ignore[misc]
    """The parts that scroll, each under a title that folds.

    Parameters
    ----------
    session
        Holds what is shown.
    scanning
        Looks at files.
    viewer
        Whose layers and camera some parts go by.

    Attributes
    ----------
    parts, sections
        By title.
    """

    def __init__(self, session: Session, scanning: Scanning, viewer: Any) -> None:
        super().__init__()
        self.session = session
        self.parts = _parts(session, scanning, viewer)
        self.sections = {t: Section(t, part) for t, part in self.parts.items()}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(8)
        for title, section in self.sections.items():
            layout.addWidget(section)
            section.unfold()
            part = self.parts[title]
            if hasattr(part, "told"):
                part.told.connect(section.say)
                part.render_()
        layout.addStretch(1)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Show the parts while there is something to look at."""
        self.setVisible(self.session.part is not None)

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        for part in self.parts.values():
            if hasattr(part, "show_colors"):
                part.show_colors(colors)

    def stop(self) -> None:
        """Let go of the viewer."""
        for part in self.parts.values():
            if hasattr(part, "stop"):
                part.stop()


def _parts(session: Session, scanning: Scanning, viewer: Any) -> dict[str, QWidget]:
    """Return the parts by their titles, from top to bottom."""
    return {
        "Levels": LevelsPart(session, scanning),
        "Current view": ViewCostView(session, viewer),
        "Picture of the level": LevelPictureView(session),
        "Picture of the shard": ShardPictureView(session),
        "What other views cost": CostsView(session),
        "Advice": AdviceView(session),
        "Health": HealthView(session, scanning),
    }
