"""The metadata documents of one store, each read once, and which nodes there are.

Knows in which Zarr format to look and what a look costs; knows neither how a document
is read nor what it means for OME-Zarr.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeAlias

from napari_ngff.core.names import check_path
from napari_ngff.core.problems import NgffError, UnsafePath
from napari_ngff.storage.places.consolidated import listed_in, read_listing
from napari_ngff.storage.places.looks import MARKERS
from napari_ngff.storage.places.nodes import (
    NodeDocument,
    key_of,
    mixes_formats,
    read_attributes,
    read_node,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.places.nodes import Format

Outcome: TypeAlias = NodeDocument | NgffError | None

_THREADS: Final = 8
#: How many nodes that a store only says that it has are looked for, in one group.
_HINTED: Final = 256


class Documents:
    """What has been read of a store's metadata, and what can be.

    Parameters
    ----------
    keys
        The bytes of the store.
    limits
        Bounds on everything that is read.
    known
        Metadata that has been read already, by node.
    """

    __slots__ = ("_keys", "_known", "_limits", "_listing")

    def __init__(
        self, keys: Keys, limits: Limits, known: Mapping[str, NodeDocument | None]
    ) -> None:
        self._keys = keys
        self._limits = limits
        self._known = dict(known)
        self._listing: Mapping[str, Any] | None = None

    def find(self, nodes: Sequence[str]) -> list[Outcome]:
        """Return the metadata of nodes, in their order; see `Location.documents`."""
        checked = [self._checked(node) for node in nodes]
        paths = {path for path in checked if isinstance(path, str)}
        found = self._read(sorted(paths - self._known.keys()))
        # Errors are not kept: what failed may be there the next time.
        good = {p: d for p, d in found.items() if not isinstance(d, NgffError)}
        self._known.update(good)
        known = {**self._known, **found}
        return [known[path] if isinstance(path, str) else path for path in checked]

    def complete(self, document: NodeDocument) -> NodeDocument:
        """Return a document with its attributes; see `Location.complete`."""
        return read_attributes(self._keys, document, self._limits)

    def children(self, node: str) -> tuple[str, ...] | None:
        """Return the names of groups and arrays; see `Location.children`."""
        checked = check_path(node, limits=self._limits) if node else ""
        names = self._keys.folders(key_of(checked, ""))
        if names is None:
            return self._hinted(checked)
        found: list[str] = []
        for name in sorted(names, key=_natural):
            if len(found) >= self._limits.images:
                break
            if self._is_node(checked, name):
                found.append(name)
        return tuple(found)

    def _checked(self, node: str) -> str | UnsafePath:
        try:
            return check_path(node, limits=self._limits) if node else ""
        except UnsafePath as error:
            return error

    def _read(self, paths: list[str]) -> dict[str, Outcome]:
        root = self._known.get("")
        if not self._keys.remote or root is None:
            return self._read_as(paths, (3, 2))
        found = self._read_as(paths, (root.zarr_format,))
        missing = [p for p, d in found.items() if not isinstance(d, NodeDocument)]
        if missing and self._may_mix(root, found):
            other: Format = 2 if root.zarr_format == 3 else 3
            others = self._read_as(missing, (other,))
            found |= {p: d for p, d in others.items() if isinstance(d, NodeDocument)}
        return found

    def _may_mix(self, root: NodeDocument, found: Mapping[str, Outcome]) -> bool:
        """Tell whether nodes may be of another Zarr format than the root.

        They may where it is seen; and as long as no other node of the root's is.
        """
        below = [d for p, d in {**self._known, **found}.items() if p]
        seen = {d.zarr_format for d in below if isinstance(d, NodeDocument)}
        return mixes_formats(root) or seen != {root.zarr_format}

    def _read_as(
        self, paths: list[str], formats: tuple[Format, ...]
    ) -> dict[str, Outcome]:
        def read(path: str) -> Outcome:
            try:
                return read_node(self._keys, path, self._limits, formats=formats)
            except NgffError as error:
                return error

        if not self._keys.remote or len(paths) < 2:
            return {path: read(path) for path in paths}
        with ThreadPoolExecutor(_THREADS, "napari-ngff-documents") as pool:
            return dict(zip(paths, pool.map(read, paths), strict=True))

    def _is_node(self, node: str, name: str) -> bool:
        try:
            path = check_path(key_of(node, name), limits=self._limits)
        except UnsafePath:
            return False
        keys = (key_of(path, marker) for marker in MARKERS)
        return any(self._keys.stamp(key) is not None for key in keys)

    def _hinted(self, node: str) -> tuple[str, ...] | None:
        """Return the children that the store says it has, and that are there."""
        [group] = self.find([node])
        [root] = self.find([""])
        if not isinstance(group, NodeDocument) or not isinstance(root, NodeDocument):
            return None
        if self._listing is None:
            self._listing = read_listing(self._keys, root, self._limits)
        names = sorted(listed_in(self._listing, node), key=_natural)[:_HINTED]
        found = self.find([key_of(node, name) for name in names])
        # What fails stays: it is told where it is opened.
        there = (
            name
            for name, outcome in zip(names, found, strict=True)
            if outcome is not None and not isinstance(outcome, UnsafePath)
        )
        return tuple(there) or None


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a key by which ``10`` comes after ``9``."""
    parts = re.split(r"(\d{1,18})", name)
    return tuple((1, 0, p) if not p.isdecimal() else (0, int(p), p) for p in parts)
