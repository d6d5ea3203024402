"""Axes of which a file says only that they number pixels, made axes of space.

0.6 has the type ``"array"`` for them; every version wants 2 or 3 axes of space in an
image, and only such are made smaller. Knows axes; knows no arrays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.reading.reading import note
from napari_ngff.metadata.axes import kind_of

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.metadata.axes import Axis

_ARRAY = "array"
_MOST = 3
"""Axes of space that an image can have."""


def with_space(image: ImageData, *, node: str) -> tuple[ImageData, tuple[Problem, ...]]:
    """Return an image that has axes of space, and what was changed for that.

    Parameters
    ----------
    image
        Any. Where one of its axes is one of space, or none has the type ``"array"``,
        it is returned as it is.
    node
        Where it will be, for the words.

    Returns
    -------
    image, problems
        Axes of the type ``"array"`` are what their names say (``t``, ``c``, ``z``,
        ``y``, ``x``); where that is no space, the last three of them are space.
    """
    axes = image.multiscale.axes
    numbered = [i for i, axis in enumerate(axes) if _is_numbered(axis)]
    if not numbered or any(kind_of(axis) == "space" for axis in axes):
        return image, ()
    types = {i: kind_of(replace(axes[i], type=None)) for i in numbered}
    if "space" not in types.values():
        types = dict.fromkeys(numbered[-_MOST:], "space")
    named = tuple(
        replace(axis, type=types.get(i) or axis.type) for i, axis in enumerate(axes)
    )
    changed = [axis for axis, old in zip(named, axes, strict=True) if axis != old]
    said = ", ".join(f"'{plain(axis.name)}' is {axis.type}" for axis in changed)
    text = f"Axes of the type 'array' are saved as what an image needs: {said}"
    problem = note("warning", "axis-type", text, node=node)
    return replace(image, multiscale=replace(image.multiscale, axes=named)), (problem,)


def _is_numbered(axis: Axis) -> bool:
    return axis.type is not None and axis.type.casefold() == _ARRAY
