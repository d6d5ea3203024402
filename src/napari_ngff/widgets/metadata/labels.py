"""Labels and buttons of the docks: plain text, in a tone.

Knows Qt; nothing of metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QPushButton, QSizePolicy
from superqt import QElidingLabel

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


def eliding(tone: Tone, mode: Qt.TextElideMode) -> QElidingLabel:
    """Return a label of one line of plain text, cut where there is no room for it."""
    found = QElidingLabel()
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setElideMode(mode)
    found.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    set_tone(found, tone)
    return found


def button(text: str, tip: str = "") -> QPushButton:
    """Return a button; its text and tip are our own words."""
    found = QPushButton(text)
    found.setToolTip(tip)
    found.setAutoDefault(False)
    return found
