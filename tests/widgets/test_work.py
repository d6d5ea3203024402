"""Work in a thread: its result, its progress, its end by cancel or error."""

from __future__ import annotations

import threading

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QMainWindow, QPushButton

from napari_ngff.core.problems import CannotOpen
from napari_ngff.widgets import _work
from napari_ngff.widgets._work import Work, main_window


def ended(qtbot, work):
    qtbot.waitUntil(lambda: work not in _work._under_way, timeout=5000)


def test_the_result_arrives_in_the_main_thread(qtbot):
    """Work runs in another thread; what is done with its result does not."""
    threads = []

    def task():
        threads.append(threading.current_thread())
        yield 0.5
        return 42

    results = []

    work = Work(
        task,
        doing="Testing",
        done=lambda value: results.append((value, threading.current_thread())),
    )
    ended(qtbot, work)

    assert [(42, threading.main_thread())] == results
    assert threads[0] is not threading.main_thread()


def test_progress_is_painted(qtbot):
    """The bar shows the fraction that was yielded."""
    going = threading.Event()

    def task():
        yield 0.25
        going.wait(5)
        yield 1.0

    work = Work(task, doing="Testing", done=lambda _: None)
    qtbot.waitUntil(lambda: work.value() == 250, timeout=5000)
    going.set()
    ended(qtbot, work)


def test_cancel_ends_the_work(qtbot, told):
    """After a cancel nothing more is read, nothing is added and nothing is told."""
    steps, results = [], []
    going = threading.Event()

    def task():
        for step in range(1000):
            steps.append(step)
            yield step / 1000
            going.wait(5)
        return "all"

    with told() as messages:
        work = Work(task, doing="Testing", done=results.append)
        qtbot.waitUntil(lambda: steps == [0], timeout=5000)
        work.findChild(QPushButton).click()
        going.set()
        ended(qtbot, work)

    work.thread_.join(5)
    assert len(steps) <= 2
    assert [] == results
    assert [] == messages


def test_a_result_after_a_cancel_is_dropped(qtbot):
    """A step that cannot be interrupted may still end; its result is not used."""
    going = threading.Event()
    results = []

    def task():
        going.wait(5)
        return "late"
        yield

    work = Work(task, doing="Testing", done=results.append)
    work.findChild(QPushButton).click()
    going.set()
    ended(qtbot, work)

    assert [] == results


def test_our_errors_are_told_as_they_are(qtbot, told):
    """An error of ours is its own text, once, without a traceback."""

    def task():
        yield 0.0
        raise CannotOpen("a.zarr", "it is gone.")

    with told() as messages:
        ended(qtbot, Work(task, doing="Testing", done=lambda _: None))

    assert ["Cannot open a.zarr: it is gone."] == messages


@pytest.mark.parametrize("error", [KeyError, RuntimeError, ValueError])
def test_other_errors_are_told_as_faults(qtbot, told, error, caplog):
    """Whatever is raised is told, plain, and logged with its traceback."""

    def task():
        yield 0.0
        raise error("<b>bad</b>")

    with told() as messages:
        ended(qtbot, Work(task, doing="Reading <i>", done=lambda _: None))

    assert len(messages) == 1
    assert "while reading" in messages[0]
    assert error.__name__ in messages[0]
    assert "<" not in messages[0]
    assert "Traceback" in caplog.text


def test_an_error_in_what_is_done_is_told(qtbot, told, caplog):
    """What fails after the work is told as well."""

    def task():
        yield 0.0
        return 0

    with told() as messages:
        ended(qtbot, Work(task, doing="Testing", done=lambda value: 1 / value))

    assert "ZeroDivisionError" in messages[0]


def test_text_is_plain(qtbot):
    """What is being done is shown as text, whatever it contains."""
    going = threading.Event()

    def task():
        going.wait(5)
        yield 1.0

    work = Work(task, doing="Reading <img src='file:///x'>", done=lambda _: None)
    label = work.findChild(QLabel)

    assert Qt.TextFormat.PlainText == label.textFormat()
    assert "<" not in label.text()
    going.set()
    ended(qtbot, work)


def test_work_ends_with_its_window(qtbot):
    """Closing napari cancels what is under way."""
    window = QMainWindow()
    steps = []

    def task():
        while True:
            steps.append(0)
            yield 0.5

    work = Work(task, doing="Testing", done=lambda _: None, parent=window)
    thread = work.thread_
    qtbot.waitUntil(lambda: len(steps) > 2, timeout=5000)
    window.deleteLater()
    qtbot.waitUntil(lambda: not thread.is_alive(), timeout=5000)

    _work._under_way.discard(work)


def test_dialogs_belong_to_the_window(qtbot):
    """Without an active window, the one that is visible is taken."""
    assert main_window() is None

    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)

    assert window is main_window()
