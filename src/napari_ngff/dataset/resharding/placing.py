"""Where a re-sharded store goes, what is there, and what is carried along.

Knows folders and files; knows no arrays. Reads, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.dataset.saving.options import Container
    from napari_ngff.storage.commit.seen import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is at a target.

    Attributes
    ----------
    container
        Whether a folder or a file is made.
    allowed
        Tells of the files that are there which may be replaced; None: nothing is there.
    seen
        What these are known by.
    foreign
        Files that keep it from being replaced.
    """

    container: Container = "directory"
    allowed: Callable[[str], bool] | None = None
    seen: Seen | None = None
    foreign: tuple[str, ...] = ()
