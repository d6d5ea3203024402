"""Work outside the main thread, with progress, cancel and errors: the one place.

Knows Qt and napari's notifications; nothing of images. A piece of work is a generator
function that yields the fraction it has done and returns a plain value. (napari's own
workers drop a `RuntimeError` without a word, and zarr raises them.)
"""

from __future__ import annotations

import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

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

T = TypeVar("T")

_STEPS = 1000
_PATIENCE_MS = 400
#: Keeps work without a parent alive until its end.
_under_way: set[Work] = set()
_logger = logging.getLogger(__name__)


class _Signals(QObject):  # type: ignore[misc]
    """What the thread says; delivered in the main thread."""

    progressed = Signal(float)
    ended = Signal(object, object)


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
        self._stop = threading.Event()
        self._signals = _Signals()
        self._build()
        self._connect()
        self.thread_ = threading.Thread(
            target=_run,
            args=(work, self._signals, self._stop),
            name="OME-Zarr work",
            daemon=True,
        )
        _under_way.add(self)
        self.thread_.start()

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
        self._signals.progressed.connect(self._render)
        self._signals.ended.connect(self._end)

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


def _run(
    work: Callable[[], Generator[float, None, Any]],
    signals: _Signals,
    stop: threading.Event,
) -> None:
    """Drive `work` to its end, or until `stop` is set."""
    try:
        generator = work()
        while not stop.is_set():
            signals.progressed.emit(next(generator))
        generator.close()
        signals.ended.emit(None, None)
    except StopIteration as end:
        signals.ended.emit(end.value, None)
    except Exception as error:  # noqa: BLE001 - handed to the main thread, shown there
        signals.ended.emit(None, error)


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
