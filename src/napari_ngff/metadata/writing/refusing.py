"""What is wrong with metadata that are to be written, told before they are.

The rules are those that reading judges by: a document with an error is not written.
Knows the words for those that a user meets when saving.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.versions import read_group
from napari_ngff.metadata.versions.values import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.model import Group
    from napari_ngff.metadata.versions.version import Version

#: Kinds that reading forgives in some version, although its text says MUST.
_STRICT: Final = frozenset(
    ("label-without-multiscales", "transform-length", "well-path-swapped")
)
_WORDS: Final = {
    "axis-count": (
        "The image has {count} axes ({axes}); version {version} takes 2 to 5. Save a "
        "part of it, such as one position along an axis."
    ),
    "axis-count-space": (
        "Of the axes ({axes}) 2 or 3 must be of space in version {version}. Correct "
        "their types, or save a part of the image."
    ),
    "axis-count-time": (
        "Of the axes ({axes}) only one may be time in version {version}. Correct their "
        "types, or save a part of the image."
    ),
    "axis-count-other": (
        "Of the axes ({axes}) only one may be neither time nor space in version "
        "{version}. Correct their types, or save a part of the image."
    ),
    "axis-order": (
        "The axes ({axes}) must be in the order time, channel (or other), space in "
        "version {version}. Put them in that order."
    ),
    "channel-color-missing": (
        "Channel {index} has no color, which version {version} asks for. Give it one."
    ),
    "channel-window-missing": (
        "Channel {index} has no contrast window, which version {version} asks for. Set "
        "its contrast limits."
    ),
}


def refusals(
    attributes: Mapping[str, Any], group: Group, version: Version, node: str
) -> tuple[Problem, ...]:
    """Return the errors in attributes that would be written.

    Parameters
    ----------
    attributes, group
        What would be written, as JSON and as the model.
    version, node
        In which version, and where; for the words.
    """
    found = read_group(attributes, zarr_format=version.zarr_format, node=node)
    return tuple(
        replace(problem, level="error", message=_words(problem, group, version))
        for problem in found.problems
        if problem.level == "error" or problem.kind in _STRICT
    )


def _words(problem: Problem, group: Group, version: Version) -> str:
    words = _WORDS.get(problem.kind)
    if words is None:
        return problem.message
    image = _index(problem.loc, "multiscales")
    axes = group.multiscales[image].axes if image is not None else ()
    return words.format(
        version=version.name,
        count=len(axes),
        axes=", ".join(shown(axis.name) for axis in axes),
        index=_index(problem.loc, "channels"),
    )


def _index(loc: Loc, key: str) -> int | None:
    """Return which entry of a list it is about."""
    if key not in loc[:-1]:
        return None
    found = loc[loc.index(key) + 1]
    return found if isinstance(found, int) else None
