"""Several images at one location, opened one by one.

Knows how many are opened and how to say which are not; what there is, `listings`
knows, and how one is opened it is told. Each lies where its own metadata puts it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.dataset.nodes import (
    ArrayData,
    CollectionData,
    CollectionKind,
    ImageData,
    LabelData,
)
from napari_ngff.dataset.reading.reading import Reading, bounded, note, part, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.reading.listings import Listing

Child: TypeAlias = "ImageData | LabelData | ArrayData"
OpenChild: TypeAlias = "Callable[[str], Sequence[Child]]"

_NAMED = 12
_WORDS: dict[CollectionKind, tuple[str, str]] = {
    "plate": ("plate", "field of view"),
    "well": ("well", "field of view"),
    "scene": ("scene", "image"),
    "series": ("series of images", "image"),
    "group": ("group", "image"),
    "arrays": ("group", "array"),
    "images": ("group", "image"),
}


def open_listing(
    reading: Reading, node: str, listing: Listing, open_child: OpenChild
) -> CollectionData:
    """Open the first ``limits.images_opened`` images of a listing.

    Parameters
    ----------
    reading, node
        The collection's store and group.
    listing
        What there is.
    open_child
        Opens what is at one path, perhaps several things.

    Raises
    ------
    CannotOpen
        If not one of them can be opened.
    """
    limit = reading.limits.images_opened
    children: list[Child] = []
    problems = [*listing.problems, *_how_opened(node, listing, limit)]
    for path in listing.paths[:limit]:
        opened, failed = part(
            partial(open_child, path),
            what=f"The {_WORDS[listing.kind][1]} {quoted(path)}",
            node=path,
        )
        children += opened or ()
        problems += failed
    if not children:
        thing, image = _WORDS[listing.kind]
        raise reading.cannot(f"no {image} of this {thing} can be opened", problems)
    return CollectionData(
        store=reading.store,
        node=node,
        kind=listing.kind,
        children=tuple(children),
        paths=(*listing.paths, *listing.unread),
        problems=bounded(problems, reading.limits),
    )


def _how_opened(node: str, listing: Listing, limit: int) -> list[Problem]:
    thing, image = _WORDS[listing.kind]
    found = []
    if listing.kind in ("plate", "well", "scene"):
        text = f"This {thing} is opened image by image, not as one picture: images lie "
        text += "where their own metadata puts them"
        found.append(note("info", "opened-image-by-image", text, node=node))
    left = (*listing.paths[limit:], *listing.unread)
    if left:
        names = ", ".join(quoted(path) for path in left[:_NAMED])
        more = f" and {len(left) - _NAMED} more" if len(left) > _NAMED else ""
        opened = min(limit, len(listing.paths))
        text = f"Only {opened} of this {thing} are opened (one {image} each). Not "
        text += f"opened: {names}{more}. Open one of them by its path"
        found.append(note("warning", "not-all-opened", text, node=node))
    return found
