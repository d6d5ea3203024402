"""A window that shows how far a save or the like is, ends it, and says what came of it.

Paints what it is told; writes nothing itself. The viewer stays usable beside it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, QTimer, Signal
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.widgets.saving.time_left import time_left

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qtpy.QtGui import QCloseEvent

_STEPS = 1000
_WIDTH = 460
_LINES = 8


class SaveProgress(QDialog):  # type: ignore[misc]
    """Show how far a save is.

    Parameters
    ----------
    what
        What is being saved: a name to be read.
    parent
        The window it belongs to.
    doing, title
        What is being done with it, and what the window is called.

    Attributes
    ----------
    cancelled
        Signal: the user wants the save to end.
    """

    cancelled = Signal()

    def __init__(
        self,
        what: str,
        parent: QWidget | None = None,
        *,
        doing: str = "Saving",
        title: str = "Save As OME-Zarr",
    ) -> None:
        super().__init__(parent)
        self._began = time.monotonic()
        self._running = True
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.title = _label(f"{doing} {plain(what, limit=80)}")
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.status = _label("Starting…")
        self.details = _label("")
        self.details.hide()
        self.buttons = QDialogButtonBox()
        self.cancel = QPushButton("Cancel")
        self.show_it = QPushButton("Show It")
        self.show_it.setToolTip("Open what was saved, as layers of this viewer.")
        self.done_ = QPushButton("Close")
        for button, role in (
            (self.cancel, QDialogButtonBox.ButtonRole.ActionRole),
            (self.show_it, QDialogButtonBox.ButtonRole.ActionRole),
            (self.done_, QDialogButtonBox.ButtonRole.ActionRole),
        ):
            button.setAutoDefault(False)
            self.buttons.addButton(button, role)
        self.show_it.hide()
        self.done_.hide()
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        for widget in (self.title, self.bar, self.status, self.details):
            layout.addWidget(widget)
        layout.addStretch()
        layout.addWidget(self.buttons)
        self.setMinimumWidth(_WIDTH)
        self.cancel.clicked.connect(self.stop)
        self.done_.clicked.connect(self.close)

    def tell(self, fraction: float) -> None:
        """Paint which part is done."""
        if not self._running or not self.cancel.isEnabled():
            return
        self.bar.setValue(min(_STEPS - 1, round(fraction * _STEPS)))
        left = time_left(time.monotonic() - self._began, fraction)
        percent = f"{fraction:.0%}"
        self.status.setText(f"{percent}, {left}" if left else percent)

    def stop(self) -> None:
        """Say that the save is to end; it takes a moment until it has."""
        if self._running and self.cancel.isEnabled():
            self.cancel.setEnabled(False)
            self.status.setText("Cancelling… Nothing will be changed.")
            self.cancelled.emit()

    def finish(
        self,
        title: str,
        status: str,
        *,
        details: Sequence[str] = (),
        show_it: Callable[[], object] | None = None,
    ) -> None:
        """Say what came of it, and stay until the user has read it.

        Parameters
        ----------
        title, status
            In words.
        details
            What else there is to know, a line each.
        show_it
            Opens what was saved; None: there is nothing to open.
        """
        self._running = False
        self.title.setText(title)
        self.status.setText(status)
        self.bar.hide()
        more = len(details) - _LINES
        lines = [*details[:_LINES], *([f"… and {more} more"] if more > 0 else [])]
        self.details.setText("\n".join(lines))
        self.details.setVisible(bool(lines))
        self.cancel.hide()
        self.done_.show()
        self.done_.setDefault(True)
        if show_it is not None:
            self.show_it.clicked.connect(show_it)
            self.show_it.clicked.connect(self.close)
            self.show_it.show()
        self._fit()
        QTimer.singleShot(0, self._fit)  # once more when the labels have their style

    def _fit(self) -> None:
        """Be as high as the text needs."""
        self.layout().activate()
        self.resize(_WIDTH, self.layout().totalHeightForWidth(_WIDTH))

    def dismiss(self) -> None:
        """Go away: the save has ended, and is told of elsewhere."""
        self._running = False
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Cancel a save that is under way, and stay until it has ended."""
        if self._running:
            self.stop()
            event.ignore()
        else:
            event.accept()  # QDialog would reject, which closes

    def reject(self) -> None:
        """Treat Escape as a wish to close: it cancels a save that is under way."""
        self.close()


def _label(text: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(True)
    return label
