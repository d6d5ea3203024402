"""What may be chosen when images are saved: one value, with sensible defaults.

Knows the choices and their names. Does not know what they lead to: `plan` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass, field
from numbers import Integral, Real
from typing import Any, Literal, TypeAlias, get_args

from napari_ngff.core.names import plain
from napari_ngff.storage.chunks.compression import Compression

Version: TypeAlias = Literal["0.4", "0.5", "0.6"]
Container: TypeAlias = Literal["directory", "ozx"]
Several: TypeAlias = Literal["beside", "series"]
OnLoss: TypeAlias = Literal["warn", "raise"]
OnAffine: TypeAlias = Literal["raise", "resample", "drop"]
Existing: TypeAlias = Literal["refuse", "replace"]
OldLabels: TypeAlias = Literal["keep", "drop"]
Suffix: TypeAlias = Literal["add", "as-given"]
Check: TypeAlias = Literal["sample", "all"]
ImageMethod: TypeAlias = Literal["mean", "strided"]
LabelMethod: TypeAlias = Literal["mode", "nearest"]

VERSIONS: tuple[Version, ...] = ("0.4", "0.5", "0.6")
MEMORY = 10**9
"""Bytes of memory that a save may take, unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOptions:
    """How images are saved.

    Attributes
    ----------
    version
        Of the OME-Zarr specification. 0.4 is Zarr format 2, the others are format 3.
    container
        A folder, or one ``.ozx`` file (RFC-9; not in 0.4). None: what the target's
        suffix says, a folder where it says nothing.
    suffix
        Whether a target's name gets the suffix of its container where it has none.
    several
        Where several images go: ``"beside"`` each other, in stores of their own named
        ``<name>_<image>.ome.zarr``, or as a ``"series"`` in one store (bioformats2raw
        layout).
    existing
        Whether an image that is at the target already may be replaced.
    old_labels
        What becomes of the label images of a replaced image that the new one lacks:
        ``"keep"`` moves them over, which is refused where they do not fit the new
        image; ``"drop"`` leaves them out.
    on_loss
        Whether what the version cannot hold is told and left out, or refused.
    affine
        What to do with a transform that is not scale and translation in 0.4 and 0.5.
    levels
        How many levels, the finest included; None: until the viewed plane fits one
        chunk.
    method, label_method
        How coarser levels of images and of labels are made.
    chunks
        Length of a chunk by axis name; axes that are not named get the default.
    shards
        Length of a shard by axis name, or ``"none"``: one file per chunk.
    compression
        How chunks are compressed; None: the default, blosc-zstd with shuffle.
    check
        Every file is read again and compared with what was written. Besides, one
        chunk per shard is decoded and compared, or with ``"all"`` every one.
    memory
        Bytes of memory that the save may take, whatever the image's size.
    workers
        How many tasks run at a time; None: as many as there are processors and
        `memory` allows.
    name
        What the image is called; None: what it was called, or the target's name.
    """

    version: Version = "0.5"
    container: Container | None = None
    suffix: Suffix = "add"
    several: Several = "beside"
    existing: Existing = "refuse"
    old_labels: OldLabels = "keep"
    on_loss: OnLoss = "warn"
    affine: OnAffine = "raise"
    levels: int | None = None
    method: ImageMethod = "mean"
    label_method: LabelMethod = "mode"
    chunks: Mapping[str, int] = field(default_factory=dict)
    shards: Mapping[str, int] | Literal["none"] = field(default_factory=dict)
    compression: Compression | None = None
    check: Check = "sample"
    memory: int = MEMORY
    workers: int | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no choice: taken for another, it would be for the worse.

        Raises
        ------
        ValueError
            It says which choice and what there is.
        """
        for name, is_right, right in _RIGHT:
            value = getattr(self, name)
            if not is_right(value):
                raise ValueError(wrong(name, value, right))


def wrong(name: str, value: object, right: str) -> str:
    """Say that what was given under a name is not what it must be."""
    return f"{name}={plain(repr(value), limit=80)}: it must be {right}"


def _is_count(value: Any) -> bool:
    if value is None:
        return True
    is_whole = not isinstance(value, bool) and isinstance(value, Integral)
    return is_whole and int(value) >= 1


def _are_lengths(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and _is_count(length) for name, length in value.items()
    )


def _is_none(value: Any) -> bool:
    return isinstance(value, str) and value == "none"


def _is_size(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and float(value) > 0


_LENGTHS = "lengths by axis name, whole numbers such as {'z': 16}"
_CHOICES: Mapping[str, tuple[str | None, ...]] = {
    "version": get_args(Version),
    "container": (*get_args(Container), None),
    "suffix": get_args(Suffix),
    "several": get_args(Several),
    "existing": get_args(Existing),
    "old_labels": get_args(OldLabels),
    "on_loss": get_args(OnLoss),
    "affine": get_args(OnAffine),
    "method": get_args(ImageMethod),
    "label_method": get_args(LabelMethod),
    "check": get_args(Check),
}


#: Which value is right, and the words for it.
_RIGHT: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    *(
        (name, choices.__contains__, "one of " + ", ".join(map(repr, choices)))
        for name, choices in _CHOICES.items()
    ),
    ("levels", _is_count, "a whole number, 1 or more, or None"),
    ("workers", _is_count, "a whole number, 1 or more, or None"),
    ("chunks", _are_lengths, _LENGTHS),
    ("shards", lambda v: _are_lengths(v) or _is_none(v), f"{_LENGTHS}, or 'none'"),
    ("memory", _is_size, "a number of bytes"),
    ("name", lambda v: v is None or isinstance(v, str), "text, or None"),
    (
        "compression",
        lambda v: v is None or isinstance(v, Compression),
        "a Compression, its name such as 'zstd:3', or None",
    ),
)

DEFAULT_OPTIONS = SaveOptions()


def check_name(options: SaveOptions, images: Sized) -> None:
    """Raise a ValueError if one name is to be that of several images."""
    if options.name is not None and len(images) > 1:
        message = f"name={options.name!r}: there are {len(images)} images"
        raise ValueError(message)
