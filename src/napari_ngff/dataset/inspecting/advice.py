"""What could be better about how an image is stored, in words and figures. Pure.

Knows layouts; every sentence gives the numbers that it goes by. An advice is a
`Problem`, its level being how much it costs: "warning" or "info".
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Final

from napari_ngff.core.problems import Problem
from napari_ngff.dataset.inspecting.quantities import (
    count_words,
    lengths_words,
    nbytes_words,
    times_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from napari_ngff.core.problems import Level
    from napari_ngff.dataset.inspecting.health import Decoded
    from napari_ngff.dataset.inspecting.levels import LevelLayout

#: Decoded chunks beyond these are slow to open in a browser, or many requests.
LARGE: Final = 16 * 2**20
SMALL: Final = 2**16
#: A file below this takes longer to find than to read; so many of them are many.
TINY_FILE: Final = 2**17
MANY: Final = 1000
#: What a plane may cost: bytes decoded for each byte shown.
DEAR: Final = 24.0
#: The coarsest level should fit a screen.
SCREEN: Final = 1024
_DEAD: Final = 0.1


def advice_on(
    levels: Sequence[LevelLayout],
    pyramid: Sequence[LevelLayout] = (),
    *,
    space: Sequence[int] | None = None,
) -> tuple[Problem, ...]:
    """Return advice on an image.

    Parameters
    ----------
    levels
        Of one image, or a single array.
    pyramid
        All levels of the image, finest first; empty: not all are known.
    space
        Which axes are of space; None: the last three.
    """
    found: list[Problem] = []
    for level in levels:
        for judge in _LEVEL:
            found += judge(level)
    found += _halving(pyramid, space)
    found += _missing_levels(pyramid, space)
    return tuple(found)


def advice_on_place(*, remote: bool, consolidated: bool) -> tuple[Problem, ...]:
    """Return advice on where a store is.

    Parameters
    ----------
    remote
        Whether a read takes a round trip over a network.
    consolidated
        Whether the root has consolidated metadata.
    """
    if not remote or consolidated:
        return ()
    message = (
        "The store is far away and has no consolidated metadata: programs ask for the "
        "document of each group and array by itself, a round trip each. Consolidate it."
    )
    return (_advice("no-consolidated-metadata", message, ""),)


def advice_on_pixels(level: LevelLayout, decoded: Decoded) -> tuple[Problem, ...]:
    """Return advice on chunks that were decoded."""
    if not decoded.empty:
        return ()
    message = (
        f"{decoded.empty:,} of {count_words(decoded.chunks, 'stored chunk')} hold "
        "nothing but the fill value: they need not be stored."
    )
    return (_advice("empty-chunks-stored", message, level.node),)


def _advice(kind: str, message: str, node: str, level: Level = "warning") -> Problem:
    return Problem(level=level, kind=kind, message=message, node=node)


def _nothing(level: LevelLayout) -> Iterator[Problem]:
    if level.files == 0 and level.nbytes and "chunks_stored" not in level.about:
        message = (
            f"None of its {count_words(level.chunks, 'chunk')} is stored: all of it is "
            "shown as the fill value. Perhaps its files were not copied."
        )
        yield _advice("nothing-stored", message, level.node)


def _large(level: LevelLayout) -> Iterator[Problem]:
    if level.chunk_nbytes > LARGE:
        message = (
            f"A chunk of {lengths_words(level.chunk)} is "
            f"{nbytes_words(level.chunk_nbytes)} when it is decoded, all of "
            "which is read for a single pixel. About 1 MB suits most views."
        )
        yield _advice("large-chunks", message, level.node)


def _small(level: LevelLayout) -> Iterator[Problem]:
    if level.chunks > MANY and 0 < level.chunk_nbytes < SMALL:
        message = (
            f"{count_words(level.chunks, 'chunk')} of {lengths_words(level.chunk)} are "
            f"{nbytes_words(level.chunk_nbytes)} each when decoded: most of the time "
            "goes into finding them. About 1 MB suits most views."
        )
        yield _advice("small-chunks", message, level.node)


def _tiny_files(level: LevelLayout) -> Iterator[Problem]:
    if level.files <= MANY or level.stored_nbytes is None:
        return
    mean = level.stored_nbytes / level.files
    if mean < TINY_FILE:
        about = "about " if level.about else ""
        files = max(1, round(level.stored_nbytes / 2**27))
        what = "shards" if level.shard is None else "larger shards"
        message = (
            f"{about}{count_words(level.files, 'file')} of {nbytes_words(mean)} each: "
            "copying and deleting them takes far longer than their bytes do. With "
            f"{what} of about 130 MB there would be {count_words(files, 'file')}."
        )
        yield _advice("many-small-files", message[0].upper() + message[1:], level.node)


def _dear_views(level: LevelLayout) -> Iterator[Problem]:
    planes = {n: c for n, c in level.costs.items() if n.endswith(" plane") and c.stored}
    if not planes:
        return
    first = next(iter(planes))
    for name, cost in planes.items():
        if cost.amplification <= DEAR or cost.decoded_nbytes < LARGE:
            continue
        times = times_words(cost.amplification)
        message = (
            f"Showing the {name} of {nbytes_words(cost.shown_nbytes)} decodes "
            f"{nbytes_words(cost.decoded_nbytes)} ({times} times as much) from "
            f"{nbytes_words(cost.nbytes)} in "
            f"{count_words(cost.requests, 'request')}: chunks of "
            f"{lengths_words(level.chunk)} suit another view."
        )
        kind: Level = "warning" if name == first else "info"
        yield _advice("dear-view", message, level.node, kind)


def _uncompressed(level: LevelLayout) -> Iterator[Problem]:
    if not level.compressed and (level.stored_nbytes or 0) > 2**20:
        message = (
            f"{nbytes_words(level.stored_nbytes or 0)} are stored without compression. "
            "Blosc with zstd and a shuffle is quick to read, and often halves them."
        )
        yield _advice("uncompressed", message, level.node, "info")


def _unchecked(level: LevelLayout) -> Iterator[Problem]:
    if level.index is not None and level.index.checksum == "none" and level.files:
        message = (
            f"The indices of {count_words(level.files, 'shard')} have no checksum: a "
            "damaged one may show the wrong pixels. Write them with CRC-32C."
        )
        yield _advice("index-without-checksum", message, level.node)


def _wasted(level: LevelLayout) -> Iterator[Problem]:
    dead, stored = level.dead_nbytes or 0, level.stored_nbytes or 0
    if stored and dead > _DEAD * stored:
        about = "about " if "dead_nbytes" in level.about else ""
        message = (
            f"{about}{nbytes_words(dead)} of {nbytes_words(stored)} in its shards are "
            "not used: chunks that were written anew, and gaps. Writing the shards "
            "anew gets them back."
        )
        yield _advice("dead-bytes", message[0].upper() + message[1:], level.node)


def _packed(level: LevelLayout) -> Iterator[Problem]:
    if level.packed and level.shard is not None:
        nbytes = prod(level.shard) * level.itemsize
        message = (
            f"What is in a shard cannot be read by itself: {nbytes_words(nbytes)} are "
            "decoded for a single pixel."
        )
        yield _advice("no-partial-reads", message, level.node)


def _space_of(level: LevelLayout, space: Sequence[int] | None) -> Sequence[int]:
    ndim = len(level.shape)
    if space is None:
        return range(max(0, ndim - 3), ndim)
    return [axis for axis in space if axis < ndim]


def _halving(
    levels: Sequence[LevelLayout], space: Sequence[int] | None
) -> Iterator[Problem]:
    for finer, coarser in pairwise(levels):
        if len(finer.shape) != len(coarser.shape):
            continue
        factors = [
            finer.shape[axis] / coarser.shape[axis]
            for axis in _space_of(finer, space)
            if coarser.shape[axis]
        ]
        most = max(factors, default=2.0)
        if 1.5 <= most <= 2.5:
            continue
        message = (
            f"Its sides are {most:.3g} times shorter than those of the level before "
            f"({lengths_words(finer.shape)} to {lengths_words(coarser.shape)}). Levels "
            "that halve are shown soonest at any zoom."
        )
        yield _advice("levels-do-not-halve", message, coarser.node, "info")


def _missing_levels(
    levels: Sequence[LevelLayout], space: Sequence[int] | None
) -> Iterator[Problem]:
    if not levels:
        return
    last = levels[-1]
    longest = max((last.shape[axis] for axis in _space_of(last, space)), default=0)
    if longest <= 2 * SCREEN:
        return
    count = 0
    while longest > SCREEN:
        longest, count = -(-longest // 2), count + 1
    message = (
        f"The coarsest level is {lengths_words(last.shape)}: zoomed out, and in 3-D, "
        f"all of its {nbytes_words(last.nbytes)} have to be read. "
        f"{count_words(count, 'more level')} would bring it to a screen's size."
    )
    yield _advice("missing-levels", message, last.node)


_LEVEL: Final[tuple[Callable[[LevelLayout], Iterator[Problem]], ...]] = (
    _nothing,
    _large,
    _small,
    _tiny_files,
    _dear_views,
    _uncompressed,
    _unchecked,
    _wasted,
    _packed,
)
