"""What a layer remembers about where it came from.

Plain, picklable values under one key of ``layer.metadata``: no arrays, no handles, no
credentials. Knows the shape of that record; knows nothing of how layers are made.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from napari_ngff.core.problems import LEVELS, Problem
from napari_ngff.metadata.axes import Axis

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

#: The key of ``layer.metadata`` that holds the record.
KEY = "napari_ngff"

#: The key in that record that holds what a person said of a layer's axes.
STATED = "stated_axes"

Kind: TypeAlias = Literal["image", "labels", "array"]
Form: TypeAlias = Literal["channels", "rgb", "slider", "plain"]

#: The key in that record of a layer that is drawn over images and is never saved.
OVERLAY = "overlay"

_TUPLES = ("levels", "axes", "order", "problems")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a layer came from and how the file was turned into it.

    Attributes
    ----------
    store
        The store; opening it again takes this text. No credentials.
    node
        Path of the image's group (or the bare array) inside the store.
    index
        Which entry of ``multiscales``.
    opening
        Which time of opening: the same in all layers that one opening gave, another
        when the same image is opened again. Empty where that is not known.
    name
        What the layer was called when it was opened.
    kind
        ``"image"``, ``"labels"`` or ``"array"`` (no OME-Zarr metadata).
    form
        What became of the channel axis: ``"channels"`` (this layer is one of them),
        ``"rgb"``, ``"slider"`` (an axis of the layer) or ``"plain"`` (there is none).
    channel
        Index on the array's channel axis; None unless `form` is ``"channels"``.
    channel_axis
        The channel axis of the array; None where there is none.
    label
        Name of the label image; None for images.
    parent
        Node of the image that a label image belongs to; None where there is none.
    source
        ``image-label`` / ``source`` / ``image``, as in the file.
    version, dialect
        As `metadata.model.Group` says.
    levels
        Paths of the levels that the layer shows, relative to `node`, finest first.
    axes
        Axes of the coordinate system shown, in the file's order and words:
        ``{"name": …, "type": …, "unit": …}``.
    order
        For each axis of the layer the axis of the array, or None for an axis of
        length 1 that only the layer has.
    default_t, default_z
        ``omero`` / ``rdefs``: the plane to show at first, as indices.
    problems
        Everything found wrong, the worst first.
    """

    store: str
    node: str
    index: int = 0
    opening: str = ""
    name: str = ""
    kind: Kind = "image"
    form: Form = "plain"
    channel: int | None = None
    channel_axis: int | None = None
    label: str | None = None
    parent: str | None = None
    source: str | None = None
    version: str | None = None
    dialect: str | None = None
    levels: tuple[str, ...] = ()
    axes: tuple[Mapping[str, Any], ...] = ()
    order: tuple[int | None, ...] = ()
    default_t: int | None = None
    default_z: int | None = None
    problems: tuple[Problem, ...] = field(default=())

    def to_metadata(self) -> dict[str, dict[str, Any]]:
        """Return a value for ``layer.metadata``: JSON types only."""
        record = {f.name: getattr(self, f.name) for f in fields(self)}
        record["problems"] = [_plain_problem(p) for p in self.problems]
        record["axes"] = [dict(axis) for axis in self.axes]
        record["levels"], record["order"] = list(self.levels), list(self.order)
        return {KEY: record}

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> Provenance | None:
        """Return the record in a layer's metadata; None where it is not ours.

        Anybody may write into ``layer.metadata``: a record with a value of another type
        is not ours. Keys that this version does not know are left out.
        """
        record = metadata.get(KEY)
        if not isinstance(record, dict) or not {"store", "node"} <= record.keys():
            return None
        if not _is_record(record):
            return None
        names = {f.name for f in fields(cls)}
        known = {name: value for name, value in record.items() if name in names}
        known["problems"] = [_problem(p) for p in known.get("problems", ())]
        tuples = {name: tuple(known[name]) for name in _TUPLES if name in known}
        return cls(**(known | tuples))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_number_or_none(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_axis(value: Any) -> bool:
    return isinstance(value, dict) and _is_text(value.get("name"))


def _is_problem(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= {f.name for f in fields(Problem)}
        and value.get("level") in LEVELS
        and isinstance(value.get("loc"), list | tuple)
        and all(_is_text(value.get(name)) for name in ("kind", "message"))
    )


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list | tuple) and all(map(fits, value))


