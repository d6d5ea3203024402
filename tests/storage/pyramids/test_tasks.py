"""Tasks: whatever the partition, who runs them and in which order, the same pixels."""

from __future__ import annotations

import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.storing import level, noise, store
from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.chunks.array_documents import layout_for
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.pixels.source import NumpySource
from napari_ngff.storage.pyramids.downsample import reduce
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.shares import files_of, nbytes_of
from napari_ngff.storage.pyramids.tasks import (
    copy_tasks,
    pixel_tasks,
    run,
    run_on,
    without_source,
)
from napari_ngff.storage.pyramids.written import WrittenSource

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.pyramids.pyramid import PyramidPlan
    from napari_ngff.storage.pyramids.tasks import PixelTask

SHAPE = (2, 9, 43, 38)
OPTIONS = {
    "one shard": PyramidOptions(levels=4),
    "small shards": PyramidOptions(
        levels=4, chunk=(1, 1, 8, 8), shard_bytes=2**11, small_shard_bytes=2**9
    ),
    "many stages": PyramidOptions(
        levels=4, chunk=(1, 2, 4, 4), shard_bytes=2**8, small_shard_bytes=2**7
    ),
    "no shards": PyramidOptions(levels=4, chunk=(1, 1, 16, 16), shard="none"),
    "odd chunks": PyramidOptions(levels=4, chunk=(2, 3, 5, 7), shard=(2, 3, 10, 14)),
}


def planned(name: str, method: Any = "mean", dtype: str = "u2") -> PyramidPlan:
    """Return a plan of four levels."""
    from dataclasses import replace

    return plan_pyramid(
        SHAPE,
        dtype,
        spacing=(1, 1.5, 1, 1),
        may_shrink=(False, True, True, True),
        options=replace(OPTIONS[name], method=method),
    )


def layouts(plan: PyramidPlan, **settings: Any) -> list[ArrayLayout]:
    settings = {"zarr_format": 3, **settings}
    return [layout_for(each, plan.dtype, **settings) for each in plan.levels]


def tasks_of(
    plan: PyramidPlan, pixels: np.ndarray, root: Path, **settings: Any
) -> list[list[PixelTask]]:
    nodes = [str(i) for i in range(len(plan.levels))]
    made = pixel_tasks(
        plan,
        NumpySource(pixels, chunks=(1, 2, 16, 16)),
        root=str(root),
        nodes=nodes,
        layouts=layouts(plan, **settings),
    )
    return [list(stage) for stage in made]


def written(plan: PyramidPlan, root: Path, **settings: Any) -> list[np.ndarray]:
    """Return the pixels of all levels that were written."""
    whole = [tuple(slice(0, n) for n in each.shape) for each in plan.levels]
    found = zip(layouts(plan, **settings), whole, strict=True)
    return [
        WrittenSource(str(root), str(i), layout).read(box)
        for i, (layout, box) in enumerate(found)
    ]


def expected_of(plan: PyramidPlan, pixels: np.ndarray) -> list[np.ndarray]:
    """Return all levels made in memory, each whole from the one before."""
    out = [pixels]
    for each in plan.levels[1:]:
        out.append(reduce(out[-1], each.factors, plan.method))
    return out


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize(
    ("method", "dtype"),
    [("mean", "u2"), ("mean", "f4"), ("strided", "u1"), ("mode", "u4")],
)
def test_no_partition_changes_a_pixel(
    name: str, method: str, dtype: str, tmp_path: Path
):
    """Every level is what it is when it is made in memory at once."""
    plan = planned(name, method, dtype)
    pixels = noise(SHAPE, "u2").astype(dtype)
    stages = tasks_of(plan, pixels, tmp_path)
    for stage in stages:
        random.Random(0).shuffle(stage)
        for task in stage:
            run(pickle.loads(pickle.dumps(task)))

    assert (len(stages) > 1) == (name not in ("one shard", "no shards"))
    for whole, found in zip(
        expected_of(plan, pixels), written(plan, tmp_path), strict=True
    ):
        np.testing.assert_array_equal(whole, found)


@pytest.mark.parametrize("name", OPTIONS)
def test_threads_that_share_a_task_change_nothing(name: str, tmp_path: Path):
    """A task that is divided among threads writes the same files."""
    plan, pixels = planned(name), noise(SHAPE, "u2")
    receipts: list[list[Any]] = []
    with ThreadPoolExecutor(3) as pool:
        for folder, each in ((tmp_path / "a", map), (tmp_path / "b", pool.map)):
            folder.mkdir()
            stages = tasks_of(plan, pixels, folder)
            receipts.append(
                [r for s in stages for t in s for r in run(t, each=each, cut=each)]
            )

    assert receipts[0] == receipts[1]


@given(data=st.data())
@settings(max_examples=40)
def test_any_shape_and_chunk_will_do(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
):
    """Edges, axes of one pixel, chunks larger than the image."""
    shape = tuple(data.draw(st.lists(st.integers(1, 17), min_size=1, max_size=3)))
    chunk = tuple(data.draw(st.integers(1, 6)) for _ in shape)
    plan = plan_pyramid(
        shape,
        "u1",
        spacing=(1,) * len(shape),
        may_shrink=(True,) * len(shape),
        options=PyramidOptions(
            levels=3,
            chunk=chunk,
            shard=data.draw(st.sampled_from([None, "none"])),
            shard_bytes=data.draw(st.sampled_from([8, 64, 2**20])),
            small_shard_bytes=data.draw(st.sampled_from([1, 16])),
        ),
    )
    pixels = noise(shape, "u1", data.draw(st.integers(0, 9)))
    root = tmp_path_factory.mktemp("any")
    for stage in tasks_of(plan, pixels, root):
        for task in stage:
            run(task)

    for whole, found in zip(
        expected_of(plan, pixels), written(plan, root), strict=True
    ):
        assert whole.tolist() == found.tolist()


