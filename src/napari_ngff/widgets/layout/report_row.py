"""The foot of the layout dock: a report of all that was found, to be copied.

Knows the clipboard; what a report says is known below.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qtpy.QtGui import QGuiApplication
from qtpy.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from napari_ngff.widgets.metadata.labels import button, label

if TYPE_CHECKING:
    from napari_ngff.widgets.layout.session import Session


class ReportRow(QWidget):  # type: ignore[misc]
    """Copies what was found, as text or as JSON.

    Parameters
    ----------
    session
        Holds what is shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.copy = button("Copy report", "Copy all that was found of the store")
        self.menu = QMenu(self)
        self.text = self.menu.addAction("As text")
        self.json = self.menu.addAction("As JSON")
        self.copy.setMenu(self.menu)
        self.said = label(tone="muted")
        self.row = QHBoxLayout()
        self.row.addWidget(self.copy)
        self.row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self.row)
        layout.addWidget(self.said)
        self.text.triggered.connect(self.copy_text)
        self.json.triggered.connect(self.copy_json)
        session.changed.connect(self.render_)
        session.scanned.connect(self.render_)
        self.render_()

    def render_(self, *_: Any) -> None:
        """Offer what there is."""
        self.setVisible(self.session.part is not None)
        self.said.hide()  # what was copied is not all that there is any more

    def copy_text(self) -> None:
        """Copy the report as lines of text."""
        findings = self.session.findings
        if findings is not None:
            self._copy(findings.layout().text())

    def copy_json(self) -> None:
        """Copy the report as JSON."""
        findings = self.session.findings
        if findings is not None:
            self._copy(json.dumps(findings.layout().to_json(), indent=2))

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        findings = self.session.findings
        unseen = findings and any(findings.found(w) is None for w in findings.arrays)
        more = " Levels that were not looked at are named in it." if unseen else ""
        self.said.setText(f"Copied: {len(text.splitlines()):,} lines.{more}")
        self.said.show()
