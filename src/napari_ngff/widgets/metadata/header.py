"""The head of the metadata editor: what is edited, where it is, and if it can be saved.

Paints what the session holds; knows no files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.widgets.metadata.forms import combo_box
from napari_ngff.widgets.metadata.labels import button, eliding, label
from napari_ngff.widgets.metadata.store_facts import facts, place, title

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.widgets.metadata.session import Session

_NOTHING: Final = (
    "Select a layer that was opened from an OME-Zarr, or open one that is not shown."
)

_LAYER: Final = "A layer that has no store: edits are made to the layer"
_LETTERS: Final = 1024


class Header(QWidget):  # type: ignore[misc]
    """Name, place, version, and why it cannot be saved; undo and revert.

    Parameters
    ----------
    session
        Holds the draft that is shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.title = eliding("title", Qt.TextElideMode.ElideRight)
        self.place = eliding("muted", Qt.TextElideMode.ElideMiddle)
        self.facts = label(tone="muted")
        self.read_only = label(tone="doubtful")
        self.said = label(tone="muted")
        self.open = button("Open…", "Edit an OME-Zarr that no layer shows")
        self.images = combo_box(
            self._images,
            name="Image",
            tip="Which of the images in this group is edited",
        )
        self.undo = button("Undo", "Take the last edit back (Ctrl+Z)")
        self.redo = button("Redo", "Make it again (Ctrl+Shift+Z)")
        self.revert = button("Revert all", "Have all as it is in the file")
        self._arrange()
        self.undo.clicked.connect(session.undo)
        self.redo.clicked.connect(session.redo)
        self.revert.clicked.connect(session.revert_all)
        self.images.changed.connect(session.show_image)
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Paint what the session holds."""
        session, draft = self.session, self.session.draft
        stored = session.subject == "store"
        read_only = draft.read_only if draft is not None and stored else ""
        said = plain(session.message, limit=_LETTERS) or _NOTHING
        self.said.setText(said)
        self.said.setVisible(draft is None)
        for widget in (self.place, self.facts, self.undo, self.redo, self.revert):
            widget.setVisible(draft is not None)
        self.title.setText(title(draft) if draft else "No OME-Zarr")
        self.read_only.setText(f"Cannot be saved. {plain(read_only, limit=_LETTERS)}")
        self.read_only.setVisible(bool(read_only))
        self.images.visible = bool(draft and len(draft.group.multiscales) > 1)
        if draft is not None:
            self._show_draft(draft)

    def _show_draft(self, draft: Draft) -> None:
        stored, idle = self.session.subject == "store", not self.session.busy
        self.place.setText(place(draft) if stored else _LAYER)
        self.place.setToolTip(self.place.text())
        self.facts.setText(facts(draft))
        self.facts.setVisible(stored)
        self.undo.setEnabled(draft.can_undo and idle)
        self.redo.setEnabled(draft.can_redo and idle)
        self.revert.setEnabled(bool(draft.wishes) and idle)
        with self.images.changed.blocked():
            self.images.reset_choices()
            if self.images.choices:
                self.images.value = draft.index

    def _images(self, combo_box: object) -> list[tuple[str, int]]:
        """Return what each of the images in the group is called."""
        del combo_box
        draft = self.session.draft
        names = [each.name for each in draft.group.multiscales] if draft else []
        return [(f"{i}: {plain(n or '', limit=60)}", i) for i, n in enumerate(names)]

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.open)
        bottom = QHBoxLayout()
        bottom.setSpacing(4)
        for each in (self.undo, self.redo, self.revert):
            bottom.addWidget(each)
        bottom.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        for widget in (self.place, self.facts, self.read_only, self.said):
            layout.addWidget(widget)
        layout.addWidget(self.images.native)
        layout.addLayout(bottom)
