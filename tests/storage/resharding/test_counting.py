"""What is foretold of an array in other shards is what it then has."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from cases.resharding import document_of, reshard_array
from cases.sharded import document, some_pixels, write
from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.inspecting.budget import Budget
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.inspecting.stored_as import stored_as
from napari_ngff.storage.location import open_location
from napari_ngff.storage.resharding.counting import Expected, expected
from napari_ngff.storage.resharding.documents import resharded

if TYPE_CHECKING:
    from pathlib import Path

SHAPE, CHUNK = (40, 33), (4, 8)
SHARDS = [None, CHUNK, (8, 16), (16, 16), (32, 16), (40, 40)]


def foretold(folder: Path, shard: Any, **budget: int) -> Expected:
    """What we say of an array in other shards."""
    location = open_location(folder)
    found = location.document(location.node)
    assert found is not None
    level = StoredLevel(location.keys, found, LIMITS)
    metadata, zarr_format = document_of(folder)
    target = stored_as(resharded(metadata, zarr_format, shard=shard), 3, LIMITS)
    return expected(level.scan(budget=Budget(**budget)), target)


def counted(folder: Path) -> tuple[int, int]:
    files = [file for file in (folder / "c").rglob("*") if file.is_file()]
    return len(files), sum(file.stat().st_size for file in files)


@pytest.mark.parametrize("fill", ["full", "gaps"])
@pytest.mark.parametrize("source", [None, (8, 8), (16, 16), (40, 40)])
def test_files_and_bytes(tmp_path: Path, source: Any, fill: str) -> None:
    """As they then are; where it cannot be known without looking, it says so."""
    pixels = some_pixels(SHAPE, CHUNK) if fill == "gaps" else np.ones(SHAPE, "u2")
    folder = tmp_path / "a"
    if source is None:
        array = zarr.create_array(
            folder, shape=SHAPE, chunks=CHUNK, dtype="u2", fill_value=0
        )
        array[...] = pixels
    else:
        write(folder, document(SHAPE, source, CHUNK), pixels)

    sure = 0
    for number, shard in enumerate(SHARDS):
        reshard_array(folder, tmp_path / str(number), shard)
        actual = counted(tmp_path / str(number) / "0")
        found = foretold(folder, shard)
        assert found.files is not None
        if found.exact:
            assert actual == (found.files, found.nbytes)
        else:
            assert actual[0] / 2 <= found.files <= 2 * actual[0]
        sure += found.exact

    assert sure == len(SHARDS) if fill == "full" or source is None else sure > 2


def test_of_a_sample_it_is_an_estimate(tmp_path: Path) -> None:
    """Of an array that is too large to be looked at as a whole."""
    folder = write(tmp_path / "a", document((64, 64), (4, 8), CHUNK), np.ones((64, 64)))

    found = foretold(folder, (8, 8), reads=16)
    whole = foretold(folder, (8, 8))

    assert (False, True) == (found.exact, whole.exact)
    assert whole.files == len(list(product(range(8), range(8))))
    assert found.files is not None
    assert 32 <= found.files <= 64


def test_of_damaged_shards_it_is_an_estimate(tmp_path: Path) -> None:
    """What they hold is not known."""
    folder = write(tmp_path / "a", document(SHAPE, (16, 16), CHUNK), np.ones(SHAPE))
    shard = folder / "c" / "0" / "0"
    shard.write_bytes(shard.read_bytes()[:-1])

    found = foretold(folder, (32, 32))

    assert (4, False) == (found.files, found.exact)
