"""What is told of how everything at a path is stored: arrays, parts, advice. Pure.

Knows the dataclasses that a report is made of; finds nothing out itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.inspecting.health import Health
    from napari_ngff.dataset.inspecting.levels import LevelLayout
    from napari_ngff.storage.inspecting.scan import LevelScan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What was found of one array.

    Attributes
    ----------
    scan
        What its files show.
    row
        The same in numbers.
    health
        What a check of it found; None: it was not checked.
    advice
        What decoding its chunks gives to advise.
    problems
        What could not be checked, and why.
    """

    scan: LevelScan
    row: LevelLayout
    health: Health | None = None
    advice: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Arrays that belong together: the levels of an image, or an array alone.

    Attributes
    ----------
    name
        What it is called; empty where it has no name.
    kind
        "image", "label" or "array".
    node
        Its path inside the store; ``""`` is the root.
    levels
        How its arrays are stored, finest first.
    advice
        What could be better, in words and figures.
    """

    name: str
    kind: Literal["image", "label", "array"]
    node: str
    levels: tuple[LevelLayout, ...]
    advice: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How everything at a path is stored.

    Attributes
    ----------
    store, node
        The store, and the path inside it that was asked for.
    remote
        Whether a read takes a round trip over a network.
    parts
        Images, label images and arrays.
    advice
        What could be better about the store as a whole.
    health
        What was found of each array; empty where that was not asked for.
    problems
        What could not be inspected, and why.
    """

    store: str
    node: str
    remote: bool
    parts: tuple[Part, ...]
    advice: tuple[Problem, ...] = ()
    health: tuple[Health, ...] = field(default=())
    problems: tuple[Problem, ...] = ()

    @property
    def levels(self) -> tuple[LevelLayout, ...]:
        """The arrays of all parts."""
        return tuple(level for part in self.parts for level in part.levels)

    @property
    def sound(self) -> bool:
        """Whether nothing that was looked at is damaged or unreadable."""
        return all(health.sound for health in self.health)

    def to_json(self) -> dict[str, Any]:
        """Return the same in JSON types."""
        from napari_ngff.dataset.inspecting.as_json import layout_json

        return layout_json(self)

    def text(self) -> str:
        """Return the same as lines of plain text."""
        from napari_ngff.dataset.inspecting.layout_text import layout_lines

        return "\n".join(layout_lines(self))
