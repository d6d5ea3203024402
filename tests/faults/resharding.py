"""Arrays in other shards: at a new place, and in place of what they are read from."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import zarr

from cases.resharding import document_of
from faults.scenario import Scenario
from faults.small import ANY, NAME, user_files
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.tree import stage
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.resharding.arrays import resharding_of
from napari_ngff.storage.resharding.documents import resharded
from napari_ngff.storage.resharding.tasks import reshard_tasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHAPE, CHUNK = (8, 10), (4, 4)


def with_array(folder: Path, *, shard: Sequence[int] | None) -> None:
    """Put an array there, one of its chunks missing."""
    user_files(folder)
    pixels = np.arange(1, 81, dtype="u2").reshape(SHAPE)
    pixels[:4, :4] = 0
    array = zarr.create_array(
        folder / NAME, shape=SHAPE, chunks=CHUNK, shards=shard, dtype="u2", fill_value=0
    )
    array[...] = pixels


def reshard(
    folder: Path, *, shard: Sequence[int] | None, name: str = NAME, location: str
) -> None:
    """Write the array in other shards, as another one or over it."""
    metadata, _ = document_of(folder / NAME)
    target = resharded(metadata, 3, shard=shard, index_location=location)
    keys = LocalKeys(str(folder / NAME))
    array = resharding_of(keys, "", metadata, 3, target, node="")
    with stage(folder / name, replace=ANY if name == NAME else None) as staging:
        tasks = reshard_tasks(array, root=str(staging.root))
        receipts = run_all([tasks], total=array.nbytes, workers=1)
        text = json.dumps(target).encode()
        receipts.append(put(staging.root, "zarr.json", text))
        staging.verify(receipts)
        staging.commit()


into_shards = Scenario(
    prepare=partial(with_array, shard=None),
    act=partial(reshard, shard=(8, 8), location="end"),
)
into_larger_shards = Scenario(
    prepare=partial(with_array, shard=(4, 8)),
    act=partial(reshard, shard=(16, 16), location="start"),
)
out_of_shards = Scenario(
    prepare=partial(with_array, shard=(8, 8)),
    act=partial(reshard, shard=None, location="end"),
)
at_a_new_place = Scenario(
    prepare=partial(with_array, shard=None),
    act=partial(reshard, shard=(8, 8), name="other.ome.zarr", location="end"),
)
