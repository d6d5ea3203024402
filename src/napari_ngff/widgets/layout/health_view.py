"""The part "Health": whether files are whole, and what is wrong with others.

Has levels checked by `scanning`; paints what `dataset.inspecting.health` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.quantities import count_words
from napari_ngff.widgets.layout.notes import Notes
from napari_ngff.widgets.metadata.labels import button, label

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.inspecting.health import Health
    from napari_ngff.widgets.layout.notes import Note
    from napari_ngff.widgets.layout.scanning import Scanning, What
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Tone

_TONES: Final[dict[str, Tone]] = {"error": "wrong", "warning": "doubtful"}
_NOT_YET: Final = (
    "Checks all indices and sizes, and finds files that belong to nothing. Decoding "
    "reads every chunk, and may take long."
)


class HealthView(QWidget):  # type: ignore[misc]
    """What a check of the part that is shown found.

    Parameters
    ----------
    session
        Holds what is shown.
    scanning
        Checks levels.

    Attributes
    ----------
    told
        Signal: a few words for when it is folded, and their tone.
    """

    told = Signal(str, str)

    def __init__(self, session: Session, scanning: Scanning) -> None:
        super().__init__()
        self.session, self.scanning = session, scanning
        self.files = button("Check files", "Of all levels: indices, sizes, leftovers")
        self.decode = button("Decode all chunks", "Of all levels: every chunk is read")
        self.summary = label()
        self.notes = Notes()
        self._arrange()
        self.files.clicked.connect(lambda: self._ask("files"))
        self.decode.clicked.connect(lambda: self._ask("decode"))
        scanning.progressed.connect(self._offer)
        session.changed.connect(self.render_)
        session.scanned.connect(self.render_)
        self.render_()

    def render_(self, *_: Any) -> None:
        """Paint what was found by now."""
        session = self.session
        founds = [session.found(level) for level in range(len(session.levels))]
        healths = [f.health for f in founds if f is not None and f.health is not None]
        failed = [p for found in founds if found for p in found.problems]
        problems = [*(p for health in healths for p in health.problems), *failed]
        node = session.part.node if session.part else ""
        self.notes.show_notes([_note(problem, node) for problem in problems])
        self.notes.setVisible(bool(problems))
        self.summary.setText(health_words(healths) if healths else _NOT_YET)
        self.told.emit(*_brief(healths, len(founds)))

    def _ask(self, what: What) -> None:
        self.scanning.ask(*range(len(self.session.levels)), what=what)

    def _offer(self, doing: object) -> None:
        self.files.setEnabled(doing is None)
        self.decode.setEnabled(doing is None)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.files)
        row.addWidget(self.decode)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.summary)
        layout.addWidget(self.notes)
        layout.addLayout(row)


def health_words(healths: list[Health]) -> str:
    """Say what checks of several arrays found, as a few sentences."""
    files, of = sum(h.files for h in healths), sum(h.of for h in healths)
    looked = f"{files:,} of {count_words(of, 'file')} looked into"
    damaged = sum(h.damaged for h in healths)
    words = [
        f"{looked}: {count_words(damaged, 'damaged or unreadable file')}."
        if damaged
        else f"{looked}: none is damaged."
    ]
    strange = [h.strange for h in healths]
    known = sum(n for n in strange if n is not None)
    if known:
        verb = "belongs" if known == 1 else "belong"
        words.append(f"{count_words(known, 'file')} {verb} to nothing.")
    if None in strange:
        words.append("Files that belong to nothing do not show in a store like this.")
    decoded = [h.decoded for h in healths if h.decoded is not None]
    if decoded:
        chunks = count_words(sum(d.chunks for d in decoded), "chunk")
        wrong, empty = sum(d.damaged for d in decoded), sum(d.empty for d in decoded)
        words.append(f"{chunks} decoded: {wrong:,} damaged, {empty:,} empty.")
    return " ".join(words)


def _brief(healths: list[Health], levels: int) -> tuple[str, Tone]:
    if not healths:
        return "not checked", "muted"
    if not all(health.sound for health in healths):
        return "damaged", "wrong"
    if any(health.problems for health in healths):
        return "sound, but untidy", "doubtful"
    partly = len(healths) < levels
    return f"{len(healths)} of {levels} checked" if partly else "sound", "muted"


def _note(problem: Problem, node: str) -> Note:
    inside = problem.node.removeprefix(f"{node}/") if node else problem.node
    tone = _TONES.get(problem.level, "muted")
    return plain(inside), plain(problem.message, limit=2048), tone
