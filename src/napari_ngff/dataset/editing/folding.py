"""The values of documents after edits, made one after the other.

Knows which documents follow an edit; what it does to the attributes of a group is
known by `metadata.editing`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.core.patch import apply
from napari_ngff.core.problems import Problem
from napari_ngff.dataset.editing.measuring import measured
from napari_ngff.dataset.editing.relating import adapted
from napari_ngff.dataset.editing.values import Values
from napari_ngff.metadata.editing import Outcome, changes_of
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


AnyEdit: TypeAlias = "Edit | UpdateConsolidated"


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
    edited = _in_group(values, values.stored.node, wish.edit, wish.index)
    for node in included:
        if isinstance(edited, Problem):
            break
        for edit in adapted(wish.edit, values, node, wish.index):
            edited = _in_group(edited, node, edit, 0)
            if isinstance(edited, Problem):
                break
    return edited


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
