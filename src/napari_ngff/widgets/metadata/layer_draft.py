"""A layer that has no store: its draft, and the layer made to follow it.

Knows napari's layers; what a layer is in OME-Zarr's words is known by `layers.stating`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from napari.layers import Image, Labels

from napari_ngff.layers.provenance import KEY
from napari_ngff.layers.stating import draft_of_layer, edited_look, remembered

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.draft import Draft

#: What of a layer is in its draft.
_NAMES: Final = ("name", "scale", "translate", "units", "axis_labels", "metadata")
_EVENTS: Final = ("name", "scale", "translate", "units", "axis_labels")
_UNKNOWN: Final = "uint8"


class LayerDraft:
    """A layer and the draft that it follows.

    Parameters
    ----------
    layer
        Any of napari's.
    moved
        Called when somebody else changed the layer: its draft is another one then.
    """

    def __init__(self, layer: Any, moved: Callable[[], object]) -> None:
        self.layer = layer
        self._moved = moved
        self._own = False
        self._state = _state(layer)
        self.draft = self._read()
        for name in _EVENTS:
            getattr(layer.events, name).connect(self._notice)

    def follow(self, draft: Draft) -> None:
        """Let the layer be as its draft says."""
        if draft.documents is not self.draft.documents:
            return
        self.draft = draft
        look = {name: self._state[name] for name in _EVENTS}
        look |= edited_look(draft, self._state)
        self._own = True
        try:
            for name, value in look.items():
                if _differs(getattr(self.layer, name), value):
                    setattr(self.layer, name, value)
            self._remember(draft)
        finally:
            self._own = False

    def _remember(self, draft: Draft) -> None:
        """Let the layer remember types; whatever else it remembers is not ours."""
        wanted = remembered(self._state["metadata"], draft).get(KEY)
        if wanted == self.layer.metadata.get(KEY):
            return
        others = {k: v for k, v in self.layer.metadata.items() if k != KEY}
        self.layer.metadata = others if wanted is None else {**others, KEY: wanted}

    def forget(self) -> None:
        """Listen to the layer no more."""
        for name in _EVENTS:
            getattr(self.layer.events, name).disconnect(self._notice)

    def _read(self) -> Draft:
        shape, dtype = _shape_and_dtype(self.layer)
        key = f"layer-{id(self.layer)}"
        return draft_of_layer(self._state, shape, dtype, key=key)

    def _notice(self, event: object = None) -> None:
        del event
        if self._own:
            return
        self._state = _state(self.layer)
        self.draft = self._read()
        self._moved()


def _state(layer: Any) -> dict[str, Any]:
    """Return what of a layer is in its draft, as values of Python's own types."""
    found = {name: getattr(layer, name) for name in _NAMES}
    for name in ("scale", "translate"):
        found[name] = tuple(map(float, found[name]))
    found["units"] = tuple(str(unit) for unit in found["units"])
    found["metadata"] = dict(found["metadata"])
    return found


def _differs(old: Any, new: Any) -> bool:
    if isinstance(new, tuple):
        same = len(old) == len(new)
        if same and new and isinstance(new[0], str):
            return tuple(map(str, old)) != new
        return not same or not np.array_equal(old, new)
    return bool(old != new)


def _shape_and_dtype(layer: Any) -> tuple[tuple[int, ...], str]:
    """Return how many pixels a layer has along its axes, and of which type.

    Of layers without pixels, how far they reach.
    """
    data = layer.data[0] if getattr(layer, "multiscale", False) else layer.data
    shape = getattr(data, "shape", ())
    if isinstance(layer, Image | Labels):
        return tuple(shape[: layer.ndim]), np.dtype(layer.dtype).name
    low, high = layer.extent.data
    reach = np.nan_to_num(high - low)
    return tuple(int(length) + 1 for length in reach), _UNKNOWN
