"""The documents of a store that an edit may change, as values: bytes and what they say.

Knows where in a document the attributes are, and where copies of it are kept; reads
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from napari_ngff.core.patch import MISSING, at
from napari_ngff.core.splice import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.dataset.editing.measuring import Ranges
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.edited import Answers
    from napari_ngff.storage.location import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """One metadata document of a group or array.

    Attributes
    ----------
    node
        The group or array, as a path inside the store; ``""`` is the root.
    kind
        Which of them it is.
    key
        The document's key in the store, such as ``labels/x/zarr.json``.
    data
        Its bytes; None where there is none (``.zattrs`` of format 2 may be absent).
    value
        What it says: a JSON object, empty where there is none.
    prefix
        Where the attributes are in it: ``("attributes",)`` in format 3, else ``()``.
    zarr_format
        2 or 3.
    shape, dtype
        Of an array, the type as numpy names it; None for a group, and where the array
        does not say.
    """

    node: str
    kind: Literal["group", "array"]
    key: str
    data: bytes | None
    value: Any
    prefix: Loc
    zarr_format: Literal[2, 3]
    shape: tuple[int, ...] | None = None
    dtype: str | None = None

    @property
    def attributes(self) -> Any:
        """The attributes in it; an empty object where there are none."""
        found = at(self.value, self.prefix)
        return {} if found is MISSING else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Consolidated metadata that repeat a document.

    Attributes
    ----------
    key
        The document that holds the copy: ``zarr.json`` or ``.zmetadata`` of a group
        at or above the node.
    loc
        Where in it the copy is.
    """

    key: str
    loc: Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A document with consolidated metadata: its bytes and what they say."""

    key: str
    data: bytes
    value: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocuments:
    """The documents of a group, of its levels, and of what else is edited with it.

    Attributes
    ----------
    location
        The opened store.
    node
        The group that is edited.
    documents
        By node: this group, its level arrays, and groups that are edited with it,
        each with its arrays.
    levels
        By group: the nodes of its level arrays, for each entry of ``multiscales``;
        None for a path that may not be followed.
    holders
        Documents with consolidated metadata, by key.
    copies
        By key of a document: where its copies are.
    read_only
        Why it cannot be saved, in words; empty where it can.
    answers
        What the store has answered; see `storage.edited`.
    ranges
        The values of channels as far as they were measured; see `measuring`.
    groups
        The models of groups as they are stored, as far as they were read.
    texts
        Documents by key, as far as they were looked into to be changed.
    """

    location: Location
    node: str
    documents: Mapping[str, StoredDocument]
    levels: Mapping[str, tuple[tuple[str | None, ...], ...]]
    holders: Mapping[str, Holder] = field(default_factory=dict)
    copies: Mapping[str, tuple[Copy, ...]] = field(default_factory=dict)
    read_only: str = ""
    answers: Answers = field(default_factory=dict, compare=False, repr=False)
    ranges: Ranges = field(default_factory=dict, compare=False, repr=False)
    groups: dict[str, Group] = field(default_factory=dict, compare=False, repr=False)
    texts: dict[str, Written] = field(default_factory=dict, compare=False, repr=False)

    @property
    def store(self) -> str:
        """Where the store is, without credentials; opening it again takes this."""
        return self.location.url

    @property
    def name(self) -> str:
        """What the store is called, fit to be shown."""
        return self.location.name

    @property
    def group(self) -> StoredDocument:
        """The document of the group that is edited."""
        return self.documents[self.node]

    @property
    def zarr_format(self) -> Literal[2, 3]:
        """The Zarr format of that group."""
        return self.group.zarr_format

    def written(self, key: str) -> Written | None:
        """Return a document, or what holds copies, as it is; None: it is not there."""
        if key not in self.texts:
            known = {d.key: d for d in self.documents.values()}
            found = self.holders.get(key) or known[key]
            if found.data is None:
                return None
            self.texts[key] = Written.of(found.data, found.value)
        return self.texts[key]

    def nodes(self, node: str, index: int) -> tuple[str | None, ...]:
        """Return the arrays of an image's levels; None for one that is not there.

        Parameters
        ----------
        node
            The image's group.
        index
            Which entry of its ``multiscales``.
        """
        entries = self.levels.get(node, ())
        levels = entries[index] if index < len(entries) else ()
        return tuple(level if level in self.documents else None for level in levels)

    def shapes(self, node: str, index: int) -> tuple[tuple[int, ...] | None, ...]:
        """Return the shapes of an image's levels; None where it is not known."""
        return tuple(
            None if level is None else self.documents[level].shape
            for level in self.nodes(node, index)
        )

    def dtype(self, node: str, index: int) -> str | None:
        """Return the type of an image's pixels, ``"uint16"``; None if not known."""
        nodes = (level for level in self.nodes(node, index) if level is not None)
        found = (self.documents[level].dtype for level in nodes)
        return next((name for name in found if name is not None), None)
