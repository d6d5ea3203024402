"""How far something is, told in a terminal. Knows terminals; knows no verbs."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def telling() -> Iterator[Callable[[float], None]]:
    """Give what says how far it is, where somebody is looking, in one line."""
    shown = ""

    def told(fraction: float) -> None:
        nonlocal shown
        text = f"{int(100 * fraction):3d}%"  # never 100 before the end
        if text != shown:
            sys.stderr.write(f"\r{text}")
            sys.stderr.flush()
            shown = text

    try:
        yield told if sys.stderr.isatty() else lambda fraction: None
    finally:
        if shown:
            sys.stderr.write("\n")
