"""From a location to what is there: images, labels, collections, arrays.

Knows what a group may be and in what order that is decided; how each is read is in
the modules beside it. Reads metadata only: not one chunk of an image.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.nodes import CollectionData, ImageData
from napari_ngff.dataset.reading.collections import Child, open_listing
from napari_ngff.dataset.reading.images import find_documents, read_array, read_images
from napari_ngff.dataset.reading.labels import (
    LABELS,
    Place,
    labels_node,
    place_of,
    read_label_alone,
    read_labels,
    source_problem,
)
from napari_ngff.dataset.reading.listings import (
    OME,
    list_group,
    list_labels,
    list_plate,
    list_scene,
    list_series,
    list_well,
)
from napari_ngff.dataset.reading.reading import Reading, bounded, note, part, quoted
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from napari_ngff.dataset.nodes import Node
    from napari_ngff.dataset.reading.listings import Listing
    from napari_ngff.metadata.model import Group
    from napari_ngff.storage.location import NodeDocument


def read(path: str | os.PathLike[str], *, limits: Limits = LIMITS) -> Node:
    """Open what is at `path`, and say what is wrong with it.

    Parameters
    ----------
    path
        A store, or a path inside one: a group, a label image, a level's array, a
        metadata document; local, ``file://``, ``http(s)://``, a ``.zip`` or ``.ozx``
        file. A path inside an image opens the image.
    limits
        What the files may ask for.

    Returns
    -------
    ImageData
        An image with its labels; for a label image (or ``labels``) the image that
        lists it, with it.
    LabelData
        A label image that no image lists.
    ArrayData
        An array without OME-Zarr metadata.
    CollectionData
        A plate, a well, a scene, a bioformats2raw series, an image with several
        entries of ``multiscales``, a group of images or of arrays: the first
        ``limits.images_opened`` are opened.

        All have `problems`. Metadata only is read: no pixels.

    Raises
    ------
    CannotOpen
        If nothing can be shown; `NotOmeZarr` if it is something else.
    DocumentError, UnsafePath, LimitExceeded
        If what was asked for itself cannot be read.
    """
    location = open_location(path, limits=limits)
    return _node(Reading(location=location, limits=limits), location.node)


def _node(reading: Reading, node: str) -> Node:
    document = reading.document(node)
    if document.kind == "array":
        return _array(reading, document)
    group = reading.group(document)
    for applies, opened in _KINDS:
        if applies(node, group):
            return opened(reading, document, group)
    return _other(reading, document, group)


def _array(reading: Reading, document: NodeDocument) -> Node:
    """Open the image that lists this array as a level, else the array itself."""
    parts = document.node.split("/") if document.node else []
    for end in range(len(parts) - 1, -1, -1):
        parent, _ = part(
            partial(reading.location.document, "/".join(parts[:end])), what="", node=""
        )
        if parent is None or parent.kind != "group":
            continue
        group = reading.group(parent)
        path = "/".join(parts[end:])
        if any(level.path == path for m in group.multiscales for level in m.levels):
            return _node(reading, parent.node)
    return read_array(reading, document)


def _image(reading: Reading, document: NodeDocument, group: Group) -> Node:
    return _with_labels(reading, document, group, None)


def _with_labels(
    reading: Reading, document: NodeDocument, group: Group, only: str | None
) -> ImageData | CollectionData:
    """Open all images of a group; the labels go with the first."""
    node = document.node
    below = labels_node(node)
    found = find_documents(reading, node, group, below)
    images, problems = read_images(reading, node, group, found)
    if not images:
        raise reading.cannot(
            "its metadata names no image that can be opened",
            (*problems, *group.problems),
        )
    first, *others = images
    labels, failed = read_labels(reading, first, found[below], only)
    own = (*first.data.problems, *(() if others else problems), *failed)
    data = replace(first.data, labels=labels, problems=bounded(own, reading.limits))
    if not others:
        return data
    return CollectionData(
        store=reading.store,
        node=node,
        kind="images",
        children=(data, *(other.data for other in others)),
        paths=(node,),
        problems=problems,
    )


def _label(reading: Reading, document: NodeDocument, group: Group) -> Node:
    """Open the image that contains and lists this label image, else it alone."""
    place = place_of(document.node)
    if place is None:
        return read_label_alone(reading, document)
    if problem := source_problem(document.node, place, group):
        return read_label_alone(reading, document, (problem,))
    parent = _listing_image(reading, place)
    if parent is None:
        image = quoted(place.image)
        text = f"No image at {image} lists this label image. It is shown alone"
        problem = note("info", "label-not-listed", text, node=document.node)
        return read_label_alone(reading, document, (problem,))
    return _with_labels(reading, parent, reading.group(parent), place.name)


def _listing_image(reading: Reading, place: Place) -> NodeDocument | None:
    """Return the image at a place if it lists the label image."""
    nodes = [place.image, labels_node(place.image)]
    image, labels = reading.location.documents(nodes)
    if isinstance(image, NgffError) or isinstance(labels, NgffError):
        return None
    if image is None or labels is None or "array" in (image.kind, labels.kind):
        return None
    listed = reading.group(labels).labels or ()
    is_image = bool(reading.group(image).multiscales)
    return image if is_image and place.name in listed else None


def _labels(reading: Reading, document: NodeDocument, group: Group) -> Node:
    """Open the image that a ``labels`` group is in, else the label images alone."""
    node = document.node
    above = node.rpartition("/")[0]
    parent, _ = part(partial(reading.location.document, above), what="", node=above)
    if node and parent is not None and parent.kind == "group":
        image = reading.group(parent)
        if image.multiscales:
            return _image(reading, parent, image)
    listing = list_labels(reading, node, group)
    return open_listing(reading, node, listing, partial(_child, reading))


def _child(reading: Reading, node: str) -> tuple[Child, ...]:
    """Open one member of a collection, which may itself be several."""
    document = reading.document(node)
    if document.kind == "array":
        return (read_array(reading, document),)
    group = reading.group(document)
    if not group.multiscales:
        raise reading.cannot(f"{quoted(node)} is not an image", group.problems)
    if group.image_label is not None:
        return (read_label_alone(reading, document),)
    opened = _with_labels(reading, document, group, None)
    return opened.children if isinstance(opened, CollectionData) else (opened,)


def _collection(
    lister: Callable[[Reading, str, Group], Listing],
) -> Callable[[Reading, NodeDocument, Group], Node]:
    def opened(reading: Reading, document: NodeDocument, group: Group) -> Node:
        node = document.node
        listing = lister(reading, node, group)
        return open_listing(reading, node, listing, partial(_child, reading))

    return opened


def _other(reading: Reading, document: NodeDocument, group: Group) -> Node:
    """Open a group that says nothing of itself: the images or arrays in it.

    The ``OME`` group of a series belongs to the series.
    """
    above, _, name = document.node.rpartition("/")
    if name == OME:
        parent, _ = part(partial(reading.location.document, above), what="", node=above)
        if parent and reading.group(parent).bioformats2raw is not None:
            return _node(reading, above)
    wrong = [p for p in group.problems if p.level == "error"]
    listing = list_group(reading, document.node, group)
    if listing is not None:
        return open_listing(reading, document.node, listing, partial(_child, reading))
    where = quoted(document.node)
    if wrong:
        raise reading.cannot(f"{where} holds no image that can be shown", wrong)
    raise reading.not_ome_zarr(f"{where} is a Zarr group without images or arrays")


_KINDS: tuple[
    tuple[
        Callable[[str, Group], bool],
        Callable[[Reading, NodeDocument, Group], Node],
    ],
    ...,
] = (
    (lambda _, g: bool(g.multiscales) and g.image_label is not None, _label),
    (lambda _, g: bool(g.multiscales), _image),
    # "If the plate metadata is present … it takes precedence" over bioformats2raw.
    (lambda _, g: g.plate is not None, _collection(list_plate)),
    (lambda _, g: g.well is not None, _collection(list_well)),
    (lambda _, g: g.scene is not None, _collection(list_scene)),
    (lambda _, g: g.bioformats2raw is not None, _collection(list_series)),
    (lambda n, g: g.labels is not None or n.endswith(f"/{LABELS}"), _labels),
)
