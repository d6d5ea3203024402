"""What was chosen in the save dialog, as a value; and what is remembered of it.

Knows the choices and the file that keeps the last ones; knows neither Qt nor layers.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from napari.settings import get_settings

from napari_ngff.dataset.saving.options import (
    VERSIONS,
    Check,
    Container,
    ImageMethod,
    LabelMethod,
    SaveOptions,
    Several,
)
from napari_ngff.storage.chunks.compression import Compression

if TYPE_CHECKING:
    from collections.abc import Mapping

Which: TypeAlias = Literal["all", "visible", "selected"]

WHOLE, VIEW = "whole", "view"
_FILE = "napari-ngff-save.json"
_LARGEST = 2**16
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was chosen.

    Attributes
    ----------
    target
        Where to, as typed or picked; may be empty.
    which
        Which layers.
    area
        Which part of the plane: `WHOLE`, `VIEW` (what the canvas shows), or the name
        of a Shapes layer whose rectangle it is.
    current
        Axes of the viewer of which only the current position is saved.
    replace
        Whether the image that is at the target may be replaced.
    options
        How: see there. ``existing`` follows `replace` when it is saved.
    answers
        Answers to questions, by their keys.
    """

    target: str = ""
    which: Which = "all"
    area: str = WHOLE
    current: frozenset[int] = frozenset()
    replace: bool = False
    options: SaveOptions = field(default_factory=SaveOptions)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the next save begins with.

    Attributes
    ----------
    folder
        Where the last one went.
    which
        Which layers.
    options
        Of them only those that do not depend on the image.
    unfolded
        Whether the part for experts was open.
    """

    folder: str = ""
    which: Which = "all"
    options: SaveOptions = field(default_factory=SaveOptions)
    unfolded: bool = False


_KEPT: Mapping[str, tuple[str, ...]] = {
    "version": VERSIONS,
    "container": get_args(Container),
    "several": get_args(Several),
    "method": get_args(ImageMethod),
    "label_method": get_args(LabelMethod),
    "check": get_args(Check),
}


def remember(choices: Choices, *, unfolded: bool) -> None:
    """Keep for the next time what was chosen; without napari's settings, nothing."""
    path = _path()
    if path is None:
        return
    options = choices.options
    codec = options.compression
    record = {
        "folder": str(Path(choices.target).expanduser().absolute().parent),
        "which": choices.which,
        "unfolded": unfolded,
        "memory": options.memory,
        "shards": "none" if options.shards == "none" else "auto",
        "compression": None if codec is None else [codec.name, codec.level],
        **{name: getattr(options, name) for name in _KEPT},
    }
    try:
        path.write_text(json.dumps(record, indent=2), "utf-8")
    except OSError as error:
        _logger.warning("the choices of a save are not remembered: %s", error)


def remembered() -> Remembered:
    """Return what was chosen the last time; what is not understood is left out."""
    path = _path()
    try:
        if path is None or path.stat().st_size > _LARGEST:
            return Remembered()
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Remembered()
    return _from_record(record) if isinstance(record, dict) else Remembered()


def _from_record(record: Mapping[str, Any]) -> Remembered:
    found = {k: record[k] for k, known in _KEPT.items() if record.get(k) in known}
    options = replace(SaveOptions(), **found)
    memory = record.get("memory")
    if type(memory) is int and memory >= 2**20:
        options = replace(options, memory=memory)
    if record.get("shards") == "none":
        options = replace(options, shards="none")
    folder, which = record.get("folder"), record.get("which")
    return Remembered(
        folder=folder if isinstance(folder, str) else "",
        which=next((w for w in get_args(Which) if w == which), "all"),
        options=replace(options, compression=_compression(record.get("compression"))),
        unfolded=record.get("unfolded") is True,
    )


def _compression(given: Any) -> Compression | None:
    try:
        name, level = given
        return Compression(name=name, level=int(level))
    except (TypeError, ValueError):
        return None


def _path() -> Path | None:
    """Return the file beside napari's own settings."""
    path = get_settings().config_path
    return None if path is None else Path(path).parent / _FILE
