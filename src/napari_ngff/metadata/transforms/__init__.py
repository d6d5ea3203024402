"""Coordinate transformations: what they say, and what they do to points.

A transform maps points (rows of an (n, input_ndim) array, axis order as in the
file) to points (n, output_ndim). Pixel centres are integers. Parameters of rotation
and affine may live in an array (`path`): until `resolve` has put them in, such a
transform has no matrix. Knows nothing of where a transform stands in a file, of
pixels or of units; `spaces` and `geometry` do.

A transform as read from a file may be nonsense (three factors for two axes, numbers
that overflow): such a transform has no matrix and no inverse, and `apply` says why.

=============  ===================================================================
`kinds`        the types of the specification as values
`parts`        what a transform is made of: `compose`, `paths`, `resolve`
`matrices`     what it does: `matrix`, `apply`, `output_ndim`
`inverses`     undoing it
=============  ===================================================================
"""

from napari_ngff.metadata.transforms.inverses import inverse, inverse_matrix
from napari_ngff.metadata.transforms.kinds import (
    Affine,
    Bijection,
    ByDimension,
    ByDimensionPart,
    Field,
    Identity,
    MapAxis,
    Matrix,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
    Transform,
    Translation,
    Unknown,
    Vector,
)
from napari_ngff.metadata.transforms.matrices import (
    FloatArray,
    apply,
    assumed_axes,
    is_rotation,
    is_scale_translation,
    matrix,
    output_ndim,
)
from napari_ngff.metadata.transforms.parts import compose, obstacles, paths, resolve

__all__ = [
    "Affine",
    "Bijection",
    "ByDimension",
    "ByDimensionPart",
    "Field",
    "FloatArray",
    "Identity",
    "MapAxis",
    "Matrix",
    "ProjectAxis",
    "Rotation",
    "Scale",
    "Sequence",
    "Transform",
    "Translation",
    "Unknown",
    "Vector",
    "apply",
    "assumed_axes",
    "compose",
    "inverse",
    "inverse_matrix",
    "is_rotation",
    "is_scale_translation",
    "matrix",
    "obstacles",
    "output_ndim",
    "paths",
    "resolve",
]
