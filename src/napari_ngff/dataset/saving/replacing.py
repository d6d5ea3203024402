"""What is at a target already, and whether it may be replaced.

What does not belong to an OME-Zarr image is somebody's: it is never deleted, and the
save is refused by its name. Reads metadata only, and changes nothing.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotOpen, NgffError
from napari_ngff.dataset.nodes import ImageData
from napari_ngff.dataset.read import read
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.saving.belongings import belongings_of, label_images
from napari_ngff.storage.commit.replacing import look_over
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import LabelData
    from napari_ngff.dataset.saving.belongings import Belongings
    from napari_ngff.dataset.saving.options import SaveOptions
    from napari_ngff.storage.commit.seen import Seen

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What is at a target.

    Attributes
    ----------
    belongings
        The files of the image that is there; None: there is nothing.
    seen
        What these are known by, so that a later change is noticed.
    image
        That image, with its labels; None where there is nothing, or no image.
    unread
        Names of its label images that cannot be read, or are too many to be.
    obstacles
        Why it may not be replaced.
    foreign
        The files that do not belong to the image, at most a hundred.
    """

    belongings: Belongings | None = None
    seen: Seen | None = None
    image: ImageData | None = None
    unread: tuple[str, ...] = ()
    obstacles: tuple[Problem, ...] = ()
    foreign: tuple[str, ...] = ()


def look_at(target: Path) -> Present:
    """Look at what is at a target.

    A folder without anything in it counts as nothing. Of an ``.ozx`` file the members
    are what is looked at.
    """
    try:
        return _look_at(target)
    except OSError as error:
        text = f"What is there cannot be looked at: {plain(error.strerror or error)}"
        return Present(obstacles=(_obstacle(text),))


def _look_at(target: Path) -> Present:
    if not os.path.lexists(target) or _is_empty(target):
        return Present()
    if target.is_symlink():
        text = "It is a link. Save where it leads to, or under another name"
        return Present(obstacles=(_obstacle(text),))
    try:
        node = read(target)
        location = open_location(target)
    except NgffError as error:
        text = f"What is there is not an OME-Zarr image{_reason(error)}"
        return Present(obstacles=(_obstacle(text, "Choose another name"),))
    whole = os.path.realpath(location.url) == os.path.realpath(target)
    if not isinstance(node, ImageData) or node.node or not whole:
        text = "What is there is not one OME-Zarr image of its own"
        return Present(obstacles=(_obstacle(text, "Choose another name"),))
    belongings = belongings_of(location)
    found = look_over(target, belongings, belongings.consists_of)
    foreign = found.foreign
    read_well = {label.name for label in node.labels}
    return Present(
        belongings=belongings,
        seen=found.seen,
        image=node,
        unread=tuple(name for name in label_images(location) if name not in read_well),
        obstacles=(_foreign(foreign),) if foreign else (),
        foreign=foreign,
    )


def _reason(error: NgffError) -> str:
    """Return why it is none, without the advice for somebody who would open it."""
    if not isinstance(error, CannotOpen):
        return ""
    return ": " + re.split(r"\.(?:\s|$)", error.reason)[0]


def _is_empty(target: Path) -> bool:
    if target.is_symlink() or not target.is_dir():
        return False
    with os.scandir(target) as entries:
        return next(entries, None) is None


def _obstacle(text: str, advice: str = "") -> Problem:
    return note("error", "target", f"{text}. {advice}" if advice else text)


def _foreign(strange: tuple[str, ...]) -> Problem:
    names = ", ".join(f"'{plain(key)}'" for key in strange[:_NAMED])
    more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
    text = f"What is there holds files that do not belong to the image: {names}{more}"
    return _obstacle(text, "Move them away, or choose another name")


def kept_labels(
    image: ImageData, present: Present, options: SaveOptions
) -> tuple[tuple[LabelData, ...], tuple[Problem, ...]]:
    """Return the label images of a replaced image that are moved over to the new one.

    Those that the new one does not bring itself. One that cannot be read is an
    obstacle, and so is one that does not fit the new image ("each dimension equals the
    image's, or is 1", 0.5, "labels"): neither may be lost unasked.
    """
    if present.image is None or options.old_labels == "drop":
        return (), ()
    own = {label.name for label in image.labels}
    kept = tuple(label for label in present.image.labels if label.name not in own)
    sizes = _sizes(image)
    unfit = [label.name for label in kept if not _fits(_sizes(label.image), sizes)]
    unread = [name for name in present.unread if name not in own]
    obstacles = (
        *_old_labels(unfit, "do not fit the new one"),
        *_old_labels(unread, "cannot be read"),
    )
    return () if obstacles else kept, obstacles


def _old_labels(names: Sequence[str], what: str) -> tuple[Problem, ...]:
    if not names:
        return ()
    shown = ", ".join(f"'{plain(name)}'" for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    text = f"The image that is replaced has labels that {what}: {shown}{more}. "
    text += "Say that they may go, or choose another name"
    return (note("error", "old-labels", text),)


def _sizes(image: ImageData) -> dict[str, int]:
    names = (axis.name for axis in image.multiscale.axes)
    return dict(zip(names, image.levels[0].shape, strict=True))


def _fits(label: dict[str, int], image: dict[str, int]) -> bool:
    return all(size in (1, image.get(name)) for name, size in label.items())
