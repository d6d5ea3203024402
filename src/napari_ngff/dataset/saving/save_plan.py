"""A save that is not done yet, as a value: to show, to test and to carry out.

Knows what there is to say about a save; does not know how that is found out (`plan`)
nor how it is done (`write`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.belongings import Belongings
    from napari_ngff.dataset.saving.copying import Stored
    from napari_ngff.dataset.saving.options import Container, SaveOptions
    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.commit.seen import Seen
    from napari_ngff.storage.pyramids.pyramid import PyramidPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePlan:
    """One image, or the image of a label, as it will be written.

    Attributes
    ----------
    data
        Its metadata as they will be, with one level for each of `pyramid`; of the
        pixels, those of the first of its `levels` are the ones that are saved.
    node
        Its group inside the store; ``""`` is the root.
    pyramid
        Shapes, chunks and shards of its levels, and how they are made.
    layouts
        How each level's array is stored.
    labels
        Its label images.
    stored
        Its levels where they are stored already as they should be, and can be copied;
        else empty.
    unseen
        Channels whose contrast limits nobody stated: they are measured.
    """

    data: ImageData
    node: str
    pyramid: PyramidPlan
    layouts: tuple[ArrayLayout, ...]
    labels: tuple[LabelPlan, ...] = ()
    stored: tuple[Stored, ...] = ()
    unseen: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPlan:
    """One label image as it will be written.

    Attributes
    ----------
    name
        Its name in the ``labels`` group.
    image
        The image that it is; its `node` ends in `name`.
    kept
        Whether it is moved over from the image that is replaced.
    """

    name: str
    image: ImagePlan
    kept: bool = False


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
    files
        What else is in it, by key: the OME-XML of a series.
    replaced
        The files of the image that is at the target now and will be replaced; None:
        nothing is there.
    seen
        What these were known by when this was planned: their labels, and what else
        is kept of them, were read then.
    foreign
        Files at the target that do not belong to an image, and so keep it from being
        replaced.
    """

    target: Path
    container: Container
    images: tuple[ImagePlan, ...]
    groups: Mapping[str, Mapping[str, object]]
    files: Mapping[str, bytes]
    replaced: Belongings | None = None
    seen: Seen | None = None
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePlan:
    """All that a save will do.

    Attributes
    ----------
    options
        What was chosen.
    stores
        What will be written.
    obstacles
        Why it cannot be done, or not with these options; empty where it can.
    problems
        What will not be saved as it is, and what else should be known: ``"error"``
        and ``"warning"`` are losses.
    files, nbytes, memory
        Estimates: how many files, how many bytes of pixels before compression, and
        how many bytes of memory at a time.
    workers
        How many tasks will run at a time.
    """

    options: SaveOptions
    stores: tuple[StorePlan, ...]
    obstacles: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: int = 0
    nbytes: int = 0
    memory: int = 0
    workers: int = 1

    @property
    def losses(self) -> tuple[Problem, ...]:
        """The problems that are losses."""
        return tuple(p for p in self.problems if p.level != "info")


def all_images(store: StorePlan) -> Iterator[ImagePlan]:
    """Give every image of a store, each before those of its labels."""
    for image in store.images:
        yield image
        yield from (label.image for label in image.labels)


def with_advice(plan: SavePlan, advice: Mapping[str, str]) -> SavePlan:
    """Return a plan whose obstacles say how they are overcome where it was made.

    Parameters
    ----------
    plan
        From `make_plan`.
    advice
        A sentence, by the kind of an obstacle: ``{"target-taken": "--overwrite
        replaces it."}``.
    """
    obstacles = tuple(
        replace(problem, message=f"{problem.message} {advice[problem.kind]}")
        if problem.kind in advice
        else problem
        for problem in plan.obstacles
    )
    return replace(plan, obstacles=obstacles)
