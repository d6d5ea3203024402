"""Which images there are: plates, wells, scenes, series, groups, as lists of paths.

Knows what the metadata of a collection says of its members and in what order they are
worth opening; opens none of them.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from napari_ngff.core.names import join
from napari_ngff.core.problems import Loc, NgffError, Problem
from napari_ngff.dataset.reading.labels import place_of
from napari_ngff.dataset.reading.ome_xml import METADATA, count_images
from napari_ngff.dataset.reading.reading import Reading, failure, part, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.dataset.nodes import CollectionKind
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import NodeDocument

#: How deep images are looked for in a group that says nothing of itself.
_DEPTH = 3
#: The group in which bioformats2raw says what it wrote.
OME = "OME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The images (or arrays) that there are.

    Attributes
    ----------
    kind
        As `CollectionData.kind`.
    paths
        Their node paths, those to be opened first at the beginning.
    unread
        Groups that may hold more, not looked into (further wells of a plate).
    problems
        What was found wrong while they were listed.
    """

    kind: CollectionKind
    paths: tuple[str, ...]
    unread: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def _checked(
    reading: Reading, node: str, paths: Iterable[tuple[str, Loc]]
) -> tuple[list[str], list[Problem]]:
    """Return the paths below a node that may be followed, each once."""
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for path, loc in paths:
        joined, failed = part(
            partial(join, node, path, limits=reading.limits),
            what=f"The image {quoted(path)}",
            node=node,
            loc=loc,
        )
        problems += failed
        if joined is not None:
            found[joined] = None
    return list(found), problems


def list_well(reading: Reading, node: str, group: Group) -> Listing:
    """List the fields of view of a well."""
    images = group.well.images if group.well else ()
    base = (*group.loc, "well", "images")
    given = [(image.path, (*base, i, "path")) for i, image in enumerate(images)]
    paths, problems = _checked(reading, node, given)
    return Listing(
        kind="well", paths=tuple(paths), problems=(*group.problems, *problems)
    )


def list_labels(reading: Reading, node: str, group: Group) -> Listing:
    """List the label images of a ``labels`` group that is in no image."""
    given = [(p, (*group.loc, "labels", i)) for i, p in enumerate(group.labels or ())]
    paths, problems = _checked(reading, node, given)
    return Listing(
        kind="group", paths=tuple(paths), problems=(*group.problems, *problems)
    )


def list_plate(reading: Reading, node: str, group: Group) -> Listing:
    """List the fields of view of a plate: the first of each well, then the second.

    Wells are looked into until there is one for each image that will be opened.
    """
    wells = group.plate.wells if group.plate else ()
    base = (*group.loc, "plate", "wells")
    given = [(w.path, (*base, i, "path")) for i, w in enumerate(wells)]
    paths, problems = _checked(reading, node, given[: reading.limits.wells])
    count = reading.limits.images_opened
    fields: list[tuple[str, ...]] = []
    documents = reading.location.documents(paths[:count])
    for path, document in zip(paths, documents, strict=False):
        well, failed = part(
            partial(_well, reading, path, document),
            what=f"The well {quoted(path)}",
            node=path,
        )
        problems += failed
        if well is not None:
            fields.append(well.paths)
            problems += well.problems
    order = (p for p in chain.from_iterable(zip_longest(*fields)) if p is not None)
    return Listing(
        kind="plate",
        paths=tuple(order),
        unread=tuple(paths[count:]),
        problems=(*group.problems, *problems),
    )


def _well(
    reading: Reading, node: str, document: NodeDocument | NgffError | None
) -> Listing:
    if isinstance(document, NgffError):
        raise document
    if document is None:
        raise reading.cannot(f"there is no group {quoted(node)}")
    group = reading.group(document)
    if group.well is None:
        raise reading.cannot(f"{quoted(node)} says nothing of its fields of view")
    return list_well(reading, node, group)


def list_scene(reading: Reading, node: str, group: Group) -> Listing:
    """List the images whose coordinate systems a scene joins."""
    base = (*group.loc, "scene", "coordinateTransformations")
    given = [
        (end.path, (*base, index, side, "path"))
        for index, edge in enumerate(group.scene.edges if group.scene else ())
        for side, end in (("input", edge.input), ("output", edge.output))
        if end.path not in (None, "", ".")
    ]
    paths, problems = _checked(reading, node, ((p or "", loc) for p, loc in given))
    # A label image comes with the image that it is in.
    places = ((path, place_of(path)) for path in paths)
    alone = (p for p, place in places if place is None or place.image not in paths)
    return Listing(
        kind="scene", paths=tuple(alone), problems=(*group.problems, *problems)
    )


