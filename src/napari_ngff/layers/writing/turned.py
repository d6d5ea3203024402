"""The question what becomes of layers that scale and translation do not place.

Knows the choices and their words; `saving.placing` carries them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.layers.writing.questions import Choice, Question

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Versions that hold any matrix.
EXACT: frozenset[str] = frozenset({"0.6"})


def question(names: Sequence[str]) -> Question:
    """Return the question what is to become of turned or sheared layers.

    Its answer is no answer of ``to_images`` but what its ``version`` or ``affine`` is.
    """
    shown = ", ".join(plain(name, limit=80) for name in names)
    return Question(
        key="affine",
        kind="affine",
        layers=tuple(names),
        text=(
            f"Turned or sheared: {shown}. OME-Zarr before 0.6 knows the size and the "
            "place of pixels only. What is to be saved?"
        ),
        choices=(
            Choice(value="0.6", text="OME-Zarr 0.6, which keeps it exactly"),
            Choice(value="resample", text="New pixels along the axes of the viewer"),
            Choice(value="drop", text="The same pixels, neither turned nor sheared"),
        ),
        advice="Pass version='0.6', affine='resample' or affine='drop'.",
    )
