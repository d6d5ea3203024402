"""The values of documents after edits, made one after the other.

Knows which documents follow an edit; what it does to the attributes of a group is
known by `metadata.editing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from napari_ngff.core.patch import MISSING, Change, apply, at, same
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing.systems import SystemEdit, system_changes
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from napari_ngff.core.problems import Loc
    from napari_ngff.dataset.editing.spreading import Stale
    from napari_ngff.dataset.editing.stored import StoredDocuments
    from napari_ngff.metadata.model import Group

_NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class AnyEdit(Protocol):
    """A wish: a value of `metadata.editing`, or `UpdateConsolidated`."""

    @property
    def field(self) -> Hashable:
        """What is edited: ``("axis", 0, "unit")``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateConsolidated:
    """Let consolidated metadata say what the documents do that they repeat."""

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("consolidated",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An edit, and the entry of ``multiscales`` that it is made for."""

    edit: AnyEdit
    index: int = 0


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
    edited: Mapping[str, Any] = _NONE
    stale: Stale = "keep"

    def value(self, node: str) -> Any:
        """Return what a document says."""
        document = self.stored.documents[node]
        return self.edited.get(node, document.value)

    def attributes(self, node: str) -> Any:
        """Return the attributes of a group or array; empty where there are none."""
        found = at(self.value(node), self.stored.documents[node].prefix)
        return {} if found is MISSING else found

    def group(self, node: str) -> Group:
        """Return the model of a group's attributes."""
        return read_group(
            self.attributes(node),
            zarr_format=self.stored.documents[node].zarr_format,
            node=node,
            limits=self.stored.location.limits,
        )

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

    def put(self, node: str, loc: Loc, new: Any) -> Values:
        """Return the values with another one at a place of a node's document."""
        value = self.value(node)
        value = apply(value, [Change(loc, at(value, loc), new)])
        if same(value, self.stored.documents[node].value):
            rest = {n: v for n, v in self.edited.items() if n != node}
            return replace(self, edited=rest)
        return replace(self, edited={**self.edited, node: value})


Outcome: TypeAlias = tuple[Values, tuple[Wish, ...], tuple["Problem", ...]]


def folded(
    stored: StoredDocuments, included: Sequence[str], wishes: Sequence[Wish]
) -> Outcome:
    """Make edits one after the other.

    Parameters
    ----------
    stored
        The documents as they are stored.
    included
        Groups that the edits are made to as well.
    wishes
        The edits.

    Returns
    -------
    values
        What the documents say then.
    made
        The edits without those that could not be made.
    refused
        Why not.
    """
    values = Values(stored=stored)
    made: list[Wish] = []
    refused: list[Problem] = []
    for wish in wishes:
        found = _made(values, included, wish)
        if isinstance(found, Values):
            values = found
            made.append(wish)
        else:
            refused.append(found)
    return values, tuple(made), tuple(refused)


def _made(values: Values, included: Sequence[str], wish: Wish) -> Values | Problem:
    if isinstance(wish.edit, UpdateConsolidated):
        return replace(values, stale="update")
    return _in_group(values, values.stored.node, wish)


def _in_group(values: Values, node: str, wish: Wish) -> Values | Problem:
    """Make an edit to one group, and to the arrays of its levels."""
    attributes = values.attributes(node)
    group = values.group(node)
    if isinstance(wish.edit, SystemEdit):
        found = system_changes(wish.edit, attributes, group, multiscale=wish.index)
    else:
        from napari_ngff.metadata.editing import changes_of

        found = changes_of(
            wish.edit,
            attributes,
            group,
            multiscale=wish.index,
            shapes=values.stored.shapes(node, wish.index),
            dimension_names=values.names(node, wish.index),
        )
    if isinstance(found, Problem):
        return found
    return values.with_attributes(node, apply(attributes, found))
