"""Forms of the metadata editor: magicgui's widgets, close together.

Knows magicgui and how it is laid out; nothing of metadata. magicgui shows labels and
tips as rich text: all that is given to it here are our own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from magicgui.widgets import CheckBox, ComboBox, Container, PushButton
from qtpy.QtWidgets import QComboBox, QVBoxLayout

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from magicgui.widgets.bases import Widget
    from qtpy.QtWidgets import QWidget

_SPACING: Final = 4
_LETTERS: Final = 8


def form(
    *widgets: Widget,
    layout: Literal["vertical", "horizontal"] = "vertical",
    label: str = "",
    spacing: int = _SPACING,
) -> Container:
    """Return widgets one below or beside the other, each with its label before it.

    Parameters
    ----------
    widgets
        Those of magicgui; those that have no label show none.
    layout
        How they follow each other; beside each other, they are of one width.
    label
        What the form is called where it is part of another.
    spacing
        Pixels between them.
    """
    labels = any(each.label for each in widgets)
    found = Container(widgets=widgets, layout=layout, labels=labels, label=label)
    found.margins = (0, 0, 0, 0)
    arranged = found.native.layout()
    arranged.setSpacing(spacing)
    if layout == "horizontal":
        for index in range(len(widgets)):
            arranged.setStretch(index, 1)
    return found


def put_in(page: QWidget, *contents: Container | QWidget, spacing: int = 2) -> None:
    """Fill a page with forms and other widgets, from top to bottom."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for content in contents:
        native = isinstance(content, Container)
        layout.addWidget(content.native if native else content)


def check_box(text: str, tip: str) -> CheckBox:
    """Return a box to check, which has its text beside it."""
    return CheckBox(text=text, tooltip=tip)


def push_button(text: str, tip: str) -> PushButton:
    """Return a button that Return in another field does not press."""
    found = PushButton(text=text, tooltip=tip)
    found.native.setAutoDefault(False)
    return found


def combo_box(
    choices: Sequence[tuple[str, Any]] | Callable[[Any], Sequence[tuple[str, Any]]],
    *,
    name: str,
    tip: str,
    label: str = "",
) -> ComboBox:
    """Return a list to choose from that narrow docks have room for.

    Parameters
    ----------
    choices
        Texts, fit to be shown, and what each stands for; or what returns them.
    name
        What those are told who do not see it.
    tip, label
        Our own words about it, and before it.
    """
    found = ComboBox(choices=choices, tooltip=tip, label=label)
    found.native.setAccessibleName(name)
    found.native.setMinimumContentsLength(_LETTERS)
    found.native.setSizeAdjustPolicy(
        QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
    )
    return found
