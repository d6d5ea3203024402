"""What the metadata editor edits: the drafts that are open, and the one that is shown.

Holds drafts and tells when they change; knows no widgets and no layers, and saves
nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from psygnal import Signal

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.folding import AnyEdit

#: What is shown: metadata of a store, those of a layer without one, or nothing.
Subject: TypeAlias = Literal["store", "layer", "nothing"]
_Key: TypeAlias = "tuple[str, str]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A store that was changed: saved, restored or upgraded.

    Attributes
    ----------
    before, after
        The draft that was saved, and what is stored now, without edits.
    how
        What was done.
    """

    before: Draft
    after: Draft
    how: Literal["saved", "restored", "upgraded"]


class Session:
    """The drafts of an editor.

    Drafts of several stores may be open; what was edited in one is kept while another
    one is shown.

    Attributes
    ----------
    changed
        Signal: another draft is shown, or it was edited, or there is something to say.
    stored
        Signal, before `changed`: a `Stored`.
    subject
        What is shown.
    message
        Why nothing is shown, or what went wrong last; fit to be shown.
    busy
        What is being done with the store just now, in words; empty most of the time.
        Edits are not taken meanwhile.
    """

    changed = Signal()
    stored = Signal(object)

    def __init__(self) -> None:
        self._drafts: dict[_Key, Draft] = {}
        self._key: _Key | None = None
        self.subject: Subject = "nothing"
        self.message = ""
        self.busy = ""

    @property
    def draft(self) -> Draft | None:
        """The draft that is shown; None while there is nothing to edit."""
        return None if self._key is None else self._drafts[self._key]

    @property
    def unsaved(self) -> tuple[Draft, ...]:
        """Drafts that are not shown and have edits."""
        return tuple(
            draft
            for key, draft in self._drafts.items()
            if key != self._key and draft.is_changed
        )

    def held(self, store: str, node: str) -> Draft | None:
        """Return the draft of a group if it is open."""
        return self._drafts.get((store, node))

    def show(self, draft: Draft, *, subject: Literal["store", "layer"]) -> None:
        """Show a draft; in place of it the one of the same group that has edits.

        Drafts of stores that have edits are kept for when they are shown again. One
        of a layer is not: the layer has its edits already.
        """
        self._let_go()
        key = _key(draft)
        held = self._drafts.get(key)
        if held is not None and subject == "store":
            draft = held.showing(draft.index)
        self._drafts[key] = draft
        self._key, self.subject, self.message = key, subject, ""
        self.changed.emit()

    def show_nothing(self, message: str = "") -> None:
        """Show that there is nothing to edit, and why."""
        self._let_go()
        self._key, self.subject, self.message = None, "nothing", message
        self.changed.emit()

    def say(self, message: str) -> None:
        """Tell something; the draft stays as it is."""
        self.message = message
        self.changed.emit()

    def work(self, doing: str) -> None:
        """Tell what is being done with the store; nothing: it is done."""
        self.busy = doing
        self.changed.emit()

    def edit(self, *edits: AnyEdit, step: Literal["new", "same"] = "new") -> None:
        """Make edits to the draft; what cannot be made is in its `refused`.

        `step` is that of `Draft.edited`.
        """
        if self.draft is not None:
            self._put(self.draft.edited(*edits, step=step))

    def fix(self, *problems: Problem) -> None:
        """Make the edits that remedy problems, as one step."""
        draft = self.draft
        if draft is None:
            return
        found = dict.fromkeys(draft.fix_of(problem) for problem in problems)
        edits = [edit for edit in found if edit is not None]
        if edits:
            self._put(draft.edited(*edits))

    def revert(self, field: Hashable) -> None:
        """Take the edits of a field back, and of what it contains."""
        if self.draft is not None:
            self._put(self.draft.reverted(field))

    def revert_all(self) -> None:
        """Take all edits back."""
        if self.draft is not None:
            self._put(self.draft.reverted_all())

    def undo(self) -> None:
        """Take the last step back."""
        if self.draft is not None:
            self._put(self.draft.undo())

    def redo(self) -> None:
        """Make the last step again that was taken back."""
        if self.draft is not None:
            self._put(self.draft.redo())

    def show_image(self, index: int) -> None:
        """Show another entry of ``multiscales`` of the same group."""
        if self.draft is not None:
            self._put(self.draft.showing(index))

    def include(self, *nodes: str) -> None:
        """Make the same edits to these groups too, and to no others.

        Raises
        ------
        NgffError
            As `Draft.including`.
        """
        if self.draft is not None:
            self._put(self.draft.including(*nodes))

    def replace(self, draft: Draft) -> None:
        """Show a draft in place of the one of the same group, edits or not."""
        key = _key(draft)
        if key not in self._drafts:
            return
        self._drafts[key] = draft
        self.message = ""
        self.changed.emit()

    def keep(self, stored: Stored) -> None:
        """Take what is stored now; edits made since then are made to that."""
        before, after = stored.before, stored.after
        now = self._drafts.get(_key(before))
        since = () if now is None else now.wishes[len(before.wishes) :]
        if since and now is not None and now.wishes[: -len(since)] == before.wishes:
            after = after.edited(*(wish.edit for wish in since))
        elif now is not None:
            after = after.showing(now.index)
        if now is not None:
            self._drafts[_key(before)] = after
        self.message = ""
        self.stored.emit(stored)
        self.changed.emit()

    def _let_go(self) -> None:
        """Keep only drafts that have edits which are nowhere else."""
        layer = self._key if self.subject == "layer" else None
        kept = {k: d for k, d in self._drafts.items() if d.wishes and k != layer}
        self._drafts = kept

    def _put(self, draft: Draft) -> None:
        """Take another state of the draft that is shown."""
        if self._key is None or self.busy:
            return
        self._drafts[self._key] = draft
        refused = draft.refused
        self.message = plain(refused[-1].message, limit=1024) if refused else ""
        self.changed.emit()


def _key(draft: Draft) -> _Key:
    return draft.documents.store, draft.documents.node
