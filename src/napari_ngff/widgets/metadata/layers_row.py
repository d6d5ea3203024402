"""From the layers into the metadata, and from the metadata onto the layers.

Wires layers and session; what an edit is, is known elsewhere.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QMenu, QWidget

from napari_ngff.core.names import plain
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.taking import looks_of, place_of
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.forms import form, push_button, put_in

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.layer_preview import LayerPreview
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session

_LOOKS = ("name", "colormap", "contrast_limits", "visible")
_PLACE = ("scale", "translate", "rotate", "shear", "affine", "units", "axis_labels")


class LayersRow(QWidget):  # type: ignore[misc]
    """Buttons that bring metadata and layers together.

    Parameters
    ----------
    session
        Holds the draft.
    viewer
        Whose layers they are.
    preview
        Puts looks onto layers.
    """

    def __init__(self, session: Session, viewer: Any, preview: LayerPreview) -> None:
        super().__init__()
        self.session = session
        self.viewer = bare(viewer)
        self.preview = preview
        self.take = push_button(
            "Take from layers",
            "Let the file say names, colours, contrast limits, visibility and order as "
            "the layers of this image have them",
        )
        self.apply = push_button(
            "Apply to layers",
            "Show the layers of this image as the metadata say, whatever was done "
            "to them",
        )
        self.copy = push_button(
            "Copy from layer", "Take pixel sizes and units from any layer"
        )
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.copy.native.setMenu(self.menu)
        looks = form(self.take, self.apply, layout="horizontal")
        place = form(self.copy, layout="horizontal")
        put_in(self, looks, place, spacing=4)
        self.take.changed.connect(self._take)
        self.apply.changed.connect(self._apply)
        session.changed.connect(self.render_)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Have no colours of its own."""

    def render_(self) -> None:
        """Be there for stores alone."""
        self.setVisible(self.session.subject == "store")

    def _take(self) -> None:
        draft = self.session.draft
        if draft is None:
            return
        layers = []
        for layer in self.viewer.layers:
            record = Provenance.from_metadata(layer.metadata)
            if record is not None:
                state = {name: getattr(layer, name, None) for name in _LOOKS}
                layers.append((record, state, layer.dtype))
        self._edit(*looks_of(draft, layers))

    def _apply(self) -> None:
        draft = self.session.draft
        if draft is not None:
            self.preview.apply(draft)

    def _fill(self) -> None:
        """Offer the layers that there are now."""
        self.menu.clear()
        for layer in reversed(list(self.viewer.layers)):
            # an ampersand in a name is no shortcut
            text = plain(layer.name, limit=60).replace("&", "&&")
            self.menu.addAction(text).triggered.connect(partial(self._copy, layer))

    def _copy(self, layer: Any, checked: object = None) -> None:
        del checked
        draft = self.session.draft
        if draft is None:
            return
        state = {name: getattr(layer, name) for name in _PLACE}
        state["affine"] = layer.affine.affine_matrix
        record = Provenance.from_metadata(layer.metadata)
        self._edit(*place_of(draft, record, state, layer.ndim))

    def _edit(self, *edits: Any) -> None:
        if edits:
            self.session.edit(*edits)
        else:
            self.session.say("The metadata say this already.")
