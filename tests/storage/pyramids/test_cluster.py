"""The same tasks on a dask cluster: two processes that write one image."""

from __future__ import annotations

import os
import threading
import warnings
from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
import pytest
import zarr

from cases.resharding import chunk_bytes, reshard_array
from napari_ngff.core.problems import Cancelled
from napari_ngff.storage.chunks.array_documents import layout_for
from napari_ngff.storage.pyramids.downsample import reduce
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.pyramids.shares import nbytes_of
from napari_ngff.storage.pyramids.sources_in import source_of
from napari_ngff.storage.pyramids.tasks import pixel_tasks
from napari_ngff.storage.pyramids.written import WrittenSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

distributed = pytest.importorskip("distributed")

PIXELS = np.arange(64 * 96, dtype="u2").reshape(64, 96)
PLAN = plan_pyramid(
    (64, 96),
    "u2",
    spacing=(1, 1),
    may_shrink=(True, True),
    options=PyramidOptions(
        levels=4, chunk=(8, 8), shard_bytes=512, small_shard_bytes=100
    ),
)
LAYOUTS = [layout_for(each, PLAN.dtype, zarr_format=3) for each in PLAN.levels]


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Give a client of a cluster of two processes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cluster = distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            host="127.0.0.1",
        )
        with cluster, distributed.Client(cluster, set_as_default=False) as found:
            yield found


def ran(array: Any, root: Path, client: Any, **given: Any) -> list[Any]:
    stages = pixel_tasks(
        PLAN,
        source_of(array),
        root=str(root),
        nodes=["0", "1", "2", "3"],
        layouts=LAYOUTS,
    )
    total = sum(nbytes_of(PLAN))
    return run_all(stages, total=total, workers=2, scheduler=client, **given)


class Process:
    """An array whose pixels are the number of the process that reads them."""

    shape, dtype, chunks = (64, 96), np.dtype("u4"), (8, 8)

    def __getitem__(self, key: tuple[slice, ...]) -> Any:
        sizes = [part.stop - part.start for part in key]
        return np.full(sizes, os.getpid(), self.dtype)


KINDS: dict[str, Callable[[Path], Any]] = {
    "numpy": lambda folder: PIXELS,
    "dask": lambda folder: da.from_array(PIXELS, chunks=(10, 20)) + np.uint16(0),
}


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_write_one_image(kind: str, tmp_path: Path, client: Any):
    """Every level is what one process makes of it."""
    told: list[float] = []
    receipts = ran(KINDS[kind](tmp_path), tmp_path, client, progress=told.append)

    whole = PIXELS
    for index, (plan, layout) in enumerate(zip(PLAN.levels, LAYOUTS, strict=True)):
        whole = reduce(whole, plan.factors, "mean")
        box = tuple(slice(0, n) for n in plan.shape)
        found = WrittenSource(str(tmp_path), str(index), layout).read(box)
        assert whole.tolist() == found.tolist()
    assert len(receipts) == sum(file.is_file() for file in tmp_path.rglob("*"))
    assert (sorted(told), 1.0) == (told, told[-1])


def test_chunks_are_copied_into_shards(tmp_path: Path, client: Any):
    """By two processes, which write what each is of; none is decoded."""
    folder = tmp_path / "chunks"
    zarr.create_array(folder, shape=(64, 96), chunks=(8, 8), dtype="u2")[...] = PIXELS

    receipts = reshard_array(folder, tmp_path / "new", (16, 32), scheduler=client)

    assert chunk_bytes(folder) == chunk_bytes(tmp_path / "new" / "0")
    assert 12 == len(receipts)


def test_both_processes_take_part(tmp_path: Path, client: Any):
    """Neither is this one."""
    plan = plan_pyramid(
        (64, 96),
        "u4",
        spacing=(1, 1),
        may_shrink=(True, True),
        options=PyramidOptions(levels=1, chunk=(8, 8), shard_bytes=512),
    )
    layout = layout_for(plan.levels[0], plan.dtype, zarr_format=3)
    stages = pixel_tasks(
        plan, source_of(Process()), root=str(tmp_path), nodes=["0"], layouts=[layout]
    )
    run_all(stages, total=1, workers=2, scheduler=client)
    found = WrittenSource(str(tmp_path), "0", layout).read((slice(0, 64), slice(0, 96)))

    assert 2 == len(set(found.ravel().tolist()) - {os.getpid()})


def test_cancelling_ends_it_on_all_workers(tmp_path: Path, client: Any):
    """Nothing is written once the save has ended."""
    asked = threading.Event()

    def cancelled() -> bool:
        before = asked.is_set()
        asked.set()
        return before

    with pytest.raises(Cancelled):
        ran(PIXELS, tmp_path, client, cancelled=cancelled)
    client.submit(int, pure=False).result()
    whole = sum(-(-64 // m) * -(-96 // n) for m, n in [LAYOUTS[0].cell])

    assert whole > sum(file.is_file() for file in (tmp_path / "0").rglob("*"))


def test_an_error_on_a_worker_is_told_here(tmp_path: Path, client: Any):
    """The folder that is written into must be seen by the workers."""
    with pytest.raises(FileNotFoundError):
        ran(PIXELS, tmp_path / "gone", client)
