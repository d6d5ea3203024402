"""The table of a label image, with rows and columns to be added.

Paints what `label_grid` computes; computes nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from qtpy.QtWidgets import QGridLayout, QLineEdit, QPushButton

from napari_ngff.metadata.editing.numbers import number
from napari_ngff.widgets.metadata.grid_section import GridSection
from napari_ngff.widgets.metadata.label_grid import label_grid
from napari_ngff.widgets.metadata.label_wishes import color_wish
from napari_ngff.widgets.metadata.labels import button

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.widgets.metadata.session import Session

_WHITE: Final = (255, 255, 255, 255)
_LONGEST: Final = 256


class LabelsSection(GridSection):
    """Colours and properties of label values.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.

    Attributes
    ----------
    value, key
        Lines for the label value and the property that are added.
    """

    def __init__(self, session: Session) -> None:
        self._keys: dict[str, None] = {}
        self._of: object = None
        self.value, self.key = QLineEdit(), QLineEdit()
        super().__init__(session, self._grid, stretched=-1)
        self.value.setPlaceholderText("Label value")
        self.key.setPlaceholderText("Property")
        self.key.setMaxLength(_LONGEST)
        self.add_value = button("Add label", "Give a label value a colour: white first")
        self.add_key = button("Add property", "A column for a property of the labels")
        form = QGridLayout()
        form.setSpacing(4)
        for row, (line, add, act) in enumerate(
            (
                (self.value, self.add_value, self._add_value),
                (self.key, self.add_key, self._add_key),
            )
        ):
            form.addWidget(line, row, 0)
            form.addWidget(add, row, 1)
            _press_with(line, add)
            add.clicked.connect(act)
        self.layout_.addLayout(form)

    def _grid(self, draft: Draft) -> Any:
        if self._of != draft.documents.node:
            self._of = draft.documents.node
            self._keys.clear()  # columns of another image's labels
        return label_grid(draft, tuple(self._keys))

    def _add_value(self) -> None:
        try:
            value = number(self.value.text())
        except ValueError as error:
            self.say(str(error))
            return
        if not isinstance(value, int):
            self.say("A label value is a whole number.")
            return
        draft = self.session.draft
        block = draft.group.image_label if draft else None
        if block is not None and value in block.colors:
            self.say(f"Label {value} has a colour already.")
            return
        self.session.edit(color_wish(value, _WHITE))
        refused = self.session.draft.refused if self.session.draft else ()
        self.say(refused[0].message if refused else "")
        self.value.clear()

    def _add_key(self) -> None:
        if self.key.text():
            self._keys[self.key.text()] = None
            self.key.clear()
            self.render_()


def _press_with(line: QLineEdit, add: QPushButton) -> None:
    """Let Return in a line press its button, which needs a text."""
    add.setEnabled(False)
    line.textChanged.connect(partial(_allow, add))
    line.returnPressed.connect(add.click)


def _allow(add: QPushButton, text: str) -> None:
    add.setEnabled(bool(text.strip()))
