"""What the arrays of an image and its label images must be, beside what the JSON says.

Reads documents only.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Literal

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.checking.check_transforms import check_transform
from napari_ngff.dataset.checking.checking import NAMESPACED, Check, prefix_of
from napari_ngff.dataset.reading.arrays import (
    ArrayFacts,
    array_facts,
    problems_of_arrays,
    problems_of_label,
)
from napari_ngff.dataset.reading.labels import labels_node
from napari_ngff.dataset.reading.reading import note, quoted
from napari_ngff.metadata.axes import kind_of
from napari_ngff.metadata.versions import VERSIONS

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.location import NodeDocument


def check_image(check: Check, index: int, multiscale: Multiscale) -> list[ArrayFacts]:
    """Check the arrays of one entry of multiscales."""
    loc: Loc = ("multiscales", index)
    places = []
    for i, level in enumerate(multiscale.levels):
        where = (*loc, "datasets", i, "path")
        node = check.join(level.path, where)
        if node is not None:
            places.append((node, where))
    documents = check.reading.location.documents([node for node, _ in places])
    facts = []
    for (node, where), document in zip(places, documents, strict=True):
        one = _level(check, node, where, document)
        if one is not None:
            facts.append(one)
    check.checked.arrays += len(facts)
    dialect = check.group.dialect
    check.checked.problems += problems_of_arrays(multiscale, facts, dialect=dialect)
    _order(check, facts, loc)
    if index == 0:
        _channels(check, multiscale, facts)
    _parameters(check, multiscale, loc)
    return facts


def _level(
    check: Check, node: str, loc: Loc, document: NodeDocument | NgffError | None
) -> ArrayFacts | None:
    what = f"The array {quoted(node)}"
    if isinstance(document, NgffError):
        check.fail(document, what, node, loc)
        return None
    if document is None or document.kind != "array":
        state = "is not there" if document is None else "is a group"
        text = f"{what} {state}. Correct the path, or write the array"
        check.add("error", "missing-array", loc, text)
        return None
    version = VERSIONS[check.group.dialect]
    if document.zarr_format != version.zarr_format:
        text = f"{what} is of Zarr format {document.zarr_format}; version "
        text += f"{version.name} must be stored in format {version.zarr_format}"
        check.add("error", "zarr-format", loc, text)
    try:
        check.reading.location.array(document)
    except NgffError as error:
        check.fail(error, what, node, loc)
    return array_facts(document, (*check.base, *loc))


def _order(check: Check, facts: list[ArrayFacts], loc: Loc) -> None:
    # "The `path`s MUST be ordered from largest (i.e. highest resolution) to
    # smallest."
    sizes = [prod(one.shape) for one in facts if one.shape is not None]
    if sizes != sorted(sizes, reverse=True):
        text = "The levels must be listed from the largest to the smallest"
        check.add("error", "level-order", (*loc, "datasets"), text)


def _channels(check: Check, multiscale: Multiscale, facts: list[ArrayFacts]) -> None:
    channels = check.group.rendering.channels if check.group.rendering else ()
    if not facts or facts[0].shape is None or not channels:
        return
    sizes = [
        size
        for axis, size in zip(multiscale.axes, facts[0].shape, strict=False)
        if kind_of(axis) == "channel"
    ]
    # "Array matching the c dimension size".
    size = sizes[0] if sizes else 1
    if size != len(channels):
        text = f"{len(channels)} channels are described, but there are {size}"
        check.add("warning", "channel-count", ("omero", "channels"), text)


def _parameters(check: Check, multiscale: Multiscale, loc: Loc) -> None:
    """Check what holds the parameters of transformations."""
    systems = {system.name: system for system in multiscale.coordinate_systems}
    for index, edge in enumerate(multiscale.edges):
        where = (*loc, "coordinateTransformations", index)
        check_transform(check, edge, where, systems)


def check_labels(check: Check, image: Multiscale, facts: list[ArrayFacts]) -> None:
    """Check the label images in the ``labels`` group of an image."""
    node = labels_node(check.document.node)
    [document] = check.reading.location.documents([node])
    if isinstance(document, NgffError):
        check.fail(document, f"The group {quoted(node)}", node)
        return
    if document is None or document.kind != "group":
        return
    check.checked.members.append(check.member("any", node, ()))
    group = check.reading.group(document)
    if group.labels is None:
        # 0.5: "The OME-Zarr Metadata in the `zarr.json` file associated with the
        # `labels` group MUST contain a JSON object with the key `labels`".
        level: Literal["error", "warning"] = "warning"
        if check.group.dialect in NAMESPACED:
            level = "error"
        text = "The labels group has no 'labels'. List its label images there"
        check.checked.problems.append(note(level, "no-labels", text, node=node))
    for name in group.labels or ():
        _between(check, node, name)
        _label(check, node, name, image, facts)
    _unlisted(check, document, group)


def _between(check: Check, labels: str, name: str) -> None:
    # "Intermediate groups between `labels` and the images within it are allowed,
    # but these MUST NOT contain metadata."
    parts = name.split("/")[:-1]
    if check.group.dialect not in NAMESPACED:
        return
    nodes = ["/".join([labels, *parts[: i + 1]]) for i in range(len(parts))]
    for node, document in zip(
        nodes, check.reading.location.documents(nodes), strict=True
    ):
        if document is None or isinstance(document, NgffError):
            continue
        if document.attributes:
            text = "A group between 'labels' and a label image must have no metadata"
            found = note("error", "labels-metadata-between", text, node=node)
            check.checked.problems.append(found)


def _unlisted(check: Check, document: NodeDocument, group: Group) -> None:
    # "All label images SHOULD be listed within this metadata file." Until 0.4:
    # "Unlisted groups MAY be labels."
    level: Literal["warning", "info"] = "info"
    if check.group.dialect in NAMESPACED:
        level = "warning"
    known = {name.split("/")[0] for name in group.labels or ()}
    for name in check.reading.location.children(document.node) or ():
        if name in known:
            continue
        text = f"'{plain(name)}' is in the labels group, but not listed"
        loc = (*prefix_of(document),)
        found = note(level, "label-unlisted", text, node=document.node, loc=loc)
        check.checked.problems.append(found)


def _label(
    check: Check, labels: str, name: str, image: Multiscale, facts: list[ArrayFacts]
) -> None:
    """Compare one label image with its image; it is looked at by itself later."""
    try:
        node = join(labels, name, limits=check.reading.limits)
        document = check.reading.location.document(node)
    except NgffError:
        return  # told when the labels group itself is looked at
    if document is None or document.kind != "group":
        return
    group = check.reading.group(document)
    if not group.multiscales:
        return
    label = group.multiscales[0]
    one = Check(reading=check.reading, document=document, group=group)
    check.checked.problems += problems_of_label(
        check_image(one, 0, label),
        facts,
        node=node,
        axes={axis.name: index for index, axis in enumerate(image.axes)},
        label_axes=[axis.name for axis in label.axes],
        dialect=group.dialect,
    )
