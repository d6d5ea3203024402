"""Wait for work in a thread where the caller must have the result: with a window.

For what napari calls in its main thread and whose return value it needs. The window
stays alive and is repainted, but takes no other input. Without a window of Qt, the
work is simply done.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napari_ngff.widgets._work import Run

_PATIENCE_MS = 400


def wait_for(run: Run, *, what: str) -> Any:
    """Return what `run` returns; raise what it raises.

    Parameters
    ----------
    run
        See `widgets._work.Job`: it is told where to tell its progress to, and what to
        ask whether to stop.
    what
        What is being saved: a name to be read.
    """
    if not _has_window():
        return run(lambda fraction: None, lambda: False)
    from qtpy.QtCore import QEventLoop, Qt, QTimer

    from napari_ngff.widgets._work import Job, main_window
    from napari_ngff.widgets.saving.save_progress import SaveProgress

    loop = QEventLoop()
    window = SaveProgress(what, main_window())
    window.setWindowModality(Qt.WindowModality.ApplicationModal)
    job = Job(run)
    job.progressed.connect(window.tell)
    job.ended.connect(loop.quit)
    window.cancelled.connect(job.stop.set)
    job.start()
    QTimer.singleShot(_PATIENCE_MS, loop.quit)
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    if job.outcome is None:
        window.show()
        loop.exec()
    window.dismiss()
    job.thread_.join()
    result, error = job.outcome or (None, None)
    if error is not None:
        raise error
    return result


def _has_window() -> bool:
    """Whether this is the main thread of a process with windows."""
    if "qtpy" not in sys.modules:
        return False
    from qtpy.QtWidgets import QApplication

    here = threading.current_thread() is threading.main_thread()
    return here and QApplication.instance() is not None
