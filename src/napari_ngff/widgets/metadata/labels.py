"""Labels and buttons of the metadata editor: plain text, in a tone.

Knows Qt; nothing of metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QPushButton

from napari_ngff.widgets.metadata.look import set_tone

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.look import Tone


def label(text: str = "", *, tone: Tone = "") -> QLabel:
    """Return a label of plain text that wraps and can be copied from."""
    found = QLabel(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setWordWrap(True)
    found.setMinimumWidth(1)  # a long word does not make the dock wide
    found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_tone(found, tone)
    return found


def button(text: str, tip: str = "") -> QPushButton:
    """Return a button; its text and tip are our own words."""
    found = QPushButton(text)
    found.setToolTip(tip)
    found.setAutoDefault(False)
    return found
