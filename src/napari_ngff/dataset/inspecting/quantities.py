"""Bytes, counts and lengths in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def nbytes_words(nbytes: float) -> str:
    """Say a number of bytes: ``"3.1 MB"``, a MB being a million bytes."""
    if nbytes == 1:
        return "1 byte"
    size, unit = float(nbytes), 0
    while size >= 999.5 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    digits = 0 if unit == 0 or size >= 99.5 else 1
    return f"{size:.{digits}f} {_UNITS[unit]}"


def count_words(count: int, one: str, many: str = "") -> str:
    """Say how many there are of something: ``"12,000 files"``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def times_words(times: float) -> str:
    """Say how many times as much: ``"1.5"``, ``"1,080"``."""
    return f"{times:,.0f}" if times >= 99.5 else f"{times:.3g}"


def lengths_words(lengths: Sequence[int]) -> str:
    """Say the lengths of axes: ``"3 x 512 x 512"``."""
    return " x ".join(map(str, lengths)) or "a single pixel"
