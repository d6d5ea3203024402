"""A line of text that shows a value of the file, as stored or as edited.

Knows how typing becomes a wish, how a wish is taken back, and what cannot be
understood; knows nothing of what the value means. Text is shown as it is, never as
rich text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt, QTimer, Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QLineEdit, QSizePolicy, QWidget

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.look import State, revert_icon, set_state

if TYPE_CHECKING:
    from typing import Literal

    from qtpy.QtGui import QKeyEvent

    from napari_ngff.widgets.metadata.look import Colors

_PAUSE_MS: Final = 250
_NEVER: Final = 0
_LONGEST: Final = 100_000
_WIDTH: Final = 40


class Field(QLineEdit):  # type: ignore[misc]
    """A value as text, to be edited and reverted.

    Parameters
    ----------
    parent
        The widget that it is in.

    Attributes
    ----------
    valued
        Signal: the value that was typed, some time after the last key or when the
        field is left.
    reverted
        Signal: what was edited is to be as in the file again.
    faulted
        Signal: why the text cannot be taken; empty when it can again.
    fault
        The same.
    step
        Whether the value goes on with what was typed just before.
    """

    valued = Signal(object)
    reverted = Signal()
    faulted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fault = ""
        self.step: Literal["new", "same"] = "new"
        self._shown, self._tip = "", ""
        self._state: State = "stored"
        self._typing, self._untaken = False, False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self.commit)
        self._revert = QAction("Revert: as it is in the file", self)
        self._revert.triggered.connect(self.revert)
        self.setMinimumWidth(_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(self._begin)
        self.editingFinished.connect(self.finish)

    @property
    def shown(self) -> str:
        """The value that is shown, whatever is being typed."""
        return self._shown

    def parsed(self, text: str) -> object:
        """Return the value that a text is; raises ValueError where it is none."""
        return text

    def show_value(self, text: str, state: State = "stored", tip: str = "") -> None:
        """Paint a value; what is being typed at the moment stays.

        Parameters
        ----------
        text
            The value, from a file or not.
        state
            Whether it is edited, or doubtful.
        tip
            More about it: our own words, or made plain.
        """
        self._tip, self._state = tip, state
        if text != self._shown:
            self._shown = text
            if not self._typing:
                self._restore()
        self._render()

    def show_colors(self, colors: Colors) -> None:
        """Paint the arrow that reverts in the colour of a theme."""
        self._revert.setIcon(revert_icon(colors.edited))

    def wait_for_end(self) -> None:
        """Take what is typed only when the field is left or Return is pressed."""
        self._timer.setInterval(_NEVER)

    def refuse(self, why: str) -> None:
        """Tell why what was typed cannot be taken; it stays to be mended."""
        self.fault = why
        self._render()
        self.faulted.emit(why)

    def take(self, text: str) -> None:
        """Take a text as if it had been typed and the field been left."""
        self.setText(text)
        self._begin()
        self.finish()

    def commit(self) -> None:
        """Take what was typed, without the field being left."""
        self._timer.stop()
        if not self._untaken:
            return
        self._untaken = False
        if self.text() == self._shown and self.step == "new" and not self.fault:
            return  # what it says already
        had, self.fault = self.fault, ""
        try:
            value = self.parsed(self.text())
        except ValueError as error:
            self.refuse(str(error))
            return
        self.valued.emit(value)
        self.step = "same"
        if had and not self.fault:
            self.faulted.emit("")
        self._render()

    def finish(self) -> None:
        """Take what was typed; show the value as the file will have it."""
        self.commit()
        self._typing, self.step = False, "new"
        if not self.fault:
            self.show_again()

    def show_again(self) -> None:
        """Paint the value instead of what is typed."""
        self._timer.stop()
        self._restore()
        self._render()

    def revert(self) -> None:
        """Have the value as it is in the file."""
        self.show_again()
        self.reverted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Give up typing on Escape."""
        if event.key() == Qt.Key.Key_Escape and (self._typing or self.fault):
            self.show_again()
            self.faulted.emit("")
            return
        super().keyPressEvent(event)

    def _begin(self) -> None:
        self._typing = self._untaken = True
        if self._timer.interval() != _NEVER:
            self._timer.start()

    def _restore(self) -> None:
        self._typing = self._untaken = False
        self.fault = ""
        text = plain(self._shown, limit=_LONGEST)
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def _render(self) -> None:
        set_state(self, "wrong" if self.fault else self._state)
        self.setToolTip(self.fault or self._tip)
        shows, has = self._state == "edited", self._revert in self.actions()
        if shows and not has:
            self.addAction(self._revert, QLineEdit.ActionPosition.TrailingPosition)
        elif has and not shows:
            self.removeAction(self._revert)
