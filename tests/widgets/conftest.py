"""Widgets are tested without a display where there is none, and leave nothing open."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

import pytest
from napari.utils.notifications import notification_manager


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Draw into memory where there is no display."""
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    headless = sys.platform == "linux" and not display
    return ["pytest", "-platform", "offscreen"] if headless else ["pytest"]


@pytest.fixture(autouse=True)
def _no_widget_left_behind():
    """A window that a test opens is gone when the test is."""
    from qtpy.QtCore import QEvent
    from qtpy.QtWidgets import QApplication

    before = set(QApplication.topLevelWidgets()) if QApplication.instance() else set()
    yield
    if QApplication.instance() is None:
        return
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
    left = [w for w in QApplication.topLevelWidgets() if w not in before]
    assert [] == [type(w).__name__ for w in left if w.isVisible()]


@pytest.fixture
def told():
    """Return a context that collects what the user is told."""

    @contextmanager
    def collect():
        notification_manager.records.clear()
        messages: list[str] = []
        yield messages
        messages += [str(record.message) for record in notification_manager.records]

    return collect
