"""A layout in JSON types. Pure.

Knows the dataclasses; names are as in them, lengths in the axis order of the array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari_ngff.dataset.describe import problems_as_json

if TYPE_CHECKING:
    from napari_ngff.dataset.inspecting.health import Health
    from napari_ngff.dataset.inspecting.levels import LevelLayout
    from napari_ngff.dataset.layout import Layout, Part
    from napari_ngff.storage.inspecting.cost import Cost

_LEVEL = (
    *("node", "zarr_format", "dtype", "compressed", "key_encoding", "packed"),
    *("files", "stored_nbytes", "nbytes", "uncompressed_nbytes", "ratio"),
    *("chunks_stored", "chunks", "shards_stored", "shards", "dead_nbytes"),
    *("strange_files", "looked", "of"),
)
_COST = (
    *("chunks", "stored", "shards", "files", "requests", "index_requests"),
    *("nbytes", "index_nbytes", "decoded_nbytes", "shown_nbytes"),
    *("amplification", "exact"),
)


def layout_json(layout: Layout) -> dict[str, Any]:
    """Return a layout in JSON types; ``health`` is None where nothing was checked."""
    return {
        "store": layout.store,
        "node": layout.node,
        "remote": layout.remote,
        "parts": [_part(part) for part in layout.parts],
        "advice": problems_as_json(layout.advice),
        "health": [_health(health) for health in layout.health] or None,
        "sound": layout.sound if layout.health else None,
        "problems": problems_as_json(layout.problems),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "kind": part.kind,
        "node": part.node,
        "levels": [_level(level) for level in part.levels],
        "advice": problems_as_json(part.advice),
    }


def _level(level: LevelLayout) -> dict[str, Any]:
    index = level.index
    per_shard = level.chunks_per_shard
    return {name: getattr(level, name) for name in _LEVEL} | {
        "axes": list(level.axes),
        "shape": list(level.shape),
        "chunk": list(level.chunk),
        "shard": None if level.shard is None else list(level.shard),
        "chunks_per_shard": None if per_shard is None else list(per_shard),
        "codecs": list(level.codecs),
        "index": None
        if index is None
        else {
            "location": index.location,
            "checksum": index.checksum,
            "endian": index.endian,
            "nbytes": index.nbytes,
        },
        "about": sorted(level.about),
        "costs": {name: _cost(cost) for name, cost in level.costs.items()},
        "problems": problems_as_json(level.problems),
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {name: getattr(cost, name) for name in _COST}


def _health(health: Health) -> dict[str, Any]:
    decoded = health.decoded
    return {
        "node": health.node,
        "sound": health.sound,
        "files": health.files,
        "of": health.of,
        "damaged": health.damaged,
        "strange": health.strange,
        "decoded": None
        if decoded is None
        else {
            "chunks": decoded.chunks,
            "empty": decoded.empty,
            "damaged": decoded.damaged,
        },
        "problems": problems_as_json(health.problems),
    }
