"""A list to choose a word from, or to type another one into.

Knows Qt; nothing of what the words mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QTimer, Signal
from qtpy.QtWidgets import QSizePolicy, QWidget
from superqt import QSearchableComboBox

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.field import Field
from napari_ngff.widgets.metadata.look import set_state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qtpy.QtGui import QWheelEvent

    from napari_ngff.widgets.metadata.look import Colors, State

_LETTERS: Final = 80


class Choice(QSearchableComboBox):  # type: ignore[misc]
    """A searchable list of words; any other word may be typed.

    Parameters
    ----------
    parent
        The widget that it is in.

    Attributes
    ----------
    valued
        Signal: the word that was chosen or typed; None for none.
    reverted
        Signal: what was edited is to be as in the file again.
    field
        The line in it.
    """

    valued = Signal(object)
    reverted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[tuple[str, str], ...] = ()
        self.field = Field(self)
        self.field.wait_for_end()
        self.setLineEdit(self.field)
        self.setCompleter(self.completer_object)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(
            QSearchableComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(1)
        self.setMaxVisibleItems(16)
        self.field.valued.connect(self._take)
        self.field.reverted.connect(self.reverted)
        self.activated.connect(self._choose)

    def offer(self, words: Sequence[tuple[str, str]]) -> None:
        """Offer words, each with the text that it is shown as."""
        if tuple(words) == self._words:
            return
        self._words = tuple(words)
        blocked = self.blockSignals(True)
        self.clear()
        for word, text in words:
            self.addItem(plain(text, limit=_LETTERS), word)
        self.setCurrentIndex(-1)
        self.blockSignals(blocked)
        self.field.show_again()

    def show_value(
        self, word: str | None, state: State = "stored", tip: str = ""
    ) -> None:
        """Paint a word; see `Field.show_value`."""
        self.field.show_value(word or "", state, tip)
        self.setToolTip(tip)
        set_state(self, state)

    def show_colors(self, colors: Colors) -> None:
        """Take the colours of a theme."""
        self.field.show_colors(colors)
        self.completer_object.popup().setStyleSheet(colors.popup_sheet())

    def meant(self, text: str) -> str:
        """Return the word that a text stands for."""
        return text

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Let the wheel scroll the page, not change the value."""
        event.ignore()

    def _choose(self, index: int) -> None:
        word = self.itemData(index)
        if word is not None:
            self.field.take(word)
            QTimer.singleShot(0, self.field.show_again)  # Qt shows the item's text

    def _take(self, text: str) -> None:
        texts = {shown: word for word, shown in self._words}
        word = self.meant(texts.get(text, text).strip())
        if word != self.field.shown:  # Qt tells of a word that is only looked at, too
            self.valued.emit(word or None)
