"""The format as one page of types: what the JSON of any version says.

Every version of the specification (0.1 to 0.6 and 0.9.dev1) is read into these;
`versions` knows how. All are frozen values without behaviour; tuples instead of
lists; None where the file says nothing. Paths are as in the file: whoever follows
one passes it through `core.names` first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.transforms import Transform


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One end of a transformation: a coordinate system, perhaps in a child node."""

    name: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A transformation between two coordinate systems (0.6 and later)."""

    transform: Transform
    input: Endpoint
    output: Endpoint
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One resolution level: its array and the transform from its pixels.

    Attributes
    ----------
    path
        The array, relative to the image's group.
    transform
        From array indices (pixel centres, axis order of the array) to the
        multiscale's intrinsic coordinate system. Identity in 0.1 to 0.3, which have
        none; `Unknown` where the file should say it and says nothing of use.
    """

    path: str
    transform: Transform


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiscale:
    """One entry of ``multiscales``: a pyramid.

    Attributes
    ----------
    axes
        Axes of the intrinsic coordinate system, in array order. Where the file has
        none (0.1, 0.2): t, c, z, y, x.
    levels
        From the finest to the coarsest, as listed.
    intrinsic
        Name of the intrinsic coordinate system (0.6), else None.
    coordinate_systems
        All named systems, the intrinsic one included (0.6); empty before.
    transform
        The multiscales-level ``coordinateTransformations`` of 0.4 and 0.5, which
        apply after each level's own, and in 0.6 the one that is marked to be shown
        (see `shown`); Identity where there are none.
    edges
        The multiscales-level transformations of 0.6: alternatives, not applied.
    """

    name: str | None
    axes: tuple[Axis, ...]
    levels: tuple[Level, ...]
    transform: Transform
    intrinsic: str | None = None
    coordinate_systems: tuple[CoordinateSystem, ...] = ()
    edges: tuple[Edge, ...] = ()
    method: str | None = None
    metadata: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Contrast window of a channel; what the file leaves out is None."""

    start: float | None = None
    end: float | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel of ``omero``. `color` is six upper-case hex digits or None."""

    label: str | None = None
    color: str | None = None
    window: Window | None = None
    active: bool | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """The ``omero`` block: how to show an image at first.

    Unknown keys are in `extra`; those of ``rdefs`` are in an object of that name.
    `order`: the channels' indices from the one that is shown beneath the others to the
    one on top, our own addition (see `display`); None where the file says nothing.
    """

    channels: tuple[Channel, ...] = ()
    default_t: int | None = None
    default_z: int | None = None
    model: Literal["color", "greyscale"] | None = None
    order: tuple[int, ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageLabel:
    """The ``image-label`` block of a label image.

    Attributes
    ----------
    colors
        label value → RGBA, each 0-255. The last entry of a duplicate wins.
    properties
        label value → its properties, in file order.
    source
        Path to the labelled image relative to the label's group, as in the file;
        None where the file says nothing (the specification's default is ``../../``).
    """

    colors: Mapping[int, tuple[int, int, int, int]] = field(default_factory=dict)
    properties: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    source: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acquisition:
    """One acquisition run of a plate."""

    id: int
    name: str | None = None
    description: str | None = None
    maximum_field_count: int | None = None
    start_time: int | None = None
    end_time: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateWell:
    """A well as its plate lists it."""

    path: str
    row_index: int | None = None
    column_index: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """The ``plate`` block."""

    name: str | None = None
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    wells: tuple[PlateWell, ...] = ()
    acquisitions: tuple[Acquisition, ...] = ()
    field_count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WellImage:
    """A field of view as its well lists it."""

    path: str
    acquisition: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Well:
    """The ``well`` block."""

    images: tuple[WellImage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The ``scene`` block (0.6): images placed in shared coordinate systems."""

    coordinate_systems: tuple[CoordinateSystem, ...] = ()
    edges: tuple[Edge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All that one group's attributes say, whatever kind of node it is.

    A group may be several things at once (an image that is also a label; a plate
    written by bioformats2raw). Blocks that are absent are None or empty.

    Attributes
    ----------
    version
        The version's text in the file, unchanged; None where absent.
    dialect
        The module of `versions` that read it: ``"0.1"`` … ``"0.6"``, by structure.
    loc
        Where its blocks begin in the group's attributes: ``("ome",)`` or ``()``.
    problems
        Everything that was found wrong, MUSTs and SHOULDs.
    extra
        Keys of ``ome`` that this model does not know, kept; empty before 0.5.
    foreign
        Keys of the attributes that are not the specification's, kept: those beside
        ``ome``, or before 0.5 those beside the blocks.
    """

    version: str | None
    dialect: str
    loc: Loc = ()
    multiscales: tuple[Multiscale, ...] = ()
    rendering: Rendering | None = None
    labels: tuple[str, ...] | None = None
    image_label: ImageLabel | None = None
    plate: Plate | None = None
    well: Well | None = None
    scene: Scene | None = None
    bioformats2raw: int | None = None
    series: tuple[str, ...] | None = None
    problems: tuple[Problem, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    foreign: Mapping[str, Any] = field(default_factory=dict)
