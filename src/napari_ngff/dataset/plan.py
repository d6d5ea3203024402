"""What a save will do, before it does it: a value to show, to test and to carry out.

Knows images, options and what is at the target. Reads no pixels and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.options import Container, SaveOptions
    from napari_ngff.storage.pyramid import PyramidPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePlan:
    """One image as it will be written.

    Attributes
    ----------
    data
        The image: the pixels it comes from, and its metadata as they will be, one
        level for each of `pyramid`.
    node
        Its group inside the store; ``""`` is the root.
    pyramid
        Shapes, chunks and shards of its levels, and how they are made.
    documents
        The metadata document of each level's array.
    labels
        Its label images.
    """

    data: ImageData
    node: str
    pyramid: PyramidPlan
    documents: tuple[Mapping[str, object], ...]
    labels: tuple[LabelPlan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPlan:
    """One label image as it will be written; `image.node` ends in its `name`."""

    name: str
    image: ImagePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePlan:
    """One store that will be written.

    Attributes
    ----------
    target
        Where it will be.
    container
        A folder or one file.
    images
        One, or the images of a series.
    groups
        The attributes of every group in it, by node; the root's is ``""``.
    kept
        Names of the labels of the replaced image that are moved over.
    """

    target: Path
    container: Container
    images: tuple[ImagePlan, ...]
    groups: Mapping[str, Mapping[str, object]]
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePlan:
    """All that a save will do.

    Attributes
    ----------
    options
        What was chosen.
    stores
        What will be written.
    problems
        What the version cannot hold (kind ``"loss"`` …) and what else should be known;
        with an ``error`` among them the plan cannot be carried out.
    files, nbytes, memory
        Estimates: how many files, how many bytes of pixels before compression, and
        how many bytes of memory at a time.
    """

    options: SaveOptions
    stores: tuple[StorePlan, ...]
    problems: tuple[Problem, ...] = ()
    files: int = 0
    nbytes: int = 0
    memory: int = 0


def make_plan(
    images: Sequence[ImageData],
    target: str | os.PathLike[str],
    options: SaveOptions,
    *,
    problems: Sequence[Problem] = (),
) -> SavePlan:
    """Plan a save.

    Parameters
    ----------
    images
        What to save: pixels are those of the first of its `levels`; `store` and
        `node` are not used.
    target
        Where to; a suffix that says what it is is added where there is none.
    options
        How.
    problems
        What is known to be lost already; those of the plan follow.
    """
    raise NotImplementedError
