"""What should be known of an image that is planned, although nothing of it is lost.

Knows plans and what was asked for; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.text import sizes
from napari_ngff.metadata.axes import UNITS, kind_of, normal_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.dataset.saving.save_plan import ImagePlan


def remarks(plan: ImagePlan, options: SaveOptions) -> Iterator[Problem]:
    """Give what an image is not as it was asked for, or as it should be."""
    levels = plan.pyramid.levels
    if options.levels is not None and len(levels) < options.levels:
        text = f"{options.levels} levels were asked for, and the image has "
        text += (
            f"{len(levels)}: one coarser than {sizes(levels[-1].shape)} shows nothing"
        )
        yield note("info", "levels", text, node=plan.node)
    for axis in plan.data.multiscale.axes:
        kind, unit = kind_of(axis) or "", normal_unit(axis.unit)
        if unit is not None and unit not in UNITS.get(kind, (unit,)):
            text = f"The axis '{plain(axis.name)}' is one of {kind}, and '{unit}' no "
            text += f"unit of {kind}: other programs may not take it for one"
            yield note("info", "axis-unit", text, node=plan.node)


def misfits(image: ImagePlan, label: ImagePlan, name: str) -> Iterator[Problem]:
    """Give what of a label image is not as the specification wants it to be."""
    own, whole = len(label.pyramid.levels), len(image.pyramid.levels)
    if own != whole:
        text = f"The label image '{plain(name)}' has {own} levels, the image {whole}; "
        text += "they should have the same number"
        yield note("info", "label-levels", text, node=label.node)
