"""What documents say while they are edited: as they are stored, but for some.

Knows documents and places in them; nothing of edits.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from napari_ngff.core.patch import MISSING, Change, apply, at, same
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.dataset.editing.spreading import Stale
    from napari_ngff.dataset.editing.stored import StoredDocuments
    from napari_ngff.metadata.model import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What documents say: as they are stored, but for those that were edited.

    Attributes
    ----------
    stored
        The documents as they are.
    edited
        By node: what the documents say that were edited.
    stale
        What becomes of consolidated metadata that were out of date before.
    """

    stored: StoredDocuments
    edited: Mapping[str, Any] = field(default_factory=dict)
    stale: Stale = "keep"
    _groups: dict[str, Group] = field(default_factory=dict, compare=False, repr=False)

    def value(self, node: str) -> Any:
        """Return what a document says."""
        document = self.stored.documents[node]
        return self.edited.get(node, document.value)

    def attributes(self, node: str) -> Any:
        """Return the attributes of a group or array; empty where there are none."""
        found = at(self.value(node), self.stored.documents[node].prefix)
        return {} if found is MISSING else found

    def group(self, node: str) -> Group:
        """Return the model of a group's attributes; each is read once."""
        known = self._groups if node in self.edited else self.stored.groups
        if node not in known:
            known[node] = read_group(
                self.attributes(node),
                zarr_format=self.stored.documents[node].zarr_format,
                node=node,
                limits=self.stored.location.limits,
            )
        return known[node]

    def names(self, node: str, index: int) -> tuple[tuple[str | None, ...] | None, ...]:
        """Return ``dimension_names`` of each level of an image; None without any."""
        return tuple(self._names(level) for level in self.stored.nodes(node, index))

    def _names(self, node: str | None) -> tuple[str | None, ...] | None:
        if node is None or node not in self.stored.documents:
            return None
        found = at(self.value(node), ("dimension_names",))
        return tuple(found) if isinstance(found, list) else None

    def with_attributes(self, node: str, attributes: Any) -> Values:
        """Return the values with other attributes of a node."""
        return self.put(node, self.stored.documents[node].prefix, attributes)

    def without_models(self) -> Values:
        """Return the same values, without what was made of them: to be kept."""
        return replace(self, _groups={})

    def put(self, node: str, loc: Loc, new: Any) -> Values:
        """Return the values with another one at a place of a node's document."""
        value = self.value(node)
        value = apply(value, [Change(loc, at(value, loc), new)])
        groups = {n: group for n, group in self._groups.items() if n != node}
        if same(value, self.stored.documents[node].value):
            rest = {n: v for n, v in self.edited.items() if n != node}
            return replace(self, edited=rest, _groups=groups)
        return replace(self, edited={**self.edited, node: value}, _groups=groups)
