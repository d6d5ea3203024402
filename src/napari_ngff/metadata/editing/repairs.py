"""Repairs that no other edit stands for: what each changes in the JSON.

Knows what a kind of problem leaves no doubt about; who offers it is `fixes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import MISSING, apply, at
from napari_ngff.metadata.axes import Axis, kind_of
from napari_ngff.metadata.editing.image import Image, Outcome, joined, put
from napari_ngff.metadata.editing.steps import fresh, steps_of
from napari_ngff.metadata.versions.values import integer, number, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc

_NAMED: Final = ("0.5", "0.6", "0.9")
_RELEASED: Final = ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6")


def _put(image: Image, *parts: tuple[Loc, Any]) -> Outcome:
    return Outcome(attributes=joined(image.attributes, *parts))


def _removed(image: Image, loc: Loc) -> Outcome:
    return _put(image, (loc, MISSING))


def _nothing(image: Image, loc: Loc) -> Outcome:
    # An empty list beside the levels' own says nothing; without it they stay as are.
    whole = (*image.group.loc, "multiscales", image.index, "coordinateTransformations")
    return (
        _removed(image, loc)
        if (loc, at(image.attributes, loc)) == (whole, [])
        else Outcome()
    )


def _names(image: Image, loc: Loc) -> Outcome:
    # The arrays' dimensions are called as the axes are.
    del loc
    axes = image.model.axes if image.model is not None else ()
    names = tuple(axis.name for axis in axes)
    if image.group.dialect not in _NAMED:
        return Outcome()
    return Outcome(
        dimension_names={
            level: names
            for level, found in enumerate(image.dimension_names)
            if found != names and image.shape(level) is not None
        }
    )


def _axis(image: Image, loc: Loc) -> Outcome:
    # A name alone becomes an axis of that name.
    name = at(image.attributes, loc)
    if not isinstance(name, str) or not name:
        return Outcome()
    kind = kind_of(Axis(name=name))
    return _put(image, (loc, {"name": name} | ({"type": kind} if kind else {})))


def _order(image: Image, loc: Loc) -> Outcome:
    # Scale before translation, which is in physical units then: nothing moves.
    axes = image.model.axes if image.model is not None else ()
    steps = steps_of(at(image.attributes, loc), len(axes), "list")
    kinds = [step.kind for step in steps.found]
    if kinds != ["translation", "scale"] or len(steps.value) != len(kinds):
        return Outcome()
    if not all(n is not None for step in steps.found for n in step.numbers):
        return Outcome()
    move, scale = steps.value
    places = tuple(steps.place(axis) for axis in range(len(axes)))
    numbers = fresh(places, "list", {})
    moved = numbers[1]["translation"] if len(numbers) > 1 else [0.0] * len(axes)
    kept = [
        old if factor == 1 else new
        for old, new, (factor, _) in zip(
            move["translation"], moved, places, strict=True
        )
    ]
    return _put(image, (loc, [scale, {**move, "translation": kept}]))


def _sequence(image: Image, loc: Loc) -> Outcome:
    # Of scale and translation, as 0.5 lists them, 0.6 makes a sequence.
    items = at(image.attributes, loc)
    if not isinstance(items, list) or not all(isinstance(i, Mapping) for i in items):
        return Outcome()
    if [item.get("type") for item in items] != ["scale", "translation"]:
        return Outcome()
    ends = {key: items[0][key] for key in ("input", "output") if key in items[0]}
    steps = [
        {key: value for key, value in item.items() if key not in ("input", "output")}
        for item in items
    ]
    whole = {**ends, "type": "sequence", "transformations": steps}
    return _put(image, (loc, [whole]))


def _input(image: Image, loc: Loc) -> Outcome:
    # The path of a level's input is that of the level.
    dataset = at(image.attributes, loc[:-3])
    path = dataset.get("path") if isinstance(dataset, Mapping) else None
    found = at(image.attributes, loc)
    if not isinstance(path, str) or found is MISSING:
        return Outcome()
    kept = found if isinstance(found, Mapping) else {}
    return _put(image, (loc, {**kept, "path": path}))


def _version(image: Image, loc: Loc) -> Outcome:
    # The version is the one that the document is written in.
    if image.group.dialect not in _RELEASED:
        return Outcome()
    holder = at(image.attributes, loc)
    where = (*loc, "version") if isinstance(holder, Mapping) else loc
    return _put(image, (where, image.group.dialect))


def _text(image: Image, loc: Loc) -> Outcome:
    # A whole number that has to be text.
    found = integer(at(image.attributes, loc))
    return Outcome() if found is None else _put(image, (loc, str(found)))


def _said(image: Image, loc: Loc) -> Outcome:
    # A version that is a number is meant as text, if it is one that there is.
    text = shown(at(image.attributes, loc))
    return _put(image, (loc, text)) if text in _RELEASED else Outcome()


def _earlier(image: Image, loc: Loc) -> Outcome:
    # Of two entries of a label the last one counts; the others go.
    entries, last = at(image.attributes, loc[:-1]), loc[-1] if loc else None
    if not isinstance(entries, list) or not isinstance(last, int):
        return Outcome()
    label = _label(at(entries, (last,)))
    if label is None:
        return Outcome()
    same = [i for i, entry in enumerate(entries) if _label(entry) == label]
    attributes = image.attributes
    changes: list[Any] = []
    for index in reversed(same[:-1]):
        found = put(attributes, (*loc[:-1], index), MISSING)
        attributes = apply(attributes, found)
        changes += found
    return Outcome(attributes=tuple(changes))


def _label(entry: Any) -> int | None:
    return integer(entry.get("label-value")) if isinstance(entry, Mapping) else None


def _window(image: Image, loc: Loc) -> dict[str, Any]:
    found = at(image.attributes, loc)
    return dict(found) if isinstance(found, Mapping) else {}


def _widened(image: Image, loc: Loc) -> Outcome:
    # A window that is empty becomes all that there is.
    window = _window(image, loc)
    low, high = (number(window.get(key)) for key in ("min", "max"))
    if low is None or high is None or not low < high:
        return Outcome()
    low, high = window["min"], window["max"]
    return _put(image, ((*loc, "start"), low), ((*loc, "end"), high))


def _swapped(image: Image, loc: Loc) -> Outcome:
    # A window that ends before it starts has its ends swapped.
    window = _window(image, loc)
    start, end = (number(window.get(key)) for key in ("start", "end"))
    if start is None or end is None or not start > end:
        return Outcome()
    parts = ((*loc, "start"), window["end"]), ((*loc, "end"), window["start"])
    return _put(image, *parts)


#: Problems of the arrays' documents; all others are of the group's.
OF_ARRAYS: Final = frozenset(("dimension-names", "missing-dimension-names"))
#: By kind of the problem: the image and where the problem is, to what is changed.
REPAIRS: Final[Mapping[str, Callable[[Image, Loc], Outcome]]] = {
    "dimension-names": _names,
    "missing-dimension-names": _names,
    "axis-invalid": _axis,
    "transform-order": _order,
    "scale-count": _nothing,
    "level-transform-count": _sequence,
    "level-input-path": _input,
    "level-input-name": _removed,
    "level-output-path": _removed,
    "orientation-not-space": _removed,
    "version-missing": _version,
    "version-mismatch": _version,
    "version-invalid": _said,
    "dataset-path-invalid": _text,
    "labels-duplicate": _removed,
    "series-duplicate": _removed,
    "label-colors-duplicate": _earlier,
    "label-properties-duplicate": _earlier,
    "image-label-colors-empty": _removed,
    "image-label-properties-empty": _removed,
    "window-empty": _widened,
    "window-reversed": _swapped,
}
