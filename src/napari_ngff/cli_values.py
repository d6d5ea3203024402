"""Numbers, lengths and sizes as they are typed in a terminal. Knows no verb."""

from __future__ import annotations

import argparse
import re
from typing import Final

from napari_ngff.cli_pairs import pairs
from napari_ngff.core.names import plain

_BYTES: Final = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def numbers(text: str) -> dict[str, float]:
    """Return ``z=2,y=0.5`` as numbers by axis."""
    found = {}
    for name, number in pairs(text, "an axis and a number").items():
        try:
            found[name] = float(number)
        except ValueError as error:
            message = f"{plain(number)!r} is not a number"
            raise argparse.ArgumentTypeError(message) from error
    return found


def count(text: str) -> int:
    """Return how many: 1 or more."""
    if not text.strip().isdecimal() or not int(text):
        message = f"{plain(text)!r} is not a whole number, 1 or more"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def lengths(text: str) -> dict[str, int]:
    """Return ``z=1,y=512`` as lengths in pixels by axis."""
    found = numbers(text)
    if any(number < 1 or number != int(number) for number in found.values()):
        message = "a length is a whole number, 1 or more"
        raise argparse.ArgumentTypeError(message)
    return {name: int(number) for name, number in found.items()}


def shards(text: str) -> dict[str, int] | str:
    """Return the lengths of shards, or ``"none"``."""
    return text if text == "none" else lengths(text)


def nbytes(text: str) -> int:
    """Return a size, such as ``500MB``, in bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", text.strip().lower())
    if found is None:
        message = f"{plain(text)!r} is not a number of bytes, such as 500MB"
        raise argparse.ArgumentTypeError(message)
    return int(float(found[1]) * _BYTES[found[2]])
