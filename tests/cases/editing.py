"""Documents of each version for the tests of editing, and edits made to them."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from napari_ngff.core.patch import apply
from napari_ngff.core.problems import Problem
from napari_ngff.metadata.editing import Edit, Outcome, changes_of
from napari_ngff.metadata.versions import read_group

if TYPE_CHECKING:
    from napari_ngff.metadata.model import Multiscale

KEY = "coordinateTransformations"
UNITS = {"t": "second", "z": "micrometer", "y": "micrometer", "x": "micrometer"}
TYPES = {"t": "time", "c": "channel"}


def axes(names: str) -> list[dict[str, Any]]:
    """Return axes as 0.4 and later write them."""
    return [
        {"name": name, "type": TYPES.get(name, "space")}
        | ({"unit": UNITS[name]} if name in UNITS else {})
        for name in names
    ]


def lists(*levels: Any, names: str = "zyx", version: str = "0.5", **more: Any) -> Any:
    """Return attributes of 0.4 or 0.5; each level: its list of transformations."""
    datasets = [
        {"path": str(index)} | ({} if level is None else {KEY: level})
        for index, level in enumerate(levels)
    ]
    entry = {"name": "cells", "axes": axes(names), "datasets": datasets} | more
    if version == "0.4":
        return {"multiscales": [{"version": "0.4"} | entry], "else": 1}
    return {"ome": {"version": version, "multiscales": [entry]}, "else": 1}


def systems(*levels: Any, names: str = "zyx", **more: Any) -> Any:
    """Return attributes of 0.6; each level: its one transformation without ends."""
    datasets = [
        {
            "path": str(index),
            KEY: [{"input": {"path": str(index)}, "output": {"name": "here"}} | level],
        }
        for index, level in enumerate(levels)
    ]
    own = [{"name": "here", "axes": axes(names)}]
    entry = {"name": "cells", "coordinateSystems": own, "datasets": datasets} | more
    return {"ome": {"version": "0.6", "multiscales": [entry]}}


def scale(*numbers: float) -> dict[str, Any]:
    """Return a scale."""
    return {"type": "scale", "scale": list(numbers)}


def move(*numbers: float) -> dict[str, Any]:
    """Return a translation."""
    return {"type": "translation", "translation": list(numbers)}


def outcome(attributes: Any, edit: Edit, **known: Any) -> Outcome:
    """Return what an edit changes; it must not be refused."""
    found = changes_of(edit, attributes, read_group(attributes), **known)
    assert not isinstance(found, Problem), found
    return found


def edited(attributes: Any, *edits: Edit, **known: Any) -> Any:
    """Return attributes after edits; what was given must be as it was."""
    before = deepcopy(attributes)
    found = attributes
    for edit in edits:
        found = apply(found, outcome(found, edit, **known).attributes)
    assert before == attributes
    return found


def refused(attributes: Any, edit: Edit, **known: Any) -> Problem:
    """Return why an edit cannot be made; that must be so."""
    found = changes_of(edit, attributes, read_group(attributes), **known)
    assert isinstance(found, Problem), found
    return found


def entry(attributes: Any) -> Any:
    """Return the first entry of multiscales as it is written."""
    return attributes.get("ome", attributes)["multiscales"][0]


def written(attributes: Any) -> list[Any]:
    """Return the transformations of each level as they are written."""
    return [dataset.get(KEY) for dataset in entry(attributes)["datasets"]]


def model(attributes: Any) -> Multiscale:
    """Return the first image as it is read."""
    return read_group(attributes).multiscales[0]
