"""The parts of the layout dock, in their order: each a widget of the session.

Knows which parts there are and their titles; what they do they know themselves. A part
takes the session (and the viewer if it needs it), and has ``show_colors`` for the
colours of a theme; one that listens to the viewer has ``stop``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.section import Section

if TYPE_CHECKING:
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Colors


class Places(QWidget):  # type: ignore[misc]
    """The parts that scroll, each under a title that folds.

    Parameters
    ----------
    session
        Holds what is shown.
    viewer
        Whose layers and camera some parts go by.

    Attributes
    ----------
    sections
        By title.
    """

    def __init__(self, session: Session, viewer: Any) -> None:
        super().__init__()
        self.session = session
        self.parts: dict[str, QWidget] = _parts(session, viewer)
        self.sections = {
            title: Section(title, part) for title, part in self.parts.items()
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 4, 0)
        layout.setSpacing(8)
        for section in self.sections.values():
            layout.addWidget(section)
            section.unfold()
        layout.addStretch(1)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Show the parts while there is something to look at."""
        self.setVisible(self.session.part is not None)

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        for part in self.parts.values():
            part.show_colors(colors)

    def stop(self) -> None:
        """Let go of the viewer."""
        for part in self.parts.values():
            if hasattr(part, "stop"):
                part.stop()


def _parts(session: Session, viewer: Any) -> dict[str, QWidget]:
    """Return the parts by their titles, from top to bottom."""
    return {}
