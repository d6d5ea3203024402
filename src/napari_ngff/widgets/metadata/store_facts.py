"""What the head of the editor says of a draft, in words; no Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain, scrub
from napari_ngff.metadata.axes import kind_of

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft

_LETTERS: Final = 1024


def title(draft: Draft) -> str:
    """Return the name of what is edited: of the group inside the store, and of that."""
    documents = draft.documents
    inside = f"{plain(documents.node)} in " if documents.node else ""
    return inside + plain(documents.name)


def place(draft: Draft) -> str:
    """Return where it is, without credentials."""
    return plain(scrub(draft.documents.store), limit=_LETTERS)


def facts(draft: Draft) -> str:
    """Return version, format and what is in it, in one line."""
    group, documents = draft.group, draft.documents
    version = plain(group.version or group.dialect, limit=16)
    parts = [f"OME-Zarr {version}", f"Zarr {documents.zarr_format}", _kind(draft)]
    multiscale = draft.multiscale
    if multiscale is not None:
        count = len(multiscale.levels)
        parts.append(f"{count} level" + "s" * (count != 1))
    return " · ".join(parts)


def channel_count(draft: Draft) -> int:
    """Return how many channels the image has, by its array; 1 without such an axis."""
    multiscale = draft.multiscale
    shape = next(iter(draft.shapes), None)
    if multiscale is None or shape is None:
        return 0
    for index, axis in enumerate(multiscale.axes[: len(shape)]):
        if kind_of(axis) == "channel":
            return shape[index]
    return 1


def _kind(draft: Draft) -> str:
    group = draft.group
    for kind, there in (
        ("plate", group.plate),
        ("well", group.well),
        ("scene", group.scene),
        ("label image", group.image_label is not None),
        ("image", group.multiscales),
        ("series", group.series is not None or group.bioformats2raw is not None),
    ):
        if there:
            return kind
    return "group"
