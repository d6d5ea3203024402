"""The transformations of a level as they are written: what they do to one axis.

Knows scale, translation, identity and sequences of these, in the lists of 0.4 and 0.5
and in the single transformation of 0.6; changes one axis' numbers and leaves what else
is written. Knows no levels, shapes or units.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.core.patch import Change, apply, at
from napari_ngff.metadata.editing.numbers import exact
from napari_ngff.metadata.versions.values import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.problems import Loc

#: Factor and offset along an axis.
Place: TypeAlias = tuple[Fraction, Fraction]
#: ``list``: steps one after the other (0.4, 0.5). ``single``: one (0.6).
Style: TypeAlias = Literal["list", "single"]

_KINDS: Final[tuple[Literal["scale", "translation"], ...]] = ("scale", "translation")
_NEUTRAL: Final = {"scale": 1, "translation": 0}
_DEPTH: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One scale or translation: where its numbers are, and what they are.

    Those that are no good are None; the reader takes 1 or 0.
    """

    kind: Literal["scale", "translation"]
    loc: Loc
    numbers: tuple[Fraction | None, ...]

    def at(self, axis: int) -> Fraction:
        """Return the number of an axis, as the reader takes it."""
        found = self.numbers[axis]
        return Fraction(_NEUTRAL[self.kind]) if found is None else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """All transformations of a level, or of an image as a whole.

    Attributes
    ----------
    value
        What is written.
    ndim
        The number of axes.
    found
        Scales and translations in their order.
    state
        ``plain``: factors and offsets say it all. ``absent``: nothing of use is
        written. ``other``: there is something else, such as a matrix.
    """

    value: Any
    ndim: int
    style: Style
    found: tuple[Step, ...] = ()
    state: Literal["plain", "absent", "other"] = "plain"

    @property
    def has_scale(self) -> bool:
        """Whether a pixel size is stated at all."""
        return self.state == "plain" and any(s.kind == "scale" for s in self.found)

    @property
    def only_moves(self) -> bool:
        """Whether offsets alone are written, or nothing: no size of a pixel."""
        items = self.value if isinstance(self.value, list) else []
        return all(
            isinstance(item, Mapping) and item.get("type") == "translation"
            for item in items
        )

    def states(self, axis: int) -> bool:
        """Tell whether every factor of an axis is a number that can be used."""
        scales = [step for step in self.found if step.kind == "scale"]
        return bool(scales) and all(s.numbers[axis] is not None for s in scales)

    def place(self, axis: int) -> Place:
        """Return what they do to an axis."""
        factor, offset = Fraction(1), Fraction(0)
        for step in self.found:
            if step.kind == "scale":
                factor, offset = factor * step.at(axis), offset * step.at(axis)
            else:
                offset += step.at(axis)
        return factor, offset


def steps_of(value: Any, ndim: int, style: Style) -> Steps:
    """Return the transformations that ``coordinateTransformations`` says."""
    value = [value] if isinstance(value, Mapping) else value
    items = value if isinstance(value, list) else []
    found: list[Step] = []
    try:
        for index, item in enumerate(items):
            found += _walk(item, (index,), ndim, 0)
    except _UnusableError as error:
        return Steps(value=value, ndim=ndim, style=style, state=error.state)
    state: Literal["plain", "absent"] = "plain" if items else "absent"
    return Steps(value=value, ndim=ndim, style=style, found=tuple(found), state=state)


class _UnusableError(Exception):
    def __init__(self, state: Literal["absent", "other"]) -> None:
        super().__init__(state)
        self.state = state


def _walk(item: Any, loc: Loc, ndim: int, depth: int) -> Iterator[Step]:
    kind = item.get("type") if isinstance(item, Mapping) else None
    if kind == "identity":
        return
    if kind == "scale" or kind == "translation":
        yield _step(item, kind, loc, ndim)
        return
    children = item.get("transformations") if kind == "sequence" else None
    if not isinstance(children, list) or depth > _DEPTH:
        raise _UnusableError("other")
    for index, child in enumerate(children):
        yield from _walk(child, (*loc, "transformations", index), ndim, depth + 1)


def _step(
    item: Mapping[str, Any],
    kind: Literal["scale", "translation"],
    loc: Loc,
    ndim: int,
) -> Step:
    written = item.get(kind)
    if written is None and "path" in item:
        raise _UnusableError("other")
    numbers: tuple[Fraction | None, ...] = (None,) * ndim
    if isinstance(written, list) and len(written) == ndim:
        numbers = tuple(_usable(value, kind) for value in written)
    elif kind == "scale":
        raise _UnusableError("absent")
    return Step(kind=kind, loc=(*loc, kind), numbers=numbers)