#: What each value of a record must be.
_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("store", "node", "opening", "name"), _is_text),
    **dict.fromkeys(("label", "parent", "source"), _is_text_or_none),
    **dict.fromkeys(("version", "dialect"), _is_text_or_none),
    **dict.fromkeys(("channel", "channel_axis"), _is_number_or_none),
    **dict.fromkeys(("default_t", "default_z"), _is_number_or_none),
    "index": _is_number,
    "kind": get_args(Kind).__contains__,
    "form": get_args(Form).__contains__,
    "levels": _list_of(_is_text),
    "axes": _list_of(_is_axis),
    "order": _list_of(_is_number_or_none),
    "problems": _list_of(_is_problem),
}


def _is_record(record: Mapping[str, Any]) -> bool:
    return all(fits(record[name]) for name, fits in _FITS.items() if name in record)


def _plain_problem(problem: Problem) -> dict[str, Any]:
    record = {f.name: getattr(problem, f.name) for f in fields(Problem)}
    return record | {"loc": list(problem.loc)}


def _problem(record: Mapping[str, Any]) -> Problem:
    return Problem(**{**record, "loc": tuple(record["loc"])})


def sort_problems(*groups: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return all problems once each, the worst first, else in their order."""
    unique = dict.fromkeys(problem for group in groups for problem in group)
    return tuple(sorted(unique, key=lambda problem: LEVELS.index(problem.level)))


def with_problems(
    metadata: Mapping[str, Any], problems: Iterable[Problem]
) -> Mapping[str, Any]:
    """Return a layer's metadata with more problems in our record, if there is one."""
    record = Provenance.from_metadata(metadata)
    if record is None:
        return metadata
    found = sort_problems(problems, record.problems)
    return {**metadata, **replace(record, problems=found).to_metadata()}


def opened_as(
    metadata: Mapping[str, Any], opening: str, name: str
) -> Mapping[str, Any]:
    """Return a layer's metadata with `opening` and `name` in our record, if any."""
    if KEY not in metadata:
        return metadata
    return {**metadata, KEY: {**metadata[KEY], "opening": opening, "name": name}}


def with_stated(metadata: Mapping[str, Any], axes: Iterable[Axis]) -> dict[str, Any]:
    """Return a layer's metadata that remember what a person said of its axes."""
    record = metadata.get(KEY)
    stated = [{"name": a.name, "type": a.type, "unit": a.unit} for a in axes]
    kept = record if isinstance(record, dict) else {}
    return {**metadata, KEY: {**kept, STATED: stated}}


def stated_axes(metadata: Mapping[str, Any]) -> tuple[Axis, ...]:
    """Return what a person said of a layer's axes; empty where that is nothing."""
    record = metadata.get(KEY)
    found = record.get(STATED) if isinstance(record, dict) else None
    if not isinstance(found, list) or not all(map(_is_axis, found)):
        return ()
    texts = [{k: v for k, v in axis.items() if isinstance(v, str)} for axis in found]
    return tuple(
        Axis(name=axis["name"], type=axis.get("type"), unit=axis.get("unit"))
        for axis in texts
    )


def overlay(what: str) -> dict[str, Any]:
    """Return the metadata of a layer that is drawn over images and is never saved."""
    return {KEY: {OVERLAY: what}}


def is_overlay(metadata: Mapping[str, Any]) -> bool:
    """Tell whether a layer is one that is drawn over images and is never saved."""
    record = metadata.get(KEY)
    return isinstance(record, dict) and OVERLAY in record


def problems_of(metadata: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Return what the layers with these ``metadata`` remember as wrong, once each."""
    records = map(Provenance.from_metadata, metadata)
    return sort_problems(*(record.problems for record in records if record))
