"""From which number to which the colours of a picture go, and these in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from napari_ngff.dataset.inspecting.quantities import nbytes_words, times_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from napari_ngff.dataset.inspecting.looked import Looked, Measure

#: Numbers that are so many times as large as others are told apart by their logarithm.
_WIDE: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Which number has which place on a map of colours.

    Attributes
    ----------
    measure
        What is measured.
    low, high
        The numbers at its ends; NaN: there are none.
    kind
        How it goes from one to the other.
    """

    measure: Measure
    low: float
    high: float
    kind: Literal["linear", "log"]

    @property
    def is_flat(self) -> bool:
        """Whether all numbers are the same, or there are none."""
        return not self.low < self.high

    def fractions(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where numbers are, from 0 to 1; NaN stays."""
        if self.is_flat:
            return np.where(np.isnan(values), np.nan, 1.0)
        low, high = self.low, self.high
        if self.kind == "log":
            values, low, high = np.log(values), float(np.log(low)), float(np.log(high))
        return np.clip((values - low) / (high - low), 0, 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return places from 0 to 1, and in words the numbers there."""
        if np.isnan(self.low):
            return ()
        if self.is_flat:
            return ((1.0, self.words(self.low)),)
        middle = (self.low + self.high) / 2
        if self.kind == "log":
            middle = float(np.sqrt(self.low * self.high))
        ends = self.low, middle, self.high
        return tuple(
            (at, self.words(n)) for at, n in zip((0, 0.5, 1), ends, strict=True)
        )

    def words(self, value: float) -> str:
        """Say a number of what is measured."""
        return _WORDS[self.measure](value)


def measure_words(measure: Measure, value: float) -> str:
    """Say a number of what is measured: ``"75 %"``, ``"2.4 to 1"``, ``"3.1 MB"``."""
    return _WORDS[measure](value)


def scale_of(looked: Looked, measure: Measure) -> Scale:
    """Return the colours' scale for a whole array: the same wherever one looks."""
    if measure == "fill":
        return Scale(measure=measure, low=0.0, high=1.0, kind="linear")
    above, below = looked.parts(measure)
    values = np.asarray(above / below)
    values = values[~np.isnan(values)]
    if not values.size:
        nan = float("nan")
        return Scale(measure=measure, low=nan, high=nan, kind="linear")
    low, high = float(np.min(values)), float(np.max(values))
    wide = low > 0 and high > _WIDE * low
    return Scale(measure=measure, low=low, high=high, kind="log" if wide else "linear")


def _percent(value: float) -> str:
    # What is not quite full or empty is not rounded to these.
    percent = round(100 * value)
    if value > 0 and percent == 0:
        return "< 1 %"
    return "> 99 %" if value < 1 and percent == 100 else f"{percent} %"


def _ratio(value: float) -> str:
    return f"{times_words(value)} to 1"


_WORDS: Final[dict[Measure, Callable[[float], str]]] = {
    "fill": _percent,
    "ratio": _ratio,
    "bytes": nbytes_words,
}
