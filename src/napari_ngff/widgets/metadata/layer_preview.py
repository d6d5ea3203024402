"""Open layers that look as the draft of their store says, until that is taken back.

Knows napari's layers; what they would look like is known by `layers.previewing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from napari.layers import Labels
from napari.utils.colormaps import label_colormap

from napari_ngff.layers.previewing import (
    Shown,
    changed,
    concerns,
    documents_for,
    shown,
)
from napari_ngff.layers.provenance import Provenance
from napari_ngff.widgets.metadata.layer_order import LayerOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.dataset.draft import Draft
    from napari_ngff.dataset.editing.stored import StoredDocuments


class LayerPreview:
    """Shows drafts on the layers of a viewer.

    A layer keeps whatever was done to it in napari: only what is edited is shown, and
    it has its own again when that is taken back.

    Parameters
    ----------
    viewer
        Whose layers show the drafts.
    """

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self._order = LayerOrder(viewer)
        self._own: dict[Any, dict[str, Any]] = {}
        self._base: StoredDocuments | None = None
        self._known: dict[tuple[str, str | None], StoredDocuments] = {}
        viewer.layers.events.removed.connect(self._removed)

    def stop(self) -> None:
        """Take all back, and show no more."""
        self.withdraw()
        self.viewer.layers.events.removed.disconnect(self._removed)

    def show(self, draft: Draft) -> tuple[str, ...]:
        """Let the layers of what a draft is of look as it says.

        Returns
        -------
        tuple of str
            Names of layers that cannot show it, for the image would be opened as
            other layers.
        """
        unable = []
        pairs = list(self._pairs(draft.reverted_all(), draft))
        self._order.show(pairs)
        for layer, old, new in pairs:
            if new is None:
                unable.append(str(layer.name))
            self._look(layer, changed(old, new) if new is not None else {})
        return tuple(unable)

    def apply(self, draft: Draft) -> None:
        """Give layers all that a draft says of them, whatever was done to them.

        What is edited is taken back with the edit; the rest stays.
        """
        pairs = list(self._pairs(draft.reverted_all(), draft))
        self._order.put(pairs)
        self._order.show(pairs)
        for layer, old, new in pairs:
            for name, value in old.look.items():
                _put(layer, name, value)
            self._own.pop(layer, None)
            self._look(layer, changed(old, new) if new is not None else {})

    def withdraw(self) -> None:
        """Let all layers look as they did without drafts."""
        self._order.withdraw()
        for layer in list(self._own):
            self._look(layer, {})

    def keep(self, before: Draft, after: Draft) -> None:
        """Let layers look as what is stored now says, from now on.

        Parameters
        ----------
        before
            What was stored, with or without edits.
        after
            What is stored now.
        """
        pairs = list(self._pairs(before.reverted_all(), after))
        self._order.keep(pairs)
        for layer, old, new in pairs:
            if new is None:
                continue
            self._look(layer, changed(old, new))
            self._own.pop(layer, None)
            layer.metadata = {**layer.metadata, **_metadata(layer, new)}

    def _pairs(
        self, old: Draft, new: Draft
    ) -> Iterator[tuple[Any, Shown, Shown | None]]:
        """Yield each layer that is concerned, as it was and as it would be."""
        for layer in list(self.viewer.layers):
            record = Provenance.from_metadata(layer.metadata)
            if record is None or not concerns(new, record):
                continue
            was = shown(old, record, layer.dtype, self._documents(old, record))
            if was is not None:
                known = self._documents(new, record)
                yield layer, was, shown(new, record, layer.dtype, known)

    def _documents(self, draft: Draft, record: Provenance) -> StoredDocuments:
        """Return the documents that a layer's looks follow from, each read once."""
        if draft.documents is not self._base:
            self._base, self._known = draft.documents, {}
        nodes = record.node, record.parent
        if nodes not in self._known:
            self._known[nodes] = documents_for(draft.documents, record)
        return self._known[nodes]

    def _look(self, layer: Any, look: dict[str, Any]) -> None:
        """Give a layer these looks, and its own where it had others of ours."""
        own = self._own.setdefault(layer, {})
        for name in [name for name in own if name not in look]:
            _put(layer, name, own.pop(name))
        for name, value in look.items():
            if name not in own:
                own[name] = getattr(layer, name)
            _put(layer, name, value)
        if not own:
            self._own.pop(layer, None)

    def _removed(self, event: Any) -> None:
        self._own.pop(event.value, None)
        self._order.removed(event.value)


def _put(layer: Any, name: str, value: Any) -> None:
    if name == "colormap" and value is None and isinstance(layer, Labels):
        value = label_colormap()
    if name == "features" and value is None:
        value = {}
    if not _is(getattr(layer, name), value):
        setattr(layer, name, value)


def _is(old: Any, new: Any) -> bool:
    if old is new:
        return True
    if isinstance(new, np.ndarray):
        return bool(np.array_equal(np.asarray(old), new))
    if isinstance(old, str | bool) or isinstance(new, str | bool):
        return bool(str(old) == str(new))
    if isinstance(new, tuple) and new and isinstance(new[0], str):
        return tuple(map(str, old)) == new
    if isinstance(new, tuple) and len(old) == len(new):
        return bool(np.array_equal(old, new))
    return False


def _metadata(layer: Any, new: Shown) -> dict[str, Any]:
    """Return our record of a layer, with what the file says now."""
    kept = dict(layer.metadata)
    made = new.record.to_metadata()
    return {key: {**kept.get(key, {}), **record} for key, record in made.items()}
