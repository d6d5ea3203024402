"""The order in which the Tab key goes through widgets that are made later than others.

Knows Qt, which puts what is made last at the end.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


def in_tab_order(widgets: Sequence[QWidget], *, before: QWidget) -> None:
    """Have the Tab key go through widgets and what is in them, one after another.

    Parameters
    ----------
    widgets
        In the order that they should have.
    before
        A widget of the same window that comes after them.
    """
    stops = [stop for widget in widgets for stop in _stops(widget)]
    first = before.previousInFocusChain()
    while first is not before and (not _takes_focus(first) or first in stops):
        first = first.previousInFocusChain()
    if first is before:
        return  # nothing comes before them
    for one, next_ in pairwise([first, *stops]):
        QWidget.setTabOrder(one, next_)


def _stops(widget: QWidget) -> list[QWidget]:
    """Return what of a widget takes the focus, in its own order."""
    # What drops down is a window of its own.
    here = [w for w in widget.findChildren(QWidget) if w.window() is widget.window()]
    return [w for w in (widget, *here) if _takes_focus(w) and not w.focusProxy()]


def _takes_focus(widget: QWidget) -> bool:
    policy = widget.focusPolicy()
    return bool(policy.value & Qt.FocusPolicy.TabFocus.value)
