"""Work that is asked for again and again: only the latest of it is done.

Knows jobs in threads; nothing of what they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qtpy.QtCore import QObject, Signal

from napari_ngff.widgets._work import Job

if TYPE_CHECKING:
    from collections.abc import Callable


class Latest(QObject):  # type: ignore[misc]
    """Does one thing at a time in a thread, and then the one asked for last.

    Attributes
    ----------
    done
        Signal: what the work returned, and the exception that it raised. Nothing
        comes of work that was dropped.
    """

    done = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._next: Callable[[], Any] | None = None
        self._wanted = False

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    def ask(self, work: Callable[[], Any]) -> None:
        """Have something done, in place of all that was asked for and did not begin.

        Parameters
        ----------
        work
            Must touch neither Qt nor napari.
        """
        self._wanted = True
        if self._job is not None:
            self._next = work
            return
        job = Job(lambda _tell, _cancelled: work(), self)
        job.ended.connect(self._come)
        self._job = job.start()

    def drop(self) -> None:
        """Want none of what was asked for any more."""
        self._next, self._wanted = None, False

    def _come(self, found: Any, error: Exception | None) -> None:
        self._job = None
        work, self._next = self._next, None
        if self._wanted:
            self.done.emit(found, error)
        if work is not None:
            self.ask(work)
