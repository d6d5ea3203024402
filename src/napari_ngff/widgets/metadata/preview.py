"""Whether edits are shown on the open layers, and that they are.

Wires the session to the layers; what a layer looks like is known elsewhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtpy.QtWidgets import QWidget

from napari_ngff.core.names import plain
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.forms import check_box, form, put_in
from napari_ngff.widgets.metadata.labels import label
from napari_ngff.widgets.metadata.layer_preview import LayerPreview
from napari_ngff.widgets.saving.rebinding import rebind
from napari_ngff.widgets.windows import viewers

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session, Stored


class Preview(QWidget):  # type: ignore[misc]
    """A box to check, and layers that show what is edited while it is.

    Parameters
    ----------
    session
        Holds the draft that is shown.
    viewer
        Whose layers show it.

    Attributes
    ----------
    layers
        What is shown on them.
    """

    def __init__(self, session: Session, viewer: Any) -> None:
        super().__init__()
        self.session = session
        self.viewer = bare(viewer)
        self.layers = LayerPreview(self.viewer)
        self.box = check_box(
            "Preview on layers",
            "Show edits on the open layers of the image as you type",
        )
        self.box.value = True
        self.unable = label(tone="muted")
        put_in(self, form(self.box), self.unable)
        self.box.changed.connect(self.render_)
        session.changed.connect(self.render_)
        session.stored.connect(self._keep)
        self.render_()

    def render_(self) -> None:
        """Show what is edited on the layers, or do not."""
        draft = self.session.draft
        self.setVisible(self.session.subject == "store")
        unable: tuple[str, ...] = ()
        if not self.box.value:
            self.layers.withdraw()
        elif draft is not None and self.session.subject == "store":
            unable = self.layers.show(draft)
        names = ", ".join(plain(name, limit=60) for name in unable)
        self.unable.setText(
            f"Not shown on: {names}. The image opens as other layers then."
        )
        self.unable.setVisible(bool(unable))

    def show_colors(self, colors: Colors) -> None:
        """Have no colours of its own."""

    def stop(self) -> None:
        """Take everything back that is shown and not saved."""
        self.session.changed.disconnect(self.render_)
        self.session.stored.disconnect(self._keep)
        self.layers.stop()

    def _keep(self, stored: Stored) -> None:
        """Let layers be as the file is now; of an upgrade, let them read it anew."""
        before, after = stored.before, stored.after
        self.layers.keep(before, after)
        others = before.documents.zarr_format != after.documents.zarr_format
        if stored.how == "upgraded" or others:
            shown = {id(viewer): viewer for viewer in (self.viewer, *viewers())}
            rebind(shown.values(), [Path(after.documents.store)])
