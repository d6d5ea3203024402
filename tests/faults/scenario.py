"""What a fault test is about: a folder, and something that is done in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Something that must be done as a whole, or not at all.

    Attributes
    ----------
    act
        Does it in the folder; called in a forked child. May raise an `NgffError`.
    prepare
        Makes what is in the folder before; called once, and copied for each fault.
        Put something of the user's own there: it must be untouched.
    look
        What of the folder must be old or new as a whole. By default every byte of it,
        but for what a killed save leaves until the next one.
    undone
        Whether what could not be made durable is undone, which takes an exchange.
    """

    act: Callable[[Path], object]
    prepare: Callable[[Path], object]
    look: Callable[[Path], object] | None = None
    undone: bool = True
