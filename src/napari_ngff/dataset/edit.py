"""The verb ``edit``: metadata of a store changed in place, or what that would change.

Knows how wishes are given by name; what each changes is known by `metadata.editing`,
how documents are kept together by `dataset.draft`, how they are saved by `save`.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotEdit
from napari_ngff.dataset.draft import Draft
from napari_ngff.dataset.editing.documents import open_documents, with_node
from napari_ngff.dataset.editing.relatives import labels_of, members_of, siblings_of
from napari_ngff.dataset.editing.save import save
from napari_ngff.dataset.editing.wishes import (
    Unfit,
    as_problem,
    axis_edits,
    channel_edits,
    order_edits,
    place_edits,
)
from napari_ngff.metadata.editing import SetMultiscaleName

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.editing.patching import Patch
    from napari_ngff.dataset.editing.wishes import Keep, Number
    from napari_ngff.metadata.editing import Edit

__all__ = ["edit"]

Relatives: TypeAlias = Literal["labels", "siblings"]
_NOTHING: Final[Mapping[Any, Any]] = MappingProxyType({})
#: How often problems are looked for again that only show when others are remedied.
_ROUNDS: Final = 4


def edit(
    path: str | os.PathLike[str],
    *,
    name: str | None = None,
    axes: Mapping[str, Mapping[str, Any]] = _NOTHING,
    keep: Keep = "number",
    pixel_size: Mapping[str, Number] = _NOTHING,
    origin: Mapping[str, Number] = _NOTHING,
    channels: Mapping[Any, Mapping[str, Any]] = _NOTHING,
    channel_order: Sequence[int] | None = None,
    fix: Collection[str] = (),
    include: Collection[Relatives] = (),
    dry_run: bool = False,
    limits: Limits = LIMITS,
) -> Patch:
    """Change what a store says of an image, in place.

    Only the values that follow from it change, to the byte; pixels are not touched.
    All documents change or none; what they were is kept in a history, and can be
    restored.

    Parameters
    ----------
    path
        A local store, or an image, label image or field in it. Of a plate, a well or
        a series, all images are edited.
    name
        What the image is called; empty: nothing.
    axes
        By name of the axis: ``{"z": {"unit": "micrometer", "type": "space"}}``; also
        ``name``, and for OME-Zarr 0.6 ``longName``, ``discrete``, ``orientation``.
    keep
        What stays under another unit. ``"number"``: pixel sizes and origins as they
        are written, so that they mean something else. ``"size"``: what they mean; the
        numbers are converted.
    pixel_size
        By name of the axis, in its new unit: numbers, or texts such as ``"1/6"``. Of
        the finest level; scale and translation of all levels follow.
    origin
        By name of the axis: where the first pixel's centre is.
    channels
        By index: ``{0: {"name": "DAPI", "color": "0000FF", "window.end": 900}}``.
    channel_order
        The index of each channel, from the one that is shown beneath the others to
        the one on top: ``[2, 0, 1]``. They keep their places in the array.
    fix
        Kinds of problems to remedy, as `validate` tells them; ``"all"``: whatever has
        one sure remedy.
    include
        ``"labels"``: what is said of axes is said of the image's labels too.
        ``"siblings"``: what is said of axes, pixel sizes and channels is said of all
        other fields of its plate or images of its series.
    dry_run
        Whether nothing is saved.
    limits
        Bounds on what is read.

    Returns
    -------
    Patch
        What was, or would be, changed: its `text`, and `to_json` (RFC 6902).

    Raises
    ------
    CannotEdit
        If something cannot be edited as wished. Nothing was saved.
    CannotSave
        If the store is read-only; `ChangedMeanwhile` if another program changed it.
    CannotOpen, DocumentError
        If there is no image at the path, or it cannot be read.
    """
    draft = _opened(path, include, limits)
    try:
        wanted = [
            *([SetMultiscaleName(name=name or None)] if name is not None else []),
            *channel_edits(channels),
            *order_edits(channel_order),
            *axis_edits(draft, axes, keep),
            *place_edits(draft, pixel_size, origin),
        ]
    except Unfit as error:
        raise _cannot(draft, (as_problem(error),)) from error
    draft = _fixed(_edited(draft, wanted), fix)
    if dry_run:
        return draft.patch
    return replace(draft.patch, told=save(draft).told)


def _opened(
    path: str | os.PathLike[str], include: Collection[Relatives], limits: Limits
) -> Draft:
    """Return a draft of an image; of a collection, one of its first with the others."""
    stored = open_documents(path, limits=limits)
    members = members_of(stored.location, stored.node)
    relatives: list[str] = []
    if members and not Draft.of(stored).group.multiscales:
        first, *others = members
        stored = with_node(stored, first)
        relatives += others
    if "siblings" in include:
        relatives += siblings_of(stored.location, stored.node)
    if "labels" in include:
        images = (stored.node, *relatives)
        relatives += [n for image in images for n in labels_of(stored.location, image)]
    return Draft.of(stored).including(*dict.fromkeys(relatives))


def _edited(draft: Draft, edits: list[Edit]) -> Draft:
    for wanted in edits:
        draft = draft.edited(wanted)
        if draft.refused:
            raise _cannot(draft, draft.refused)
    return draft


def _fixed(draft: Draft, kinds: Collection[str]) -> Draft:
    """Return a draft with problems of some kinds remedied, as far as can be."""
    remedied = {"all"}
    for _ in range(_ROUNDS if kinds else 0):
        asked = [p for p in draft.problems if {p.kind, "all"} & set(kinds)]
        sure = [(p, edit) for p in asked if (edit := draft.fix_of(p)) is not None]
        remedied |= {problem.kind for problem, _ in sure}
        before = draft
        for wanted in dict.fromkeys(edit for _, edit in sure):
            fixed = draft.edited(wanted)
            draft = draft if fixed.refused else fixed
        if draft.values == before.values:
            break
    if left := set(kinds) - remedied:
        raise _cannot(draft, tuple(_no_remedy(draft, kind) for kind in sorted(left)))
    return draft


def _no_remedy(draft: Draft, kind: str) -> Problem:
    """Return why no problem of a kind was remedied, and what can be."""
    there = {p.kind: draft.fix_of(p) is not None for p in draft.problems}
    known = "has no one sure remedy" if kind in there else "is not told of here"
    sure = ", ".join(sorted(k for k, is_sure in there.items() if is_sure))
    text = f"A problem of the kind {plain(kind)!r} {known}; what can be remedied: "
    return as_problem(Unfit(f"{text}{sure or 'nothing'}."))


def _cannot(draft: Draft, problems: tuple[Problem, ...]) -> CannotEdit:
    return CannotEdit(plain(draft.documents.store, limit=1024), problems)
