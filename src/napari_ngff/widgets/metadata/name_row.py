"""The name of the image, to be edited.

Paints what the draft has and tells the session what is wished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qtpy.QtWidgets import QWidget

from napari_ngff.metadata.editing import SetMultiscaleName
from napari_ngff.widgets.metadata.form_field import FormField
from napari_ngff.widgets.metadata.forms import form, put_in

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.look import Colors, State
    from napari_ngff.widgets.metadata.session import Session

_FIELD = ("name",)


class NameRow(QWidget):  # type: ignore[misc]
    """The name of an image.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        name = FormField("Name")
        self.field = name.native
        self.field.setPlaceholderText("none")
        name.changed.connect(self._wish)
        self.field.reverted.connect(self._revert)
        put_in(self, form(name))
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Paint the name as the draft has it."""
        draft = self.session.draft
        multiscale = draft.multiscale if draft else None
        if draft is None or multiscale is None:
            return
        state: State = "edited" if draft.is_edited(_FIELD) else "stored"
        self.field.show_value(multiscale.name or "", state, "What the image is called")

    def show_colors(self, colors: Colors) -> None:
        """Paint the arrow that reverts in the colour of a theme."""
        self.field.show_colors(colors)

    def _wish(self, value: object) -> None:
        name = str(value) or None
        self.session.edit(SetMultiscaleName(name=name), step=self.field.step)

    def _revert(self) -> None:
        self.session.revert(_FIELD)
