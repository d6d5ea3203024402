"""Running tasks: all of them, not too many at a time, and none after the end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from napari_ngff.core.problems import Cancelled
from napari_ngff.storage.chunks.array_documents import layout_for
from napari_ngff.storage.pixels.source import NumpySource
from napari_ngff.storage.pyramids import running
from napari_ngff.storage.pyramids.pyramid import PyramidOptions, plan_pyramid
from napari_ngff.storage.pyramids.running import run_all
from napari_ngff.storage.pyramids.shares import nbytes_of
from napari_ngff.storage.pyramids.tasks import pixel_tasks
from napari_ngff.storage.pyramids.written import WrittenSource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari_ngff.storage.pixels.indexing import Box

PIXELS = np.arange(64 * 64, dtype="u2").reshape(64, 64)
PLAN = plan_pyramid(
    (64, 64),
    "u2",
    spacing=(1, 1),
    may_shrink=(True, True),
    options=PyramidOptions(
        levels=4, chunk=(8, 8), shard_bytes=512, small_shard_bytes=100
    ),
)
LAYOUTS = [layout_for(each, PLAN.dtype, zarr_format=3) for each in PLAN.levels]


class Watched(NumpySource):
    """Pixels whose reading is watched."""

    __slots__ = ("busy", "lock", "most", "on_read")

    def __init__(self, on_read: Callable[[int], object] = lambda n: None) -> None:
        super().__init__(PIXELS)
        for name, value in {"busy": 0, "most": 0, "lock": threading.Lock()}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "on_read", on_read)

    def count(self, step: int) -> int:
        with self.lock:
            object.__setattr__(self, "busy", self.busy + step)
            object.__setattr__(self, "most", max(self.most, self.busy))
            return self.busy

    def read(self, box: Box) -> Any:
        self.on_read(self.count(1))
        try:
            return super().read(box)
        finally:
            self.count(-1)


class Counting:
    """A source that is none of numpy's, so that its `read` is called."""

    def __init__(self, on_read: Callable[[int], object] = lambda n: None) -> None:
        self.inner = Watched(on_read)
        self.shape, self.dtype = PIXELS.shape, PIXELS.dtype
        self.chunks, self.identity = (8, 8), ("counting",)

    def read(self, box: Box) -> Any:
        return self.inner.read(box)


def ran(source: Any, root: Path, **given: Any) -> list[Any]:
    stages = pixel_tasks(
        PLAN, source, root=str(root), nodes=["0", "1", "2", "3"], layouts=LAYOUTS
    )
    given = {"workers": 2, "total": sum(nbytes_of(PLAN)), **given}
    return run_all(stages, **given)


def finest(root: Path) -> Any:
    return WrittenSource(str(root), "0", LAYOUTS[0]).read((slice(0, 64), slice(0, 64)))


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("processors", [1, 4])
def test_all_is_written_whoever_does_it(
    workers: int, processors: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The number of workers and processors changes no pixel."""
    monkeypatch.setattr(running, "_processors", lambda: processors)
    receipts = ran(Counting(), tmp_path, workers=workers)

    assert PIXELS.tolist() == finest(tmp_path).tolist()
    assert len(receipts) == sum(file.is_file() for file in tmp_path.rglob("*"))
    assert len(PLAN.stages) > 1


def test_no_more_tasks_run_than_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Memory is bounded by what runs at a time."""
    monkeypatch.setattr(running, "_processors", lambda: 1)
    source = Counting(lambda busy: time.sleep(0.002))
    ran(source, tmp_path, workers=3)

    assert 1 < source.inner.most <= 3


def test_progress_goes_from_nothing_to_all(tmp_path: Path):
    """It never goes back, and is told by the thread that waits."""
    told: list[float] = []
    threads: set[threading.Thread] = set()

    def progress(fraction: float) -> None:
        told.append(fraction)
        threads.add(threading.current_thread())

    ran(Counting(), tmp_path, progress=progress)

    assert sorted(set(told)) == told
    assert 1.0 == told[-1]
    assert {threading.current_thread()} == threads


def test_nothing_is_written_after_cancelling(tmp_path: Path):
    """All tasks have ended when the save has."""
    reads = threading.Event()

    def cancelled() -> bool:
        return reads.is_set()

    with pytest.raises(Cancelled):
        ran(Counting(lambda busy: reads.set()), tmp_path, cancelled=cancelled)
    there = set(tmp_path.rglob("*"))
    time.sleep(0.05)

    assert there == set(tmp_path.rglob("*"))
    assert not any("save" in thread.name for thread in threading.enumerate())


def test_the_first_error_ends_it(tmp_path: Path):
    """What reading raises is what the caller gets; later tasks do not begin.

    But one on each of two threads, before word of the first error is out.
    """
    reads: list[int] = []

    def fail(busy: int) -> None:
        reads.append(busy)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        ran(Counting(fail), tmp_path)

    assert 4 >= len(reads)


def test_nothing_to_do_is_done(tmp_path: Path):
    """No task is no error."""
    told: list[float] = []

    assert [] == run_all([], total=0, workers=1, progress=told.append)
    assert [0.0] == told
