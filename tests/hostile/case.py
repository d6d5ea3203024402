"""One hostile or broken store, and what must happen to it.

Knows how to build the small images that cases spoil; `judge` knows what holds for all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cases.build import build_image, pixels
from hostile.judge import SECRET, SECRET_PIXEL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHAPE = (16, 16)
Pixels = Literal["right", "unreadable", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A store and what must happen when it is opened.

    Attributes
    ----------
    name
        The test's id.
    build
        Writes it at the path given; returns what is to be opened, or None for that
        same path.
    refused
        A pattern that the error's text must hold; None: it opens.
    kinds
        Of these kinds of problem there must be one; empty: any or none.
    pixels
        Of what opens: ``right`` (the first layer's finest level is `pixels(SHAPE)`),
        ``unreadable`` (a `ChunkReadError` for at least one level; every other is
        right), or ``any``.
    """

    name: str
    build: Callable[[Path], Path | str | None]
    refused: str | None = None
    kinds: tuple[str, ...] = ()
    pixels: Pixels = "right"

    def named(self, name: str) -> Case:
        """Return the case with a prefix to its name."""
        return replace(self, name=f"{name}-{self.name}")


def plain_image(path: Path, version: str = "0.4", **options: Any) -> Path:
    """Write an image of two small levels that has nothing wrong with it."""
    given: dict[str, Any] = {"axes": "yx", "shape": SHAPE, "compression": "none"}
    return build_image(path, version=version, **(given | options))


def expected() -> np.ndarray[Any, Any]:
    """Return the pixels of `plain_image`."""
    return pixels(SHAPE)


def neighbour(path: Path) -> Path:
    """Write an image that no case may read, in both Zarr formats."""
    secret = np.full(SHAPE, SECRET_PIXEL, np.uint16)
    for version in ("0.4", "0.5"):
        plain_image(path, version, data=secret, name=SECRET)
    (path / "secret.xml").write_text(f"<OME>{SECRET}</OME>", encoding="utf-8")
    return path


def amend(document: Path, change: Callable[[Any], Any]) -> None:
    """Change a JSON document: `change` does so in place, or returns another."""
    value = json.loads(document.read_text(encoding="utf-8"))
    changed = change(value)
    text = json.dumps(value if changed is None else changed)
    document.write_text(text, encoding="utf-8")


def set_at(path: tuple[str | int, ...], value: Any) -> Callable[[Any], None]:
    """Return a function that puts `value` at a place of a JSON value."""

    def change(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value

    return change
