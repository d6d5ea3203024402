"""``multiscales``: what is the same in every version of it.

Reads the list, and of each entry its names, paths and downscaling method; the axes
and transformations are the version's own (`lists` until 0.5, `systems` from 0.6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.model import Level, Multiscale
from napari_ngff.metadata.shown import from_edge
from napari_ngff.metadata.transforms import Identity, Scale, Sequence, Unknown
from napari_ngff.metadata.versions.values import INTEGER, NAME, OBJECT, TEXT, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.transforms import Transform
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_KNOWN: Final = frozenset(
    (
        "name",
        "version",
        "type",
        "metadata",
        "axes",
        "datasets",
        "coordinateSystems",
        "coordinateTransformations",
    )
)
#: A translation whose parameters are no good.
NO_OFFSET: Final = Unknown("translation")
#: An entry of which nothing can be shown keeps its place in the list.
EMPTY: Final = Multiscale(name=None, axes=(), levels=(), transform=Identity())


def read_multiscales(
    notes: Notes, version: Version, body: Mapping[str, Any], loc: Loc
) -> tuple[Multiscale, ...]:
    """Return one `Multiscale` for each entry, in the file's order.

    An entry of which nothing can be shown has no levels.
    """
    key = "multiscales"
    if body.get(key) is None:
        return ()
    limit = notes.limits.multiscales
    entries = notes.items(body, key, loc, of="group", limit=limit) or []
    if not entries:
        text = "'multiscales' has no entry: there is no image. Remove it or add one."
        notes.add("multiscales-empty", (*loc, key), text)
    return tuple(
        _read_entry(notes, version, entry, (*loc, key, index))
        for index, entry in enumerate(entries)
    )


def _read_entry(notes: Notes, version: Version, entry: Any, loc: Loc) -> Multiscale:
    if not isinstance(entry, Mapping):
        text = f"This is {shown(entry)}, but must be an object that describes an image."
        notes.add("multiscale-invalid", loc, text)
        return EMPTY
    of = "multiscale"
    # "Each `multiscales` object SHOULD contain the field `name`"; "… the field
    # `type`, which gives the type of downscaling method"; "… the field `metadata`,
    # which contains a object with additional information about the downscaling
    # method."
    read = replace(
        version.multiscale(notes, version, entry, loc),
        name=notes.get(entry, "name", loc, TEXT, of=of, absent="warning"),
        method=notes.get(entry, "type", loc, TEXT, of=of, absent="warning"),
        metadata=notes.get(entry, "metadata", loc, OBJECT, of=of, absent="warning"),
        extra={key: entry[key] for key in entry if key not in _KNOWN},
    )
    return from_edge(read)


def read_datasets(
    notes: Notes, entry: Mapping[str, Any], loc: Loc
) -> list[tuple[str, Mapping[str, Any], Loc]]:
    """Return (path, dataset, its location) of each dataset that has a path."""
    # "Each "multiscales" dictionary MUST contain the field "datasets", which is a
    # list of dictionaries describing the arrays storing the individual resolution
    # levels."
    key, limit = "datasets", notes.limits.levels
    items = notes.items(entry, key, loc, of="multiscale", limit=limit, absent="error")
    if items == []:
        text = "'datasets' is empty: there is no array to show."
        notes.add("datasets-empty", (*loc, key), text)
    found = []
    for _, dataset, where in notes.objects(items or [], (*loc, key), of="dataset"):
        # "Each dictionary in "datasets" MUST contain the field "path", whose value
        # contains the path to the array for this resolution relative to the current
        # zarr group."
        path = _path(notes, dataset, where)
        if path is not None:
            found.append((path, dataset, where))
    paths = [path for path, _, _ in found]
    if len(set(paths)) < len(paths):
        text = "Two resolution levels have the same path. Remove one of them."
        notes.add("dataset-path-duplicate", (*loc, key), text, "warning")
    return found


def _path(notes: Notes, dataset: Mapping[str, Any], loc: Loc) -> str | None:
    value = INTEGER.read(dataset.get("path"))
    if value is None:
        path: str | None = notes.get(
            dataset, "path", loc, NAME, of="dataset", absent="error"
        )
        return path
    text = "'path' is a number; it is read as text. Put it in quotes."
    notes.add("dataset-path-invalid", (*loc, "path"), text)
    return str(value)


def level(notes: Notes, path: str, transform: Transform, loc: Loc) -> Level:
    """Return a level, its pixel sizes made positive and its steps joined."""
    return Level(path=path, transform=_usable(pixel_sizes(notes, transform, loc)))


def pixel_sizes(notes: Notes, transform: Transform, loc: Loc) -> Transform:
    """Return a level's transform with factors that are not positive made 1.

    "the scale transformation specifies the pixel size in physical units or time
    duration": a size is positive.
    """
    match transform:
        case Scale(scale, assumed):
            bad = tuple(index for index, factor in enumerate(scale) if factor <= 0)
            for index in bad:
                text = f"The pixel size {scale[index]:g} is not positive; 1, without a "
                text += "unit, is used in its place. Correct it."
                notes.add("pixel-size", (*loc, "scale", index), text)
            sizes = tuple(factor if factor > 0 else 1.0 for factor in scale)
            return Scale(sizes, (*assumed, *bad))
        case Sequence(steps):
            where = (*loc, "transformations")
            return Sequence(
                tuple(
                    pixel_sizes(notes, step, (*where, index))
                    for index, step in enumerate(steps)
                )
            )
        case _:
            return transform


def _usable(transform: Transform) -> Transform:
    if isinstance(transform, Sequence):
        return joined(list(map(_usable, transform.transforms)))
    return transform


def joined(steps: list[Transform]) -> Transform:
    """Return one transform for those in a list; what is wrong was noted already.

    Identities are left out, and so is an offset that is no good: without it the pixel
    size is right, if not the place. Any other step that is no good stays, so that the
    whole has no matrix: what the other steps say alone is not what the file means.
    """
    kept = tuple(step for step in steps if step not in (Identity(), NO_OFFSET))
    if len(kept) > 1:
        return Sequence(kept)
    if kept:
        return kept[0]
    return NO_OFFSET if NO_OFFSET in steps else Identity()
