"""How much a scan may ask of a store, and who is told how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from napari_ngff.core.problems import Cancelled

Progress: TypeAlias = Callable[[float], None]


def _nobody(fraction: float) -> None:
    del fraction


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bounds on the scan of one array: what is larger is sampled.

    Attributes
    ----------
    files
        How many files are listed at most: some 500 bytes of memory each.
    reads, remote_reads
        How many indices, or sizes, are asked for at most; where each takes a trip.
    """

    files: int = 300_000
    reads: int = 200_000
    remote_reads: int = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Who is told how far something is, and is asked whether to go on.

    Attributes
    ----------
    progress
        Is told the fraction that is done, from 0 to 1; from the thread that asked.
    cancelled
        Is asked often, from that thread.
    """

    progress: Progress = field(default=_nobody)
    cancelled: Callable[[], bool] = field(default=_never)

    def look(self, done: int, total: int) -> None:
        """Tell how far it is.

        Raises
        ------
        Cancelled
            If it is not to go on.
        """
        self.progress(min(1.0, done / max(1, total)))
        if self.cancelled():
            raise Cancelled(target="")

    def part(self, at: int, parts: int) -> Watch:
        """Return who watches one of several parts of equal weight."""

        def told(fraction: float) -> None:
            self.progress((at + fraction) / max(1, parts))

        return Watch(progress=told, cancelled=self.cancelled)
