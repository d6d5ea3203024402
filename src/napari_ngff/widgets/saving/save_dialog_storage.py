"""The part of the save dialog that is folded at first: pyramid and storage.

Paints options and reads them back; what they lead to is computed elsewhere and shown
beside them.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.storage.chunks.compression import (
    DEFAULT_COMPRESSION,
    LEVELS,
    Compression,
)
from napari_ngff.widgets.saving.save_dialog_rows import Combo, label, tip
from napari_ngff.widgets.saving.save_words import CODEC_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.dataset.saving.options import SaveOptions, Version
    from napari_ngff.widgets.saving.save_shown import AxisSizes

_MB = 10**6
_LONGEST = 2**30
_MOST_LEVELS = 20
_SIZE_WIDTH = 110
_SPACING = 6
_METHODS = (("mean", "Mean"), ("strided", "Every second pixel"))
_LABEL_METHODS = (("mode", "Most frequent label"), ("nearest", "Every second pixel"))
_CHECKS = (("sample", "Every file"), ("all", "Every chunk, too (slow)"))


class Fold(QToolButton):  # type: ignore[misc]
    """A line that shows and hides what is beneath it."""

    def __init__(self, text: str, content: QWidget) -> None:
        super().__init__()
        self.setText(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setArrowType(Qt.ArrowType.RightArrow)
        content.hide()
        self.toggled.connect(content.setVisible)
        self.toggled.connect(self._turn)

    def _turn(self, unfolded: bool) -> None:
        down, right = Qt.ArrowType.DownArrow, Qt.ArrowType.RightArrow
        self.setArrowType(down if unfolded else right)


class StorageSection(QWidget):  # type: ignore[misc]
    """Levels, methods, chunks, shards, compression, checks and memory.

    Attributes
    ----------
    changed
        Signal: another option.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.levels = _spin(0, _MOST_LEVELS, "automatic")
        self.method, self.label_method = Combo(), Combo()
        self.codec, self.check = Combo(), Combo()
        self.level = QSpinBox()
        self.memory = _spin(64, 10**6)
        self.memory.setSuffix(" MB")
        self.memory.setSingleStep(100)
        self.sharded = QCheckBox("Many chunks to a file (shards)")
        self.cost = label()
        self.chunks: dict[str, QSpinBox] = {}
        self.shards: dict[str, QSpinBox] = {}
        self._names: dict[str, QLabel] = {}
        self._grid = QGridLayout()
        self.method.fill(_METHODS)
        self.label_method.fill(_LABEL_METHODS)
        self.check.fill(_CHECKS)
        self.codec.fill([(name, CODEC_WORDS[name]) for name in LEVELS])
        for name, widget in (
            ("levels", self.levels),
            ("method", self.method),
            ("label_method", self.label_method),
            ("codec", self.codec),
            ("level", self.level),
            ("check", self.check),
            ("memory", self.memory),
            ("no_shards", self.sharded),
        ):
            tip(widget, name)
        self._arrange()
        self._connect()
        self._limit_level()

    def set_options(self, options: SaveOptions) -> None:
        """Paint options; those of single axes are automatic again."""
        codec = options.compression or DEFAULT_COMPRESSION
        with self._quiet():
            self.levels.setValue(options.levels or 0)
            self.method.choose(options.method)
            self.label_method.choose(options.label_method)
            self.codec.choose(codec.name)
            self._limit_level()
            self.level.setValue(codec.level or 0)
            self.check.choose(options.check)
            self.memory.setValue(options.memory // _MB)
            self.sharded.setChecked(options.shards != "none")

    def options(self, others: SaveOptions) -> SaveOptions:
        """Return `others` with what is chosen here."""
        sizes = {name: box.value() for name, box in self.shards.items() if box.value()}
        return replace(
            others,
            levels=self.levels.value() or None,
            method=self.method.currentData(),
            label_method=self.label_method.currentData(),
            chunks={n: box.value() for n, box in self.chunks.items() if box.value()},
            shards=sizes if self.sharded.isChecked() else "none",
            compression=Compression(
                name=self.codec.currentData(), level=self.level.value()
            ),
            check=self.check.currentData(),
            memory=self.memory.value() * _MB,
        )

    def show_axes(self, axes: Sequence[AxisSizes], cost: str) -> None:
        """Show a row for each axis with what it will be, and what all costs."""
        if [axis.name for axis in axes] != list(self.chunks):
            self._make_rows([axis.name for axis in axes])
        for axis in axes:
            for boxes, size in ((self.chunks, axis.chunk), (self.shards, axis.shard)):
                box = boxes[axis.name]
                text = "none" if size is None else f"auto: {size}"
                box.setSpecialValueText(text)
                box.update()
            name = plain(axis.name, limit=16)
            self._names[axis.name].setText(f"{name} ({axis.length})")
        self.cost.setText(cost)

    def heed_version(self, version: Version) -> None:
        """Offer shards where the version knows them."""
        self.sharded.setEnabled(version != "0.4")
        self._render_shards()

    def _render_shards(self) -> None:
        offered = self.sharded.isEnabled() and self.sharded.isChecked()
        for box in self.shards.values():
            box.setEnabled(offered)

    def _arrange(self) -> None:
        left = QFormLayout()
        left.setVerticalSpacing(_SPACING)  # else it is that between the columns
        left.setHorizontalSpacing(_SPACING)
        self._grid.setSpacing(_SPACING)
        left.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        left.addRow("Levels:", self.levels)
        left.addRow("Coarser images by:", self.method)
        left.addRow("Coarser labels by:", self.label_method)
        left.addRow("Packed with:", self.codec)
        left.addRow("Packing level:", self.level)
        left.addRow("Checked:", self.check)
        left.addRow("Memory:", self.memory)
        right = QVBoxLayout()
        right.addWidget(self.sharded)
        right.addLayout(self._grid)
        right.addStretch()
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 0, 0, 0)
        layout.addLayout(columns)
        layout.addWidget(self.cost)

    def _connect(self) -> None:
        self.codec.currentIndexChanged.connect(self._limit_level)
        self.sharded.toggled.connect(self._toggle_shards)
        for spin in (self.levels, self.level, self.memory):
            spin.valueChanged.connect(self.changed)
        for combo in (self.method, self.label_method, self.codec, self.check):
            combo.currentIndexChanged.connect(self.changed)

    def _limit_level(self) -> None:
        """Let the level be one that the compressor has; the usual one at first."""
        low, high, usual = LEVELS[self.codec.currentData()]
        blocked = self.level.blockSignals(True)
        self.level.setRange(low, high)
        self.level.setValue(usual)
        self.level.setEnabled(low < high)
        self.level.blockSignals(blocked)

    def _toggle_shards(self) -> None:
        self._render_shards()
        self.changed.emit()

    def _make_rows(self, names: Sequence[str]) -> None:
        """Make a row for each axis; sizes chosen for axes that stay are kept."""
        kept = {
            n: (self.chunks[n].value(), self.shards[n].value()) for n in self.chunks
        }
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        self.chunks, self.shards, self._names = {}, {}, {}
        if not names:
            return
        for column, title in enumerate(("Axis", "Chunk", "Shard")):
            self._grid.addWidget(QLabel(title), 0, column)
        for row, name in enumerate(names, start=1):
            chunk, shard = kept.get(name, (0, 0))
            self._names[name] = label()
            self._names[name].setWordWrap(False)
            self._grid.addWidget(self._names[name], row, 0)
            self.chunks[name] = self._size_box(row, 1, "chunks", chunk)
            self.shards[name] = self._size_box(row, 2, "shards", shard)
            self.shards[name].setEnabled(
                self.sharded.isChecked() and self.sharded.isEnabled()
            )
        self._grid.setColumnStretch(3, 1)

    def _size_box(self, row: int, column: int, what: str, value: int) -> QSpinBox:
        box = _spin(0, _LONGEST, "auto")
        box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        box.setFixedWidth(_SIZE_WIDTH)
        box.setValue(value)
        tip(box, what)
        box.valueChanged.connect(self.changed)
        self._grid.addWidget(box, row, column)
        return box

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        blocked = self.blockSignals(True)
        try:
            yield
        finally:
            self.blockSignals(blocked)


def _spin(low: int, high: int, automatic: str = "") -> QSpinBox:
    """Return a spin box; its least value is shown as `automatic`."""
    box = QSpinBox()
    box.setRange(low, high)
    box.setSpecialValueText(automatic)
    box.setKeyboardTracking(False)
    return box
