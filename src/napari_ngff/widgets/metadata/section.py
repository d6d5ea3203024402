"""A part of the metadata editor: a title that folds, and what is under it.

Knows Qt; nothing of metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from superqt import QElidingLabel

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.look import set_tone

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.look import Tone

_LETTERS: Final = 60


class Section(QWidget):  # type: ignore[misc]
    """A title with a few words beside it, and content that can be folded away.

    Parameters
    ----------
    title
        Our own words.
    content
        What is under the title.

    Attributes
    ----------
    unfolded
        Signal: the content is shown now, or is not.
    """

    unfolded = Signal(bool)

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self.content = content
        self.button = QToolButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setProperty("role", "section")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.summary = QElidingLabel()
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.summary.setAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self._top = QHBoxLayout()
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.addWidget(self.button)
        self._top.addWidget(self.summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._top)
        layout.addWidget(content)
        self.button.toggled.connect(self._fold)
        self._fold(unfolded=False)

    def unfold(self) -> None:
        """Show what is under the title."""
        self.button.setChecked(True)

    def say(self, text: str, tone: Tone = "muted") -> None:
        """Show a few words beside the title."""
        self.summary.setText(plain(text, limit=_LETTERS))
        set_tone(self.summary, tone)

    def _fold(self, unfolded: bool) -> None:
        down, right = Qt.ArrowType.DownArrow, Qt.ArrowType.RightArrow
        self.button.setArrowType(down if unfolded else right)
        self.content.setVisible(unfolded)
        self.unfolded.emit(unfolded)
