"""A level that was written, read again before its metadata is there."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.storing import level, noise, store
from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.pixels.source import Source
from napari_ngff.storage.pyramids.written import WrittenSource

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

PLANS = {
    "shards": (level((11, 13), (2, 3), (4, 6)), 3),
    "chunks": (level((11, 13), (4, 6)), 3),
    "format 2": (level((11, 13), (4, 6)), 2),
}


@pytest.fixture(params=PLANS)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """Return pixels and the source of the same pixels on disk."""
    plan, zarr_format = PLANS[request.param]
    root = tmp_path_factory.mktemp("written")
    pixels = noise(plan.shape, "u2", 1)
    layout = store(root / "1", plan, pixels, zarr_format=zarr_format)
    (root / "1" / layout.document_name).unlink()
    return pixels, WrittenSource(str(root), "1", layout)


def test_it_is_a_source(written: tuple[np.ndarray, WrittenSource]):
    """It says of itself what sources say, also from another process."""
    pixels, source = written
    again = pickle.loads(pickle.dumps(source))

    assert isinstance(again, Source)
    assert (pixels.shape, pixels.dtype) == (again.shape, again.dtype)
    assert (source.identity, source.chunks) == (again.identity, (4, 6))


def test_any_box_is_what_was_written(written: tuple[np.ndarray, WrittenSource]):
    """Files that are absent have the fill value."""
    pixels, source = written

    @given(st.data())
    def check(data: st.DataObject) -> None:
        starts = [data.draw(st.integers(0, n - 1)) for n in pixels.shape]
        box = tuple(
            slice(a, data.draw(st.integers(a + 1, n)))
            for a, n in zip(starts, pixels.shape, strict=True)
        )
        assert pixels[box].tolist() == source.read(box).tolist()

    check()


def test_a_damaged_file_is_named(written: tuple[np.ndarray, WrittenSource]):
    """A level is never made from what is not what was written."""
    pixels, source = written
    key = source.layout.key((0, 0))
    (file,) = [f for f in _files(source) if f.as_posix().endswith(f"1/{key}")]
    file.write_bytes(file.read_bytes()[:-2])
    with pytest.raises(Unreadable, match=key):
        source.read(tuple(slice(0, n) for n in pixels.shape))


def _files(source: WrittenSource) -> list[Path]:
    from pathlib import Path

    return [file for file in Path(source.root).rglob("*") if file.is_file()]
