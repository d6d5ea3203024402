"""What could be better about how the part that is shown is stored, in words.

Paints what `dataset.inspecting.advice` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import Signal

from napari_ngff.core.names import plain
from napari_ngff.widgets.layout.notes import Notes

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.widgets.layout.notes import Note
    from napari_ngff.widgets.layout.session import Session
    from napari_ngff.widgets.metadata.look import Tone

_NOT_YET: Final = "Advice is given once files were looked at."
_SOME: Final = "Only what shows in the levels that were looked at."
_NONE: Final = "Nothing to advise: it is stored well."


class AdviceView(Notes):
    """Advice on the store and on the part that is shown.

    Parameters
    ----------
    session
        Holds what is shown.

    Attributes
    ----------
    told
        Signal: a few words for when it is folded, and their tone.
    """

    told = Signal(str, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        session.changed.connect(self.render_)
        session.scanned.connect(self.render_)
        self.render_()

    def render_(self, *_: Any) -> None:
        """Paint the advice that there is by now."""
        session = self.session
        findings, levels = session.findings, range(len(session.levels))
        if findings is None or not levels:
            self.show_notes((), "")
            self.told.emit("", "muted")
            return
        seen = sum(session.found(level) is not None for level in levels)
        advice: list[Problem] = []
        if seen:
            advice += findings.part(session.part_index).advice
        advice += findings.advice()
        foot = _NONE if not advice else ""
        if seen < len(levels):
            foot = _SOME if seen else _NOT_YET
        node = session.part.node if session.part else ""
        self.show_notes([_note(each, node) for each in advice], foot)
        worst = any(each.level == "warning" for each in advice)
        words = str(len(advice)) if advice else "none" if foot == _NONE else ""
        self.told.emit(words, "doubtful" if worst else "muted")


def _note(advice: Problem, node: str) -> Note:
    inside = advice.node.removeprefix(f"{node}/") if node else advice.node
    tone: Tone = "doubtful" if advice.level == "warning" else "muted"
    return plain(inside), plain(advice.message, limit=2048), tone
