"""Who is told of the layer that is active, while somebody can see what comes of it.

Knows napari's viewers; nothing of what a layer shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.layers.provenance import is_overlay
from napari_ngff.widgets.layer_commands import bare

if TYPE_CHECKING:
    from collections.abc import Callable


class ActiveLayer:
    """Tells which layer is active, whenever another one is.

    Parameters
    ----------
    viewer
        Whose layers they are.
    follow
        Is given the layer; not called while none is active, or an overlay of ours is,
        or nobody looks.
    """

    def __init__(self, viewer: Any, follow: Callable[[Any], None]) -> None:
        self._viewer = bare(viewer)
        self._follow = follow
        self._seen, self._missed = True, False
        self._event.connect(self.tell)

    @property
    def _event(self) -> Any:
        return self._viewer.layers.selection.events.active

    def tell(self, event: object = None) -> None:
        """Tell which one is active now."""
        del event
        self._missed = not self._seen
        layer = self._viewer.layers.selection.active
        if self._seen and layer is not None and not is_overlay(layer.metadata):
            self._follow(layer)

    def pause(self) -> None:
        """Tell nothing, for nobody sees it."""
        self._seen = False

    def resume(self) -> None:
        """Tell again, first of the layer that became active meanwhile, if any."""
        self._seen = True
        if self._missed:
            self.tell()

    def stop(self) -> None:
        """Tell no more."""
        self._event.disconnect(self.tell)
