"""A dialog that asks to which image labels are added, and what they are called.

Knows Qt and names; writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.portable import unique
from napari_ngff.layers.writing.calling import folder_name

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class AddLabelsDialog(QDialog):  # type: ignore[misc]
    """Ask for an image and a name.

    Parameters
    ----------
    layer
        The labels, to be read.
    images
        The images to choose from, the likeliest first.
    name
        What the labels will be called if that is not taken.
    taken
        For each image the names of the labels that it has.
    parent
        The window it belongs to.
    """

    def __init__(
        self,
        *,
        layer: str,
        images: Sequence[str],
        name: str,
        taken: Sequence[Collection[str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._taken = [{other.casefold() for other in names} for names in taken]
        self._names = [unique([*sorted(names), name])[-1] for names in taken]
        self.setWindowTitle("Add Labels to Image")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self.images = QComboBox()
        self.images.addItems(list(images))
        self.images.setToolTip("The image that the labels were drawn on.")
        self.name = QLineEdit(self._names[0])
        self.name.setToolTip(
            "The labels go into a folder of this name below the image's 'labels'. "
            "Nothing else of the image is changed."
        )
        self.problem = QLabel()
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.add_button = self.buttons.addButton(
            "Add", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._arrange(layer)
        self._connect()
        self._render()

    def image(self) -> int:
        """Return which of the images was chosen."""
        return int(self.images.currentIndex())

    def label_name(self) -> str:
        """Return what the labels will be called."""
        return str(self.name.text()).strip()

    def _arrange(self, layer: str) -> None:
        explanation = QLabel(
            f"{layer} will be written into the file of an image, with as many "
            "resolution levels as the image has."
        )
        explanation.setTextFormat(Qt.TextFormat.PlainText)
        explanation.setWordWrap(True)
        form = QFormLayout()
        form.addRow("Image:", self.images)
        form.addRow("Name:", self.name)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(explanation)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.images.currentIndexChanged.connect(self._propose)
        self.name.textChanged.connect(self._render)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _propose(self, index: int) -> None:
        """Give a name that is free there, unless the user has typed one."""
        if self.label_name() in self._names:
            self.name.setText(self._names[index])
        self._render()

    def _render(self) -> None:
        problem = self._fault()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.add_button.setEnabled(not problem and bool(self.label_name()))

    def _fault(self) -> str:
        name = self.label_name()
        if name and name != folder_name(name):
            return f"A name that every computer takes would be: {folder_name(name)}"
        if name.casefold() in self._taken[self.image()]:
            return (
                "The image has labels of this name already. To change those, paint on "
                "a copy of them (Edit Labels) and save it back."
            )
        return ""
