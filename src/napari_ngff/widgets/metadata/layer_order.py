"""The open layers of an image in another order, until that is taken back.

Knows napari's list of layers; in which order they are to be is known by
`layers.previewing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from napari_ngff.layers.previewing import Shown

#: A layer, what its metadata made of it, and what they make of it now.
Pair: TypeAlias = tuple[Any, "Shown", "Shown | None"]


class LayerOrder:
    """Puts the channels of an image above each other as a draft says.

    They share the places that they have among the other layers, which stay. The order
    that they had comes back where the draft says what is stored.

    Parameters
    ----------
    viewer
        Whose layers they are.
    """

    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer
        self._own: dict[Hashable, list[Any]] = {}
        self._shown: dict[Hashable, list[Any]] = {}

    def show(self, pairs: Iterable[Pair]) -> None:
        """Put layers in the order that is edited; others have theirs again.

        What somebody moved since it was last shown stays, unless it is edited again.
        """
        images = _images(pairs)
        edited = {key: new for key, (old, new) in images.items() if old != new}
        for key in self._own.keys() - edited.keys():
            self._take_back(key)
        for key, layers in edited.items():
            if self._shown.get(key) != layers:
                self._own.setdefault(key, self._present(layers))
                self._shown[key] = layers
                self._arrange(layers)

    def put(self, pairs: Iterable[Pair]) -> None:
        """Put layers in the order that is stored, whatever was done to them."""
        for key, (old, _) in _images(pairs).items():
            self.forget(key)
            self._arrange(old)

    def keep(self, pairs: Sequence[Pair]) -> None:
        """Put layers in the order that is edited, and leave them there."""
        self.show(pairs)
        for key in _images(pairs):
            self.forget(key)

    def withdraw(self) -> None:
        """Let all layers be where they were."""
        for key in list(self._own):
            self._take_back(key)

    def forget(self, key: Hashable) -> None:
        """Leave the layers of an image where they are."""
        self._own.pop(key, None)
        self._shown.pop(key, None)

    def removed(self, layer: Any) -> None:
        """Hold on to no layer that is gone."""
        for orders in (self._own, self._shown):
            for key, layers in orders.items():
                orders[key] = [each for each in layers if each is not layer]

    def _take_back(self, key: Hashable) -> None:
        layers = self._own[key]
        self.forget(key)
        self._arrange(layers)

    def _present(self, layers: Sequence[Any]) -> list[Any]:
        """Return layers as they lie above each other now, the lowest first."""
        return [each for each in self.viewer.layers if _is_in(each, layers)]

    def _arrange(self, layers: Sequence[Any]) -> None:
        """Put layers in an order, at the places that they have together."""
        there = list(self.viewer.layers)
        wanted = iter([layer for layer in layers if _is_in(layer, there)])
        target = [next(wanted) if _is_in(x, layers) else x for x in there]
        for place, layer in enumerate(target):  # all below are in place
            if self.viewer.layers[place] is not layer:
                self.viewer.layers.move(self.viewer.layers.index(layer), place)


def _is_in(layer: Any, layers: Sequence[Any]) -> bool:
    return any(each is layer for each in layers)


def _images(pairs: Iterable[Pair]) -> Mapping[Hashable, tuple[list[Any], list[Any]]]:
    """Return the channels of each image in the stored and in the edited order."""
    found: dict[Hashable, list[tuple[Any, int, int]]] = {}
    for layer, old, new in pairs:
        if old.height is None or new is None or new.height is None:
            continue
        record = old.record
        key = record.store, record.node, record.index, record.opening
        found.setdefault(key, []).append((layer, old.height, new.height))
    return {key: (_by(1, several), _by(2, several)) for key, several in found.items()}


def _by(height: int, several: Sequence[tuple[Any, int, int]]) -> list[Any]:
    return [each[0] for each in sorted(several, key=lambda each: each[height])]