def list_series(reading: Reading, node: str, group: Group) -> Listing:
    """List what bioformats2raw wrote.

    The ``series`` of the ``OME`` group, or as many images as ``OME/METADATA.ome.xml``
    describes, or the groups 0, 1, ….
    """
    ome = join(node, OME, limits=reading.limits)
    [document] = reading.location.documents([ome])
    problems = list(group.problems)
    series: tuple[str, ...] | None = None
    if isinstance(document, NgffError):
        problems += failure(document, what="The OME group", node=ome)
    elif document is not None:
        listed = reading.group(document)
        problems += listed.problems
        series = listed.series
    if series is None:
        count, failed = part(
            partial(_count_images, reading, ome), what="The OME-XML", node=ome
        )
        problems += failed
        series = _numbered(reading, node, count)
    given = [(path, ("series", index)) for index, path in enumerate(series)]
    paths, failed_paths = _checked(reading, node, given)
    return Listing(
        kind="series", paths=tuple(paths), problems=(*problems, *failed_paths)
    )


def _count_images(reading: Reading, node: str) -> int | None:
    text = reading.location.file(f"{node}/{METADATA}", limit=reading.limits.xml_bytes)
    if text is None:
        return None
    where = f"{node}/{METADATA}"
    limits = reading.limits
    return count_images(text, location=reading.store, node=where, limits=limits)


def _numbered(reading: Reading, node: str, count: int | None) -> tuple[str, ...]:
    """Return the names 0, 1, …: `count` of them, or as many as there are."""
    if count is not None:
        return tuple(map(str, range(count)))
    names: list[str] = []
    step = reading.limits.images_opened
    while len(names) < reading.limits.images:
        batch = [str(i) for i in range(len(names), len(names) + step)]
        nodes = [join(node, name, limits=reading.limits) for name in batch]
        there = [d is not None for d in reading.location.documents(nodes)]
        if not all(there):
            return (*names, *batch[: there.index(False)])
        names += batch
    return tuple(names)


def list_group(reading: Reading, node: str, group: Group) -> Listing | None:
    """List the images below a group that says nothing of itself, else its arrays.

    Returns
    -------
    Listing or None
        None where there is neither.

    Raises
    ------
    CannotOpen
        If the store cannot be listed.
    """
    if reading.location.children(node) is None:
        reason = "it says nothing of the images in it, and cannot be listed. Open an "
        raise reading.cannot(reason + "image in it by its own address", group.problems)
    images, arrays, problems = _search(reading, node)
    found = images or arrays
    if not found:
        return None
    return Listing(
        kind="group" if images else "arrays",
        paths=tuple(found),
        problems=(*group.problems, *problems),
    )


def _search(reading: Reading, node: str) -> tuple[list[str], list[str], list[Problem]]:
    """Return the images below a group, the arrays directly in it, and what failed."""
    images: list[str] = []
    arrays: list[str] = []
    problems: list[Problem] = []
    queue = deque([(node, 0)])
    seen = 0
    while queue and seen < reading.limits.images:
        here, depth = queue.popleft()
        paths, failed = _children(reading, here)
        problems += failed
        seen += len(paths)
        for path, document in zip(
            paths, reading.location.documents(paths), strict=True
        ):
            if document is None:
                continue
            if isinstance(document, NgffError):
                what = f"The group {quoted(path)}"
                problems += failure(document, what=what, node=path)
            elif document.kind == "array":
                arrays += [path] if depth == 0 else []
            elif _is_image(document):
                images.append(path)
            elif depth + 1 < _DEPTH:
                queue.append((path, depth + 1))
    return images, arrays, problems


def _children(reading: Reading, node: str) -> tuple[list[str], tuple[Problem, ...]]:
    names, failed = part(
        partial(reading.location.children, node),
        what=f"The group {quoted(node)}",
        node=node,
    )
    return [f"{node}/{name}" if node else name for name in names or ()], failed


def _is_image(document: NodeDocument) -> bool:
    inside = document.attributes.get("ome", document.attributes)
    return isinstance(inside, dict) and "multiscales" in inside
