"""The values of documents after edits, made one after the other.

Knows which documents follow an edit; what it does to the attributes of a group is
known by `metadata.editing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.core.names import plain
from napari_ngff.core.patch import apply
from napari_ngff.core.problems import Problem
from napari_ngff.dataset.editing.measuring import measured
from napari_ngff.dataset.editing.relating import adapted
from napari_ngff.dataset.editing.scenes import followed
from napari_ngff.dataset.editing.values import Values
from napari_ngff.metadata.editing import MakeConsistent, Outcome, changes_of
from napari_ngff.metadata.editing.systems import joined

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from napari_ngff.metadata.editing import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateConsolidated:
    """Let consolidated metadata say what the documents do that they repeat."""

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("consolidated",)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlyIn:
    """An edit of one group that is edited with an image, and of no other.

    Attributes
    ----------
    node
        The group: a label image, a sibling.
    edit
        What is done to it.
    """

    node: str
    edit: Edit

    @property
    def field(self) -> Hashable:
        """What is edited."""
        name = self.edit.field
        return ("in", self.node, *(name if isinstance(name, tuple) else (name,)))


AnyEdit: TypeAlias = "Edit | UpdateConsolidated | OnlyIn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An edit, and the entry of ``multiscales`` that it is made for."""

    edit: AnyEdit
    index: int = 0


Folded: TypeAlias = tuple[Values, tuple[Wish, ...], tuple["Problem", ...]]


def joined_on(
    wishes: Sequence[Wish], wanted: Sequence[Wish]
) -> tuple[Wish, ...] | None:
    """Return all wishes where the next one goes on with the last: both as one.

    None: it does not.
    """
    if not wishes or len(wanted) != 1 or wishes[-1].index != wanted[0].index:
        return None
    found = joined(wishes[-1].edit, wanted[0].edit)
    if found is None:
        return None
    return (*wishes[:-1], *(replace(wanted[0], edit=edit) for edit in found))


def folded(values: Values, included: Sequence[str], wishes: Sequence[Wish]) -> Folded:
    """Make edits one after the other.

    Parameters
    ----------
    values
        What the documents say before them.
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
    made: list[Wish] = []
    refused: list[Problem] = []
    for wish in wishes:
        found, told = _made(values, included, wish)
        refused += told
        if found is not None:
            values = found
            made.append(wish)
    return values, tuple(made), tuple(refused)


#: The values after an edit, None where it is not made; and what was not made of it.
_Made: TypeAlias = "tuple[Values | None, list[Problem]]"


def _made(values: Values, included: Sequence[str], wish: Wish) -> _Made:
    if isinstance(wish.edit, UpdateConsolidated):
        return replace(values, stale="update"), []
    if isinstance(wish.edit, OnlyIn):
        return _in_one(values, wish.edit)
    node = values.stored.node
    edited = _in_group(values, node, wish.edit, wish.index)
    if isinstance(edited, Values):
        edited = followed(edited, node, wish.edit)
    if isinstance(edited, Problem):
        return None, [edited]
    left_out: list[Problem] = []
    for node in included:
        found: Values | Problem = edited
        for edit in adapted(wish.edit, values, node, wish.index):
            if isinstance(found, Values):
                found = _in_group(found, node, edit, 0)
        if isinstance(found, Values):
            edited = found
            continue
        refusal = replace(found, message=f"{plain(node)}: {found.message}")
        if not isinstance(wish.edit, MakeConsistent):
            return None, [refusal]
        # Each is made consistent with itself: the others do not need this one.
        left_out.append(replace(refusal, level="warning"))
    return edited, left_out


def _in_one(values: Values, edit: OnlyIn) -> _Made:
    if edit.node not in values.stored.levels:
        text = f"{plain(edit.node)} is not edited together with this image any more."
        gone = Problem(level="error", kind="not-edited", message=text)
        return None, [gone]
    found = _in_group(values, edit.node, edit.edit, 0)
    return (None, [found]) if isinstance(found, Problem) else (found, [])


def _in_group(values: Values, node: str, edit: Edit, index: int) -> Values | Problem:
    """Make an edit to one group, and to the arrays of its levels."""
    stored = values.stored
    attributes = values.attributes(node)
    group = values.group(node)
    make = partial(
        changes_of,
        edit,
        attributes,
        group,
        multiscale=index,
        shapes=stored.shapes(node, index),
        dimension_names=values.names(node, index),
        dtype=stored.dtype(node, index),
    )
    outcome = make()
    if isinstance(outcome, Outcome) and outcome.windows:
        limits = measured(stored, node, group, index, outcome.windows)
        outcome = make(limits=limits)
    if isinstance(outcome, Problem):
        loc = (*stored.documents[node].prefix, *outcome.loc)
        return replace(outcome, node=node, loc=loc)
    if outcome.attributes:
        values = values.with_attributes(node, apply(attributes, outcome.attributes))
    levels = stored.nodes(node, index)
    for level, names in outcome.dimension_names.items():
        array = levels[level]
        if array is not None and stored.documents[array].zarr_format == 3:
            values = values.put(array, ("dimension_names",), list(names))
    return values
