"""How the metadata editor is painted: what is edited or doubtful differs visibly.

Knows Qt and the colours of napari's themes; nothing of metadata.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from napari.utils.theme import get_theme
from qtpy.QtCore import QRectF, Qt
from qtpy.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

if TYPE_CHECKING:
    from qtpy.QtWidgets import QWidget

#: What a field is: as in the file, edited, worth a look, or not to be understood.
State: TypeAlias = Literal["stored", "edited", "doubtful", "wrong"]
Tone: TypeAlias = Literal["", "muted", "edited", "doubtful", "wrong", "title", "head"]

_ICON: Final = 32
_EDITED: Final = {"dark": "#7aa2ff", "light": "#2f5fd0"}
_DOUBTFUL: Final = {"dark": "#e3b617", "light": "#9a6b00"}
_WRONG: Final = {"dark": "#ff6b70", "light": "#c4121f"}
_MUTED: Final = {"dark": "#a3a9b3", "light": "#5d6064"}

_SHEET: Final = """
QLineEdit[state="edited"], QComboBox[state="edited"], QCheckBox[state="edited"] {{
    border-left: 3px solid {edited}; font-weight: bold;
}}
QLineEdit[state="doubtful"], QComboBox[state="doubtful"] {{
    border-left: 3px solid {doubtful};
}}
QLineEdit[state="wrong"], QComboBox[state="wrong"] {{ border: 1px solid {wrong}; }}
QLabel[tone="muted"] {{ color: {muted}; }}
QLabel[tone="edited"] {{ color: {edited}; }}
QLabel[tone="doubtful"] {{ color: {doubtful}; }}
QLabel[tone="wrong"] {{ color: {wrong}; }}
QLabel[tone="title"] {{ font-weight: bold; font-size: 11pt; }}
QLabel[tone="head"] {{ color: {muted}; }}
QFrame[rule="true"] {{ background-color: {rule}; }}
QComboBox {{ padding: 3px 2px 3px 4px; font-size: {size}; }}
QComboBox::drop-down {{ width: 16px; }}
QComboBox QLineEdit {{ padding: 0px; min-height: 16px; border: none; }}
QToolButton::menu-indicator {{ image: none; width: 0px; }}
QToolButton[role="section"] {{ font-weight: bold; padding: 2px; }}
"""

_POPUP: Final = """
QListView {{
    background-color: {background}; color: {text}; font-size: {size}; border: none;
}}
QListView::item:selected {{ background-color: {chosen}; color: {text}; }}
"""


class Colors:
    """The colours of a theme that napari's style sheet does not know.

    Parameters
    ----------
    theme
        The name of one of napari's themes.

    Attributes
    ----------
    edited, doubtful, wrong, muted, text, rule, chosen
        Names of colours, readable on the theme's background.
    size
        Of the theme's letters.
    """

    def __init__(self, theme: str) -> None:
        found = get_theme(theme)
        self.text = found.text.as_hex()
        kind = "light" if _is_dark(self.text) else "dark"
        self.edited, self.doubtful = _EDITED[kind], _DOUBTFUL[kind]
        self.wrong, self.muted = _WRONG[kind], _MUTED[kind]
        self.rule, self.size = found.primary.as_hex(), found.font_size
        self.chosen = found.highlight.as_hex()

    def popup_sheet(self) -> str:
        """Return a style sheet for a list that napari's own does not reach."""
        return _POPUP.format(
            background=self.rule, text=self.text, chosen=self.chosen, size=self.size
        )

    def sheet(self) -> str:
        """Return a style sheet for the editor, in addition to napari's."""
        return _SHEET.format(
            edited=self.edited,
            doubtful=self.doubtful,
            wrong=self.wrong,
            muted=self.muted,
            rule=self.rule,
            size=self.size,
        )


def set_state(widget: QWidget, state: State) -> None:
    """Paint a field as what it is."""
    _set(widget, "state", state)


def set_tone(widget: QWidget, tone: Tone) -> None:
    """Paint a label in a tone of voice."""
    _set(widget, "tone", tone)


def revert_icon(color: str) -> QIcon:
    """Return an arrow that goes back."""
    pixmap = QPixmap(_ICON, _ICON)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(color), 3)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawArc(QRectF(7, 8, 18, 18), -110 * 16, 250 * 16)
    painter.drawLine(9, 5, 9, 14)
    painter.drawLine(9, 14, 18, 14)
    painter.end()
    return QIcon(pixmap)


def swatch(color: QColor, size: int = 16) -> QIcon:
    """Return a square of a colour, with an edge that is seen on any background."""
    pixmap = QPixmap(size, size)
    pixmap.fill(color)
    painter = QPainter(pixmap)
    painter.setPen(QColor(128, 128, 128))
    painter.drawRect(0, 0, size - 1, size - 1)
    painter.end()
    return QIcon(pixmap)


def _set(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def _is_dark(color: str) -> bool:
    return bool(QColor(color).lightnessF() < 0.5)
