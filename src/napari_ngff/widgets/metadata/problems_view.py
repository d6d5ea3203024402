"""What is wrong with what is edited, as it is edited, each with its remedy.

Paints problems and tells the session which to fix; knows no rules.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt, QTimer, Signal
from qtpy.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.core.problems import LEVELS
from napari_ngff.widgets.metadata.labels import button, label

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.widgets.metadata.look import Colors, Tone
    from napari_ngff.widgets.metadata.session import Session

_PAUSE_MS: Final = 150
_SHOWN: Final = 40
_LETTERS: Final = 600
_TONES: Final[dict[str, Tone]] = {"error": "wrong", "warning": "doubtful"}
_MARKS: Final = {"error": "Error", "warning": "Warning", "info": "Note"}


class ProblemsView(QWidget):  # type: ignore[misc]
    """A list of problems.

    Parameters
    ----------
    session
        Holds the draft whose problems are listed.

    Attributes
    ----------
    counted
        Signal: how many there are, in words, and in which tone to say it.
    """

    counted = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.problems: tuple[Problem, ...] = ()
        self._shown: Draft | None = None
        self.fix_all = button("Fix all", "Make every remedy that is sure, as one step")
        self.nothing = label("Nothing is wrong.", tone="muted")
        self.more = label(tone="muted")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(self.nothing, 1)
        top.addWidget(self.fix_all)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addLayout(self.rows)
        layout.addWidget(self.more)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.render_)
        self.fix_all.clicked.connect(self._fix_all)
        session.changed.connect(self._soon)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Have no colours of its own."""

    def render_(self) -> None:
        """List what is wrong now."""
        self._timer.stop()
        draft = self.session.draft
        if draft is self._shown and draft is not None:
            return
        self._shown = draft
        found = () if draft is None else draft.problems
        ranked = sorted(found, key=lambda problem: LEVELS.index(problem.level))
        self.problems = tuple(ranked)
        self._clear()
        fixable = [p for p in ranked if draft is not None and draft.fix_of(p)]
        for problem in ranked[:_SHOWN]:
            self.rows.addWidget(self._row(problem, fixable=problem in fixable))
        rest = len(ranked) - _SHOWN
        self.more.setText(f"… and {rest} more")
        self.more.setVisible(rest > 0)
        self.nothing.setVisible(not ranked)
        self.fix_all.setVisible(len(fixable) > 1)
        self.counted.emit(*_count(self.problems))

    def _soon(self) -> None:
        """Wait for a pause in the typing: looking at a large store takes a while."""
        if self.session.draft is not self._shown:
            self._timer.start()

    def _fix_all(self) -> None:
        self.session.fix(*self.problems)
        self.render_()

    def _fix(self, problem: Problem) -> None:
        self.session.fix(problem)
        self.render_()

    def _clear(self) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()

    def _row(self, problem: Problem, *, fixable: bool) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        tone = _TONES.get(problem.level, "muted")
        message = f"{_MARKS[problem.level]}: {plain(problem.message, limit=_LETTERS)}"
        texts.addWidget(label(message, tone=tone))
        where = "#".join(part for part in (problem.node, problem.pointer) if part)
        if where:
            texts.addWidget(label(plain(where, limit=_LETTERS), tone="muted"))
        layout.addLayout(texts, 1)
        if fixable:
            fix = button("Fix", "Make the one remedy that is sure")
            fix.clicked.connect(partial(_without_argument, self._fix, problem))
            layout.addWidget(fix, 0, Qt.AlignmentFlag.AlignTop)
        return row


def _without_argument(act: object, problem: Problem, checked: object = None) -> None:
    del checked
    if callable(act):
        act(problem)


def _count(problems: tuple[Problem, ...]) -> tuple[str, Tone]:
    parts = []
    for level, one, many in (
        ("error", "1 error", "errors"),
        ("warning", "1 warning", "warnings"),
    ):
        count = sum(problem.level == level for problem in problems)
        if count:
            parts.append(one if count == 1 else f"{count} {many}")
    worst = problems[0].level if problems else "info"
    return ", ".join(parts) or "none", _TONES.get(worst, "muted")
