"""The choices of a re-sharding: into which files, and where they go.

Paints choices and reads them back; what they lead to is computed elsewhere.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Signal
from qtpy.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.dataset.resharding.options import ReshardOptions
from napari_ngff.storage.chunks.compression import LEVELS, Compression
from napari_ngff.widgets.metadata.labels import button, label
from napari_ngff.widgets.saving.save_dialog_picker import SavePicker
from napari_ngff.widgets.saving.save_dialog_rows import Combo
from napari_ngff.widgets.saving.save_words import CODEC_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST: Final = 2**30
_WIDTH: Final = 110
_NARROW: Final = 60
_SHARDS: Final = (
    ("shards", "Shards: many chunks to a file"),
    ("none", "A file for each chunk"),
)
_ORDERS: Final = (
    ("morton", "Near each other in all directions (Morton)"),
    ("C", "Row by row (C)"),
)
_TIPS: Final = {
    "shard": (
        "How many pixels of an axis are in one file: whole chunks. Larger shards mean "
        "fewer files, which copy faster; what is read is still single chunks."
    ),
    "chunk": (
        "A chunk is the smallest piece that is read. Chunks of another size mean that "
        "all pixels are decoded and packed again."
    ),
    "order": (
        "Chunks that are looked at together should lie together in the file: fewer "
        "requests. Near in all directions suits any view."
    ),
    "codec": (
        "How pixels are packed. Another way than now means that all pixels are decoded "
        "and packed again; nothing is lost with any of these."
    ),
    "in_place": (
        "The new files are written beside the store and checked; then they take its "
        "place, in one step. It needs room for both."
    ),
    "new": "A new store; this one stays as it is.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisChoice:
    """An axis of the finest level, in pixels.

    `shard` is None where there are none; `suggested` is one that suits most images.
    """

    name: str
    length: int
    chunk: int
    shard: int | None
    suggested: int


class ReshardForm(QWidget):  # type: ignore[misc]
    """All choices.

    Parameters
    ----------
    axes
        Of the finest level, in their order.
    why_not_in_place
        Why the store cannot be changed itself; empty: it can.
    proposed
        Where a new store would go.

    Attributes
    ----------
    changed
        Signal: another choice.
    """

    changed = Signal()

    def __init__(
        self, axes: Sequence[AxisChoice], why_not_in_place: str, proposed: str
    ) -> None:
        super().__init__()
        self.files, self.order, self.codec = Combo(), Combo(), Combo()
        self.files.fill(_SHARDS)
        self.order.fill(_ORDERS)
        names = [(name, CODEC_WORDS[name]) for name in LEVELS]
        self.codec.fill([("", "As it is"), *names], chosen="")
        self.shards: dict[str, QSpinBox] = {}
        self.chunks: dict[str, QSpinBox] = {}
        self.grid = self._lengths(axes)
        self.in_place = QRadioButton("In place of this one")
        self.new = QRadioButton("In a new store:")
        self.target = QLineEdit(proposed)
        self.choose = button("Choose…", "Look for a folder")
        self.replace = QCheckBox("Replace an OME-Zarr that is there")
        self.why = label(why_not_in_place, tone="muted")
        self.why.setVisible(bool(why_not_in_place))
        self.in_place.setEnabled(not why_not_in_place)
        self.new.setChecked(True)
        self._where = QButtonGroup(self)
        self._give_tips()
        self._arrange()
        self._connect()
        self._render()

    def path(self) -> str | None:
        """Return where it goes: a path as it was typed; None: in place."""
        return None if self.in_place.isChecked() else str(self.target.text()).strip()

    def options(self) -> ReshardOptions:
        """Return what is chosen."""
        sharded = self.files.currentData() == "shards"
        codec = self.codec.currentData()
        return ReshardOptions(
            shard={n: box.value() for n, box in self.shards.items()}
            if sharded
            else "none",
            chunk={
                name: box.value()
                for name, box in self.chunks.items()
                if box.value() != box.property("now")
            },
            compression=Compression(name=codec) if codec else None,
            order=self.order.currentData(),
            existing="replace" if self.replace.isChecked() else "refuse",
        )

    def _lengths(self, axes: Sequence[AxisChoice]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for column, head in enumerate(("Axis", "Pixels", "Chunk", "Shard")):
            grid.addWidget(label(head, tone="head"), 0, column)
        for row, axis in enumerate(axes, start=1):
            name = plain(axis.name, limit=16)
            for column, text in enumerate((name, f"{axis.length:,}")):
                cell = label(text)
                cell.setWordWrap(False)
                grid.addWidget(cell, row, column)
            chunk = _spin(axis.chunk, f"Chunk along {name}")
            chunk.setProperty("now", axis.chunk)
            shard = _spin(axis.suggested, f"Shard along {name}")
            shard.setSingleStep(axis.chunk)
            grid.addWidget(chunk, row, 2)
            grid.addWidget(shard, row, 3)
            self.chunks[axis.name], self.shards[axis.name] = chunk, shard
        grid.setColumnStretch(4, 1)
        return grid

    def _give_tips(self) -> None:
        for widgets, name in (
            (self.shards.values(), "shard"),
            (self.chunks.values(), "chunk"),
            ((self.order,), "order"),
            ((self.codec,), "codec"),
            ((self.in_place,), "in_place"),
            ((self.new, self.target), "new"),
        ):
            for widget in widgets:
                widget.setToolTip(textwrap.fill(_TIPS[name], _NARROW))

    def _arrange(self) -> None:
        left = QFormLayout()
        left.setVerticalSpacing(6)
        left.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        left.addRow("Files:", self.files)
        left.addRow("Chunks in a file:", self.order)
        left.addRow("Packed:", self.codec)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(self.grid)
        right = QVBoxLayout()
        right.addLayout(left)
        right.addStretch()
        columns.addLayout(right, 1)
        row = QHBoxLayout()
        row.addWidget(self.new)
        row.addWidget(self.target, 1)
        row.addWidget(self.choose)
        for each in (self.new, self.in_place):
            self._where.addButton(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(columns)
        layout.addLayout(row)
        layout.addWidget(self.replace)
        layout.addWidget(self.in_place)
        layout.addWidget(self.why)

    def _connect(self) -> None:
        for combo in (self.files, self.order, self.codec):
            combo.currentIndexChanged.connect(self._change)
        for name, box in self.chunks.items():
            box.valueChanged.connect(self.shards[name].setSingleStep)
        for box in (*self.chunks.values(), *self.shards.values()):
            box.valueChanged.connect(self._change)
        self.target.textChanged.connect(self._change)
        self.replace.toggled.connect(self._change)
        self.in_place.toggled.connect(self._change)
        self.choose.clicked.connect(self._pick)

    def _change(self, *_: object) -> None:
        self._render()
        self.changed.emit()

    def _render(self) -> None:
        """Offer what makes a difference."""
        sharded = self.files.currentData() == "shards"
        for box in self.shards.values():
            box.setEnabled(sharded)
        self.order.setEnabled(sharded)
        for widget in (self.target, self.choose, self.replace):
            widget.setEnabled(self.new.isChecked())

    def _pick(self) -> None:
        picker = SavePicker(self.target.text(), self)
        picker.accepted.connect(lambda: self.target.setText(picker.path()))
        picker.open()


def _spin(value: int, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(1, _LONGEST)
    box.setKeyboardTracking(False)
    box.setFixedWidth(_WIDTH)
    box.setAccessibleName(name)
    box.setValue(value)
    return box
