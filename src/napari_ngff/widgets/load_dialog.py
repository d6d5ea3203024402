"""A dialog that asks which level, and which part of it, to read into memory.

It paints a `Pyramid`, a plain value, and answers with a `Part`; it knows no layers,
reads nothing, and says before anything else what it would cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.layers.extract import Box, Part, rescale

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyramid:
    """What there is to choose from.

    Attributes
    ----------
    names
        Of the layers that are read.
    axes
        Name of each axis of the layers.
    shapes
        Shape of each level, finest first.
    dtype
        Name of the data type.
    pixel_bytes
        Bytes of one pixel of all the layers together.
    view
        What is shown now, in pixels of the finest level.
    limit
        The most bytes that may be read.
    """

    names: tuple[str, ...]
    axes: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]
    dtype: str
    pixel_bytes: int
    view: Box
    limit: int

    def nbytes(self, part: Part) -> int:
        """Bytes that reading `part` takes."""
        return prod(part.shape) * self.pixel_bytes


def in_words(nbytes: float) -> str:
    """Return a number of bytes, to be read: ``"12.6 MB"`` with a space that holds."""
    unit = 0
    while nbytes >= 1000 and unit < len(_UNITS) - 1:
        nbytes, unit = nbytes / 1000, unit + 1
    digits = 1 if unit else 0
    return f"{nbytes:.{digits}f}\N{NO-BREAK SPACE}{_UNITS[unit]}"


def times(shape: tuple[int, ...]) -> str:
    """Return a shape, to be read: ``"16 x 256 x 256"`` with multiplication signs."""
    return " \N{MULTIPLICATION SIGN} ".join(map(str, shape))


class LoadDialog(QDialog):  # type: ignore[misc]
    """Ask which part to read.

    Parameters
    ----------
    pyramid
        What there is.
    parent
        The window it belongs to.
    """

    def __init__(self, pyramid: Pyramid, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pyramid = pyramid
        self._shown_level = 0
        self.setWindowTitle("Load Level")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.level = QComboBox()
        for index, shape in enumerate(pyramid.shapes):
            size = in_words(prod(shape) * pyramid.pixel_bytes)
            self.level.addItem(f"{index}:  {times(shape)}  ({size})")
        self.first = [_spin_box() for _ in pyramid.axes]
        self.last = [_spin_box() for _ in pyramid.axes]
        self.all_buttons = [_small_button("All") for _ in pyramid.axes]
        self.now_buttons = [_small_button("Shown") for _ in pyramid.axes]
        self.everything = QPushButton("Everything")
        self.visible_part = QPushButton("What is shown now")
        self.size = _label("")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.load = self.buttons.addButton(
            "Load", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._arrange()
        self._set_box(tuple((0, size) for size in pyramid.shapes[0]))
        self._connect()
        self._render()

    def part(self) -> Part:
        """Return what is chosen."""
        edges = zip(self.first, self.last, strict=True)
        box = tuple((int(a.value()), int(b.value()) + 1) for a, b in edges)
        return Part(level=self._shown_level, box=box)

    def _arrange(self) -> None:
        form = QFormLayout()
        names = "\n".join(plain(name, limit=60) for name in self._pyramid.names[:8])
        more = len(self._pyramid.names) - 8
        form.addRow("Layers:", _label(names + (f"\n… and {more} more" * (more > 0))))
        form.addRow("Level:", self.level)
        shortcuts = QHBoxLayout()
        shortcuts.addWidget(self.everything)
        shortcuts.addWidget(self.visible_part)
        shortcuts.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addLayout(form)
        layout.addLayout(self._grid())
        layout.addLayout(shortcuts)
        layout.addWidget(self.size)
        layout.addWidget(self.buttons)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        for column, title in enumerate(("Axis", "First", "Last")):
            grid.addWidget(_label(title), 0, column)
        rows = zip(
            self._pyramid.axes,
            self.first,
            self.last,
            self.all_buttons,
            self.now_buttons,
            strict=True,
        )
        for row, (axis, *widgets) in enumerate(rows, start=1):
            grid.addWidget(_label(plain(axis, limit=24)), row, 0)
            for column, widget in enumerate(widgets, start=1):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        return grid

    def _connect(self) -> None:
        self.level.currentIndexChanged.connect(self._change_level)
        self.everything.clicked.connect(self._choose_everything)
        self.visible_part.clicked.connect(self._choose_view)
        for spin_box in (*self.first, *self.last):
            spin_box.valueChanged.connect(self._keep_order)
        for axis in range(len(self.first)):
            self.all_buttons[axis].clicked.connect(
                lambda *_, axis=axis: self._choose_axis(axis, self._whole())
            )
            self.now_buttons[axis].clicked.connect(
                lambda *_, axis=axis: self._choose_axis(axis, self._view())
            )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def _whole(self) -> Box:
        return tuple((0, size) for size in self._pyramid.shapes[self._shown_level])

    def _view(self) -> Box:
        shapes = self._pyramid.shapes
        return rescale(self._pyramid.view, shapes[0], shapes[self._shown_level])

    def _change_level(self, level: int) -> None:
        shapes, old = self._pyramid.shapes, self._shown_level
        box = rescale(self.part().box, shapes[old], shapes[level])
        self._shown_level = level
        self._set_box(box)
        self._render()

    def _choose_everything(self) -> None:
        self._set_box(self._whole())
        self._render()

    def _choose_view(self) -> None:
        self._set_box(self._view())
        self._render()

    def _choose_axis(self, axis: int, box: Box) -> None:
        chosen = list(self.part().box)
        chosen[axis] = box[axis]
        self._set_box(tuple(chosen))
        self._render()

    def _keep_order(self) -> None:
        for first, last in zip(self.first, self.last, strict=True):
            if first.value() > last.value():
                moved = last if first is self.sender() else first
                moved.setValue(self.sender().value())
        self._render()

    def _set_box(self, box: Box) -> None:
        sizes = self._pyramid.shapes[self._shown_level]
        for axis, (start, stop) in enumerate(box):
            edges = (self.first[axis], start), (self.last[axis], stop - 1)
            for spin_box, value in edges:
                blocked = spin_box.blockSignals(True)
                spin_box.setRange(0, sizes[axis] - 1)
                spin_box.setValue(value)
                spin_box.blockSignals(blocked)

    def _render(self) -> None:
        part, pyramid = self.part(), self._pyramid
        nbytes = pyramid.nbytes(part)
        fits = nbytes <= pyramid.limit
        count = len(pyramid.names)
        layers = f", {count} layers" if count > 1 else ""
        verdict = (
            ""
            if fits
            else (
                f"\nMore than the {in_words(pyramid.limit)} that may be used now: "
                "choose a coarser level or a smaller part."
            )
        )
        self.size.setText(
            f"{times(part.shape)} pixels, {pyramid.dtype}{layers}: "
            f"{in_words(nbytes)} of memory.{verdict}"
        )
        self.load.setEnabled(fits)


def _label(text: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap("\n" not in text and len(text) > 60)
    return label


def _spin_box() -> QDoubleSpinBox:
    """Make a spin box for whole numbers, beyond 2**31 too."""
    spin_box = QDoubleSpinBox()
    spin_box.setDecimals(0)
    spin_box.setMinimumWidth(110)
    return spin_box


def _small_button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
