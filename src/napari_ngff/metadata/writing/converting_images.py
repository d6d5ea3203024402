"""Entries of ``multiscales`` in another version: axes, systems, transformations.

Until 0.2 there are neither axes nor pixel sizes, in 0.3 names of axes; until 0.5 lists
of scale and translation; from 0.6 on one transformation to a coordinate system. What
these have in common is taken over as it is written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from napari_ngff.metadata.axes import default_axes
from napari_ngff.metadata.geometry import downsample_factors, level_transform
from napari_ngff.metadata.shown import KEY as MARK
from napari_ngff.metadata.transforms import Identity, Scale, Sequence, Translation
from napari_ngff.metadata.versions.values import shown
from napari_ngff.metadata.writing.blocks import write_multiscale
from napari_ngff.metadata.writing.transforms import write_list, write_transform

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Sequence as Items

    from napari_ngff.metadata.model import Group, Level, Multiscale
    from napari_ngff.metadata.transforms import Transform
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

    Json: TypeAlias = dict[str, Any]

#: How a version says where the pixels of an image are.
Layout: TypeAlias = Literal["nothing", "lists", "systems"]

_KEY: Final = "coordinateTransformations"
_LAYOUTS: Final[Mapping[str, Layout]] = {
    **dict.fromkeys(("0.1", "0.2", "0.3"), "nothing"),
    **dict.fromkeys(("0.4", "0.5"), "lists"),
}
_PLACE: Final = ("axes", "coordinateSystems", "datasets", _KEY)


def placed(notes: Notes, group: Group, shapes: Mapping[str, Items[int]]) -> Group:
    """Return a group whose images say where their pixels are; see `convert`."""
    if _layout(group.dialect) != "nothing":
        return group
    images = tuple(
        _placed(notes, multiscale, shapes, group, index)
        for index, multiscale in enumerate(group.multiscales)
    )
    return replace(group, multiscales=images)


def _placed(
    notes: Notes,
    multiscale: Multiscale,
    shapes: Mapping[str, Items[int]],
    group: Group,
    index: int,
) -> Multiscale:
    """Return an image with pixels of size 1, and larger ones in its coarser levels.

    They are where they were drawn: each level over the whole of the finest one.
    """
    found = [shapes.get(level.path) for level in multiscale.levels]
    loc = (*group.loc, "multiscales", index, "datasets")
    for number, (level, shape) in enumerate(zip(multiscale.levels, found, strict=True)):
        if shape is None or 0 in shape or len(shape) != len(found[0] or ()):
            text = f"The level {shown(level.path)} has no array of pixels that fits, so"
            text += " that the size of its pixels is not known. Remove it, or restore "
            notes.add("level-unknown", (*loc, number), text + "its array.")
            return multiscale
    known = [shape for shape in found if shape is not None]
    axes = multiscale.axes
    if known and group.dialect != "0.3":
        axes = default_axes(len(known[0]))
    if known and len(axes) != len(known[0]):
        text = f"There are {len(axes)} axes, but {len(known[0])} dimensions. Correct "
        notes.add("axis-count-differs", (*loc[:-1], "axes"), text + "the axes.")
        return multiscale
    levels = tuple(
        replace(level, transform=_drawn(known[0], shape))
        for level, shape in zip(multiscale.levels, known, strict=True)
    )
    return replace(multiscale, axes=axes, levels=levels)


def _drawn(base: Items[int], shape: Items[int]) -> Transform:
    ones, zeros = (1.0,) * len(base), (0.0,) * len(base)
    factors = downsample_factors(base, shape)
    scale, offset = level_transform(ones, zeros, factors, "mean")
    own = Scale(scale)
    return Sequence((own, Translation(offset))) if any(offset) else own


def convert_images(
    notes: Notes, entries: Any, group: Group, kept: Group, target: Version
) -> list[Any]:
    """Return the entries of ``multiscales`` in the words of a version.

    Parameters
    ----------
    notes
        Is told what cannot be.
    entries
        Those of the file, to be used up.
    group, kept
        What they say, and the same as the version can say it.
    target
        The version.
    """
    if not isinstance(entries, list) or len(entries) != len(group.multiscales):
        text = "'multiscales' is not a list of images. Correct it."
        notes.add("multiscales-invalid", (*group.loc, "multiscales"), text)
        return []
    return [
        _converted(notes, entry, group, kept, index, target)
        for index, entry in enumerate(entries)
    ]


def _converted(
    notes: Notes, entry: Any, group: Group, kept: Group, index: int, target: Version
) -> Any:
    was, now = group.multiscales[index], kept.multiscales[index]
    loc = (*group.loc, "multiscales", index)
    datasets = entry.get("datasets") if isinstance(entry, dict) else None
    if not isinstance(datasets, list) or len(datasets) != len(was.levels):
        text = "Its levels cannot be read. Correct 'datasets' first."
        notes.add("datasets-invalid", loc, text)
        return entry
    if any(problem.level == "error" for problem in notes.problems()):
        return entry
    entry.pop("version", None)
    if not says_alike(group, target):
        ways = _layout(group.dialect), _layout(target.name)
        entry = _written(entry, was, now, ways)
    if "multiscales" in target.versioned:
        entry = {"version": target.name, **entry}
    return entry


def _layout(name: str) -> Layout:
    return _LAYOUTS.get(name, "systems")


def says_alike(group: Group, target: Version) -> bool:
    """Tell whether a version says where pixels are as the file does."""
    is_development = any(p.kind == "development-syntax" for p in group.problems)
    return _layout(group.dialect) == _layout(target.name) and not is_development


def _written(
    entry: Json, was: Multiscale, now: Multiscale, ways: tuple[Layout, Layout]
) -> Json:
    """Return an entry with its axes and levels in other words."""
    new = {k: v for k, v in entry.items() if k not in (*_PLACE, MARK)}
    new |= {k: v for k, v in now.extra.items() if k == MARK}
    place = {k: v for k, v in write_multiscale(now).items() if k in _PLACE}
    axes = _axes_of(entry, was, ways[0])
    if axes is not None:
        if ways[1] == "systems" and ways[0] == "lists":
            place["coordinateSystems"] = [{"name": now.intrinsic, "axes": axes}]
        elif ways[1] == "lists":
            place["axes"] = axes
    is_plain = was.transform == Identity()
    for own, old, level in zip(
        place["datasets"], entry["datasets"], now.levels, strict=True
    ):
        steps = _steps(old, ways[0]) if is_plain else None
        own[_KEY] = _transforms(steps, level, now, ways[1])
        own |= {key: value for key, value in old.items() if key not in own}
    named = {"name": new.pop("name")} if "name" in new else {}
    return {**named, **place, **new}


def _axes_of(entry: Json, was: Multiscale, layout: Layout) -> list[Any] | None:
    """Return the axes of an image as they are written; None: not as objects."""
    found = entry.get("axes") if layout == "lists" else None
    if layout == "systems":
        systems = entry.get("coordinateSystems") or ()
        named = (s for s in systems if isinstance(s, dict))
        own = (s.get("axes") for s in named if s.get("name") == was.intrinsic)
        found = next(own, None)
    usable = isinstance(found, list) and len(found) == len(was.axes)
    if not usable or not all(isinstance(axis, dict) for axis in found or ()):
        return None
    return found


def _steps(dataset: Json, layout: Layout) -> list[Json] | None:
    """Return scale, or scale and translation, as a level has them written; or None."""
    items = dataset.get(_KEY)
    if layout == "nothing" or not isinstance(items, list):
        return None
    if layout == "systems" and len(items) == 1 and isinstance(items[0], dict):
        only = {k: v for k, v in items[0].items() if k not in ("input", "output")}
        is_sequence = only.get("type") == "sequence"
        items = only.get("transformations") if is_sequence else [only]
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        return None
    kinds = [item.get("type") for item in items]
    usual = kinds in (["scale"], ["scale", "translation"])
    return items if usual and not any("path" in item for item in items) else None


def _transforms(
    steps: list[Json] | None, level: Level, image: Multiscale, layout: Layout
) -> list[Json]:
    if layout == "lists":
        return write_list(level.transform) if steps is None else steps
    own = write_transform(level.transform)
    if steps is not None:
        own = {"type": "sequence", "transformations": steps}
        own = steps[0] if len(steps) == 1 else own
    ends = {"input": {"path": level.path}, "output": {"name": image.intrinsic}}
    return [ends | own]
