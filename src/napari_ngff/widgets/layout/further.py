"""A button that has the files of a picture looked at that a sample had left out.

Knows Qt and work in threads; how files are looked at is known below.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QPushButton

from napari_ngff.dataset.inspecting.picture_words import file_word
from napari_ngff.dataset.inspecting.pictures import UNKNOWN, unknown_places
from napari_ngff.dataset.inspecting.quantities import count_words
from napari_ngff.widgets._work import Work

if TYPE_CHECKING:
    from collections.abc import Generator

    from napari_ngff.dataset.inspecting.looked import Looked
    from napari_ngff.dataset.inspecting.pictures import LevelPicture
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.inspecting.looking import FileLook
    from napari_ngff.storage.pixels.grid import ChunkIndex

#: So many files are looked at for one press of the button.
AT_MOST: Final = 1024
_BATCH: Final = 64


class Further(QPushButton):  # type: ignore[misc]
    """Offers to look at files; hidden where all of a picture are known.

    Attributes
    ----------
    looked
        Signal: the level, the places that were looked at, and what was found there.
    """

    looked = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self._shown: tuple[StoredLevel, LevelPicture, Looked] | None = None
        self.clicked.connect(self.look)
        self.hide()

    def offer(
        self, level: StoredLevel | None, picture: LevelPicture, looked: Looked
    ) -> None:
        """Offer to look at what is not known of a picture."""
        unknown = int((picture.states == UNKNOWN).sum())
        self.setVisible(level is not None and unknown > 0)
        self._shown = None if level is None else (level, picture, looked)
        count = min(AT_MOST, unknown)
        self.setText(
            f"Look at {count_words(count, f'more {file_word(looked.stored)}')}"
        )

    def look(self) -> None:
        """Look at files, in a thread; it can be cancelled."""
        if self._shown is None:
            return
        level, picture, looked = self._shown
        places = unknown_places(picture, looked, AT_MOST)
        self._work = Work(
            partial(_look, level, places),
            doing="Looking at files",
            done=partial(self.looked.emit, level, places),
            parent=self,
        )


def _look(
    level: StoredLevel, places: list[ChunkIndex]
) -> Generator[float, None, list[FileLook]]:
    found: list[FileLook] = []
    for start in range(0, len(places), _BATCH):
        yield start / len(places)
        found += level.look_at(places[start : start + _BATCH])
    return found
