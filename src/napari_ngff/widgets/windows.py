"""The windows of this process: which viewers they show, and when they have time.

Knows Qt's widgets and napari's viewer widget; nothing of layers. Without a window
nothing is found, and Qt is not loaded.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def viewers() -> list[Any]:
    """Return every viewer that a window shows, those that plugins embed too.

    napari's own ``current_viewer`` is the window that was used last, which need not
    be the one that something is dropped on.
    """
    found = {id(widget.viewer): widget.viewer for widget in _viewer_widgets()}
    return list(found.values())


def window_of(viewer: Any) -> Any:
    """Return the window that shows a viewer; None where there is none."""
    found = (widget for widget in _viewer_widgets() if widget.viewer is viewer)
    return next((widget.window() for widget in found), None)


def shows_a_viewer(window: Any) -> bool:
    """Tell whether a window still has a viewer in it that has not been closed."""
    return any(w.window() is window and w.isVisible() for w in _viewer_widgets())


def when_shown(act: Callable[[], object]) -> None:
    """Call `act` when the windows have shown what is being added; at once without any.

    napari lays a notification over the canvas as large as that is at the time, and
    the first layer makes it smaller: the buttons would be outside.
    """
    widget = next(iter(_viewer_widgets()), None)
    if widget is None:
        act()
    else:
        when_idle(act, parent=widget)


def when_idle(act: Callable[[], object], *, parent: Any = None) -> Callable[[], None]:
    """Have Qt's event loop call `act` once, if there is one.

    Parameters
    ----------
    act
        Is not called where there is no application.
    parent
        A widget: when it goes, `act` is not called any more.

    Returns
    -------
    callable
        Keeps `act` from being called; without `parent`, so does forgetting it.
    """
    if "qtpy" not in sys.modules:
        return lambda: None
    from qtpy.QtCore import QCoreApplication, QTimer

    if QCoreApplication.instance() is None:
        return lambda: None
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(act)
    timer.start(0)

    def stop() -> None:
        timer.stop()

    return stop


def _viewer_widgets() -> list[Any]:
    if "qtpy" not in sys.modules:  # asking for windows would load Qt
        return []
    from qtpy.QtWidgets import QApplication

    if QApplication.instance() is None:
        return []
    from napari.qt import QtViewer

    return [w for w in QApplication.allWidgets() if isinstance(w, QtViewer)]
