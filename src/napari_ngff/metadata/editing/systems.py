"""Wishes about coordinate systems and the transformations between them (0.6).

Knows what can be wished for; it tells what changes in a group's attributes, or why it
cannot. Other documents that name the same systems, such as the scene that an image is
in, are not its matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from napari_ngff.core.patch import below
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing import system_graph
from napari_ngff.metadata.editing.system_block import block_of
from napari_ngff.metadata.transforms import Affine, Identity, Transform

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.core.patch import Changes
    from napari_ngff.metadata.editing.system_block import Holder, Json
    from napari_ngff.metadata.model import Group


IDENTITY: Final = Identity()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSystem:
    """A new coordinate system, and the way to it.

    Attributes
    ----------
    name
        Its name, which no other one has.
    transform
        Leads there from `source`.
    source
        The system that it is made from; None: the intrinsic one of the image, or the
        first one of a scene. Its axes are the new one's too.
    of
        Whose system it is.
    """

    name: str
    transform: Transform = IDENTITY
    source: str | None = None
    of: Holder = "image"

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("system", self.of, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameSystem:
    """Another name for a coordinate system, wherever it is named in the document."""

    name: str
    new: str
    of: Holder = "image"

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("system", self.of, self.name, "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSystem:
    """No such coordinate system any more, and no way to it; others may not need it."""

    name: str
    of: Holder = "image"

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("system", self.of, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTransform:
    """Other parameters of a transformation, perhaps of another type.

    Attributes
    ----------
    edge
        Which of those of the image or scene, as the model counts them; None: how the
        image as a whole is shown (`Multiscale.transform`), where there is such a thing
        or is to be one.
    transform
        What it is to be; `affine` makes one of rows of numbers.
    of
        Whose transformation it is.
    """

    edge: int | None
    transform: Transform
    of: Holder = "image"

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("transform", self.of, self.edge)


SystemEdit: TypeAlias = AddSystem | RenameSystem | RemoveSystem | SetTransform


def joined(before: object, after: object) -> tuple[SystemEdit, ...] | None:
    """Return one edit that does what two do, one right after the other.

    Returns
    -------
    tuple
        Of a name that was given and is changed again: one edit, which names what the
        system was called first; none where it is called that again. None: the two
        stay what they are.
    """
    if not (isinstance(before, RenameSystem) and isinstance(after, RenameSystem)):
        return None
    if (before.of, before.new) != (after.of, after.name):
        return None
    back = after.new == before.name
    return () if back else (replace(before, new=after.new),)


def system_changes(
    edit: SystemEdit, attributes: Json, group: Group, *, multiscale: int = 0
) -> Changes | Problem:
    """Return what an edit changes in the attributes of a group, or why it cannot be.

    Parameters
    ----------
    edit
        The wish.
    attributes, group
        What the group says, as JSON and as the model.
    multiscale
        Which entry of ``multiscales`` it is for.
    """
    block = block_of(edit.of, attributes, group, multiscale)
    if isinstance(block, Problem):
        return block
    match edit:
        case AddSystem():
            found = system_graph.add(block, edit.name, edit.transform, edit.source)
        case RenameSystem():
            found = system_graph.rename(block, edit.name, edit.new)
        case RemoveSystem():
            found = system_graph.remove(block, edit.name)
        case SetTransform(edge=None):
            found = system_graph.set_whole(block, edit.transform)
        case SetTransform(edge=int(number)):
            found = system_graph.set_edge(block, number, edit.transform)
    return found if isinstance(found, Problem) else below(block.loc, found)


def affine(rows: Any) -> Affine:
    """Return the affine transformation of rows of numbers, the last column offsets."""
    return Affine(tuple(tuple(float(number) for number in row) for row in rows))
