"""Where in an array a picture is taken: a slider for an axis that is not across it.

Knows Qt and grids; nothing of what is painted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from napari_ngff.dataset.inspecting.picture_words import file_word
from napari_ngff.widgets.metadata.labels import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.inspecting.pictures import Across
    from napari_ngff.storage.inspecting.stored_as import StoredAs

_PAGE: Final = 10


class PlaceRows(QWidget):  # type: ignore[misc]
    """A slider for each axis along which there are several files, none of those across.

    Attributes
    ----------
    moved
        Signal: somebody moved a slider.
    at
        Where in the grid the picture is taken, axis by axis.
    """

    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.at: tuple[int, ...] = ()
        self.sliders: dict[int, QSlider] = {}
        self._told: dict[int, QLabel] = {}
        self._stored: StoredAs | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)

    def show_axes(
        self, stored: StoredAs | None, names: Sequence[str], across: Across
    ) -> None:
        """Have sliders for other axes; they stand where they stood, if they can."""
        self._stored = stored
        grid = () if stored is None else stored.grid
        kept = self.at if len(self.at) == len(grid) else (0,) * len(grid)
        self.at = tuple(min(i, n - 1) for i, n in zip(kept, grid, strict=True))
        while self._grid.count():
            item = self._grid.takeAt(0).widget()
            item.hide()
            item.deleteLater()
        self.sliders, self._told = {}, {}
        for axis, count in enumerate(grid):
            if count > 1 and axis not in across:
                self._add(axis, names[axis], count)
        self.setVisible(bool(self.sliders))
        self._tell()

    def go(self, at: Sequence[int]) -> None:
        """Stand at another place in the grid, without telling that somebody moved."""
        self.at = tuple(at)
        for axis, slider in self.sliders.items():
            blocked = slider.blockSignals(True)
            slider.setValue(at[axis])
            slider.blockSignals(blocked)
        self._tell()

    def _add(self, axis: int, name: str, count: int) -> None:
        head, told = QLabel(name), label(tone="muted")
        head.setTextFormat(Qt.TextFormat.PlainText)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, count - 1)
        slider.setPageStep(max(1, count // _PAGE))
        slider.setValue(self.at[axis])
        slider.setAccessibleName(f"Place along {name}")
        slider.valueChanged.connect(self._move)
        self.sliders[axis], self._told[axis] = slider, told
        told.setWordWrap(False)
        for column, widget in enumerate((head, slider, told)):
            self._grid.addWidget(widget, axis, column)

    def _move(self) -> None:
        at = list(self.at)
        for axis, slider in self.sliders.items():
            at[axis] = slider.value()
        self.at = tuple(at)
        self._tell()
        self.moved.emit()

    def _tell(self) -> None:
        """Say which pixels the files at a slider hold."""
        if self._stored is None:
            return
        word = file_word(self._stored)
        for axis, told in self._told.items():
            cell, length = self._stored.cell[axis], self._stored.shape[axis]
            first = self.at[axis] * cell
            last = min(length, first + cell) - 1
            pixels = f"{first:,}" if first == last else f"{first:,} to {last:,}"
            count = self._stored.grid[axis]
            told.setText(
                f"{pixels}  \N{MIDDLE DOT}  {word} {self.at[axis] + 1:,}/{count:,}"
            )
