"""What a picture of a level or of a shard shows at one place, in words. Pure.

Knows the pictures' numbers; every word is our own, and names of files are plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.pictures import FAULTY, MISSING, UNKNOWN
from napari_ngff.dataset.inspecting.quantities import (
    count_words,
    nbytes_words,
    times_words,
)
from napari_ngff.dataset.inspecting.scales import measure_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.dataset.inspecting.looked import Looked
    from napari_ngff.dataset.inspecting.pictures import LevelPicture
    from napari_ngff.dataset.inspecting.shard_pictures import ShardPicture
    from napari_ngff.storage.inspecting.looking import FileLook
    from napari_ngff.storage.inspecting.shard_map import Order
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.pixels.grid import ChunkIndex

_ORDERS: Final[dict[Order, str]] = {
    "C": "C order: the last axis fastest",
    "Fortran": "Fortran order: the first axis fastest",
    "Morton": "Morton order: along a Z",
    "other": "an order that is neither C, nor Fortran, nor Morton",
    "one": "",
    "none": "",
}


def place_words(place: Sequence[int]) -> str:
    """Say where something is in a grid: ``"(0, 3, 1)"``."""
    return f"({', '.join(map(str, place))})"


def file_word(stored: StoredAs) -> str:
    """Say what one file holds: ``"shard"`` or ``"chunk"``."""
    return "chunk" if stored.shard is None else "shard"


def exact_bytes(nbytes: int) -> str:
    """Say a number of bytes in full, and in short where that is shorter to read."""
    full = count_words(nbytes, "byte")
    return full if nbytes < 10_000 else f"{nbytes_words(nbytes)} ({full})"


def file_words(looked: Looked, place: ChunkIndex) -> str:
    """Say what one file of an array is: its place, its bytes, what is in it."""
    stored, look = looked.stored, looked.looks.get(place)
    what = f"{file_word(stored).capitalize()} {place_words(place)}"
    if look is None:
        known = looked.complete or (looked.absent == place).all(axis=1).any()
        absent = "not stored: all of it is the fill value"
        return f"{what}: {absent if known else 'not looked at'}"
    told = [] if look.nbytes is None else [exact_bytes(look.nbytes)]
    told += _inside_words(looked, look)
    if look.fault:
        told.append(plain(look.fault, limit=512))
    return f"{what}: {', '.join(told)}" if told else what


def _inside_words(looked: Looked, look: FileLook) -> list[str]:
    stored = looked.stored
    told: list[str] = []
    if look.chunks is None:
        return told
    if stored.shard is not None:
        per_shard = stored.chunks_per_shard or ()
        ranges = zip(look.place, per_shard, stored.chunk_grid, strict=True)
        possible = 1
        for at, each, chunks in ranges:
            possible *= min(each, chunks - at * each)
        told.append(f"{look.chunks:,} of {count_words(possible, 'chunk')}")
    if look.nbytes and look.chunks and stored.itemsize:
        ratio = look.chunks * stored.chunk_nbytes / look.nbytes
        told.append(f"{times_words(ratio)} to 1")
    if look.dead_nbytes:
        told.append(f"{nbytes_words(look.dead_nbytes)} of it unused")
    return told


def cell_words(picture: LevelPicture, looked: Looked, row: int, column: int) -> str:
    """Say what is in one cell of a picture, that may stand for several files.

    Parameters
    ----------
    picture
        The picture.
    looked
        The files that it shows.
    row, column
        Which cell of the picture.
    """
    first = row * picture.step[0], column * picture.step[1]
    if picture.step == (1, 1):
        return file_words(looked, picture.place(*first))
    lasts = [
        min(at + step, count) - 1
        for at, step, count in zip(first, picture.step, picture.grid, strict=True)
    ]
    word = file_word(looked.stored)
    span = (
        f"{place_words(picture.place(*first))} to {place_words(picture.place(*lasts))}"
    )
    what = f"{word.capitalize()}s {span}"
    state, files = picture.state(row, column), int(picture.files[row, column])
    if state in (MISSING, UNKNOWN):
        return f"{what}: {'none stored' if state == MISSING else 'not looked at'}"
    told = [f"{files:,} stored"]
    value = picture.value(row, column)
    if value is not None:
        told.append(f"{measure_words(picture.measure, value)} on average")
    if state == FAULTY:
        told.append(f"{int(picture.faulty[row, column]):,} damaged")
    return f"{what}: {', '.join(told)}"


def piece_words(picture: ShardPicture, offset: float) -> str:
    """Say what a byte of a shard belongs to."""
    kind, begin, end = picture.piece_at(offset)
    if kind == "outside":
        return ""
    where = f"{exact_bytes(end - begin)} from byte {begin:,} on"
    if kind == "index":
        return f"Index of the shard: {where}"
    if kind == "gap":
        return f"Unused: {where} that no chunk refers to"
    if kind == "overlap":
        return f"Several chunks overlap: {where}"
    number = picture.chunk_at(offset)
    return "" if number is None else chunk_words(picture, number)


def chunk_words(picture: ShardPicture, number: int) -> str:
    """Say what an inner chunk is, by its number in the file."""
    rank = int(picture.ranks[number])
    begin, end = int(picture.begins[number]), int(picture.ends[number])
    where = f"{exact_bytes(end - begin)} from byte {begin:,} on"
    what = f"Chunk {place_words(picture.position(rank))} of the shard: {where}"
    number_words = f"{number + 1:,} of {len(picture.begins):,} in the file"
    beyond = "" if picture.inside[number] else ", beyond the end of the array"
    return f"{what}, {number_words}, position {rank:,} of {picture.positions:,}{beyond}"


def shard_words(picture: ShardPicture) -> str:
    """Say how a shard is filled and ordered."""
    count = int(picture.inside.sum())
    if not count:
        return "no chunk is stored"
    told = [f"{count:,} of {count_words(picture.possible, 'chunk')}"]
    if _ORDERS[picture.order]:
        told.append(_ORDERS[picture.order])
    return ", ".join(told)


def faults_of(picture: ShardPicture) -> tuple[str, ...]:
    """Say what of a shard is unused or wrong, a line for each."""
    unused = int((picture.gaps[:, 1] - picture.gaps[:, 0]).sum())
    beyond = int((~picture.inside).sum())
    found = []
    if unused:
        gaps = count_words(len(picture.gaps), "gap")
        found.append(f"{nbytes_words(unused)} unused in {gaps}")
    if beyond:
        found.append(f"{count_words(beyond, 'chunk')} beyond the end of the array")
    if picture.shared:
        found.append(
            f"{count_words(picture.shared, 'chunk')} the same bytes as another"
        )
    if len(picture.overlaps):
        found.append(count_words(len(picture.overlaps), "overlap"))
    if len(picture.bad):
        bad = count_words(len(picture.bad), "entry", "entries")
        found.append(f"{bad} of the index pointing to no bytes of the file")
    return tuple(found)
