"""Stores being written: in a thread, with a window that shows it; and what follows it.

Knows Qt, and napari's main window, whose end it delays; what is written, and how, it is
given. What is not let finish leaves everything as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from napari.utils.notifications import show_info
from qtpy.QtCore import QCoreApplication, QEvent, QObject, Qt
from qtpy.QtWidgets import QMessageBox, QWidget

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.names import plain
from napari_ngff.core.problems import Cancelled, PartlySaved
from napari_ngff.widgets import open_command, windows
from napari_ngff.widgets._work import Job, main_window
from napari_ngff.widgets.saving.rebinding import rebind
from napari_ngff.widgets.saving.save_progress import SaveProgress
from napari_ngff.widgets.saving.save_scope import reads_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.widgets.saving.rebinding import Rebound

Run: TypeAlias = Callable[
    [Callable[[float], Any], Callable[[], bool]], tuple[Path, ...]
]

_PATIENCE_S = 60.0
#: Keeps what is under way alive until its end.
_under_way: set[UnderWay] = set()
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is being done, in words: ``"Saving"``, ``"saved"``, ``"Save"``."""

    doing: str
    done: str
    noun: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that writes stores.

    Attributes
    ----------
    name
        What is written, to be read.
    words
        How that is called.
    run
        Does it, in a thread: is given what to tell the fraction done to, and what to
        ask whether to stop; returns the stores that were written.
    replaced
        Those that were there before, and that layers may show.
    outcome
        What was done, in a line.
    details
        What else there is to know of it, a line each.
    """

    name: str
    words: Words
    run: Run
    replaced: tuple[Path, ...] = ()
    outcome: str = ""
    details: tuple[str, ...] = ()


class UnderWay(QObject):  # type: ignore[misc]
    """Something that writes stores, and has begun.

    Parameters
    ----------
    viewer
        Where it was asked for: its window belongs to it.
    deed
        What is done.
    """

    def __init__(self, viewer: Any, deed: Deed) -> None:
        super().__init__()
        self._viewer, self._deed = viewer, deed
        self._window = windows.window_of(viewer) or main_window()
        self._name = plain(deed.name, limit=120)
        self._then_close = False
        self._question: QMessageBox | None = None
        self.progress = SaveProgress(
            self._name, self._window, doing=deed.words.doing, title=deed.words.title
        )
        self.job = Job(deed.run)
        self.job.progressed.connect(self.progress.tell)
        self.job.ended.connect(self._end)
        self.progress.cancelled.connect(self.job.stop.set)
        self.progress.destroyed.connect(self._lose_window)
        if self._window is not None:
            self._window.installEventFilter(self)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end_now)
        _under_way.add(self)
        self.progress.show()
        self.job.start()

    def end_now(self) -> None:
        """Cancel, and return once nothing is left of it."""
        self.job.stop.set()
        self.job.thread_.join(_PATIENCE_S)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Ask before napari closes on it; clean up where it will not be kept."""
        if event.type() != QEvent.Type.Close or watched is not self._window:
            return False
        if not windows.shows_a_viewer(self._window):
            self.end_now()  # a script closes it: nobody can be asked, nor told
            self._window = None
            return False
        event.ignore()
        self._ask()
        return True

    def _ask(self) -> None:
        """Ask whether to wait for the end, or to end it."""
        if self._question is not None:
            self._question.raise_()
            return
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Close napari")
        box.setTextFormat(Qt.TextFormat.PlainText)
        words = self._deed.words
        box.setText(f"{self._name} is being {words.done}.")
        box.setInformativeText("Cancelling leaves everything as it was before.")
        wait = box.addButton("Wait, Then Close", QMessageBox.ButtonRole.AcceptRole)
        cancel = box.addButton(
            f"Cancel {words.noun} and Close", QMessageBox.ButtonRole.DestructiveRole
        )
        stay = box.addButton("Don't Close", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(wait)
        box.setEscapeButton(stay)
        wait.clicked.connect(partial(self._close_later, cancel=False))
        cancel.clicked.connect(partial(self._close_later, cancel=True))
        stay.clicked.connect(self._stay)
        box.destroyed.connect(self._forget_question)
        self._question = box
        box.open()

    def _close_later(self, *_: object, cancel: bool) -> None:
        self._then_close = True
        if cancel:
            self.progress.stop()

    def _stay(self) -> None:
        self._then_close = False

    def _forget_question(self) -> None:
        self._question = None

    def _lose_window(self) -> None:
        """End with the window, which may go without asking."""
        self.job.stop.set()
        self._window = None

    def _end(self, written: tuple[Path, ...] | None, error: Exception | None) -> None:
        _under_way.discard(self)
        if self._window is None:
            return
        self._window.removeEventFilter(self)
        if self._question is not None:
            self._question.done(0)
        try:
            self._tell(written or (), error)
        except Exception as failure:  # noqa: BLE001 - the error boundary of all widgets
            self._fail(failure, saved=error is None)
        if self._then_close:
            # Not the window's own `close`, which forgets whether napari is to quit.
            QWidget.close(self._window)

    def _tell(self, written: tuple[Path, ...], error: Exception | None) -> None:
        if isinstance(error, Cancelled):
            self.progress.dismiss()
            doing = f"{self._deed.words.doing} {self._name}"
            show_info(f"{doing} was cancelled. Nothing was changed.")
            return
        deed = self._deed
        if isinstance(error, PartlySaved):
            rebound = self._rebind(error.saved)
            title = f"{self._name} was {deed.words.done} in part"
            self.progress.finish(title, str(error), details=rebound.sentences())
            return
        if error is not None:
            self._fail(error, saved=False)
            return
        rebound = self._rebind(map(str, written))
        closed = [path for path in written if not _is_open(self._viewer, path)]
        self.progress.finish(
            f"{deed.words.done.capitalize()} {self._name}",
            deed.outcome,
            details=[*rebound.sentences(), *deed.details],
            show_it=partial(_open, self._viewer, closed) if closed else None,
        )

    def _rebind(self, written: Iterable[str]) -> Rebound:
        """Let layers that showed what was replaced show what is there now."""
        done = set(written)
        viewers = windows.viewers() or [self._viewer]
        return rebind(
            viewers, [path for path in self._deed.replaced if str(path) in done]
        )

    def _fail(self, error: Exception, *, saved: bool) -> None:
        """Say what went wrong, in the window that showed the progress."""
        words = self._deed.words
        doing = words.doing.lower()
        shown = as_ngff_error(error, doing=f"{doing} {self._name}")
        if shown is not error:
            _logger.error("failed while %s", doing, exc_info=error)
        title = f"was {words.done}, but cannot be shown anew"
        title = title if saved else f"was not {words.done}"
        self.progress.finish(f"{self._name} {title}", str(shown))


def _is_open(viewer: Any, path: Path) -> bool:
    return any(reads_from(layer, path) for layer in viewer.layers)


def _open(viewer: Any, paths: list[Path], *_: object) -> None:
    window = windows.window_of(viewer)
    for path in paths:
        open_command.open_in(viewer, str(path), parent=window)
