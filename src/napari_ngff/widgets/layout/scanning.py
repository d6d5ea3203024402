"""Files are looked at and checked in a thread, level after level, as it is asked for.

Knows jobs and the session; how a level is looked at is known below.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from qtpy.QtCore import QObject, Signal

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.names import plain
from napari_ngff.core.problems import Cancelled
from napari_ngff.storage.inspecting.budget import Budget, Watch
from napari_ngff.widgets._work import Job
from napari_ngff.widgets.saving.time_left import time_left

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.inspecting.findings import Findings, Which
    from napari_ngff.dataset.inspecting.layouts import Found
    from napari_ngff.widgets.layout.session import Session

#: "look": at the files; "files": whether they are whole; "decode": all chunks, too.
What: TypeAlias = Literal["look", "files", "decode"]
_DOING: Final[dict[What, str]] = {
    "look": "Looking at the files of level {}",
    "files": "Checking the files of level {}",
    "decode": "Decoding level {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What is under way.

    Attributes
    ----------
    words
        What it is, fit to be shown.
    fraction
        How much of it is done, from 0 to 1.
    left
        How long the rest may take, in words; empty: that cannot be said.
    """

    words: str
    fraction: float
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    findings: Findings
    which: Which
    what: What


class Scanning(QObject):  # type: ignore[misc]
    """Looks at the levels of what is shown: of a local store at all of them, at once.

    Where a read takes a trip over the network, nothing is looked at before it is asked
    for.

    Parameters
    ----------
    session
        Is told what was found.

    Attributes
    ----------
    progressed
        Signal: a `Doing`; None: nothing is under way any more.
    """

    progressed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._tasks: deque[_Task] = deque()
        self._task: _Task | None = None
        self._job: Job | None = None
        self._started = 0.0
        self.seen = True
        self._findings: Findings | None = None
        self._refused: Findings | None = None
        session.changed.connect(self._begin)
        self._begin()

    @property
    def is_busy(self) -> bool:
        """Whether something is under way."""
        return self._job is not None

    def ask(self, *levels: int, what: What = "look") -> None:
        """Have levels of the part that is shown looked at, or checked."""
        findings = self.session.findings
        if findings is None:
            return
        for level in levels:
            which = self.session.which(level)
            task = _Task(findings=findings, which=which, what=what)
            if what != "look" or self._is_new(task):
                self._tasks.append(task)
        self._next()

    def cancel(self) -> None:
        """Do no more, but what is asked for from now on; what was found is kept."""
        self._refused = self.session.findings
        self._leave()

    def _leave(self) -> None:
        self._tasks.clear()
        if self._job is not None:
            self._job.stop.set()
            self._job = self._task = None
        self.progressed.emit(None)

    def pause(self) -> None:
        """Look at nothing of itself, for nobody sees it."""
        self.seen = False

    def resume(self) -> None:
        """Look at what is shown by now."""
        self.seen = True
        self._begin()

    def stop(self) -> None:
        """Let go of the session."""
        self.session.changed.disconnect(self._begin)
        self._leave()

    def _is_new(self, task: _Task) -> bool:
        keys = [(t.findings, t.which) for t in (*self._tasks, self._task) if t]
        known = task.findings.found(task.which) or task.findings.failure(task.which)
        return known is None and (task.findings, task.which) not in keys

    def _begin(self) -> None:
        """Leave what is not shown any more, and look at what is."""
        findings = self.session.findings
        if findings is not self._findings:
            self._findings = findings
            self._leave()
        if not self.seen or findings is None or findings is self._refused:
            return
        part = self.session.part_index
        kept = (t for t in self._tasks if t.what != "look" or t.which[0] == part)
        self._tasks = deque(kept)
        if findings.location.keys.remote:
            return
        level = self.session.level
        others = [n for n in range(len(self.session.levels)) if n != level]
        self.ask(*([level] if self.session.levels else []), *others)

    def _next(self) -> None:
        if self._job is not None:
            return
        if not self._tasks:
            self.progressed.emit(None)
            return
        task = self._task = self._tasks.popleft()
        self._started = time.monotonic()
        job = Job(partial(_run, task), self)
        job.progressed.connect(partial(self._tell, job))
        job.ended.connect(partial(self._end, job, task))
        self._job = job
        self._tell(job, 0.0)
        job.start()

    def _tell(self, job: Job, fraction: float) -> None:
        if job is not self._job or self._task is None:
            return
        task, left = self._task, time_left(time.monotonic() - self._started, fraction)
        words = _DOING[task.what].format(_name(task))
        self.progressed.emit(Doing(words=words, fraction=fraction, left=left))

    def _end(
        self, job: Job, task: _Task, found: Found | None, error: Exception | None
    ) -> None:
        current = job is self._job
        if current:
            self._job = self._task = None
        if found is not None:
            self.session.keep(task.findings, task.which, found)
        elif error is not None and not isinstance(error, Cancelled):
            told = as_ngff_error(error, doing=f"looking at level {_name(task)}")
            self.session.keep(task.findings, task.which, told)
        if current:
            self._next()


def _name(task: _Task) -> str:
    node = task.findings.array(task.which).document.node
    return plain(node.rpartition("/")[2] or node or "0", limit=60)


def _run(
    task: _Task, tell: Callable[[float], Any], cancelled: Callable[[], bool]
) -> Found:
    watch = Watch(progress=_sparing(tell), cancelled=cancelled)
    findings, which = task.findings, task.which
    found, decodes = findings.found(which), task.what == "decode"
    if found is None or task.what != "look":
        looking = watch.part(0, 2) if decodes else watch
        found = findings.look(which, budget=Budget(), watch=looking)
    if task.what == "look":
        return found
    return findings.check(which, found, task.what, watch=watch.part(1, 2))


def _sparing(tell: Callable[[float], Any]) -> Callable[[float], None]:
    """Return what tells of a fraction when that differs visibly from the last one."""
    last = -1.0

    def told(fraction: float) -> None:
        nonlocal last
        if fraction - last >= 1 / 256 or fraction in (0, 1):
            last = fraction
            tell(fraction)

    return told
