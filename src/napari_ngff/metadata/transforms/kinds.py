"""Coordinate transformations as values: the types of the specification (0.6).

Knows what each type says, not what it does; 0.4 and 0.5 use the first three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Vector: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Vector, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Every point stays."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Each coordinate times its factor.

    Attributes
    ----------
    scale
        The factors.
    assumed
        Indices of factors that are not the file's: a pixel size that is no good is 1.
    """

    scale: Vector
    assumed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Translation:
    """Each coordinate plus its offset."""

    translation: Vector


@dataclass(frozen=True, slots=True)
class Rotation:
    """An orthonormal N x N matrix with determinant 1, or the array that holds it."""

    matrix: Matrix | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Affine:
    """An M x (N+1) matrix (the last column is the offset), or its array."""

    matrix: Matrix | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class MapAxis:
    """Output coordinate i is input coordinate ``indices[i]``."""

    indices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ByDimensionPart:
    """A transform of some input axes into some output axes."""

    transform: Transform
    input_axes: tuple[int, ...]
    output_axes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ByDimension:
    """Parts, each with its own axes; every output axis exactly once."""

    parts: tuple[ByDimensionPart, ...]


@dataclass(frozen=True, slots=True)
class ProjectAxis:
    """Drops input axes and creates output axes (new coordinate: 0)."""

    dropped_inputs: tuple[int, ...] = ()
    created_outputs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """One transform after another, the first applied first."""

    transforms: tuple[Transform, ...]


@dataclass(frozen=True, slots=True)
class Bijection:
    """A forward transform with its inverse given beside it."""

    forward: Transform
    inverse: Transform


@dataclass(frozen=True, slots=True)
class Field:
    """Displacements or coordinates held in an image; not expressible as a matrix."""

    type: str
    path: str
    interpolation: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A transform of a type this model does not know, or whose parameters are bad."""

    type: str


Transform: TypeAlias = (
    Identity
    | Scale
    | Translation
    | Rotation
    | Affine
    | MapAxis
    | ByDimension
    | ProjectAxis
    | Sequence
    | Bijection
    | Field
    | Unknown
)
