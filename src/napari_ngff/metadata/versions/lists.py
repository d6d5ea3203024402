"""One entry of ``multiscales`` until 0.5: axes, and lists of scale and translation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.axes import Axis, default_axes
from napari_ngff.metadata.model import Level, Multiscale
from napari_ngff.metadata.transforms import Identity, Transform, Translation, Unknown
from napari_ngff.metadata.versions import multiscales
from napari_ngff.metadata.versions.axes import check_axes, read_axes
from napari_ngff.metadata.versions.multiscales import NO_OFFSET
from napari_ngff.metadata.versions.parameters import Ends
from napari_ngff.metadata.versions.transforms import read_transform
from napari_ngff.metadata.versions.values import number, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_KEY: Final = "coordinateTransformations"
_DEFAULT_NDIM: Final = 5


def object_axes(
    notes: Notes, version: Version, entry: Mapping[str, Any], loc: Loc
) -> tuple[Axis, ...] | None:
    """Return the axes of an entry of 0.4 and 0.5; None where it has none."""
    # "Each "multiscales" dictionary MUST contain the field "axes"."
    limit = notes.limits.images
    items = notes.items(
        entry, "axes", loc, of="multiscale", limit=limit, absent="error"
    )
    if items is None:
        return None
    axes = read_axes(notes, items, (*loc, "axes"))
    check_axes(notes, version, axes, (*loc, "axes"))
    return axes or None


def read_multiscale(
    notes: Notes, version: Version, entry: Mapping[str, Any], loc: Loc
) -> Multiscale:
    """Return an entry whose transformations are lists of scale and translation."""
    datasets = multiscales.read_datasets(notes, entry, loc)
    axes = None if version.axes is None else version.axes(notes, version, entry, loc)
    names = None if axes is None else tuple(axis.name for axis in axes)
    ends = Ends(input=names, output=names)
    lists = [
        (path, *_list(notes, dataset, where, ends, of="dataset"))
        for path, dataset, where in datasets
    ]
    whole: Transform = Identity()
    sized = False
    if entry.get(_KEY) is not None:
        # "Each "multiscales" dictionary MAY contain the field
        # "coordinateTransformations" … The transformations MUST follow the same
        # rules … and are applied after them."
        whole, sized = _list(notes, entry, loc, ends, of="multiscale")
    # Where neither says how large a pixel is, "1 micrometer" would be nobody's word:
    # the level has no transform that can be used, and is shown in pixels (as Fiji and
    # QuPath show an image without a calibration).
    levels = tuple(
        Level(path=path, transform=transform if own or sized else Unknown(""))
        for path, transform, own in lists
    )
    return Multiscale(
        name=None,
        axes=axes or default_axes(_ndim(datasets)),
        levels=levels,
        transform=whole,
    )


def no_transforms(
    notes: Notes, version: Version, entry: Mapping[str, Any], loc: Loc
) -> Multiscale:
    """Return an entry of 0.1 to 0.3: paths, and in 0.3 the names of axes."""
    datasets = multiscales.read_datasets(notes, entry, loc)
    axes = None if version.axes is None else version.axes(notes, version, entry, loc)
    levels = tuple(Level(path=path, transform=Identity()) for path, _, _ in datasets)
    return Multiscale(
        name=None,
        axes=axes or default_axes(_DEFAULT_NDIM),
        levels=levels,
        transform=Identity(),
    )


def _ndim(datasets: list[tuple[str, Mapping[str, Any], Loc]]) -> int:
    """Return how many axes the first list of numbers is for: the best guess."""
    for _, dataset, _ in datasets:
        items = dataset.get(_KEY)
        for item in items if isinstance(items, list) else []:
            scale = item.get("scale") if isinstance(item, dict) else None
            if isinstance(scale, list) and any(map(number, scale)):
                return min(len(scale), _DEFAULT_NDIM)
    return _DEFAULT_NDIM


def _list(
    notes: Notes, holder: Mapping[str, Any], loc: Loc, ends: Ends, *, of: str
) -> tuple[Transform, bool]:
    """Return the transforms of a list as one, and whether a pixel size is in it.

    What breaks the rules of the list is noted.
    """
    # "Each dictionary in "datasets" MUST contain the field
    # "coordinateTransformations", which contains a list of transformations".
    limit = notes.limits.levels
    items = notes.items(holder, _KEY, loc, of=of, limit=limit, absent="error")
    if items is None:
        return Identity(), False
    where = (*loc, _KEY)
    kinds = [item.get("type") if isinstance(item, dict) else None for item in items]
    _check_kinds(notes, kinds, where)
    steps = []
    for index, item in enumerate(items):
        step = read_transform(notes, item, (*where, index), ends)
        steps.append(multiscales.pixel_sizes(notes, step, (*where, index)))
    sized = any(not isinstance(s, Translation) and s != NO_OFFSET for s in steps)
    return multiscales.joined(steps), sized


def _check_kinds(notes: Notes, kinds: list[Any], loc: Loc) -> None:
    # "The transformation MUST only be of type `translation` or `scale`."
    for index, kind in enumerate(kinds):
        if isinstance(kind, str) and kind not in ("scale", "translation"):
            text = f"The type {shown(kind)} is not allowed here; only 'scale' and "
            notes.add("transform-type", (*loc, index, "type"), text + "'translation'.")
    # "They MUST contain exactly one `scale` transformation that specifies the pixel
    # size in physical units or time duration."
    if kinds.count("scale") != 1:
        text = f"There are {kinds.count('scale')} transformations of type 'scale'; "
        text += "there must be exactly one. "
        text += "All are applied." if kinds else "Nothing is applied; remove the list."
        notes.add("scale-count", loc, text)
    # "It MAY contain exactly one `translation` that specifies the offset from the
    # origin in physical units. If `translation` is given it MUST be listed after
    # `scale` to ensure that it is given in physical coordinates."
    if kinds.count("translation") > 1:
        text = "There is more than one 'translation'; all are applied. Make them one."
        notes.add("translation-count", loc, text)
    if "translation" in kinds and "scale" in kinds[kinds.index("translation") :]:
        text = "The 'translation' must be after the 'scale'. They are applied in the "
        notes.add("transform-order", loc, text + "order that they have.")
