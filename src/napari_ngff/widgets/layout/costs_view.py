"""The part "What other views cost": planes, a block, a time step, where one looks.

Has costs counted in a thread, a moment after one has stopped moving.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QVBoxLayout, QWidget

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.names import plain
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.inspecting.layout_text import cost_words
from napari_ngff.widgets.layout.latest import Latest
from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qtpy.QtGui import QShowEvent
    from qtpy.QtWidgets import QLabel

    from napari_ngff.dataset.inspecting.findings import Findings, Which
    from napari_ngff.storage.inspecting.cost import Cost
    from napari_ngff.widgets.layout.session import Session

    _Counted: TypeAlias = "tuple[Findings, Which, Mapping[str, Cost] | NgffError]"

_PATIENCE_MS: Final = 200
_LETTERS: Final = 1024
_WAITS: Final = "Counted once the files of this level were looked at."


class CostsView(QWidget):  # type: ignore[misc]
    """What it costs to look at the level in the usual ways, nothing being at hand.

    Parameters
    ----------
    session
        Holds what is shown, and where one looks.

    Attributes
    ----------
    costs
        Those that are shown, by the name of the view.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.costs: Mapping[str, Cost] = {}
        self._latest = Latest(self)
        self._latest.done.connect(self._come)
        self._stale = True
        self._labels: list[QLabel] = []
        self.note = label(tone="muted")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._timer.timeout.connect(self._count)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2, 0, 0, 0)
        self._layout.setSpacing(2)
        self._layout.addWidget(self.note)
        for signal in (session.changed, session.level_changed):
            signal.connect(self._forget)
        session.position_changed.connect(self._wait)
        session.scanned.connect(self._wait)
        self._forget()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Count what was left while nobody saw it."""
        super().showEvent(event)
        if self._stale:
            self._timer.start()

    def _forget(self) -> None:
        self._latest.drop()
        self._show({})
        self._wait()

    def _wait(self, *_: Any) -> None:
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def _count(self) -> None:
        """Have the costs counted where one looks by now."""
        session = self.session
        if session.findings is None or session.stored(session.level) is None:
            return
        if session.found(session.level) is None:
            self.note.setText(_WAITS)
            self.note.show()
            return
        self._stale = False
        which = session.which(session.level)
        self._latest.ask(partial(_counted, session.findings, which, session.position))

    def _come(self, counted: _Counted | None, error: Exception | None) -> None:
        session = self.session
        if counted is None:
            told = as_ngff_error(error or RuntimeError(), doing="counting costs")
            self._show({}, plain(str(told), limit=_LETTERS))
            return
        findings, which, costs = counted
        if findings is not session.findings or which != session.which(session.level):
            return
        if isinstance(costs, NgffError):
            self._show({}, plain(str(costs), limit=_LETTERS))
        else:
            self._show(costs)

    def _show(self, costs: Mapping[str, Cost], note: str = "") -> None:
        """Paint the costs, each below the name of its view."""
        self.costs = costs
        for old in self._labels:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._labels = []
        for name, cost in costs.items():
            head = label(plain(name, limit=64), tone="head")
            words = cost_words(cost)
            text = label(words[:1].upper() + words[1:])
            self._labels += [head, text]
        for widget in self._labels:
            self._layout.addWidget(widget)
        self.note.setText(note)
        self.note.setVisible(bool(note))


def _counted(findings: Findings, which: Which, at: tuple[int, ...] | None) -> _Counted:
    try:
        return findings, which, findings.costs(which, at)
    except NgffError as error:
        return findings, which, error
