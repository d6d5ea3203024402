"""What the arrays and the members of one group must be, beside what its JSON says.

Knows levels, label images, wells, fields, series and scenes; each check gives the
problems and the groups to look at next. Reads documents only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import LimitExceeded, NgffError
from napari_ngff.dataset.arrays import (
    ArrayFacts,
    array_facts,
    problems_of_arrays,
    problems_of_label,
)
from napari_ngff.dataset.labels import LABELS, labels_node
from napari_ngff.dataset.listings import OME
from napari_ngff.dataset.ome_xml import METADATA
from napari_ngff.dataset.reading import Reading, failure, note, quoted
from napari_ngff.metadata.axes import kind_of
from napari_ngff.metadata.transforms import paths
from napari_ngff.metadata.versions import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.model import Group, Multiscale
    from napari_ngff.storage.location import NodeDocument

Role: TypeAlias = Literal["any", "image", "label", "well"]
ROLES: Final = {"image": "an image", "label": "a label image", "well": "a well"}
#: Versions whose metadata are under the key `ome`.
NAMESPACED: Final = tuple(n for n, v in VERSIONS.items() if v.namespace is not None)
_LAYOUT: Final = "bioformats2raw.layout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A group to look at, and who says that it is there.

    Attributes
    ----------
    role
        What it has to be.
    parent, loc
        The node whose document lists it, and where in that.
    acquisitions
        Of a well: the ids of its plate's acquisitions; None where it has no plate.
    depth
        How many groups that say nothing are above it.
    """

    node: str
    role: Role
    parent: str = ""
    loc: Loc = ()
    acquisitions: tuple[int, ...] | None = None
    depth: int = 0

    @property
    def said_by(self) -> str:
        """Who lists it, in words."""
        return f"the document of {quoted(self.parent)}"


@dataclass(slots=True, kw_only=True)
class Checked:
    """What checking one group gave."""

    problems: list[Problem] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    arrays: int = 0


def prefix_of(document: NodeDocument) -> Loc:
    """Return where in a group's document its attributes are."""
    return ("attributes",) if document.zarr_format == 3 else ()


def check_group(
    reading: Reading, document: NodeDocument, group: Group, member: Member
) -> Checked:
    """Check the arrays and members that a group's metadata speak of."""
    one = _One(reading=reading, document=document, group=group)
    one.check_role(member)
    facts = [
        one.check_image(index, multiscale)
        for index, multiscale in enumerate(group.multiscales)
    ]
    if facts and group.image_label is None:
        one.check_labels(group.multiscales[0], facts[0])
    if group.labels is not None:
        one.add_members("label", enumerate(group.labels), (LABELS,))
    if group.plate is not None:
        one.check_plate()
    elif group.bioformats2raw is not None:
        one.check_series()
    if group.well is not None:
        one.check_well(member)
    if group.scene is not None:
        one.check_scene()
    return one.checked


