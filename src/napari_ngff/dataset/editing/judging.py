"""What is wrong with what documents would say: as reading and validating tell of it.

Knows how to look at a store as if it were saved; the rules are those of `checking` and
of `metadata`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.checking.checking import Member
from napari_ngff.dataset.checking.checks import check_group
from napari_ngff.dataset.editing.folding import OnlyIn, UpdateConsolidated
from napari_ngff.dataset.editing.spreading import stale_copies
from napari_ngff.dataset.reading.fitting import fit_axes, resolve_transforms
from napari_ngff.dataset.reading.reading import Reading, bounded, failure, part
from napari_ngff.metadata.editing import fixes
from napari_ngff.metadata.level_problems import problems_of_levels
from napari_ngff.storage.edited import EditedLocation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.dataset.editing.folding import AnyEdit
    from napari_ngff.dataset.editing.patching import Patch
    from napari_ngff.dataset.editing.values import Values
    from napari_ngff.metadata.editing import Edit
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import NodeDocument


def problems_of(
    values: Values, patch: Patch, nodes: Collection[str]
) -> tuple[Problem, ...]:
    """Return what is wrong with groups, were a patch saved.

    Parameters
    ----------
    values
        What the documents would say.
    patch
        The bytes that would be written.
    nodes
        The groups that are asked for; those that would be changed are looked at, too.

    Returns
    -------
    tuple of Problem
        The `loc` of each is from the root of the document of its `node`.
    """
    stored = values.stored
    data = {key: new for key, (_, new) in patch.files.items() if new is not None}
    location = EditedLocation(
        stored.location,
        frozenset(values.edited),
        data,
        stored.answers,
        {document.node: document for document in _known(values)},
    )
    reading = Reading(location=location, limits=stored.location.limits)
    asked = [n for n in stored.levels if n in nodes or n in values.edited]
    found = [problem for node in asked for problem in _of_group(reading, values, node)]
    if values.stale == "keep":
        found += stale_copies(stored)
    return bounded(found, stored.location.limits)


def _known(values: Values) -> Iterator[NodeDocument]:
    """Yield edited documents whose bytes need not be read to know what they say.

    Where something is wrong with a text, they do: it may be mended by then.
    """
    for node, value in values.edited.items():
        found = values.stored.location.document(node)
        if found is None or found.problems or not isinstance(value, Mapping):
            continue
        attributes = values.attributes(node)
        if isinstance(attributes, Mapping) and found.kind == "group":
            whole = value if found.zarr_format == 3 else found.metadata
            yield replace(found, attributes=attributes, metadata=whole)


def _of_group(reading: Reading, values: Values, node: str) -> Iterator[Problem]:
    try:
        document = reading.document(node)
    except NgffError as error:
        yield from failure(error, what="The group", node=node)
        return
    prefix = values.stored.documents[node].prefix
    group = values.group(node)
    yield from document.problems
    for problem in group.problems:
        yield replace(problem, loc=(*prefix, *problem.loc))
    yield from check_group(
        reading, document, group, Member(node=node, role="any")
    ).problems
    for index in range(len(group.multiscales)):
        found, failed = part(
            partial(_of_levels, reading, values, group, node, index),
            what=f"The check of entry {index} of multiscales",
            node=node,
        )
        yield from (*(found or ()), *failed)


def _of_levels(
    reading: Reading, values: Values, group: Group, node: str, index: int
) -> tuple[Problem, ...]:
    shapes = values.stored.shapes(node, index)
    known = [shape for shape in shapes if shape is not None]
    if len(known) < len(shapes) or not known or len({len(s) for s in known}) > 1:
        return ()
    prefix = values.stored.documents[node].prefix
    loc: Loc = (*prefix, *group.loc, "multiscales", index)
    multiscale = group.multiscales[index]
    multiscale, problems = resolve_transforms(reading, node, multiscale, loc)
    multiscale = fit_axes(multiscale, len(known[0]), dialect=group.dialect)
    found = problems_of_levels(multiscale, known, loc=loc, node=node)
    return (*problems, *found)


def fix_of(values: Values, index: int, problem: Problem) -> AnyEdit | None:
    """Return the edit that remedies a problem, where there is one sure remedy.

    Parameters
    ----------
    values
        What the documents say, of which the problem was told.
    index
        The entry of ``multiscales`` that is edited.
    problem
        From `problems_of`.
    """
    if problem.kind == "stale-consolidated":
        return UpdateConsolidated()
    stored = values.stored
    if problem.node in (stored.node, *stored.nodes(stored.node, index)):
        return _fix_in(values, stored.node, index, problem)
    for node in stored.levels:
        if problem.node in (node, *stored.nodes(node, 0)):
            edit = _fix_in(values, node, 0, problem)
            return None if edit is None else OnlyIn(node=node, edit=edit)
    return None


def _fix_in(values: Values, node: str, index: int, problem: Problem) -> Edit | None:
    """Return the edit of a group that remedies a problem of it, or of a level."""
    stored = values.stored
    prefix = stored.documents[node].prefix
    if problem.loc[: len(prefix)] == prefix:
        problem = replace(problem, loc=problem.loc[len(prefix) :])
    return fixes.fix_of(
        problem,
        values.attributes(node),
        values.group(node),
        multiscale=index,
        shapes=stored.shapes(node, index),
        dimension_names=values.names(node, index),
    )
