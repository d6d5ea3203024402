"""The part "Levels": the table, what is told of the level that is chosen, and looking.

Paints what the session holds; has files looked at by `scanning`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.quantities import nbytes_words
from napari_ngff.widgets.layout.level_words import details, faults
from napari_ngff.widgets.layout.levels_table import LevelsTable
from napari_ngff.widgets.metadata.labels import button, label

if TYPE_CHECKING:
    from napari_ngff.widgets.layout.scanning import Scanning
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Colors

_LETTERS: Final = 1024
_FAR: Final = "Its files are far away: they are looked at when you ask for it."
_LEFT: Final = "Its files were not looked at."


class LevelsPart(QWidget):  # type: ignore[misc]
    """How each level is stored.

    Parameters
    ----------
    session
        Holds what is shown.
    scanning
        Looks at files.

    Attributes
    ----------
    told
        Signal: a few words for when it is folded.
    """

    told = Signal(str, str)

    def __init__(self, session: Session, scanning: Scanning) -> None:
        super().__init__()
        self.session, self.scanning = session, scanning
        self.table = LevelsTable(session)
        self.unseen = label(tone="muted")
        self.look = button("Look at this level", "Look at the files of this level")
        self.look_all = button("Look at all", "Look at the files of all levels")
        self.problems = label(tone="doubtful")
        self._details = QGridLayout()
        self._arrange()
        self.look.clicked.connect(lambda: scanning.ask(session.level))
        self.look_all.clicked.connect(lambda: scanning.ask(*range(len(session.levels))))
        session.changed.connect(self.render_)
        session.level_changed.connect(self.render_)
        session.scanned.connect(self.render_)
        scanning.progressed.connect(self._offer)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        self.table.show_colors(colors)

    def render_(self, *_: Any) -> None:
        """Paint what is told of the level that is chosen."""
        session = self.session
        stored, found = session.stored(session.level), session.found(session.level)
        row = found.row if found else None
        self._show(details(stored.stored, row) if stored else ())
        problems = [p.message for p in stored.stored.problems] if stored else []
        problems += faults(stored, found.scan) if stored and found else []
        findings = session.findings
        if findings is not None and session.levels:
            failed = findings.failure(session.which(session.level))
            problems += [failed.message] if failed else []
        text = "\n".join(plain(message, limit=_LETTERS) for message in problems)
        self.problems.setText(text)
        self.problems.setVisible(bool(text))
        self.told.emit(self._words(), "muted")
        self._offer()

    def _words(self) -> str:
        levels = len(self.session.levels)
        founds = [self.session.found(level) for level in range(levels)]
        sizes = [found.row.stored_nbytes for found in founds if found is not None]
        known = [size for size in sizes if size is not None]
        if not levels or len(known) < levels:
            return str(levels)
        return f"{levels} · {nbytes_words(sum(known))}"

    def _offer(self, doing: object = None) -> None:
        """Offer to look at files that were not."""
        session = self.session
        levels = range(len(session.levels))
        unseen = [level for level in levels if session.found(level) is None]
        idle = bool(unseen) and doing is None and not self.scanning.is_busy
        location = session.location
        far = location is not None and location.keys.remote
        self.unseen.setText(_FAR if far else _LEFT)
        self.unseen.setVisible(idle and session.level in unseen)
        self.look.setVisible(idle and session.level in unseen)
        self.look_all.setVisible(idle and len(levels) > 1)

    def _show(self, lines: tuple[tuple[str, str], ...]) -> None:
        """Paint names and what they are, in as many lines as there are."""
        layout = self._details
        while (item := layout.takeAt(0)) is not None:
            widget = item.widget()
            widget.hide()
            widget.deleteLater()
        for row, (name, text) in enumerate(lines):
            head = label(name, tone="muted")
            head.setWordWrap(False)
            layout.addWidget(head, row, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(label(text), row, 1)

    def _arrange(self) -> None:
        self._details.setContentsMargins(2, 0, 0, 0)
        self._details.setHorizontalSpacing(10)
        self._details.setVerticalSpacing(2)
        self._details.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.look)
        buttons.addWidget(self.look_all)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.table)
        layout.addLayout(self._details)
        layout.addWidget(self.problems)
        layout.addWidget(self.unseen)
        layout.addLayout(buttons)
