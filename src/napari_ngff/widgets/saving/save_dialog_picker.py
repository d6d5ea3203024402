"""A picker for a place to save: it chooses an OME-Zarr folder, and does not enter it.

Qt's own dialog walks into every folder, and so can never name one to be replaced.
Knows the file system; decides nothing about what may be replaced.
"""

from __future__ import annotations

import os
from pathlib import Path

from qtpy.QtCore import QDir, QModelIndex, Qt
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileSystemModel,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain

_IMAGES = (".zarr", ".ozx")
_NAME, _SIZE, _TYPE, _DATE = range(4)
_NEW_NAME = "image.ome.zarr"


def is_image(name: str) -> bool:
    """Tell by its name whether something is an OME-Zarr image."""
    return name.lower().endswith(_IMAGES)


class SavePicker(QDialog):  # type: ignore[misc]
    """Ask for a place.

    Parameters
    ----------
    start
        What is chosen at first: a path, or empty.
    parent
        The window it belongs to.
    """

    def __init__(self, start: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save As OME-Zarr")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 460)
        self.folder = QLineEdit()
        self.up = _button("Up", "Go to the folder that this one is in.")
        self.home = _button("Home", "Go to your own folder.")
        self.new = _button("New Folder…", "Make a folder here.")
        self.model = QFileSystemModel(self)
        self.model.setFilter(
            QDir.Filter.AllDirs | QDir.Filter.Files | QDir.Filter.NoDotAndDotDot
        )
        self.model.setNameFilters(["*.ozx"])
        self.model.setNameFilterDisables(False)
        self.view = QTreeView()
        self.name = QLineEdit()
        self.note = QLabel()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.choose = self.buttons.addButton(
            "Choose", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._arrange()
        self._connect()
        path = Path(start).expanduser() if start else Path.home() / _NEW_NAME
        self._go(path.parent if path.parent.is_dir() else Path.home())
        self.name.setText(path.name)
        self._render()

    def path(self) -> str:
        """Return what is chosen."""
        return str(Path(self._here) / self.name.text().strip())

    def _arrange(self) -> None:
        self.view.setModel(self.model)
        self.view.setRootIsDecorated(False)
        self.view.setItemsExpandable(False)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(_NAME, Qt.SortOrder.AscendingOrder)
        self.view.setUniformRowHeights(True)
        self.view.hideColumn(_SIZE)
        self.view.hideColumn(_TYPE)
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_DATE, QHeaderView.ResizeMode.ResizeToContents)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        top = QHBoxLayout()
        for widget in (self.up, self.home):
            top.addWidget(widget)
        top.addWidget(self.folder, 1)
        top.addWidget(self.new)
        form = QFormLayout()
        form.addRow("Name:", self.name)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.up.clicked.connect(lambda: self._go(Path(self._here).parent))
        self.home.clicked.connect(lambda: self._go(Path.home()))
        self.new.clicked.connect(self._make_folder)
        self.folder.returnPressed.connect(self._go_typed)
        self.view.clicked.connect(self._take_name)
        self.view.activated.connect(self._activate)
        self.name.textChanged.connect(self._render)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)

    def _go(self, folder: Path) -> None:
        self._here = str(folder)
        self.folder.setText(self._here)
        self.view.setRootIndex(self.model.setRootPath(self._here))
        self.up.setEnabled(folder.parent != folder)
        self._render()

    def _go_typed(self) -> None:
        typed = Path(self.folder.text().strip()).expanduser()
        if typed.is_dir() and not is_image(typed.name):
            self._go(typed)
        elif typed.parent.is_dir():
            self._go(typed.parent)
            self.name.setText(typed.name)

    def _take_name(self, index: QModelIndex) -> None:
        name = self.model.fileName(index)
        if is_image(name):
            self.name.setText(name)

    def _activate(self, index: QModelIndex) -> None:
        """Choose an image; enter any other folder."""
        if is_image(self.model.fileName(index)):
            self._take_name(index)
            self._accept()
        elif self.model.isDir(index):
            self._go(Path(self.model.filePath(index)))

    def _make_folder(self) -> None:
        name, taken = QInputDialog.getText(self, "New Folder", "Name:")
        if not taken or not name.strip():
            return
        made = self.model.mkdir(self.view.rootIndex(), name.strip())
        if made.isValid():
            self._go(Path(self.model.filePath(made)))
        else:
            self.note.setText(f"The folder {plain(name)} cannot be made here.")

    def _render(self) -> None:
        name = self.name.text().strip()
        there = bool(name) and os.path.lexists(self.path())
        folder = there and os.path.isdir(self.path()) and not is_image(name)
        self.choose.setEnabled(bool(name) and not any(c in name for c in "/\\"))
        self.choose.setText("Open" if folder else "Choose")
        self.note.setText(
            "A folder: open it."
            if folder
            else "There is something of this name: you will be asked before it is "
            "replaced."
            if there
            else "Nothing of this name is there yet."
        )

    def _accept(self) -> None:
        if not self.choose.isEnabled():
            return
        path = Path(self.path())
        if path.is_dir() and not is_image(path.name):
            self._go(path)
            self.name.setText(_NEW_NAME)
            return
        self.accept()


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(tip)
    return button
