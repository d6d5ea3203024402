"""The label images of an image, and the image of a label image.

Knows the ``labels`` group and the rule for ``source``; a label image is read as any
other image is.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from napari_ngff.core.names import check_path, plain
from napari_ngff.core.problems import CannotOpen, NgffError, Problem
from napari_ngff.dataset.nodes import LabelData
from napari_ngff.dataset.reading.arrays import problems_of_label
from napari_ngff.dataset.reading.images import (
    Image,
    find_documents,
    read_image,
)
from napari_ngff.dataset.reading.reading import Reading, failure, note, part, quoted
from napari_ngff.storage.location import open_location
from napari_ngff.storage.places.putting_back import put_back

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import NodeDocument

LABELS = "labels"
_INTEGERS = "iub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a label image is: the image it may belong to, and its name there."""

    image: str
    name: str


def place_of(node: str) -> Place | None:
    """Return what a path says of a label image: ``IMAGE/labels/NAME``."""
    parts = node.split("/")
    found = [i for i, part in enumerate(parts[:-1]) if part == LABELS]
    if not found:
        return None
    index = found[-1]
    return Place(image="/".join(parts[:index]), name="/".join(parts[index + 1 :]))


def labels_node(node: str) -> str:
    """Return the path of an image's ``labels`` group."""
    return f"{node}/{LABELS}" if node else LABELS


def read_labels(
    reading: Reading,
    image: Image,
    labels: NodeDocument | NgffError | None,
    only: str | None = None,
) -> tuple[tuple[LabelData, ...], tuple[Problem, ...]]:
    """Read the label images of an image.

    Parameters
    ----------
    reading, image
        The store and the image.
    labels
        The document of its ``labels`` group; None where there is none.
    only
        The name of the one that is wanted; None: all of them.

    Returns
    -------
    tuple of LabelData
        Those that could be opened, at most ``limits.labels``.
    tuple of Problem
        Theirs, and why the others could not.
    """
    node = labels_node(image.data.node)
    if labels is None and put_back(reading.store, node):
        reading = _anew(reading)
        labels = reading.location.document(node)
    if isinstance(labels, NgffError):
        return (), failure(labels, what="The labels group", node=node)
    problems: list[Problem] = []
    group = None
    if labels is not None and labels.kind == "group":
        group = reading.group(labels)
        problems += group.problems
    names, failed = _names(reading, node, group)
    problems += failed
    if only is not None:
        names = [only]
    nodes = [f"{node}/{name}" for name in names]
    found = reading.location.documents(nodes)
    missing = [n for n, d in zip(nodes, found, strict=True) if d is None]
    back = [put_back(reading.store, each) for each in missing]
    if any(back):
        found = _anew(reading).location.documents(nodes)
    opened = []
    for name, document in zip(names, found, strict=True):
        label, failed = part(
            partial(_read_listed, reading, image, name, document),
            what=f"The label image '{plain(name)}'",
            node=f"{node}/{name}",
        )
        problems += failed
        if label is not None:
            opened.append(label)
            problems += label.image.problems
    return tuple(opened), tuple(problems)


def _anew(reading: Reading) -> Reading:
    """Return the same store as it is now: what was missing has been put back."""
    location = open_location(reading.store, limits=reading.limits)
    return replace(reading, location=location)


def _names(
    reading: Reading, node: str, group: Group | None
) -> tuple[list[str], tuple[Problem, ...]]:
    """Return the names of label images: those listed, then those only found."""
    problems: list[Problem] = []
    names: dict[str, None] = {}
    base = group.loc if group else ()
    for index, listed in enumerate((group and group.labels) or ()):
        name, failed = part(
            partial(check_path, listed, limits=reading.limits),
            what=f"The label image '{plain(listed)}'",
            node=node,
            loc=(*base, LABELS, index),
        )
        problems += failed
        if name is not None:
            names[name] = None
    # 0.4, "labels": "Unlisted groups MAY be labels."
    for name in _unlisted(reading, node, names):
        text = f"The label image '{plain(name)}' is not listed by its labels group"
        where: Loc = (*base, LABELS)
        problems.append(note("info", "unlisted-label", text, node=node, loc=where))
        names[name] = None
    limit = reading.limits.labels
    if len(names) > limit:
        text = f"There are {len(names)} label images; the first {limit} are opened"
        problems.append(note("warning", "too-many-labels", text, node=node))
    return list(names)[:limit], tuple(problems)


