"""What a validator refuses although the specification allows it, and why.

Each has an example that is refused: where it no longer is, the test fails, so that
the list stays true.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from napari_ngff.metadata.axes import Axis, CoordinateSystem
from napari_ngff.metadata.model import (
    Edge,
    Endpoint,
    Group,
    ImageLabel,
    Level,
    Multiscale,
)
from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    Field,
    Identity,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from napari_ngff.metadata.transforms import Transform


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """A validator's refusal that does not count.

    Attributes
    ----------
    validator, block
        Which, and what of the metadata it refuses.
    versions
        In which versions.
    about
        Whether a group is one of those that it refuses, or may refuse.
    example
        A group that it does refuse.
    reason
        Why it is not followed.
    """

    validator: str
    block: str
    versions: tuple[str, ...] = ("0.4", "0.5", "0.6")
    about: Callable[[Group], bool]
    example: Group
    reason: str


_ZYX = tuple(Axis(name=name, type="space", unit="micrometer") for name in "zyx")
IMAGE = Multiscale(
    name="image",
    axes=_ZYX,
    levels=(Level(path="0", transform=Scale((1.0, 0.5, 0.5))),),
    transform=Identity(),
    method="mean",
    metadata={"description": "blocks of 2 by 2 pixels"},
)
GROUP = Group(version=None, dialect="0.5", multiscales=(IMAGE,))


def _with(transform: Transform) -> Group:
    """Make an image with a transformation to another coordinate system."""
    systems = tuple(CoordinateSystem(name=n, axes=_ZYX) for n in ("physical", "world"))
    edge = Edge(
        transform=transform,
        input=Endpoint(name="physical"),
        output=Endpoint(name="world"),
    )
    image = replace(
        IMAGE, intrinsic="physical", coordinate_systems=systems, edges=(edge,)
    )
    return replace(GROUP, multiscales=(image,))


def _has_untyped_axis(group: Group) -> bool:
    return any(axis.type is None for m in group.multiscales for axis in m.axes)


def _has_labels_of_one_kind(group: Group) -> bool:
    block = group.image_label
    return block is not None and set(block.colors) != set(block.properties)


def _leaves(transform: Transform) -> Iterator[Transform]:
    match transform:
        case Sequence(steps):
            for step in steps:
                yield from _leaves(step)
        case Bijection(forward, inverse):
            yield from (*_leaves(forward), *_leaves(inverse))
        case _:
            yield transform


def _edges(group: Group) -> list[Any]:
    own = [edge for m in group.multiscales for edge in m.edges]
    placed = group.scene.edges if group.scene else ()
    return [leaf for edge in (*own, *placed) for leaf in _leaves(edge.transform)]


def _is_by_path(group: Group) -> bool:
    return any(
        isinstance(leaf, Affine | Rotation) and leaf.matrix is None
        for leaf in _edges(group)
    )


def _has_no_size(group: Group) -> bool:
    return any(isinstance(leaf, Field | ProjectAxis) for leaf in _edges(group)) or any(
        isinstance(edge.transform, Bijection | Sequence)
        for m in group.multiscales
        for edge in m.edges
    )


_UNTYPED = Excuse(
    validator="schemas",
    block="multiscales",
    versions=("0.4", "0.5"),
    about=_has_untyped_axis,
    example=replace(
        GROUP,
        multiscales=(
            replace(
                IMAGE,
                axes=(Axis(name="phase"), *_ZYX),
                levels=(Level(path="0", transform=Scale((1.0, 1.0, 0.5, 0.5))),),
            ),
        ),
    ),
    reason="its rule of at most 3 axes of space counts one without a type as well",
)
_BY_PATH = Excuse(
    validator="ome-zarr-models",
    block="multiscales",
    versions=("0.6",),
    about=_is_by_path,
    example=_with(Affine(path="matrix")),
    reason="does not read a transformation's parameters from an array",
)
_NO_SIZE = Excuse(
    validator="ome-zarr-models",
    block="multiscales",
    versions=("0.6",),
    about=_has_no_size,
    example=_with(Sequence((ProjectAxis((0,), (2,)), Identity()))),
    reason="does not know how many axes these transformations have",
)

EXCUSES = (
    _UNTYPED,
    _BY_PATH,
    replace(_BY_PATH, block="scene"),
    replace(_BY_PATH, block="image-label"),
    _NO_SIZE,
    replace(_NO_SIZE, block="image-label"),
    Excuse(
        validator="ome-zarr-models",
        block="image-label",
        about=_has_labels_of_one_kind,
        example=replace(
            GROUP,
            image_label=ImageLabel(
                colors={1: (255, 0, 0, 255)}, properties={2: {"area": 3.5}}
            ),
        ),
        reason="wants colors and properties for the very same labels",
    ),
)