@pytest.mark.parametrize("name", OPTIONS)
def test_what_is_told_adds_up(name: str, tmp_path: Path):
    """Progress reaches its end, and each file has one receipt."""
    plan, pixels = planned(name), np.ones(SHAPE, "u2")
    told: list[int] = []
    stages = tasks_of(plan, pixels, tmp_path)
    receipts = [r for stage in stages for t in stage for r in run(t, told.append)]

    assert sum(nbytes_of(plan)) == sum(told)
    assert sum(nbytes_of(plan)) == sum(t.nbytes for stage in stages for t in stage)
    assert sum(files_of(plan)) == len({receipt.key for receipt in receipts})
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(receipts) == len(files)
    assert sum(r.nbytes for r in receipts) == sum(f.stat().st_size for f in files)


def test_nothing_is_written_of_nothing(tmp_path: Path):
    """Pixels that are all fill value make no file, on no level."""
    plan = planned("small shards")
    stages = tasks_of(plan, np.zeros(SHAPE, "u2"), tmp_path)

    assert [] == [r for stage in stages for task in stage for r in run(task)]
    assert [] == list(tmp_path.iterdir())


def test_a_task_without_its_source_is_small(tmp_path: Path):
    """Where pixels come from elsewhere, a task takes none along."""
    plan, pixels = planned("one shard"), noise((*SHAPE[:2], 43, 38), "u2")
    (stage,) = tasks_of(plan, pixels, tmp_path)
    bare = without_source(stage[0])

    assert 5000 > len(pickle.dumps(bare))
    run_on(pixels[stage[0].box], bare)
    np.testing.assert_array_equal(
        expected_of(plan, pixels)[-1], written(plan, tmp_path)[-1]
    )


def test_what_ends_a_task_is_what_the_tick_raises(tmp_path: Path):
    """A task stops between two chunks."""

    def tick(nbytes: int) -> None:
        raise KeyboardInterrupt

    (stage,) = tasks_of(planned("one shard"), noise(SHAPE, "u2"), tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(stage[0], tick)


class Thin:
    """A source of very many small chunks, which counts those that are read."""

    shape, chunks, dtype, identity = (2**16, 2), (1, 2), np.dtype("u2"), "thin"

    def __init__(self) -> None:
        self.pixels = noise(self.shape, "u2")
        self.count = 0

    def read(self, box: Any) -> np.ndarray:
        self.count += box[0].stop - box[0].start
        return self.pixels[box].copy()


@pytest.mark.parametrize("threads", [1, 3])
def test_reading_of_many_chunks_can_be_ended(threads: int, tmp_path: Path):
    """Whoever cancels does not wait for a million chunks of a few bytes."""
    source = Thin()
    plan = plan_pyramid(source.shape, "u2", spacing=(1, 1), may_shrink=(False, False))
    ((task,),) = pixel_tasks(
        plan, source, root=str(tmp_path), nodes=["0"], layouts=layouts(plan)
    )

    def end(nbytes: int) -> None:
        if source.count >= 2**12:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(threads) as pool:
        cut = pool.map if threads > 1 else map
        with pytest.raises(KeyboardInterrupt):
            run(task, end, cut=cut)

    assert 2**12 <= source.count < 2**14
    source.count = 0
    run(task)
    assert 2**16 == source.count
    np.testing.assert_array_equal(source.pixels, written(plan, tmp_path)[0])


@pytest.mark.parametrize("shard", [None, (4, 6)])
@pytest.mark.parametrize("source", ["", "labels/a/0"])
def test_files_are_copied_as_they_are(
    tmp_path: Path, shard: tuple[int, int] | None, source: str
):
    """Every file that is there, byte by byte."""
    plan, told = level((11, 13), (2, 3), shard), []
    pixels = noise(plan.shape, "u2", 1)
    layout = store(tmp_path / "from" / source, plan, pixels, zarr_format=3)
    (tmp_path / "to").mkdir()
    keys = LocalKeys(str(tmp_path / "from"))
    tasks = list(copy_tasks(keys, source, layout, root=str(tmp_path / "to"), node="2"))
    receipts = [
        r for t in tasks for r in run(pickle.loads(pickle.dumps(t)), told.append)
    ]
    names = {
        file.relative_to(tmp_path / "from" / source).as_posix(): file.read_bytes()
        for file in (tmp_path / "from").rglob("c/**/*")
        if file.is_file()
    }

    assert names == {
        r.key.removeprefix("2/"): (tmp_path / "to" / r.key).read_bytes()
        for r in receipts
    }
    assert pixels.nbytes == sum(told) == sum(task.nbytes for task in tasks)
    copied = WrittenSource(str(tmp_path / "to"), "2", layout)
    assert pixels.tolist() == copied.read((slice(0, 11), slice(0, 13))).tolist()


@pytest.mark.parametrize("shard", [None, (4, 6)])
def test_a_damaged_file_is_not_copied(tmp_path: Path, shard: tuple[int, int] | None):
    """It is named, and the copy ends."""
    plan = level((4, 6), (2, 3), shard)
    layout = store(tmp_path / "0", plan, np.ones((4, 6), "u2"), zarr_format=3)
    file = tmp_path / "0" / layout.key((0, 0))
    file.write_bytes(file.read_bytes()[:-1])
    keys = LocalKeys(str(tmp_path / "0"))
    tasks = list(copy_tasks(keys, "", layout, root=str(tmp_path), node="1"))
    with pytest.raises(Unreadable, match="'c/0/0'"):
        run(tasks[0])
