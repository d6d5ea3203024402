"""The rows of the save dialog that everybody sees, made of Qt's widgets.

Knows how choices are painted and read back; knows neither layers nor plans.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.widgets.saving.save_dialog_picker import SavePicker
from napari_ngff.widgets.saving.save_words import TIPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.widgets.saving.save_scope import Slider

_NARROW = 60
_LETTERS = 48


def tip(widget: QWidget, name: str) -> None:
    """Give a widget the explanation of an option, in lines that are not too long."""
    widget.setToolTip(textwrap.fill(TIPS[name], _NARROW))


def label(text: str = "") -> QLabel:
    """Return a label of plain text that wraps."""
    found = QLabel(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    found.setWordWrap(True)
    return found


def small_button(text: str) -> QPushButton:
    """Return a button that the Return key does not press."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button


class Combo(QComboBox):  # type: ignore[misc]
    """A list to choose one value from; text is shown as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.setMinimumContentsLength(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fill(self, items: Sequence[tuple[Any, str]], chosen: Any = None) -> None:
        """Show values with their texts; keep the chosen one, else take the first."""
        wanted = self.currentData() if chosen is None else chosen
        blocked = self.blockSignals(True)
        self.clear()
        for value, text in items:
            self.addItem(plain(text, limit=80), value)
        self.choose(wanted)
        self.blockSignals(blocked)

    def choose(self, value: Any) -> None:
        """Take a value, if it is there."""
        values = [self.itemData(index) for index in range(self.count())]
        if value in values:
            self.setCurrentIndex(values.index(value))


class TargetRow(QWidget):  # type: ignore[misc]
    """Where to: a line, a picker, what is there now, and leave to replace it.

    Attributes
    ----------
    changed
        Signal: another place, or another mind about replacing.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText("Path of the image to write, such as cells")
        tip(self.line, "target")
        self.choose = small_button("Choose…")
        tip(self.choose, "choose")
        self.said = label()
        self.said.hide()
        self.replace = QCheckBox("Replace what is there")
        tip(self.replace, "replace")
        self.replace.hide()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self.said)
        layout.addWidget(self.replace)
        self.line.textChanged.connect(self._change)
        self.replace.toggled.connect(self.changed)
        self.choose.clicked.connect(self._pick)

    def text(self) -> str:
        """Return what was typed or chosen, without spaces and quotes around it."""
        return str(self.line.text()).strip().strip("\"'")

    def say(self, lines: Sequence[str], *, replaces: bool) -> None:
        """Say what is there, and ask for leave where something is replaced."""
        self.said.setText("\n".join(lines))
        self.said.setVisible(bool(lines))
        self.replace.setVisible(replaces)

    def _change(self) -> None:
        blocked = self.replace.blockSignals(True)
        self.replace.setChecked(False)  # leave is given for one place only
        self.replace.blockSignals(blocked)
        self.changed.emit()

    def _pick(self) -> None:
        picker = SavePicker(self.text(), self.window())
        picker.accepted.connect(lambda: self.line.setText(picker.path()))
        picker.open()


class RegionRow(QWidget):  # type: ignore[misc]
    """Which part: of the plane, and of each slider.

    Attributes
    ----------
    changed
        Signal: another part.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.area = Combo()
        tip(self.area, "area")
        self.boxes: dict[int, QCheckBox] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.area, 1)
        self.area.currentIndexChanged.connect(self.changed)

    def current(self) -> frozenset[int]:
        """Return the axes of which only the current position is chosen."""
        return frozenset(axis for axis, box in self.boxes.items() if box.isChecked())

    def show_areas(self, items: Sequence[tuple[str, str]]) -> None:
        """Show which parts of the plane there are to choose from."""
        self.area.fill(items)

    def show_sliders(self, sliders: Sequence[Slider]) -> None:
        """Show a box for each slider, with where it is."""
        for axis in [a for a in self.boxes if a not in {s.axis for s in sliders}]:
            box = self.boxes.pop(axis)
            self._row.removeWidget(box)
            box.deleteLater()
        for slider in sliders:
            if slider.axis not in self.boxes:
                box = QCheckBox()
                tip(box, "current")
                box.toggled.connect(self.changed)
                self.boxes[slider.axis] = box
                self._row.addWidget(box)
            name = plain(slider.name, limit=16)
            text = f"only {name} = {slider.position} (of {slider.count})"
            self.boxes[slider.axis].setText(text.replace("&", "&&"))
