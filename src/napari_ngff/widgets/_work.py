"""Work outside the main thread, with progress, cancel and errors: the one place.

Knows Qt and napari's notifications; nothing of images. A `Job` is a function in a
thread; a `Work` shows itself, too, and is a generator function that yields the fraction
it has done and returns a plain value. (napari's own workers drop a `RuntimeError`
without a word, and zarr raises them.)
"""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from napari.utils.notifications import Notification, notification_manager
from qtpy.QtCore import QObject, Qt, Signal
from qtpy.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QProgressDialog,
    QWidget,
)

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Run: TypeAlias = Callable[[Callable[[float], object], Callable[[], bool]], Any]

T = TypeVar("T")

_STEPS = 1000
_PATIENCE_MS = 400
#: Keeps work without a parent alive until its end.
_under_way: set[Work] = set()
#: Keeps jobs alive, whose threads emit their signals.
_jobs: set[Job] = set()
_logger = logging.getLogger(__name__)


class Job(QObject):  # type: ignore[misc]
    """A function that runs in a thread of its own; shows nothing.

    Parameters
    ----------
    run
        Gets what to tell the fraction done to, and what to ask whether to stop. It
        must touch neither Qt nor napari's viewer and layers.
    parent
        When that goes, the job is told to stop.

    Attributes
    ----------
    progressed
        Signal: the fraction that is done.
    ended
        Signal, the last one: what `run` returned, and the exception that it raised.
    outcome
        The same two, once they are known.
    """

    progressed = Signal(float)
    ended = Signal(object, object)

    def __init__(self, run: Run, parent: QObject | None = None) -> None:
        super().__init__()  # it outlives its parent: its thread tells it how it ended
        self.stop = threading.Event()
        self.outcome: tuple[Any, Exception | None] | None = None
        if parent is not None:
            parent.destroyed.connect(self.stop.set)
        self.thread_ = threading.Thread(
            target=_drive,
            args=(run, self, self.stop),
            name="OME-Zarr work",
            daemon=True,
        )

    def start(self) -> Job:
        """Begin, once all that listens is connected."""
        _jobs.add(self)
        self.ended.connect(self._retire)
        self.thread_.start()
        return self

    def _retire(self) -> None:
        """Let go of the job, once its thread has: Qt's objects must not die there."""
        self.thread_.join()
        _jobs.discard(self)


class Work(QProgressDialog):  # type: ignore[misc]
    """A piece of work under way; shows itself when it takes long.

    Parameters
    ----------
    work
        What to do, in another thread: yields the fraction done, returns the result.
        It must touch neither Qt nor napari's viewer and layers.
    doing
        What it is, to be read: ``"Reading nuclei"``.
    done
        Called in the main thread with what `work` returned; not after a cancel.
    parent
        The window it belongs to; when that goes, the work is cancelled.
    """

    def __init__(
        self,
        work: Callable[[], Generator[float, None, T]],
        *,
        doing: str,
        done: Callable[[T], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._doing = plain(doing)
        self._done = done
        self._job = Job(in_steps(work))
        self._stop = self._job.stop
        self.thread_ = self._job.thread_
        self._build()
        self._connect()
        _under_way.add(self)
        self._job.start()

    def _build(self) -> None:
        self.setWindowTitle("OME-Zarr")
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(self._doing + "…")
        self.setLabel(label)
        self.setRange(0, _STEPS)
        self.setMinimumWidth(360)
        self.setMinimumDuration(_PATIENCE_MS)
        self.setAutoReset(False)
        self.setAutoClose(False)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setValue(0)

    def _connect(self) -> None:
        self.canceled.connect(self._stop.set)
        self.destroyed.connect(self._stop.set)
        self.destroyed.connect(partial(_under_way.discard, self))
        self._job.progressed.connect(self._render)
        self._job.ended.connect(self._end)

    def _render(self, fraction: float) -> None:
        if not self._stop.is_set():
            self.setValue(min(_STEPS - 1, round(fraction * _STEPS)))

    def _end(self, result: Any, error: Exception | None) -> None:
        cancelled = self._stop.is_set()
        _under_way.discard(self)
        self.close()
        self.deleteLater()
        if cancelled:
            return
        try:
            if error is not None:
                raise error
            self._done(result)
        except Exception as failure:  # noqa: BLE001 - the error boundary of all widgets
            show_error(failure, doing=self._doing[:1].lower() + self._doing[1:])


def in_steps(work: Callable[[], Generator[float, None, T]]) -> Run:
    """Return a function for a `Job` that takes `work` step by step."""

    def run(tell: Callable[[float], object], cancelled: Callable[[], bool]) -> Any:
        generator = work()
        try:
            while not cancelled():
                tell(next(generator))
        except StopIteration as end:
            return end.value
        generator.close()
        return None

    return run


def _drive(run: Run, job: Job, stop: threading.Event) -> None:
    """Call `run`; hand on what it returns or raises."""
    outcome: tuple[Any, Exception | None]
    try:
        outcome = run(job.progressed.emit, stop.is_set), None
    except Exception as error:  # noqa: BLE001 - handed to the main thread, shown there
        outcome = None, error
    job.outcome = outcome
    job.ended.emit(*outcome)


def show_error(error: Exception, *, doing: str) -> None:
    """Tell the user of an error: one notification, in words."""
    shown = as_ngff_error(error, doing=doing)
    if shown is error:
        notification_manager.dispatch(Notification(str(shown), "error"))
        return
    _logger.error("failed while %s", doing, exc_info=error)
    notification_manager.dispatch(Notification.from_exception(shown))


def main_window() -> QWidget | None:
    """Return the window that a dialog should belong to: napari's."""
    active = QApplication.activeWindow()
    if active is not None:
        return active
    windows = (w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow))
    return next((window for window in windows if window.isVisible()), None)
