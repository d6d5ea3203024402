"""How far a save is, as one number that never goes back. Knows no save.

A stretch of the way from 0 to 1 is given to each part of the work, which tells its own
fraction; whoever is told is asked at the same time whether to go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.problems import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable


class Stretch:
    """A part of the way: called with a fraction of itself.

    Parameters
    ----------
    progress
        Is told fractions of the whole way.
    cancelled
        Says whether to stop.
    target
        What is being saved, for the error.
    start, stop
        Where this part begins and ends.
    """

    def __init__(
        self,
        progress: Callable[[float], None],
        cancelled: Callable[[], bool],
        *,
        target: str,
        start: float = 0.0,
        stop: float = 1.0,
    ) -> None:
        self._progress = progress
        self.cancelled = cancelled
        self._target = target
        self._start = start
        self._stop = stop

    def __call__(self, fraction: float) -> None:
        """Tell how much of this part is done.

        Raises
        ------
        Cancelled
            If that is enough.
        """
        if self.cancelled():
            raise Cancelled(target=self._target)
        fraction = min(max(fraction, 0.0), 1.0)
        self._progress(self._start + fraction * (self._stop - self._start))

    def part(self, start: float, stop: float) -> Stretch:
        """Return a part of this part, both given as fractions of it."""
        length = self._stop - self._start
        return Stretch(
            self._progress,
            self.cancelled,
            target=self._target,
            start=self._start + start * length,
            stop=self._start + stop * length,
        )

    def counter(self, total: int) -> Callable[[int], None]:
        """Return what is called with numbers of bytes, of `total` in this part."""
        done = 0

        def count(nbytes: int) -> None:
            nonlocal done
            done += nbytes
            self(done / total)

        return count

    def end(self) -> None:
        """Tell that all is done; nobody is asked any more."""
        self._progress(1.0)
