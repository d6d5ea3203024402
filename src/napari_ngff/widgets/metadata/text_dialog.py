"""Dialogs that show something, such as a text as it is, and what can be done about it.

Knows Qt; nothing of metadata.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QFontDatabase
from qtpy.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.labels import button, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtWidgets import QPushButton

_SIZE: Final = QSize(760, 440)


class PageDialog(QDialog):  # type: ignore[misc]
    """A heading, a page, and buttons.

    Parameters
    ----------
    title
        Of the window.
    heading
        A sentence or two above the page.
    parent
        The window that it belongs to.

    Attributes
    ----------
    page
        The layout between heading and buttons.
    """

    def __init__(self, title: str, heading: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.resize(_SIZE)
        self.heading = label(heading)
        self.page = QVBoxLayout()
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.addWidget(self.heading)
        layout.addLayout(self.page, 1)
        layout.addLayout(self._buttons)

    def offer(self, text: str, act: Callable[[], object], tip: str = "") -> QPushButton:
        """Add a button."""
        made = button(text, tip)
        made.clicked.connect(partial(_call, act))
        self._buttons.addWidget(made)
        return made


class TextDialog(PageDialog):
    """A heading, a text of fixed width that can be copied, and buttons.

    Attributes
    ----------
    text
        The last thing on the page.
    """

    def __init__(self, title: str, heading: str, parent: QWidget | None) -> None:
        super().__init__(title, heading, parent)
        self.text = plain_text()
        self.page.addWidget(self.text, 1)

    def show_text(self, text: str) -> None:
        """Show a text; it is fit to be shown."""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)


def plain_text() -> QPlainTextEdit:
    """Return a box for a text that is read and copied, each line as it is."""
    found = QPlainTextEdit()
    found.setReadOnly(True)
    found.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    kind = QFontDatabase.SystemFont.FixedFont
    found.setFont(QFontDatabase.systemFont(kind))
    return found


def _call(act: Callable[[], object], checked: object = None) -> None:
    del checked
    act()
