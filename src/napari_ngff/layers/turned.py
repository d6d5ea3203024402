"""What becomes of images that scale and translation do not place.

Knows the choices and carries them out; does not know which layers an image is made of,
nor how a version writes a matrix.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.dataset.resample import resampled
from napari_ngff.layers.losses import loss
from napari_ngff.layers.questions import Choice, Question
from napari_ngff.layers.world import Placed, spacing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.layers.assembling import Assembled

#: The key of the question and, in its answers, the version that holds any matrix.
KEY = "affine"
NEWER = "0.6"

Change: TypeAlias = Literal["resample", "drop"]
CHANGES: Mapping[str, Change] = {"resample": "resample", "drop": "drop"}


def question(names: Sequence[str]) -> Question:
    """Return the question what is to become of turned or sheared layers."""
    shown = ", ".join(plain(name, limit=80) for name in names)
    return Question(
        key=KEY,
        kind="affine",
        layers=tuple(names),
        text=(
            f"Turned or sheared: {shown}. OME-Zarr before 0.6 knows the size and the "
            "place of pixels only. What is to be saved?"
        ),
        choices=(
            Choice(value=NEWER, text="OME-Zarr 0.6, which keeps it exactly"),
            Choice(value="resample", text="New pixels along the axes of the viewer"),
            Choice(value="drop", text="The same pixels, neither turned nor sheared"),
        ),
    )


def changed(
    image: Assembled, change: Change, name: str, *, nearest: bool
) -> tuple[Assembled, Problem]:
    """Return an image that scale and translation place, and what is lost with that.

    Parameters
    ----------
    image
        Turned or sheared.
    change
        ``"resample"``: new pixels on a grid along the world's axes, of the finest
        level alone. ``"drop"``: the pixels as they are; their size stays, and the
        place of the first.
    name
        Of the layer.
    nearest
        Whether new pixels are one of the old ones, as those of labels must be.
    """
    placed = image.placed
    if change == "drop":
        return _dropped(image, name)
    how: Literal["linear", "nearest"] = "nearest" if nearest else "linear"
    array, matrix = resampled(placed.levels[0], placed.matrices[0], how)
    text = (
        f"it is turned or sheared, so new pixels are computed ({how} interpolation): "
        f"{' x '.join(map(str, array.shape))} in place of "
        f"{' x '.join(map(str, placed.levels[0].shape))}."
    )
    found = Placed(levels=(array,), matrices=(matrix,))
    return replace(image, placed=found, origin=None), loss(name, "resampled", text)


def _dropped(image: Assembled, name: str) -> tuple[Assembled, Problem]:
    placed = image.placed
    base = placed.matrices[0]
    own = np.diag([*spacing(base), 1.0])
    own[:-1, -1] = base[:-1, -1]
    undone = own @ np.linalg.inv(base)
    found = Placed(
        levels=placed.levels, matrices=tuple(undone @ m for m in placed.matrices)
    )
    text = "that it is turned or sheared is not saved: other programs show it straight."
    return replace(image, placed=found), loss(name, "affine-not-saved", text)
