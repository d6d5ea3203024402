"""The head of the layout dock: which store is shown, where it is, and which part of it.

Paints what the session holds; knows no files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from napari_ngff.core.names import plain, scrub
from napari_ngff.widgets.metadata.labels import button, eliding, label

if TYPE_CHECKING:
    from napari_ngff.dataset.inspecting.arrays import Arrays
    from napari_ngff.widgets.layout.session import Session

_NOTHING: Final = (
    "Select a layer that was opened from an OME-Zarr, or open one that is not shown."
)
_EMPTY: Final = "There is no array in it that could be looked at."
_LETTERS: Final = 1024
_SHOWN: Final = 4


class Header(QWidget):  # type: ignore[misc]
    """Name, place and parts of a store.

    Parameters
    ----------
    session
        Holds what is shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.title = eliding("title", Qt.TextElideMode.ElideRight)
        self.place = eliding("muted", Qt.TextElideMode.ElideMiddle)
        self.said = label(tone="muted")
        self.problems = label(tone="doubtful")
        self.open = button("Open…", "Look at an OME-Zarr that no layer shows")
        self.again = button("Read again", "Look at the files as they are now")
        self.parts = QComboBox()
        self.parts.setToolTip("Which image, label image or array of it is shown")
        self.parts.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._arrange()
        self.again.clicked.connect(session.renew)
        self.parts.activated.connect(session.show_part)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Paint what the session holds."""
        session = self.session
        location, part = session.location, session.part
        self.title.setText(_title(session))
        place = plain(scrub(location.url), limit=_LETTERS) if location else ""
        self.place.setText(place)
        self.place.setToolTip(place)
        self.place.setVisible(location is not None)
        self.again.setEnabled(location is not None)
        said = session.message or (_NOTHING if location is None else _EMPTY)
        self.said.setText(said)
        self.said.setVisible(bool(session.message) or part is None)
        self._show_problems()
        self.parts.setVisible(len(session.parts) > 1)
        texts = [_name(each) for each in session.parts]
        if texts != [self.parts.itemText(i) for i in range(self.parts.count())]:
            self.parts.clear()
            self.parts.addItems(texts)
        self.parts.setCurrentIndex(session.part_index)

    def _show_problems(self) -> None:
        """Tell what cannot be looked at, and why."""
        findings = self.session.findings
        problems = findings.problems if findings else ()
        lines = [
            f"{plain(p.node) or '/'}: {plain(p.message, limit=_LETTERS)}"
            for p in problems[:_SHOWN]
        ]
        if len(problems) > _SHOWN:
            lines.append(f"… and {len(problems) - _SHOWN:,} more: see the report.")
        self.problems.setText("\n".join(lines))
        self.problems.setVisible(bool(lines))

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.again)
        top.addWidget(self.open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        for widget in (self.place, self.parts, self.said, self.problems):
            layout.addWidget(widget)


def _title(session: Session) -> str:
    location, part = session.location, session.part
    if location is None:
        return "No OME-Zarr"
    if part is None or not part.node or len(session.parts) > 1:
        return plain(location.name)
    return f"{plain(part.node)} in {plain(location.name)}"


def _name(part: Arrays) -> str:
    kind = {"image": "Image", "label": "Labels", "array": "Array"}[part.kind]
    return f"{kind}: {plain(part.name or part.node or '/', limit=60)}"
