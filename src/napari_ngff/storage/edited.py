"""A store as it would be if some of its documents were others: looked at, not saved.

Knows keys and nodes; nothing of what documents mean. What is not edited is read once,
by the location that it is made from.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.storage.keys import clip
from napari_ngff.storage.location import Location

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

    from napari_ngff.core.problems import NgffError
    from napari_ngff.storage.keys import Keys, Span
    from napari_ngff.storage.location import NodeDocument


#: What was answered when a store was asked for a document, by key.
Answers: TypeAlias = "dict[str, tuple[bytes, Hashable] | None]"


class EditedKeys:
    """The keys of a store, some of which have other values; see `storage.keys`.

    Parameters
    ----------
    base
        The store.
    values
        Other values, by key; None: there is none.
    answers
        Where documents that were asked for are remembered, and that they are absent:
        a place that many of these share, where each question takes a round trip.
    """

    def __init__(
        self,
        base: Keys,
        values: Mapping[str, bytes | None],
        answers: Answers | None = None,
    ) -> None:
        self.url = base.url
        self.remote = base.remote
        self._base = base
        self._values = values
        self._answers = answers if base.remote else None

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return a value; see `Keys.get`."""
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int | None] | None:
        """Return a value and its size; see `Keys.sized`."""
        if key not in self._values:
            return self._base.sized(key, span, limit=limit)
        data = self._values[key]
        if data is None:
            return None
        start, size = clip(span, len(data))
        return data[start : start + size], len(data)

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return a value and its stamp; see `Keys.stamped`."""
        if key in self._values:
            data = self._values[key]
            return None if data is None else (data, self.stamp(key))
        if self._answers is None:
            return self._base.stamped(key, limit=limit)
        if key not in self._answers:
            self._answers[key] = self._base.stamped(key, limit=limit)
        return self._answers[key]

    def stamp(self, key: str) -> Hashable:
        """Return what changes when a value does; see `Keys.stamp`."""
        if key in self._values:
            return hash(self._values[key])
        return self._base.stamp(key)

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of folders; see `Keys.folders`."""
        return self._base.folders(prefix)

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]] | None:
        """Give the files that are there now; see `Keys.files`."""
        return self._base.files(prefix)


class EditedLocation(Location):
    """A location with other documents.

    Parameters
    ----------
    base
        The store as it is.
    nodes
        The nodes whose documents are others.
    values
        The documents, by key; None: there is none any more.
    answers
        See `EditedKeys`.
    known
        Nodes whose documents were read already.
    """

    __slots__ = ("_base", "_nodes")

    def __init__(
        self,
        base: Location,
        nodes: Collection[str],
        values: Mapping[str, bytes | None],
        answers: Answers | None = None,
        known: Mapping[str, NodeDocument | None] = MappingProxyType({}),
    ) -> None:
        keys = EditedKeys(base.keys, values, answers)
        super().__init__(keys, base.node, limits=base.limits, documents=known)
        self._base = base
        self._nodes = nodes

    def documents(self, nodes: Sequence[str]) -> list[NodeDocument | NgffError | None]:
        """Return the metadata of nodes; see `Location.documents`."""
        own = [node for node in nodes if node in self._nodes]
        found = dict(zip(own, super().documents(own), strict=True))
        rest = [node for node in nodes if node not in found]
        found.update(zip(rest, self._base.documents(rest), strict=True))
        return [found[node] for node in nodes]

    def children(self, node: str) -> tuple[str, ...] | None:
        """Return the names of the groups and arrays; see `Location.children`."""
        return self._base.children(node)
