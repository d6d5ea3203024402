"""One group of a store while it is checked: where problems and further groups go.

Knows nodes and places in documents; what is checked is in `check_images` and
`check_collections`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.reading.reading import Reading, failure, note, quoted
from napari_ngff.metadata.versions import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.core.problems import Level, Loc, Problem
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import NodeDocument

Role: TypeAlias = Literal["any", "image", "label", "well"]
ROLES: Final = {"image": "an image", "label": "a label image", "well": "a well"}
#: Versions whose metadata are under the key `ome`.
NAMESPACED: Final = tuple(n for n, v in VERSIONS.items() if v.namespace is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A group to look at, and who says that it is there.

    Attributes
    ----------
    role
        What it has to be.
    parent, loc
        The node whose document lists it, and where in that.
    acquisitions
        Of a well: the ids of its plate's acquisitions; None where it has no plate.
    depth
        How many groups that say nothing are above it.
    """

    node: str
    role: Role
    parent: str = ""
    loc: Loc = ()
    acquisitions: tuple[int, ...] | None = None
    depth: int = 0

    @property
    def said_by(self) -> str:
        """Who lists it, in words."""
        return f"the document of {quoted(self.parent)}"


@dataclass(slots=True, kw_only=True)
class Checked:
    """What checking one group gave."""

    problems: list[Problem] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    arrays: int = 0


def prefix_of(document: NodeDocument) -> Loc:
    """Return where in a group's document its attributes are."""
    return ("attributes",) if document.zarr_format == 3 else ()


@dataclass(slots=True, kw_only=True)
class Check:
    """One group, while it is checked.

    Attributes
    ----------
    reading, document, group
        The store, the group's document, and what that says.
    checked
        What was found so far.
    """

    reading: Reading
    document: NodeDocument
    group: Group
    checked: Checked = field(default_factory=Checked)

    @property
    def base(self) -> Loc:
        """Where the blocks begin in the group's document."""
        return (*prefix_of(self.document), *self.group.loc)

    def add(self, level: Level, kind: str, loc: Loc, text: str) -> None:
        """Note a problem of this group; `loc` is from where its blocks begin."""
        where = (*self.base, *loc)
        problem = note(level, kind, text, node=self.document.node, loc=where)
        self.checked.problems.append(problem)

    def fail(self, error: NgffError, what: str, node: str, loc: Loc = ()) -> None:
        """Note that something could not be read."""
        where = (*self.base, *loc)
        self.checked.problems += failure(error, what=what, node=node, loc=where)

    def join(self, path: str, loc: Loc) -> str | None:
        """Return the node that a path names; None, with a problem, if it is unfit."""
        try:
            return join(self.document.node, path, limits=self.reading.limits)
        except NgffError as error:
            self.fail(error, f"What is at '{plain(path)}'", self.document.node, loc)
            return None

    def add_members(
        self, role: Role, given: Iterable[tuple[int, str]], loc: Loc
    ) -> None:
        """Put the groups at some paths in line; `loc` is that of their list."""
        for index, path in given:
            where = (*loc, index)
            node = self.join(path, where)
            if node is not None:
                self.checked.members.append(self.member(role, node, where))

    def member(self, role: Role, node: str, loc: Loc) -> Member:
        """Return a group to look at, which this group's document lists."""
        where = (*self.base, *loc)
        return Member(node=node, role=role, parent=self.document.node, loc=where)

    def has(self, node: str, kind: str, loc: Loc) -> NodeDocument | None:
        """Return the document of a node that must be there; None, with a problem."""
        what = f"The {kind} {quoted(node)}"
        try:
            document = self.reading.location.document(node)
        except NgffError as error:
            self.fail(error, what, node, loc)
            return None
        if document is None or document.kind != kind:
            self.add("error", f"missing-{kind}", loc, f"{what} is not there")
            return None
        return document
