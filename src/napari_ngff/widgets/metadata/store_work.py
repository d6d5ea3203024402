"""What is done with the store of a draft, in a thread: saved, restored, upgraded.

Knows the verbs and the session; shows nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.dataset.editing.documents import read_again
from napari_ngff.dataset.editing.restoring import restore, undo_last_save
from napari_ngff.dataset.editing.save import save
from napari_ngff.dataset.upgrade import upgrade
from napari_ngff.widgets._work import Job
from napari_ngff.widgets.metadata.session import Stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.core.problems import NgffError, Problem
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.restoring import Entry
    from napari_ngff.metadata.writing import WriteVersion
    from napari_ngff.widgets.metadata.session import Session


class StoreWork:
    """Does one thing at a time with the store of a session's draft.

    Parameters
    ----------
    session
        Is told what is stored then, and busy meanwhile.
    failed
        Called with what was in the way. The session says it, too.
    """

    def __init__(self, session: Session, failed: Callable[[NgffError], object]) -> None:
        self.session = session
        self._failed = failed
        self._job: Job | None = None

    def forget(self) -> None:
        """Tell nobody any more what is in the way; what is under way goes on."""
        self._failed = _ignored

    def save(self) -> None:
        """Save the draft."""
        draft = self.session.draft
        if draft is not None:
            self._start("Saving…", "saved", draft, partial(save, draft))

    def undo_last(self) -> None:
        """Take the last save back; edits that are not saved stay."""
        self._change("Undoing…", "restored", _undo)

    def restore(self, entry: Entry) -> None:
        """Let all be as it was before a save; edits that are not saved stay."""
        self._change("Restoring…", "restored", partial(_restore, entry))

    def upgrade(self, version: WriteVersion) -> None:
        """Give the whole store another version."""
        self._change("Upgrading…", "upgraded", partial(_upgrade, version))

    def _change(
        self,
        doing: str,
        how: Literal["restored", "upgraded"],
        act: Callable[[str], tuple[Problem, ...]],
    ) -> None:
        draft = self.session.draft
        if draft is None:
            return
        unedited = draft.reverted_all()
        self._start(doing, how, unedited, partial(_changed, unedited, act))

    def _start(
        self,
        doing: str,
        how: Literal["saved", "restored", "upgraded"],
        before: Draft,
        act: Callable[[], Draft],
    ) -> None:
        if self._job is not None:
            return
        job = Job(lambda _tell, _cancelled: act())
        job.ended.connect(partial(self._end, how, before))
        self._job = job
        self.session.work(doing)
        job.start()

    def _end(
        self,
        how: Literal["saved", "restored", "upgraded"],
        before: Draft,
        after: Draft | None,
        error: Exception | None,
    ) -> None:
        self._job = None
        self.session.work("")
        if after is not None:
            self.session.keep(Stored(before=before, after=after, how=how))
            if after.told:
                self.session.say(" ".join(problem.message for problem in after.told))
        elif error is not None:
            told = as_ngff_error(error, doing="changing the metadata")
            self.session.say(str(told))
            self._failed(told)


def _changed(before: Draft, act: Callable[[str], tuple[Problem, ...]]) -> Draft:
    told = act(before.documents.store)
    return before.saved(read_again(before.documents), told)


def _undo(store: str) -> tuple[Problem, ...]:
    return undo_last_save(store).told


def _restore(entry: Entry, store: str) -> tuple[Problem, ...]:
    return restore(store, entry).told


def _upgrade(version: WriteVersion, store: str) -> tuple[Problem, ...]:
    return upgrade(store, version).problems


def _ignored(error: NgffError) -> None:
    """Do nothing: the session has said it, and who would show more is gone."""
