"""What is under way, how far it is, and a way to end it.

Paints what `scanning` tells; knows nothing of files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QTimer
from qtpy.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.labels import button, label

if TYPE_CHECKING:
    from napari_ngff.widgets.layout.scanning import Doing, Scanning

_STEPS: Final = 1000
#: What is done before this is not shown at all.
_PATIENCE_MS: Final = 300


class ProgressRow(QWidget):  # type: ignore[misc]
    """A bar and a button, while something is under way.

    Parameters
    ----------
    scanning
        Tells what is.
    """

    def __init__(self, scanning: Scanning) -> None:
        super().__init__()
        self.words = label(tone="muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.cancel = button("Cancel", "Keep what was found, and look no further")
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addLayout(row)
        self.hide()
        self.cancel.clicked.connect(scanning.cancel)
        scanning.progressed.connect(self.render_)

    def render_(self, doing: Doing | None) -> None:
        """Paint how far it is; nothing when nothing is under way."""
        if doing is None:
            self._patience.stop()
            self.hide()
            return
        left = f", {doing.left}" if doing.left else ""
        self.words.setText(f"{doing.words}{left}…")
        self.bar.setValue(round(doing.fraction * _STEPS))
        if not self.isVisible() and not self._patience.isActive():
            self._patience.start()