@dataclass(slots=True, kw_only=True)
class _One:
    """One group, while it is checked."""

    reading: Reading
    document: NodeDocument
    group: Group
    checked: Checked = field(default_factory=Checked)

    @property
    def base(self) -> Loc:
        """Where the blocks begin in the group's document."""
        return (*prefix_of(self.document), *self.group.loc)

    def add(
        self, level: Literal["error", "warning", "info"], kind: str, loc: Loc, text: str
    ) -> None:
        where = (*self.base, *loc)
        problem = note(level, kind, text, node=self.document.node, loc=where)
        self.checked.problems.append(problem)

    def fail(self, error: NgffError, what: str, node: str, loc: Loc = ()) -> None:
        where = (*self.base, *loc)
        self.checked.problems += failure(error, what=what, node=node, loc=where)

    def join(self, path: str, loc: Loc) -> str | None:
        """Return the node that a path names; None, with a problem, if it is unfit."""
        try:
            return join(self.document.node, path, limits=self.reading.limits)
        except NgffError as error:
            self.fail(error, f"What is at '{plain(path)}'", self.document.node, loc)
            return None

    def add_members(
        self, role: Role, given: Iterable[tuple[int, str]], loc: Loc
    ) -> None:
        """Put the groups at some paths in line; `loc` is that of their list."""
        for index, path in given:
            where = (*loc, index)
            node = self.join(path, where)
            if node is not None:
                self.checked.members.append(self.member(role, node, where))

    def member(self, role: Role, node: str, loc: Loc) -> Member:
        where = (*self.base, *loc)
        return Member(node=node, role=role, parent=self.document.node, loc=where)

    def check_role(self, member: Member) -> None:
        group = self.group
        fine = {
            "any": True,
            "image": bool(group.multiscales),
            "label": bool(group.multiscales),
            "well": group.well is not None,
        }
        if not fine[member.role]:
            text = f"This is not {ROLES[member.role]}, as {member.said_by} says"
            self.add("error", "wrong-group", (), text)
        if member.role == "label" and group.image_label is None:
            # "the OME-Zarr Metadata in this image-level `zarr.json` file SHOULD contain
            # another key, `image-label`".
            text = "The label image has no 'image-label'. Add it"
            self.add("warning", "image-label-missing", (), text)

    def check_image(self, index: int, multiscale: Multiscale) -> list[ArrayFacts]:
        """Check the arrays of one entry of multiscales."""
        loc: Loc = ("multiscales", index)
        places = []
        for i, level in enumerate(multiscale.levels):
            where = (*loc, "datasets", i, "path")
            node = self.join(level.path, where)
            if node is not None:
                places.append((node, where))
        documents = self.reading.location.documents([node for node, _ in places])
        facts = []
        for (node, where), document in zip(places, documents, strict=True):
            one = self._level(node, where, document)
            if one is not None:
                facts.append(one)
        self.checked.arrays += len(facts)
        dialect = self.group.dialect
        self.checked.problems += problems_of_arrays(multiscale, facts, dialect=dialect)
        self._order(facts, loc)
        self._channels(multiscale, facts)
        self._parameters(multiscale, loc)
        return facts

    def _level(
        self, node: str, loc: Loc, document: NodeDocument | NgffError | None
    ) -> ArrayFacts | None:
        what = f"The array {quoted(node)}"
        if isinstance(document, NgffError):
            self.fail(document, what, node, loc)
            return None
        if document is None or document.kind != "array":
            state = "is not there" if document is None else "is a group"
            text = f"{what} {state}. Correct the path, or write the array"
            self.add("error", "missing-array", loc, text)
            return None
        version = VERSIONS[self.group.dialect]
        if document.zarr_format != version.zarr_format:
            text = f"{what} is of Zarr format {document.zarr_format}; version "
            text += f"{version.name} must be stored in format {version.zarr_format}"
            self.add("error", "zarr-format", loc, text)
        try:
            self.reading.location.array(document)
        except NgffError as error:
            self.fail(error, what, node, loc)
        return array_facts(document, (*self.base, *loc))

    def _order(self, facts: list[ArrayFacts], loc: Loc) -> None:
        # "The `path`s MUST be ordered from largest (i.e. highest resolution) to
        # smallest."
        sizes = [prod(one.shape) for one in facts if one.shape is not None]
        if sizes != sorted(sizes, reverse=True):
            text = "The levels must be listed from the largest to the smallest"
            self.add("error", "level-order", (*loc, "datasets"), text)

    def _channels(self, multiscale: Multiscale, facts: list[ArrayFacts]) -> None:
        channels = self.group.rendering.channels if self.group.rendering else ()
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
            self.add("warning", "channel-count", ("omero", "channels"), text)

    def _parameters(self, multiscale: Multiscale, loc: Loc) -> None:
        """Check that the arrays are there that hold parameters of transformations."""
        for index, edge in enumerate(multiscale.edges):
            where = (*loc, "coordinateTransformations", index)
            for path in paths(edge.transform):
                node = self.join(path, where)
                if node is not None:
                    self._has(node, "array", where)

    def _has(self, node: str, kind: str, loc: Loc) -> NodeDocument | None:
        what = f"The {kind} {quoted(node)}"
        try:
            document = self.reading.location.document(node)
        except NgffError as error:
            self.fail(error, what, node, loc)
            return None
        if document is None or document.kind != kind:
            self.add("error", f"missing-{kind}", loc, f"{what} is not there")
            return None
        return document

    def check_labels(self, image: Multiscale, facts: list[ArrayFacts]) -> None:
        """Check the label images in the ``labels`` group of an image."""
        node = labels_node(self.document.node)
        [document] = self.reading.location.documents([node])
        if isinstance(document, NgffError):
            self.fail(document, f"The group {quoted(node)}", node)
            return
        if document is None or document.kind != "group":
            return
        self.checked.members.append(self.member("any", node, ()))
        group = self.reading.group(document)
        if group.labels is None:
            # 0.5: "The OME-Zarr Metadata in the `zarr.json` file associated with the
            # `labels` group MUST contain a JSON object with the key `labels`".
            level: Literal["error", "warning"] = "warning"
            if self.group.dialect in NAMESPACED:
                level = "error"
            text = "The labels group has no 'labels'. List its label images there"
            self.checked.problems.append(note(level, "no-labels", text, node=node))
        for name in group.labels or ():
            self._between(node, name)
            self._label(node, name, image, facts)
        self._unlisted(document, group)

    def _between(self, labels: str, name: str) -> None:
        # "Intermediate groups between `labels` and the images within it are allowed,
        # but these MUST NOT contain metadata."
        parts = name.split("/")[:-1]
        if self.group.dialect not in NAMESPACED:
            return
        nodes = ["/".join([labels, *parts[: i + 1]]) for i in range(len(parts))]
        for node, document in zip(
            nodes, self.reading.location.documents(nodes), strict=True
        ):
            if document is None or isinstance(document, NgffError):
                continue
            if document.attributes:
                text = (
                    "A group between 'labels' and a label image must have no metadata"
                )
                found = note("error", "labels-metadata-between", text, node=node)
                self.checked.problems.append(found)

    def _unlisted(self, document: NodeDocument, group: Group) -> None:
        # "All label images SHOULD be listed within this metadata file." Until 0.4:
        # "Unlisted groups MAY be labels."
        level: Literal["warning", "info"] = "info"
        if self.group.dialect in NAMESPACED:
            level = "warning"
        known = {name.split("/")[0] for name in group.labels or ()}
        for name in self.reading.location.children(document.node) or ():
            if name in known:
                continue
            text = f"'{plain(name)}' is in the labels group, but not listed"
            loc = (*prefix_of(document),)
            found = note(level, "label-unlisted", text, node=document.node, loc=loc)
            self.checked.problems.append(found)

    def _label(
        self, labels: str, name: str, image: Multiscale, facts: list[ArrayFacts]
    ) -> None:
        """Compare one label image with its image; it is looked at by itself later."""
        try:
            node = join(labels, name, limits=self.reading.limits)
            document = self.reading.location.document(node)
        except NgffError:
            return  # told when the labels group itself is looked at
        if document is None or document.kind != "group":
            return
        group = self.reading.group(document)
        if not group.multiscales:
            return
        label = group.multiscales[0]
        one = _One(reading=self.reading, document=document, group=group)
        self.checked.problems += problems_of_label(
            one.check_image(0, label),
            facts,
            node=node,
            axes={axis.name: index for index, axis in enumerate(image.axes)},
            label_axes=[axis.name for axis in label.axes],
            dialect=group.dialect,
        )

    def check_plate(self) -> None:
        """Put the wells in line."""
        plate = self.group.plate
        if plate is None:
            return
        ids = tuple(acquisition.id for acquisition in plate.acquisitions)
        for index, well in enumerate(plate.wells):
            loc = ("plate", "wells", index)
            node = self.join(well.path, loc)
            if node is not None:
                member = self.member("well", node, loc)
                self.checked.members.append(replace(member, acquisitions=ids))

    def check_well(self, member: Member) -> None:
        """Put the fields of view in line; check their acquisitions."""
        images = self.group.well.images if self.group.well else ()
        loc: Loc = ("well", "images")
        self.add_members("image", ((i, m.path) for i, m in enumerate(images)), loc)
        ids = member.acquisitions
        for index, image in enumerate(images):
            # "If multiple acquisitions were performed in the plate, it MUST contain an
            # `acquisition` key whose value MUST be an integer identifying the
            # acquisition which MUST match one of the acquisition JSON objects defined
            # in the plate metadata."
            if ids and len(ids) > 1 and image.acquisition is None:
                text = "The plate has several acquisitions: say which this is"
                self.add("error", "acquisition-missing", (*loc, index), text)
            elif ids and image.acquisition is not None and image.acquisition not in ids:
                text = f"The plate has no acquisition {image.acquisition}"
                where = (*loc, index, "acquisition")
                self.add("error", "acquisition-unknown", where, text)

    def check_series(self) -> None:
        """Put the images of a bioformats2raw fileset in line."""
        node = f"{self.document.node}/{OME}" if self.document.node else OME
        [document] = self.reading.location.documents([node])
        if isinstance(document, NgffError):
            self.fail(document, f"The group {quoted(node)}", node)
            document = None
        self._xml(node)
        group = None
        if document is not None:
            group = self.reading.group(document)
        if document is not None and group is not None and group.series is not None:
            ome = _One(reading=self.reading, document=document, group=group)
            self.checked.members.append(self.member("any", node, (_LAYOUT,)))
            for index, path in enumerate(group.series):
                place = self.join(path, (_LAYOUT,))
                if place is not None:
                    self.checked.members.append(
                        ome.member("image", place, ("series", index))
                    )
            return
        # "If the `series` attribute does not exist and no `plate` is present: separate
        # `multiscales` images MUST be stored in consecutively numbered groups starting
        # from 0".
        names = self.reading.location.children(self.document.node) or ()
        for name in [n for n in names if n.isdigit()] or ["0"]:
            place = self.join(name, (_LAYOUT,))
            if place is not None:
                self.checked.members.append(self.member("image", place, (_LAYOUT,)))

    def _xml(self, node: str) -> None:
        # "SHOULD have OME metadata representing the entire collection of images in a
        # file named `OME/METADATA.ome.xml`".
        key = f"{node}/{METADATA}"
        try:
            found = self.reading.location.file(key, limit=1)
        except LimitExceeded:
            return  # it is there
        except NgffError as error:
            self.fail(error, f"The file '{plain(key)}'", node)
            return
        if found is None:
            text = f"There is no '{plain(key)}' with the OME metadata of the images"
            self.add("warning", "ome-xml-missing", (_LAYOUT,), text)

    def check_scene(self) -> None:
        """Put the images of a scene in line; check that they have the systems named."""
        edges = self.group.scene.edges if self.group.scene else ()
        for index, edge in enumerate(edges):
            loc: Loc = ("scene", "coordinateTransformations", index)
            for key, end in (("input", edge.input), ("output", edge.output)):
                node = end.path and self.join(end.path, (*loc, key, "path"))
                if node:
                    self._system(node, end.name, (*loc, key))
            for path in paths(edge.transform):
                node = self.join(path, loc)
                if node is not None:
                    self._has(node, "array", loc)

    def _system(self, node: str, name: str | None, loc: Loc) -> None:
        document = self._has(node, "group", loc)
        if document is None:
            return
        self.checked.members.append(self.member("image", node, loc))
        group = self.reading.group(document)
        names = {s.name for m in group.multiscales for s in m.coordinate_systems}
        if name is not None and name not in names:
            # "If `name` refers to a coordinate system in the multiscale image subgroup
            # specified by `path`, both `path` and `name` MUST be provided."
            text = f"{quoted(node)} has no coordinate system '{plain(name)}'"
            self.add("error", "coordinate-system-unknown", loc, text)