def _unlisted(reading: Reading, node: str, listed: Iterable[str]) -> list[str]:
    children, _ = part(partial(reading.location.children, node), what="", node=node)
    known = {name.split("/")[0] for name in listed}
    others = [name for name in children or () if name not in known]
    others = others[: reading.limits.labels]
    found = reading.location.documents([f"{node}/{name}" for name in others])
    return [n for n, d in zip(others, found, strict=True) if _is_label(d)]


def _is_label(document: NodeDocument | NgffError | None) -> bool:
    if document is None or isinstance(document, NgffError):
        return False
    inside = document.attributes.get("ome", document.attributes)
    return isinstance(inside, dict) and {"multiscales", "image-label"} <= inside.keys()


def _read_listed(
    reading: Reading,
    image: Image,
    name: str,
    document: NodeDocument | NgffError | None,
) -> LabelData:
    if isinstance(document, NgffError):
        raise document
    node = f"{labels_node(image.data.node)}/{name}"
    if document is None or document.kind != "group":
        raise CannotOpen(reading.store, f"there is no group {quoted(node)}")
    label, facts = _read_label(reading, document, name)
    image_axes = {a.name: i for i, a in enumerate(image.data.multiscale.axes)}
    found = problems_of_label(
        facts.facts,
        image.facts,
        node=node,
        axes=image_axes,
        label_axes=[a.name for a in label.image.multiscale.axes],
        dialect=label.image.group.dialect,
    )
    data = replace(label.image, problems=(*label.image.problems, *found))
    return replace(label, image=data, parent=image.data.node)


def _read_label(
    reading: Reading, document: NodeDocument, name: str
) -> tuple[LabelData, Image]:
    node = document.node
    group = reading.group(document)
    if not group.multiscales:
        raise CannotOpen(reading.store, "it has no multiscales")
    found = find_documents(reading, node, group)
    image = read_image(reading, node, group, 0, found)
    dtype = image.data.levels[0].dtype
    if dtype.kind not in _INTEGERS:
        reason = f"its pixels are {dtype}, and labels are integers. Convert them"
        raise CannotOpen(reading.store, reason)
    block = group.image_label
    return LabelData(name=name, image=image.data, image_label=block), image


def read_label_alone(
    reading: Reading, document: NodeDocument, problems: Sequence[Problem] = ()
) -> LabelData:
    """Read a label image without the image that it labels.

    Raises
    ------
    CannotOpen
        If no level of it can be opened, or its pixels are not integers.
    """
    place = place_of(document.node)
    name = place.name if place else document.node.rpartition("/")[2]
    label, _ = _read_label(reading, document, name or reading.location.name)
    data = replace(label.image, problems=(*problems, *label.image.problems))
    return replace(label, image=data)


def source_problem(node: str, place: Place, group: Group) -> Problem | None:
    """Say why ``source`` of a label image does not lead to the image it is in, if so.

    ``source.image`` may be followed only to the image that contains the label image;
    without one it is that image ("default: ../../").
    """
    source = group.image_label.source if group.image_label else None
    if source is None:
        return None
    here = posixpath.normpath(f"/{node}/{source}").strip("/")
    depth = node.count("/") + 1
    climbs = source.split("/").count("..")
    if source.startswith("/") or climbs > depth or here != place.image:
        reason = f"'{plain(source)}' is not the image that contains it"
        return _not_followed(node, group, reason)
    return None


def _not_followed(node: str, group: Group, reason: str) -> Problem:
    text = f"The source of this label image is not followed: {reason}. It is shown "
    text += "alone; open its image besides"
    loc: Loc = (*group.loc, "image-label", "source", "image")
    return note("warning", "label-source", text, node=node, loc=loc)
