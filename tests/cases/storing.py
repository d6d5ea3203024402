"""What the tests of writing arrays share: plans of levels, and pixels of every type."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from napari_ngff.storage.chunks.array_documents import array_document, layout_of
from napari_ngff.storage.chunks.encoding import encode_file
from napari_ngff.storage.pyramids.pyramid import LevelPlan

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from napari_ngff.storage.chunks.array_documents import ArrayLayout

DTYPES = ["bool", *(f"{k}{n}" for k in "ui" for n in (1, 2, 4, 8)), "f2", "f4", "f8"]


def level(
    shape: tuple[int, ...],
    chunk: tuple[int, ...],
    shard: tuple[int, ...] | None = None,
) -> LevelPlan:
    """Return the plan of a level by itself."""
    ones = (1,) * len(shape)
    return LevelPlan(
        shape=shape,
        chunk=chunk,
        shard=shard,
        block=shard or chunk,
        factors=ones,
        scale_factors=ones,
    )


def noise(shape: tuple[int, ...], dtype: str, seed: int = 0) -> NDArray[Any]:
    """Return any bits there are, NaN included, with stretches of zeros."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    if dtype == "bool":
        flat = rng.random(size) < 0.5
    else:
        flat = np.frombuffer(rng.bytes(size * np.dtype(dtype).itemsize), dtype).copy()
    flat[rng.random(size) < 0.5] = 0
    flat[size // 3 :] = 0 if seed % 2 else flat[size // 3 :]
    return flat.reshape(shape)


def store(
    root: Path, plan: LevelPlan, pixels: NDArray[Any], **settings: Any
) -> ArrayLayout:
    """Write an array file by file; return how it is stored."""
    document = array_document(plan, pixels.dtype, **settings)
    layout = layout_of(document)
    assert layout is not None
    root.mkdir(parents=True, exist_ok=True)
    (root / layout.document_name).write_text(json.dumps(document))
    counts = (-(-n // m) for n, m in zip(layout.shape, layout.cell, strict=True))
    for index in product(*map(range, counts)):
        box = tuple(
            slice(i * n, i * n + n) for i, n in zip(index, layout.cell, strict=True)
        )
        parts = encode_file(layout, pixels[box])
        if parts is not None:
            file = root / layout.key(index)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"".join(parts))
    return layout
