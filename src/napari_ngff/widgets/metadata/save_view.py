"""The foot of the metadata editor: save, take back, copy, change the version.

Wires the session to dialogs and to the work on the store; decides nothing of its own.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QApplication, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from napari_ngff.core.names import plain
from napari_ngff.core.problems import ChangedMeanwhile, NgffError
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.conflict_dialog import ConflictDialog
from napari_ngff.widgets.metadata.history_view import HistoryDialog
from napari_ngff.widgets.metadata.labels import button, label
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.metadata.save_dialog import SaveDialog
from napari_ngff.widgets.metadata.saving_anew import save_anew
from napari_ngff.widgets.metadata.store_work import StoreWork
from napari_ngff.widgets.metadata.upgrade_view import UpgradeDialog

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.session import Session
    from napari_ngff.widgets.metadata.text_dialog import PageDialog


class SaveView(QWidget):  # type: ignore[misc]
    """Buttons for what is done with the store, and what came of it.

    Parameters
    ----------
    session
        Holds the draft.
    viewer
        Shows the layers that are saved where a store cannot be changed in place.

    Attributes
    ----------
    work
        Does it.
    dialog
        The one that was opened last.
    """

    def __init__(self, session: Session, viewer: Any) -> None:
        super().__init__()
        self.session = session
        self.viewer = bare(viewer)
        self.work = StoreWork(session, self._failed)
        self.dialog: PageDialog | None = None
        self._colors = Colors("dark")
        self.message = label()
        self.save = button("Save…", "Show what changes in the files, and save it")
        self.copy = button(
            "Copy as patch", "Copy the changes as JSON patches (RFC 6902)"
        )
        self.more = button("More", "Earlier versions, and other versions of OME-Zarr")
        self.menu = QMenu(self)
        self.undo = self.menu.addAction("Undo last save")
        self.history = self.menu.addAction("Earlier versions…")
        self.upgrade = self.menu.addAction("Change the version…")
        self.more.setMenu(self.menu)
        self._arrange()
        self.save.clicked.connect(self._save)
        self.copy.clicked.connect(self._copy)
        self.undo.triggered.connect(self._undo)
        self.history.triggered.connect(self._history)
        self.upgrade.triggered.connect(self._upgrade)
        self.destroyed.connect(self.work.forget)
        session.changed.connect(self.render_)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Let dialogs take the colours of a theme."""
        self._colors = colors

    def render_(self) -> None:
        """Offer what can be done now."""
        session, draft = self.session, self.session.draft
        others = ", ".join(
            plain(each.documents.name, limit=40) for each in session.unsaved
        )
        said = session.message if draft is not None else ""
        lines = [session.busy or plain(said, limit=1024)]
        lines += [f"Not saved yet: {others}."] if others else []
        self.message.setText("\n".join(line for line in lines if line))
        self.message.setVisible(bool(self.message.text()))
        for widget in (self.save, self.copy, self.more):
            widget.setVisible(session.subject == "store")
        if draft is None:
            return
        idle = not session.busy
        writable = idle and not draft.read_only
        self.save.setEnabled(writable and draft.is_changed)
        self.copy.setEnabled(draft.is_changed)
        self.upgrade.setEnabled(idle)
        for action in (self.undo, self.history):
            action.setEnabled(writable)

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.more)
        row.addStretch()
        row.addWidget(self.copy)
        row.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.message)
        layout.addLayout(row)

    def _save(self) -> None:
        draft = self.session.draft
        if draft is not None and draft.is_changed:
            self._open(SaveDialog(draft, self.work.save, self.window()))

    def _copy(self) -> None:
        draft = self.session.draft
        clipboard = QApplication.clipboard()
        if draft is not None and clipboard is not None:
            clipboard.setText(draft.patch.json_text)
            self.session.say("The patch is in the clipboard.")

    def _undo(self) -> None:
        self.work.undo_last()

    def _history(self) -> None:
        draft = self.session.draft
        if draft is None:
            return
        store = draft.documents.store
        try:
            dialog = HistoryDialog(store, self.work.restore, self.window())
        except NgffError as error:
            self.session.say(str(error))
            return
        self._open(dialog)

    def _upgrade(self) -> None:
        draft = self.session.draft
        if draft is None:
            return
        if draft.wishes:
            self.session.say("Save or revert the edits before you change the version.")
            return
        dialog = UpgradeDialog(
            draft.documents.store,
            draft.group.version or draft.group.dialect,
            plain(draft.read_only, limit=1024),
            self.work.upgrade,
            partial(save_anew, self.viewer, draft),
            self.window(),
        )
        self._open(dialog)

    def _failed(self, error: NgffError) -> None:
        """Show what others changed, where that was in the way."""
        draft = self.session.draft
        if isinstance(error, ChangedMeanwhile) and draft is not None and draft.wishes:
            colors, window = self._colors, self.window()
            self._open(ConflictDialog(draft, self.session, colors, window))

    def _open(self, dialog: PageDialog) -> None:
        self.dialog = dialog
        dialog.open()
