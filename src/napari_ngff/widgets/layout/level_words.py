"""What the table of levels says of each, line by line; no Qt.

Knows what is stored and what was found; a number that is an estimate has a ≈ before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.levels import index_form
from napari_ngff.dataset.inspecting.quantities import (
    count_words,
    nbytes_words,
    times_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from napari_ngff.dataset.inspecting.levels import LevelLayout
    from napari_ngff.storage.inspecting.level import StoredLevel
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.inspecting.stored_as import StoredAs

_NONE: Final = "-"
_UNKNOWN: Final = "?"
_TIMES: Final = " \N{MULTIPLICATION SIGN} "


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: of what every level is told.

    Attributes
    ----------
    head, tip
        What it is called, and what that means.
    says
        Says it of a level, by how it is stored and what was found of it.
    found
        Whether its files must be looked at to know.
    sharded
        Whether it says something of shards alone.
    """

    head: str
    tip: str
    says: Callable[[StoredAs, LevelLayout | None], str]
    found: bool = False
    sharded: bool = False


def lengths(values: Sequence[int] | None) -> str:
    """Say lengths of axes; a dash for none."""
    if values is None:
        return _NONE
    return _TIMES.join(map(str, values)) or "1"


def details(stored: StoredAs, row: LevelLayout | None) -> tuple[tuple[str, str], ...]:
    """Return what is told of one level in sentences: names and what they are."""
    index = index_form(stored)
    told = [
        ("Codecs", plain(", ".join(stored.codecs), limit=1024) or "none"),
        ("Keys", f"{stored.key_encoding}, Zarr {stored.zarr_format}"),
    ]
    if index is not None:
        checksum = "no checksum" if index.checksum == "none" else "CRC-32C"
        where = f"at the {index.location} of the file"
        endian = f"{index.endian}-endian"
        size = nbytes_words(index.nbytes)
        told.append(("Index", f"{size} {where}, {checksum}, {endian}"))
    if row is not None and row.looked < row.of:
        looked = f"{row.looked:,} of {count_words(row.of, 'file')}"
        told.append(("≈", f"estimated from {looked}"))
    if row is not None and row.strange_files:
        told.append(("Others", f"{count_words(row.strange_files, 'file')} of no chunk"))
    return tuple(told)


def faults(level: StoredLevel, scan: LevelScan) -> list[str]:
    """Say how many files are damaged, and what the first one lacks; empty: none is."""
    found = [look for look in scan.looks if look.fault]
    if not found:
        return []
    key, count = plain(level.files.key(found[0].place), limit=1024), len(found)
    which = "" if count == 1 else "; the first"
    what = count_words(count, "damaged or unreadable file")
    return [f"{what}{which}: {key}: {found[0].fault}."]


def _about(
    name: str, says: Callable[[LevelLayout], str]
) -> Callable[[StoredAs, LevelLayout | None], str]:
    """Return what says something that was found: not known, about, or exactly."""

    def said(stored: StoredAs, row: LevelLayout | None) -> str:
        del stored
        if row is None:
            return _UNKNOWN
        text = says(row)
        sure = name not in row.about or text == _NONE or _UNKNOWN in text
        return text if sure else f"≈ {text}"

    return said


def _bytes(value: int | None) -> str:
    return _UNKNOWN if value is None else nbytes_words(value)


def _of(count: int | None, total: int | None) -> str:
    if total is None:
        return _NONE
    return f"{_UNKNOWN if count is None else f'{count:,}'} of {total:,}"


def _dead(row: LevelLayout) -> str:
    return _NONE if row.shard is None else _bytes(row.dead_nbytes)


def _ratio(stored: StoredAs, row: LevelLayout | None) -> str:
    del stored
    if row is None:
        return _UNKNOWN
    if row.ratio is None:
        return _NONE
    about = row.about & {"stored_nbytes", "uncompressed_nbytes"}
    return f"{'≈ ' if about else ''}{times_words(row.ratio)}"


LINES: Final[tuple[Line, ...]] = (
    Line(
        head="Shape",
        tip="Pixels along each axis",
        says=lambda stored, _: lengths(stored.shape),
    ),
    Line(
        head="Type",
        tip="Of the pixels",
        says=lambda stored, _: plain(stored.dtype, limit=64),
    ),
    Line(
        head="Chunk",
        tip="Pixels that are decoded at once",
        says=lambda stored, _: lengths(stored.chunk),
    ),
    Line(
        head="Shard",
        tip="Pixels in one file of several chunks",
        says=lambda stored, _: lengths(stored.shard),
    ),
    Line(
        head="Chunks a shard",
        tip="Chunks in a shard along each axis",
        says=lambda stored, _: lengths(stored.chunks_per_shard),
        sharded=True,
    ),
    Line(
        head="Files",
        tip="Files that hold chunks",
        says=_about("files", lambda row: f"{row.files:,}"),
        found=True,
    ),
    Line(
        head="Stored",
        tip="Bytes of these files",
        says=_about("stored_nbytes", lambda row: _bytes(row.stored_nbytes)),
        found=True,
    ),
    Line(
        head="Uncompressed",
        tip="Bytes that the stored chunks decode to",
        says=_about("uncompressed_nbytes", lambda row: _bytes(row.uncompressed_nbytes)),
        found=True,
    ),
    Line(
        head="Ratio",
        tip="How many bytes one stored byte decodes to",
        says=_ratio,
        found=True,
    ),
    Line(
        head="Chunks stored",
        tip="Of all that there are; those that are absent are the fill value",
        says=_about("chunks_stored", lambda row: _of(row.chunks_stored, row.chunks)),
        found=True,
    ),
    Line(
        head="Shards stored",
        tip="Of all that there are",
        says=_about("shards_stored", lambda row: _of(row.shards_stored, row.shards)),
        found=True,
        sharded=True,
    ),
    Line(
        head="Dead bytes",
        tip="Bytes inside of shards that are neither a chunk nor an index",
        says=_about("dead_nbytes", _dead),
        found=True,
        sharded=True,
    ),
)
