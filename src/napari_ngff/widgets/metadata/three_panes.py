"""Three texts side by side, whose lines belong together: before, theirs, yours.

Knows Qt and lines that are marked; nothing of what they say. What is changed is told
by a sign before the line as well as by its colour.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from qtpy.QtCore import QSize, Qt
from qtpy.QtGui import QColor, QTextCursor, QTextFormat
from qtpy.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)
from superqt import QFlowLayout

from napari_ngff.core.names import plain
from napari_ngff.dataset.editing.three_way import Row
from napari_ngff.widgets.metadata.labels import button, label
from napari_ngff.widgets.metadata.look import set_tone, swatch
from napari_ngff.widgets.metadata.text_dialog import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qtpy.QtGui import QResizeEvent

    from napari_ngff.dataset.editing.three_way import Mark
    from napari_ngff.widgets.metadata.look import Colors

_TITLES: Final = ("Before (as read)", "Theirs (stored now)", "Yours (not saved)")
_TIPS: Final = (
    "As it was when it was read here",
    "As another program has stored it",
    "As you were about to save it",
)
#: What is said of lines by their mark, more of that, and the sign that is before them.
_LEGEND: Final[dict[Mark, tuple[str, str, str]]] = {
    "theirs": ("Theirs", "Changed by the other program alone", "~"),
    "ours": ("Yours", "Changed by you alone", "~"),
    "alike": ("Both alike", "Changed by both, to the same", "="),
    "contested": (
        "Contested",
        "Changed by both, each to something else. “Keep both” takes yours.",
        "!",
    ),
}
#: Which panes differ from the first one by what mark: theirs, yours.
_DIFFERS: Final[dict[Mark, tuple[bool, bool]]] = {
    "": (False, False),
    "theirs": (True, False),
    "ours": (False, True),
    "alike": (True, True),
    "contested": (True, True),
}
_FAINT: Final = 46
_STRONG: Final = 110
_LEAST: Final = 80
_SQUARE: Final = 12
_NARROW: Final = 520
_NOTHING: Final = "No value differs: it is only written in another way."


class ThreePanes(QWidget):  # type: ignore[misc]
    """Documents in three states, with a legend and a way from change to change.

    Parameters
    ----------
    colors
        Those of the theme.

    Attributes
    ----------
    panes
        Before, theirs, yours.
    previous, next
        Buttons that go from one change to another.
    """

    def __init__(self, colors: Colors) -> None:
        super().__init__()
        self._hues = {
            "theirs": QColor(colors.doubtful),
            "ours": QColor(colors.edited),
            "alike": QColor(colors.muted),
            "contested": QColor(colors.wrong),
        }
        self._rows: list[Row] = []
        self._heads: set[int] = set()
        self.panes = tuple(plain_text() for _ in _TITLES)
        self.previous = button("▲", "The change before (Shift+F7)")
        self.next = button("▼", "The next change (F7)")
        self.previous.setShortcut("Shift+F7")
        self.next.setShortcut("F7")
        self.said = label(tone="muted")
        self._legend = QFlowLayout()
        self._arrange()
        self.previous.clicked.connect(lambda: self._go(-1))
        self.next.clicked.connect(lambda: self._go(1))

    def show_documents(self, documents: Sequence[tuple[str, Sequence[Row]]]) -> None:
        """Show the lines of documents, each under its name.

        Parameters
        ----------
        documents
            The name of each, and its lines, which are fit to be shown.
        """
        self._rows, self._heads = [], set()
        for key, rows in documents:
            self._heads.add(len(self._rows))
            self._rows.append(_head(plain(key, limit=1024)))
            self._rows.extend(rows)
        for index, pane in enumerate(self.panes):
            pane.setPlainText("\n".join(_text(row, index) for row in self._rows))
            self._paint(index)
        self._count()
        contested = [i for i, row in enumerate(self._rows) if row.mark == "contested"]
        for line in (contested or self.changes)[:1]:
            self._show_line(line)

    @property
    def changes(self) -> list[int]:
        """The line that each change begins with."""
        marks: list[Mark] = ["", *(row.mark for row in self._rows)]
        return [i for i, (a, b) in enumerate(pairwise(marks)) if b and b != a]

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the room that is needed at least."""
        return QSize(3 * _LEAST, 2 * _LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Have the panes one below the other where there is little room beside."""
        super().resizeEvent(event)
        sides = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self.split.setOrientation(sides[self.width() < _NARROW])

    def _arrange(self) -> None:
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        for title, tip, pane in zip(_TITLES, _TIPS, self.panes, strict=True):
            self.split.addWidget(_titled(title, tip, pane))
            pane.setMinimumWidth(_LEAST)
            pane.setAccessibleName(f"{title}. {tip}")
        self.split.setSizes([1000] * len(self.panes))
        for pane in self.panes:
            for other in self.panes:
                if pane is not other:
                    _together(pane, other)
        legend = QWidget()
        legend.setLayout(self._legend)
        self._legend.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(legend, 1)
        row.addWidget(self.previous)
        row.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.split, 1)
        layout.addWidget(self.said)
        layout.addLayout(row)

    def _count(self) -> None:
        """Say how many lines there are of each mark."""
        while (item := self._legend.takeAt(0)) is not None:
            item.widget().deleteLater()
        for mark, (name, tip, _) in _LEGEND.items():
            count = sum(row.mark == mark for row in self._rows)
            if count:
                lines = f"{count} line" if count == 1 else f"{count:,} lines"
                entry = _entry(self._tint(mark, opaque=True), f"{name}: {lines}")
                entry.setToolTip(tip)
                self._legend.addWidget(entry)
        some = bool(self.changes)
        self.said.setText(_NOTHING)
        self.said.setVisible(bool(self._rows) and not some)
        for each in (self.previous, self.next):
            each.setVisible(some)

    def _paint(self, index: int) -> None:
        """Tint the lines of a pane."""
        pane = self.panes[index]
        found = []
        for number, row in enumerate(self._rows):
            if number in self._heads:
                found.append(_selected(pane, number, None))
            elif _is_tinted(row.mark, index):
                found.append(_selected(pane, number, self._tint(row.mark)))
        pane.setExtraSelections(found)

    def _tint(self, mark: Mark, *, opaque: bool = False) -> QColor:
        hue = QColor(self._hues[mark])
        if not opaque:
            hue.setAlpha(_STRONG if mark == "contested" else _FAINT)
        return hue

    def _go(self, step: int) -> None:
        """Show the change before or after the line that is shown; then go round."""
        line, changes = self.panes[0].textCursor().blockNumber(), self.changes
        if not changes:
            return
        after = [c for c in changes if c > line] or changes
        before = [c for c in changes if c < line] or changes
        self._show_line(after[0] if step > 0 else before[-1])

    def _show_line(self, line: int) -> None:
        for pane in self.panes:
            pane.setTextCursor(QTextCursor(pane.document().findBlockByNumber(line)))
            pane.centerCursor()


def _head(text: str) -> Row:
    return Row(texts=(text, text, text))


def _text(row: Row, index: int) -> str:
    text = row.texts[index] or ""
    if not _is_tinted(row.mark, index):
        return f"  {text}" if text else ""
    return f"{_LEGEND[row.mark][-1]} {text}"


def _is_tinted(mark: Mark, index: int) -> bool:
    """Tell whether a line is marked in a pane: the first shows what all changed."""
    return any(_DIFFERS[mark]) if index == 0 else _DIFFERS[mark][index - 1]


def _selected(
    pane: QPlainTextEdit, line: int, color: QColor | None
) -> QTextEdit.ExtraSelection:
    found = QTextEdit.ExtraSelection()
    found.cursor = QTextCursor(pane.document().findBlockByNumber(line))
    if color is None:
        found.cursor.select(QTextCursor.SelectionType.LineUnderCursor)
        found.format.setFontUnderline(True)
    else:
        found.format.setBackground(color)
        found.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return found


def _titled(title: str, tip: str, pane: QWidget) -> QWidget:
    found = QWidget()
    head = QLabel(title)
    head.setToolTip(tip)
    set_tone(head, "head")
    layout = QVBoxLayout(found)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(3)
    layout.addWidget(head)
    layout.addWidget(pane, 1)
    return found


def _entry(color: QColor, text: str) -> QWidget:
    """Return a line of the legend."""
    found, square, words = QWidget(), QLabel(), QLabel(text)
    square.setPixmap(swatch(color, _SQUARE).pixmap(_SQUARE, _SQUARE))
    layout = QHBoxLayout(found)
    layout.setContentsMargins(0, 0, 8, 0)
    layout.setSpacing(5)
    layout.addWidget(square)
    layout.addWidget(words)
    return found


def _together(pane: QPlainTextEdit, other: QPlainTextEdit) -> None:
    """Have one pane scroll as another does."""
    for bar, its in (
        (pane.verticalScrollBar(), other.verticalScrollBar()),
        (pane.horizontalScrollBar(), other.horizontalScrollBar()),
    ):
        bar.valueChanged.connect(its.setValue)
