"""What a view is said to cost is what a counting store counts when it is read."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.sharded import document, some_pixels, write
from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.chunks.arrays import lazy_array
from napari_ngff.storage.chunks.chunk_source import ChunkSource
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (150, 130)


class Counting(LocalKeys):
    """A folder that counts what is read of it, and may be far away."""

    def __init__(self, folder: str, *, remote: bool) -> None:
        super().__init__(folder)
        self.remote = remote
        self.requests = self.nbytes = 0
        self.found: set[str] = set()

    def sized(self, key: str, span: Any = None, *, limit: int) -> Any:
        answer = super().sized(key, span, limit=limit)
        self.requests += 1
        if answer is not None:
            self.nbytes += len(answer[0])
            self.found.add(key)
        return answer


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Arrays in shards, in large ones with the index first, and in files of chunks."""
    folder = tmp_path_factory.mktemp("cost")
    pixels = some_pixels(SHAPE, (16, 16))
    first = document(SHAPE, (160, 160), (8, 8), location="start")
    transpose = {"name": "transpose", "configuration": {"order": [1, 0]}}
    turned = document(SHAPE, (64, 32), (8, 16), before=[transpose])
    found = {
        "shards": write(folder / "0", document(SHAPE, (64, 32), (16, 8)), pixels),
        "index first": write(folder / "1", first, pixels),
        "transposed": write(folder / "2", turned, pixels),
    }
    for name, zarr_format in (("files", 3), ("format 2", 2)):
        array = zarr.create_array(
            folder / name,
            shape=SHAPE,
            chunks=(16, 32),
            dtype="u2",
            zarr_format=zarr_format,
        )
        array[...] = pixels
        found[name] = folder / name
    return found


@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
@pytest.mark.parametrize(
    "name", ["shards", "index first", "transposed", "files", "format 2"]
)
@given(data=st.data())
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_costs_are_what_is_counted(
    folders: dict[str, Path], name: str, remote: bool, data: Any
) -> None:
    """Requests, bytes and files, of any box."""
    sides = []
    for n in SHAPE:
        start = data.draw(st.integers(0, n - 1))
        sides.append(slice(start, data.draw(st.integers(start + 1, n))))
    box = tuple(sides)
    location = open_location(folders[name])
    found = location.document("")
    assert found is not None
    keys = Counting(str(folders[name]), remote=remote)
    level = StoredLevel(keys, found, LIMITS)
    cost = level.cost(box)
    keys.requests, keys.nbytes, keys.found = 0, 0, set()
    source = lazy_array(keys, found, LIMITS).source
    assert isinstance(source, ChunkSource)
    pixels = np.asarray(source.pixels[box])

    assert (keys.requests, keys.nbytes) == (cost.requests, cost.nbytes)
    assert len(keys.found) == cost.files
    assert pixels.nbytes == cost.shown_nbytes
    assert cost.exact
    assert cost.stored <= cost.chunks
    assert cost.stored * prod(level.stored.chunk) * 2 == cost.decoded_nbytes
    if level.stored.specs and not remote:
        index_nbytes = level.stored.specs[0].index_nbytes
        assert cost.files * index_nbytes == cost.index_nbytes
        assert cost.shards == cost.index_requests


def test_a_view_of_very_many_files_is_sampled(folders: dict[str, Path]) -> None:
    """What it costs is then about what it costs, and says so."""
    found = open_location(folders["files"]).document("")
    assert found is not None
    level = StoredLevel(LocalKeys(str(folders["files"])), found, LIMITS)
    box = tuple(slice(0, n) for n in SHAPE)
    exact, about = level.cost(box), level.cost(box, at_most=20)

    assert (True, False) == (exact.exact, about.exact)
    assert exact.requests == about.requests
    assert exact.nbytes == pytest.approx(about.nbytes, rel=0.3)
    assert exact.chunks == about.chunks


def test_a_damaged_shard_costs_what_is_known_of_it(tmp_path: Path) -> None:
    """And the cost is not said to be exact."""
    folder = write(tmp_path / "a", document(), some_pixels((40, 33), (4, 8)))
    file = next(f for f in folder.rglob("c/*/*") if f.is_file())
    file.write_bytes(b"nothing")
    found = open_location(folder).document("")
    assert found is not None
    level = StoredLevel(LocalKeys(str(folder)), found, LIMITS)

    assert not level.cost((slice(0, 40), slice(0, 33))).exact
