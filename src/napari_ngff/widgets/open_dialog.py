"""A dialog that asks for a path or an address. It opens nothing itself."""

from __future__ import annotations

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

_HELP = (
    "A folder, a .zip or .ozx file, or an address that starts with http://, https:// "
    "or file://. A path inside an image will do."
)
_ARCHIVES = "OME-Zarr (*.ozx *.zip zarr.json .zattrs .zgroup .zarray);;All files (*)"


class OpenDialog(QDialog):  # type: ignore[misc]
    """Ask what to open.

    Parameters
    ----------
    parent
        The window it belongs to.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Open OME-Zarr")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.address = QLineEdit()
        self.address.setPlaceholderText("Path or address")
        self.address.setClearButtonEnabled(True)
        self.folder_button = QPushButton("Folder…")
        self.file_button = QPushButton("File…")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open
            | QDialogButtonBox.StandardButton.Cancel
        )
        self._arrange()
        self._connect()
        self._render()

    def text(self) -> str:
        """Return what was typed or chosen, without the spaces and quotes around it."""
        return str(self.address.text()).strip().strip("\"'")

    def _arrange(self) -> None:
        explanation = QLabel(_HELP)
        explanation.setTextFormat(Qt.TextFormat.PlainText)
        explanation.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.address, 1)
        row.addWidget(self.folder_button)
        row.addWidget(self.file_button)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(explanation)
        layout.addLayout(row)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        for button in (self.folder_button, self.file_button):
            button.setAutoDefault(False)
        self.address.textChanged.connect(self._render)
        self.folder_button.clicked.connect(self._choose_folder)
        self.file_button.clicked.connect(self._choose_file)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _render(self) -> None:
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        button.setEnabled(bool(self.text()))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Open OME-Zarr", self.text())
        self.address.setText(chosen or self.address.text())

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Open OME-Zarr", self.text(), _ARCHIVES
        )
        self.address.setText(chosen or self.address.text())
