"""Several images in one store: the layout of bioformats2raw.

Knows its groups and the least OME-XML that goes with it ("MetadataOnly"); images are
planned as any other one. Source: the specification, "bioformats2raw.layout".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from napari_ngff.dataset.reading.listings import OME
from napari_ngff.dataset.reading.ome_xml import METADATA
from napari_ngff.metadata.model import Group
from napari_ngff.metadata.writing.ome_xml import XmlImage, metadata_xml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.saving.save_plan import ImagePlan

LAYOUT: Final = 3


def nodes_of(count: int) -> tuple[str, ...]:
    """Return the groups of so many images: ``"0"``, ``"1"`` …."""
    return tuple(str(index) for index in range(count))


def series_groups(images: Sequence[ImagePlan], version: str) -> dict[str, Group]:
    """Return the groups of a series that are not images, by node."""
    nodes = tuple(image.node for image in images)
    return {
        "": Group(version=None, dialect=version, bioformats2raw=LAYOUT),
        OME: Group(version=None, dialect=version, series=nodes),
    }


def series_files(
    images: Sequence[ImagePlan],
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return what else is in a store with a series, by key; and what it cannot say."""
    text, problems = metadata_xml(
        [
            XmlImage(
                multiscale=image.data.multiscale,
                shape=image.pyramid.levels[0].shape,
                dtype=image.pyramid.dtype.name,
                rendering=image.data.group.rendering,
            )
            for image in images
        ]
    )
    return ({} if text is None else {f"{OME}/{METADATA}": text}), problems
