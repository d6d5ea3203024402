"""The plane that is shown first, to be edited.

Paints what the draft has and tells the session what is wished.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal

from qtpy.QtWidgets import QWidget

from napari_ngff.metadata.editing import SetRendering
from napari_ngff.widgets.metadata.form_field import FormField
from napari_ngff.widgets.metadata.forms import form, put_in
from napari_ngff.widgets.metadata.number_edit import NumberEdit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session

Member = Literal["defaultT", "defaultZ"]

#: The name of an axis, and what says where along it an image is shown first.
_MEMBERS: Final[Mapping[str, Member]] = {"t": "defaultT", "z": "defaultZ"}


class PlaneRow(QWidget):  # type: ignore[misc]
    """At which time and in which plane an image is shown first.

    Parameters
    ----------
    session
        Holds the draft that is shown and edited.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.fields: dict[str, NumberEdit] = {}
        self._items: dict[str, FormField] = {}
        for name, member in _MEMBERS.items():
            item = FormField(name, name=f"Shown first along {name}", kind=NumberEdit)
            item.tooltip = f"Index along {name}, counted from 0; empty: not stated"
            field: NumberEdit = item.native
            field.setPlaceholderText("any")
            field.reverted.connect(partial(session.revert, ("rendering", member)))
            field.allow_none()
            item.changed.connect(partial(self._wish, name, member))
            self.fields[name], self._items[name] = field, item
        planes = form(*self._items.values(), layout="horizontal", label="Shown first")
        put_in(self, form(planes))
        session.changed.connect(self.render_)
        self.render_()

    def render_(self) -> None:
        """Paint the plane as the draft has it."""
        draft = self.session.draft
        shown = _lengths(draft) if draft is not None else {}
        self.setVisible(bool(shown))
        for name, field in self.fields.items():
            self._items[name].visible = name in shown
            if draft is None or name not in shown:
                continue
            edited = draft.is_edited(("rendering", _MEMBERS[name]))
            state: Any = "edited" if edited else "stored"
            field.show_number(_plane(draft, name), state, field.toolTip())

    def show_colors(self, colors: Colors) -> None:
        """Paint the arrows that revert in the colour of a theme."""
        for field in self.fields.values():
            field.show_colors(colors)

    def _wish(self, name: str, member: Member, value: Any) -> None:
        field = self.fields[name]
        self.session.edit(SetRendering(member=member, value=value), step=field.step)
        refused = self.session.draft.refused if self.session.draft else ()
        if refused:
            field.refuse(refused[0].message)


def _lengths(draft: Draft) -> dict[str, int]:
    """Return how many planes there are along the axes that have several."""
    multiscale = draft.multiscale
    shape = next(iter(draft.shapes), None)
    if multiscale is None or shape is None or draft.group.image_label is not None:
        return {}
    found = zip((axis.name for axis in multiscale.axes), shape, strict=False)
    return {name: size for name, size in found if name in _MEMBERS and size > 1}


def _plane(draft: Draft, name: str) -> int | None:
    rendering = draft.group.rendering
    if rendering is None:
        return None
    return rendering.default_t if name == "t" else rendering.default_z