def _usable(value: Any, kind: str) -> Fraction | None:
    taken = number(value)
    if taken is None or (kind == "scale" and taken <= 0):
        return None
    return exact(value)


def fresh(places: tuple[Place, ...], style: Style, ends: Mapping[str, Any]) -> Any:
    """Return new transformations.

    Parameters
    ----------
    places
        Factor and offset of each axis.
    style
        How they are written.
    ends
        ``input`` and ``output`` of 0.6; empty before.
    """
    items: list[dict[str, Any]] = [_item("scale", [_plain(f, ()) for f, _ in places])]
    if any(offset for _, offset in places):
        offsets = [_plain(offset, ()) for _, offset in places]
        items.append(_item("translation", offsets))
    if style == "list":
        return items
    if len(items) == 1:
        return [{**ends, **items[0]}]
    return [{**ends, "type": "sequence", "transformations": items}]


def moved(steps: Steps, axis: int, place: Place) -> Steps:
    """Return transformations that do something else to one axis.

    Numbers that are right already stay as they are written, and so does everything
    that is not a number of this axis.
    """
    factor, offset = place
    if steps.place(axis)[0] != factor or not steps.states(axis):
        steps = _with_factor(steps, axis, factor)
    if steps.place(axis)[1] != offset:
        steps = _with_offset(steps, axis, offset)
    return steps


def _with_factor(steps: Steps, axis: int, factor: Fraction) -> Steps:
    scales = [step for step in steps.found if step.kind == "scale"]
    if not scales:
        if factor == 1 and steps.style == "single":
            return steps
        steps = _inserted(steps, "scale")
        scales = [step for step in steps.found if step.kind == "scale"]
    rest = Fraction(1)
    for other in scales[1:]:
        rest *= other.at(axis)
        steps = _with_number(steps, other, axis, other.at(axis))
    return _with_number(steps, scales[0], axis, factor / rest)


def _with_offset(steps: Steps, axis: int, offset: Fraction) -> Steps:
    kinds = {step.kind for step in steps.found}
    # No version has an offset without a scale: 0.6 has "a `sequence` of a scale
    # followed by a translation", 0.4 "exactly one `scale` transformation".
    for kind in _KINDS:
        if kind not in kinds:
            steps = _inserted(steps, kind)
    after, step = Fraction(1), None
    for step in reversed(steps.found):
        if step.kind == "translation":
            break
        after *= step.at(axis)
    if step is None:
        return steps
    new = step.at(axis) + (offset - steps.place(axis)[1]) / after
    return _with_number(steps, step, axis, new)


def _with_number(steps: Steps, step: Step, axis: int, new: Fraction) -> Steps:
    written = at(steps.value, step.loc)
    if not isinstance(written, list) or len(written) != steps.ndim:
        other: list[Any] = [_NEUTRAL[step.kind]] * steps.ndim
    else:
        other = list(written)
    if step.numbers[axis] != new:
        other[axis] = _plain(new, other)
    value = apply(steps.value, [Change(step.loc, written, other)])
    return steps_of(value, steps.ndim, steps.style)


def _plain(new: Fraction, others: Any) -> float | int:
    """Return a number for JSON: whole among whole numbers, else a float.

    Raises
    ------
    ArithmeticError
        If no float is near it.
    """
    found = float(new)
    if new and not found:
        raise ArithmeticError(str(new))
    whole = new.denominator == 1 and all(isinstance(n, int) for n in others)
    return int(new) if whole and others else found


def _item(kind: Literal["scale", "translation"], numbers: list[Any]) -> dict[str, Any]:
    return {"type": kind, kind: numbers}


def _inserted(steps: Steps, kind: Literal["scale", "translation"]) -> Steps:
    """Return steps with a new one that changes nothing: scale first, offset last."""
    items = list(steps.value) if isinstance(steps.value, list) else []
    new = _item(kind, [float(_NEUTRAL[kind])] * steps.ndim)
    if steps.style == "single" and len(items) == 1:
        items = [_widened(items[0], new)]
    elif kind == "scale":
        items = [new, *(item for item in items if item.get("type") != "identity")]
    else:
        items = [*items, new]
    return steps_of(items, steps.ndim, steps.style)


def _widened(item: Mapping[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return the one transformation of 0.6 with a further step."""
    kind = item["type"]
    if kind == "identity":
        return {**item, **new}
    first = new["type"] == "scale"
    if kind == "sequence":
        old = list(item["transformations"])
        children = [new, *old] if first else [*old, new]
        return {**item, "transformations": children}
    own = {key: item[key] for key in ("type", kind) if key in item}
    both = [new, own] if first else [own, new]
    rest = {key: value for key, value in item.items() if key != kind}
    return {**rest, "type": "sequence", "transformations": both}
