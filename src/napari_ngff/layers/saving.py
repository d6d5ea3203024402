"""The public verb ``write``: arrays, images or layers to a store.

Knows what each of them is and hands it on; how it is saved is in `dataset`. napari is
not imported: a layer is what can say its own ``LayerData``.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence as Items
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.nodes import Node
from napari_ngff.dataset.saving.from_arrays import image_of
from napari_ngff.dataset.saving.from_nodes import images_of
from napari_ngff.dataset.saving.options import MEMORY, SaveOptions, check_name
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.saving.save_plan import with_advice
from napari_ngff.dataset.write import check as check_plan
from napari_ngff.dataset.write import execute
from napari_ngff.layers.writing.arguments import check_arguments
from napari_ngff.storage.chunks.compression import Compression, compression_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Literal

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.nodes import ImageData
    from napari_ngff.dataset.saving.from_arrays import Numbers, Units
    from napari_ngff.dataset.saving.options import (
        Check,
        Container,
        ImageMethod,
        LabelMethod,
        OldLabels,
        OnAffine,
        OnLoss,
        Several,
        Version,
    )
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.model import Channel

_KINDS = frozenset(
    ("image", "labels", "points", "shapes", "surface", "tracks", "vectors", "graph")
)

_ADVICE = {
    "target-taken": "overwrite=True replaces it.",
    "old-labels": "old_labels='drop' leaves them out.",
}


def write(
    path: str | os.PathLike[str],
    data: Any,
    *,
    axes: str | Sequence[str | Axis] | None = None,
    scale: Numbers | None = None,
    translation: Numbers | None = None,
    units: Units | None = None,
    name: str | None = None,
    channels: Sequence[str | Channel] | None = None,
    labels: Mapping[str, Any] | None = None,
    version: Version = "0.5",
    container: Container | None = None,
    several: Several = "beside",
    overwrite: bool = False,
    old_labels: OldLabels = "keep",
    on_loss: OnLoss = "warn",
    affine: OnAffine = "raise",
    answers: Mapping[str, str] | None = None,
    levels: int | None = None,
    method: ImageMethod = "mean",
    label_method: LabelMethod = "mode",
    chunks: Mapping[str, int] | None = None,
    shards: Mapping[str, int] | Literal["none"] | None = None,
    compression: Compression | str | None = None,
    check: Check = "sample",
    memory: int = MEMORY,
    workers: int | None = None,
    scheduler: Any = None,
    progress: Callable[[float], None] = lambda fraction: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path | tuple[Path, ...]:
    """Save as OME-Zarr: a multiscale pyramid, in its true place and units.

    What is at `path` is never touched before all is written and verified; a save that
    fails or is interrupted leaves it as it was.

    Parameters
    ----------
    path
        Where to: used as it is. With ``.ozx`` at its end it becomes a single file.
    data
        An array (numpy, dask, zarr, `LazyArray`), an image from `read`, a layer or
        layers of napari, ``LayerData`` tuples, or a list of images.
    axes, scale, translation, units, name, channels, labels
        What an array means: see `saving.from_arrays.image_of`. Images and layers
        bring their own.
    version
        ``"0.4"``, ``"0.5"`` or ``"0.6"``.
    container
        ``"directory"`` or ``"ozx"``; None: by the suffix of `path`.
    several
        Several images go ``"beside"`` each other (``<name>_<image>.ome.zarr``), or as a
        ``"series"`` into one store.
    overwrite
        Whether an OME-Zarr image at `path` may be replaced; nothing else ever is.
    old_labels
        Labels of the replaced image that the new one lacks: ``"keep"`` or ``"drop"``.
    on_loss
        What cannot be saved is told by a warning, or (``"raise"``) keeps all from
        being saved.
    affine
        In 0.4 and 0.5 a turned or sheared image is refused (``"raise"``), resampled,
        or saved without the turn (``"drop"``).
    answers
        Answers to questions that an error asked, by their keys.
    levels
        How many; None: until the viewed plane fits one chunk.
    method, label_method
        ``"mean"`` or ``"strided"``; for labels ``"mode"`` or ``"nearest"``.
    chunks, shards
        Lengths by axis name, such as ``{"z": 16}``; the rest as by default. Shards may
        be ``"none"``.
    compression
        A `Compression`, or its name with or without a level: ``"zstd:3"``.
    check
        ``"sample"``: every file is read again and compared, and one chunk of each
        decoded; ``"all"``: every chunk.
    memory
        Bytes that may be taken, whatever the image's size.
    workers
        How many tasks run at a time.
    scheduler
        A `dask.distributed` client to run on.
    progress, cancelled
        Are told the fraction that is done, and asked whether to stop.

    Returns
    -------
    Path or tuple of Path
        The store; of several images beside each other, all of them.

    Raises
    ------
    CannotSave
        `TargetExists`, `WouldLose`, `NoSpace`, or for another reason. Nothing was
        changed.
    Cancelled
        If `cancelled` said so. Nothing was changed.
    ValueError
        If an argument is not what it must be, or does not fit the data.
    """
    check_arguments(
        path=path,
        overwrite=overwrite,
        answers=answers,
        scheduler=scheduler,
        progress=progress,
        cancelled=cancelled,
    )
    options = SaveOptions(
        version=version,
        container=container,
        suffix="as-given",
        several=several,
        existing="replace" if overwrite else "refuse",
        old_labels=old_labels,
        on_loss=on_loss,
        affine=affine,
        levels=levels,
        method=method,
        label_method=label_method,
        chunks=chunks or {},
        shards=shards or {},
        compression=_compression(compression),
        check=check,
        memory=memory,
        workers=workers,
        name=name,
    )
    own = {
        "axes": axes,
        "scale": scale,
        "translation": translation,
        "units": units,
        "channels": channels,
        "labels": labels,
    }
    images, problems = _images(data, path, options, own, answers)
    if not images:
        reason = "OME-Zarr holds images and labels, and there is neither"
        raise CannotSave(os.fspath(path), reason, "Give at least one.")
    check_name(options, images)
    plan = with_advice(make_plan(images, path, options, problems=problems), _ADVICE)
    check_plan(plan)
    for problem in plan.losses:
        where = f"{plain(problem.node)}: " if problem.node else ""
        warnings.warn(where + problem.message, stacklevel=2)
    written = execute(plan, progress=progress, cancelled=cancelled, scheduler=scheduler)
    return written[0] if len(written) == 1 else written


def _compression(given: Compression | str | None) -> Compression | None:
    try:
        return compression_of(given) if isinstance(given, str) else given
    except ValueError as error:
        message = f"compression={plain(repr(given), limit=80)}: {error}"
        raise ValueError(message) from error


def _images(
    data: Any,
    path: str | os.PathLike[str],
    options: SaveOptions,
    own: Mapping[str, Any],
    answers: Mapping[str, str] | None,
) -> tuple[tuple[ImageData, ...], tuple[Problem, ...]]:
    """Return what is given as images, and what is lost on the way."""
    given = tuple(data) if _is_list(data) else (data,)
    if all(isinstance(one, Node) for one in given):
        found = [images_of(one, **own) for one in given]
        images = tuple(image for some, _ in found for image in some)
        return images, tuple(problem for _, some in found for problem in some)
    if all(_is_layer(one) for one in given):
        _refuse(own, "layers")
        return _of_layers(given, path, options, answers)
    return (image_of(data, name=options.name, **own),), ()


def _is_list(data: Any) -> bool:
    """Tell a list of things from one thing: an array, a layer, LayerData."""
    return isinstance(data, Items) and not isinstance(data, str) and not _is_layer(data)


def _is_layer(data: Any) -> bool:
    if hasattr(data, "as_layer_data_tuple"):
        return True
    return isinstance(data, tuple) and len(data) == 3 and data[2] in _KINDS


def _refuse(own: Mapping[str, Any], what: str) -> None:
    if given := [name for name, value in own.items() if value is not None]:
        message = f"{', '.join(given)}: {what} bring their own"
        raise ValueError(message)


def _of_layers(
    layers: Sequence[Any],
    path: str | os.PathLike[str],
    options: SaveOptions,
    answers: Mapping[str, str] | None,
) -> tuple[tuple[ImageData, ...], tuple[Problem, ...]]:
    from napari_ngff.layers.write import to_images
    from napari_ngff.layers.writing.origins import read_origins

    tuples: list[LayerData] = [
        layer if isinstance(layer, tuple) else layer.as_layer_data_tuple()
        for layer in layers
    ]
    found = to_images(
        tuples,
        version=options.version,
        affine=options.affine,
        answers=answers,
        origins=read_origins(tuples),
    )
    if found.questions:
        reason = " ".join(question.text for question in found.questions)
        advice = " ".join(question.advice for question in found.questions)
        raise CannotSave(str(path), reason, advice)
    return found.images, found.problems
