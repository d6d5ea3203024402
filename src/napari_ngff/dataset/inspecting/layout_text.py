"""A layout in lines for a terminal, or to be copied. Pure.

Knows columns; every text out of a file is made fit to be shown here. A number that is
an estimate has a ≈ before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.quantities import (
    count_words,
    lengths_words,
    nbytes_words,
    times_words,
)
from napari_ngff.dataset.text import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.inspecting.health import Health
    from napari_ngff.dataset.inspecting.levels import LevelLayout
    from napari_ngff.dataset.layout import Layout, Part
    from napari_ngff.storage.inspecting.cost import Cost

_STORED = (
    *("Level", "Files", "Stored", "Uncompressed", "Ratio"),
    *("Chunks", "Shards", "Dead"),
)


def layout_lines(layout: Layout) -> list[str]:
    """Lay out a layout as lines of text."""
    node = f" ({plain(layout.node)})" if layout.node else ""
    lines = [f"{plain(layout.store, limit=4096)}{node}"]
    for part in layout.parts:
        lines += ["", *_part_lines(part)]
    lines += _problem_lines("Advice", layout.advice)
    for health in layout.health:
        lines += ["", *_health_lines(health)]
    return [*lines, *_problem_lines("Not inspected", layout.problems)]


def _part_lines(part: Part) -> list[str]:
    lines = [f"{part.kind.capitalize()} '{plain(part.name or part.node)}'"]
    if part.levels:
        titles = ("Level", "Shape", "Type", "Chunk", "Shard", "Chunks per shard")
        lines += table(titles, [_shape_row(level, part) for level in part.levels])
        lines += [
            "",
            *table(_STORED, [_stored_row(level, part) for level in part.levels]),
        ]
    for level in part.levels:
        lines += ["", *_level_lines(level, part)]
    return [*lines, *_problem_lines("Advice", part.advice)]


def _name(level: LevelLayout, part: Part) -> str:
    node = level.node
    if part.node and node != part.node:
        node = node.removeprefix(f"{part.node}/")
    return plain(node or "/")


def _shape_row(level: LevelLayout, part: Part) -> tuple[str, ...]:
    shard, per_shard = level.shard, level.chunks_per_shard
    return (
        _name(level, part),
        lengths_words(level.shape),
        level.dtype,
        lengths_words(level.chunk),
        "-" if shard is None else lengths_words(shard),
        "-" if per_shard is None else lengths_words(per_shard),
    )


def _stored_row(level: LevelLayout, part: Part) -> tuple[str, ...]:
    def about(name: str, text: str) -> str:
        return f"≈ {text}" if name in level.about else text

    ratio = "-" if level.ratio is None else f"{level.ratio:.2f}"
    estimated = level.about & {"stored_nbytes", "uncompressed_nbytes"}
    return (
        _name(level, part),
        about("files", f"{level.files:,}"),
        about("stored_nbytes", _bytes(level.stored_nbytes)),
        about("uncompressed_nbytes", _bytes(level.uncompressed_nbytes)),
        f"≈ {ratio}" if estimated else ratio,
        about("chunks_stored", _of(level.chunks_stored, level.chunks)),
        about("shards_stored", _of(level.shards_stored, level.shards)),
        about("dead_nbytes", "-" if level.shard is None else _bytes(level.dead_nbytes)),
    )


def _bytes(nbytes: int | None) -> str:
    return "unknown" if nbytes is None else nbytes_words(nbytes)


def _of(count: int | None, total: int | None) -> str:
    if total is None:
        return "-"
    return f"{'unknown' if count is None else f'{count:,}'} of {total:,}"


def _level_lines(level: LevelLayout, part: Part) -> list[str]:
    codecs = ", ".join(level.codecs) or "none"
    lines = [
        f"Level {_name(level, part)}",
        f"  codecs: {plain(codecs, limit=1024)}",
        f"  keys: {plain(level.key_encoding)}, Zarr format {level.zarr_format}",
    ]
    if level.index is not None:
        index = level.index
        checksum = "no checksum" if index.checksum == "none" else "CRC-32C"
        words = f"{index.endian}-endian, {checksum}"
        size = nbytes_words(index.nbytes)
        lines.append(f"  index: {size} at the {index.location}, {words}")
    if level.looked < level.of:
        lines.append(f"  ≈ from {level.looked:,} of {level.of:,} files")
    if level.costs:
        lines += [f"  {name}: {cost_words(c)}" for name, c in level.costs.items()]
    return [*lines, *(f"  {p.level}: {plain(p.message)}" for p in level.problems)]


def cost_words(cost: Cost) -> str:
    """Say what a view costs, in one line.

    "reads 12 chunks of 2 shards: 3.1 MB in 4 requests to 2 files (2 once the indices
    are known), 18 MB decoded, 4.5 times what is shown"
    """
    about = "" if cost.exact else "about "
    chunks = count_words(cost.stored, "chunk")
    of = f" of {count_words(cost.shards, 'shard')}" if cost.shards else ""
    rest = cost.requests - cost.index_requests
    known = f" ({rest:,} once the indices are known)" if cost.index_requests else ""
    times = times_words(cost.amplification)
    shown = "as much as is shown" if times == "1" else f"{times} times what is shown"
    return (
        f"reads {about}{chunks}{of}: {nbytes_words(cost.nbytes)} in "
        f"{count_words(cost.requests, 'request')} to {count_words(cost.files, 'file')}"
        f"{known}, {nbytes_words(cost.decoded_nbytes)} decoded, {shown}"
    )


def _health_lines(health: Health) -> list[str]:
    sound = "sound" if health.sound else "damaged"
    looked = f"{health.files:,} of {count_words(health.of, 'file')}"
    lines = [f"Health of {plain(health.node or '/')}: {sound}, {looked} looked into"]
    if health.damaged:
        lines.append(f"  {count_words(health.damaged, 'file')} damaged or unreadable")
    if health.strange is None:
        lines.append("  the store cannot be listed: files that belong to nothing do")
        lines[-1] += " not show"
    elif health.strange:
        lines.append(f"  {count_words(health.strange, 'file')} that belong to nothing")
    if health.decoded is not None:
        decoded = health.decoded
        lines.append(
            f"  {count_words(decoded.chunks, 'chunk')} decoded: {decoded.damaged:,} "
            f"damaged, {decoded.empty:,} empty"
        )
    return [*lines, *_listed(health.problems)]


def _problem_lines(title: str, problems: Iterable[Problem]) -> list[str]:
    listed = _listed(problems)
    return ["", title, *listed] if listed else []


def _listed(problems: Iterable[Problem]) -> list[str]:
    return [
        f"  {p.level:<8}{plain(p.node) or '/'}: {plain(p.message, limit=2048)} "
        f"[{p.kind}]"
        for p in problems
    ]
