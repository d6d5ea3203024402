"""What a save will write and what it will lose, painted: a table and sentences.

Paints plans; computes nothing. All text is plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.core.names import plain
from napari_ngff.dataset.saving.plan_text import size
from napari_ngff.storage.pyramids.shares import files_of, nbytes_of
from napari_ngff.widgets.saving.save_dialog_rows import Combo, label
from napari_ngff.widgets.saving.save_words import TIMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from napari_ngff.dataset.saving.save_plan import ImagePlan, SavePlan
    from napari_ngff.layers.writing.questions import Question

_TITLES = ("Image / level", "Shape", "Chunk", "Shard", "Files", "Pixels")
_ROWS = 7
_LINES = 12
_LETTERS = 64


class PlanTable(QTreeWidget):  # type: ignore[misc]
    """The images of a plan, and the levels of each."""

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels(list(_TITLES))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(48)
        height = self.fontMetrics().height() + 6
        self.setMinimumHeight(height * _ROWS)

    def show_plan(self, plan: SavePlan) -> None:
        """Paint a plan, each image unfolded."""
        self.clear()
        for store in plan.stores:
            for image in store.images:
                self._add(image, image.data.multiscale.name or store.target.name, "")
                for each in image.labels:
                    kind = "kept labels" if each.kept else "labels"
                    self._add(each.image, each.name, kind)

    def _add(self, image: ImagePlan, name: str, kind: str) -> None:
        axes = "".join(plain(axis.name, limit=8) for axis in image.data.multiscale.axes)
        title = f"{kind} {plain(name, limit=_LETTERS)}".strip()
        top = QTreeWidgetItem([f"{title}  ({axes}, {image.pyramid.dtype})"])
        for row in _levels(image):
            top.addChild(QTreeWidgetItem(row))
        self.addTopLevelItem(top)
        top.setFirstColumnSpanned(True)
        top.setExpanded(not kind)


def _levels(image: ImagePlan) -> Iterator[list[str]]:
    pyramid = image.pyramid
    each = zip(pyramid.levels, files_of(pyramid), nbytes_of(pyramid), strict=True)
    for index, (level, files, nbytes) in enumerate(each):
        shard = "none" if level.shard is None else _times(level.shard)
        chunk = _times(level.chunk)
        shape = _times(level.shape)
        yield [str(index), shape, chunk, shard, f"{files:,}", size(nbytes)]


def _times(shape: Sequence[int]) -> str:
    return TIMES.join(map(str, shape))


class Report(QWidget):  # type: ignore[misc]
    """Sentences under titles; a title without sentences is not shown."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        self.parts: dict[str, QLabel] = {}

    def show_parts(self, parts: Mapping[str, Sequence[str]]) -> None:
        """Paint the sentences under each title, in this order."""
        for title in parts:
            if title not in self.parts:
                self.parts[title] = label()
                self.layout().addWidget(self.parts[title])
        for title, part in self.parts.items():
            lines = list(parts.get(title, ()))
            more = len(lines) - _LINES
            lines = [*lines[:_LINES], *([f"… and {more} more"] if more > 0 else [])]
            part.setText("\n".join([title, *(f"  •  {line}" for line in lines)]))
            part.setVisible(bool(lines))

    def text(self) -> str:
        """Return all that is shown."""
        return "\n".join(p.text() for p in self.parts.values() if not p.isHidden())


class Questions(QWidget):  # type: ignore[misc]
    """Questions with a list of answers each; nothing is chosen at first.

    Attributes
    ----------
    answered
        Signal: the question, and the value that was chosen.
    """

    answered = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self._shown: tuple[Question, ...] = ()
        self.boxes: dict[str, Combo] = {}

    def show_questions(
        self, questions: Sequence[Question], answers: Mapping[str, str]
    ) -> None:
        """Paint questions with the answers that were given to them."""
        if tuple(questions) != self._shown:
            self._make(questions)
        for key, box in self.boxes.items():
            blocked = box.blockSignals(True)
            box.choose(answers.get(key, ""))
            box.blockSignals(blocked)
        self.setVisible(bool(questions))

    def _make(self, questions: Sequence[Question]) -> None:
        while self._layout.count():
            widget = self._layout.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        self._shown, self.boxes = tuple(questions), {}
        for question in questions:
            box = Combo()
            choices = [(choice.value, choice.text) for choice in question.choices]
            box.fill([("", "Please choose…"), *choices])
            box.currentIndexChanged.connect(
                lambda _, box=box, question=question: self._answer(question, box)
            )
            self.boxes[question.key] = box
            self._layout.addWidget(label(question.text))
            self._layout.addWidget(box)

    def _answer(self, question: Question, box: Combo) -> None:
        if box.currentData():
            self.answered.emit(question, box.currentData())
