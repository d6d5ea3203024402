"""Wishes about the metadata of an image, as values.

Knows what can be wished for; what a wish changes in the JSON of a version is known by
the other modules here. Wishes about coordinate systems are in `systems`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from napari_ngff.metadata.editing.systems import SystemEdit

if TYPE_CHECKING:
    from collections.abc import Hashable

    from napari_ngff.core.problems import Loc


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameAxis:
    """Another name for an axis, in ``dimension_names`` of the levels' arrays too.

    Attributes
    ----------
    axis
        Index of the axis in the array.
    name
        Its new name.
    """

    axis: int
    name: str

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("axis", self.axis, "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAxisType:
    """Another type of an axis; None: the file is to say none."""

    axis: int
    type: str | None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("axis", self.axis, "type")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUnit:
    """Another unit of an axis.

    Attributes
    ----------
    axis
        Index of the axis in the array.
    unit
        The new unit; a synonym is written by its name in the specification. None: the
        file is to say none.
    keep
        ``"number"``: pixel sizes and origins stay as they are written, and mean
        something else. ``"size"``: they are converted and mean the same.
    before
        The unit that numbers are in where the file says none.
    """

    axis: int
    unit: str | None
    keep: Literal["number", "size"] = "number"
    before: str | None = None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("axis", self.axis, "unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPixelSize:
    """Another length of the finest level's pixels, and of the others' in proportion.

    Attributes
    ----------
    axis
        Index of the axis in the array.
    size
        In the axis' unit: positive, all transformations of the image included.
    """

    axis: int
    size: float

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("pixel_size", self.axis)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOrigin:
    """Another place of the finest level's first pixel; the others move along.

    Attributes
    ----------
    axis
        Index of the axis in the array.
    origin
        Where the centre of that pixel is, in the axis' unit, all transformations of
        the image included.
    """

    axis: int
    origin: float

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("origin", self.axis)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAxisMember:
    """Another member of an axis (0.6): its ``longName``, ``discrete``, ``orientation``.

    Attributes
    ----------
    axis
        Index of the axis in the array.
    member
        The key in the JSON.
    value
        Its new value; None: the file is to say none.
    """

    axis: int
    member: str
    value: Any

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("axis", self.axis, self.member)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMultiscaleName:
    """Another name of the image; None: the file is to say none."""

    name: str | None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("name",)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeConsistent:
    """Every level where the finest one and the shapes put it; see `levels`."""

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("levels",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChannel:
    """Another member of a channel.

    Attributes
    ----------
    channel
        Its index along the channel axis.
    member
        ``"label"``, ``"color"``, ``"active"``, ``"window.start"``, ``"window.end"``,
        ``"window.min"``, ``"window.max"``.
    value
        Text; six hexadecimal digits, a ``#`` before them is left out; true or false;
        a number. None: the file is to say none.
    """

    channel: int
    member: str
    value: str | bool | float | None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("channel", self.channel, *self.member.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChannelOrder:
    """Another order of display; channels keep their places along the channel axis.

    Attributes
    ----------
    order
        The index of each channel, from the one that is shown beneath the others to
        the one on top; None: the order of the channel axis, which needs not be said.
    """

    order: tuple[int, ...] | None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("channel_order",)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRendering:
    """Another member of ``rdefs``: how an image is shown at first.

    Attributes
    ----------
    member
        ``"defaultT"``, ``"defaultZ"``: the plane that is shown first; ``"model"``.
    value
        An index; ``"color"`` or ``"greyscale"``. None: the file is to say none.
    """

    member: Literal["defaultT", "defaultZ", "model"]
    value: int | str | None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("rendering", self.member)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLabelColor:
    """Another colour of a label.

    Attributes
    ----------
    label
        The value of its pixels.
    rgba
        Red, green, blue and opacity, each 0 to 255; None: the file is to say none.
    """

    label: int
    rgba: tuple[int, int, int, int] | None

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("label", self.label, "color")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLabelProperty:
    """Another property of a label.

    Attributes
    ----------
    label
        The value of its pixels.
    name
        What the property is called.
    value
        Any JSON; None: the file is to say none.
    """

    label: int
    name: str
    value: Any

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("label", self.label, "property", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The one sure remedy of a problem that no other edit stands for; see `fixes`.

    Attributes
    ----------
    kind
        The kind of the problem.
    loc
        Where it is in the attributes of the group.
    """

    kind: str
    loc: Loc = ()

    @property
    def field(self) -> Hashable:
        """What is edited."""
        return ("repair", self.kind, *self.loc)


Edit: TypeAlias = (
    RenameAxis
    | SetAxisType
    | SetUnit
    | SetPixelSize
    | SetOrigin
    | SetAxisMember
    | SetMultiscaleName
    | MakeConsistent
    | SetChannel
    | SetChannelOrder
    | SetRendering
    | SetLabelColor
    | SetLabelProperty
    | Repair
    | SystemEdit
)
