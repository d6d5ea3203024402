"""A line that shows and edits a value of the file, as a widget of magicgui.

Knows magicgui's protocol of what has a value, which the line's own methods fulfil;
how typing becomes a wish, the line knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from magicgui.widgets.bases import ValueWidget
from qtpy.QtCore import QEvent, QObject
from superqt.utils import qimage_to_array

from napari_ngff.widgets.metadata.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from qtpy.QtWidgets import QWidget


class FormField(ValueWidget):  # type: ignore[misc]
    """A field in a form of magicgui, with its label.

    Parameters
    ----------
    label
        Our own words before it.
    name
        What those are told who do not see it.
    kind
        The field's class.

    Attributes
    ----------
    native
        The field: what it shows, its state and its faults are set there.
    changed
        Signal: the value that was typed, as `Field.valued`.
    """

    def __init__(
        self, label: str, *, name: str = "", kind: type[Field] = Field
    ) -> None:
        kwargs = {"kind": kind}
        super().__init__(
            widget_type=_Line, label=label, nullable=True, backend_kwargs=kwargs
        )
        self.native.setAccessibleName(name or label)


class _Line(QObject):  # type: ignore[misc]
    """What magicgui asks of a field; most of it is asked of Qt."""

    def __init__(self, kind: type[Field], parent: QWidget | None = None) -> None:
        super().__init__()
        self.field = kind(parent)
        self._moved: Callable[[Any], Any] | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Tell of another parent."""
        if event.type() == QEvent.Type.ParentChange and self._moved is not None:
            self._moved(watched.parent())
        return False

    def _mgui_bind_parent_change_callback(self, callback: Callable[[Any], Any]) -> None:
        self._moved = callback
        self.field.installEventFilter(self)

    def _mgui_get_native_widget(self) -> Field:
        return self.field

    def _mgui_get_root_native_widget(self) -> Field:
        return self.field

    def _mgui_get_value(self) -> object:
        return self.field.parsed(self.field.shown)

    def _mgui_set_value(self, value: object) -> None:
        self.field.take("" if value is None else str(value))

    def _mgui_bind_change_callback(self, callback: Callable[[Any], Any]) -> None:
        self.field.valued.connect(callback)

    def _mgui_get_parent(self) -> object:
        return getattr(self.field.parent(), "_magic_widget", None)

    def _mgui_set_parent(self, widget: Any) -> None:
        self.field.setParent(widget.native if widget else None)

    def _mgui_set_width(self, value: int) -> None:
        self.field.resize(value, self.field.height())

    def _mgui_set_height(self, value: int) -> None:
        self.field.resize(self.field.width(), value)

    def _mgui_set_tooltip(self, value: str | None) -> None:
        self.field.setToolTip(value or "")

    def _mgui_render(self) -> np.ndarray:
        pixels: np.ndarray = qimage_to_array(self.field.grab().toImage())
        return pixels


def _forwarded(method: str) -> Callable[..., Any]:
    def call(line: _Line, *arguments: Any) -> Any:
        return getattr(line.field, method)(*arguments)

    return call


#: What magicgui asks, and Qt's name of it.
_OF_QT: Final[Mapping[str, str]] = {
    "close_widget": "close",
    "get_visible": "isVisible",
    "set_visible": "setVisible",
    "get_enabled": "isEnabled",
    "set_enabled": "setEnabled",
    "get_tooltip": "toolTip",
    "get_width": "width",
    "get_height": "height",
    "get_min_width": "minimumWidth",
    "set_min_width": "setMinimumWidth",
    "get_max_width": "maximumWidth",
    "set_max_width": "setMaximumWidth",
    "get_min_height": "minimumHeight",
    "set_min_height": "setMinimumHeight",
    "get_max_height": "maximumHeight",
    "set_max_height": "setMaximumHeight",
}
for _asked, _method in _OF_QT.items():
    setattr(_Line, f"_mgui_{_asked}", _forwarded(_method))
