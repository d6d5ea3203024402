"""A store that changes while it is open never gives pixels of another image."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hostile.case import SHAPE, expected, plain_image
from napari_ngff.core.problems import ChunkReadError, NgffError, StoreChanged
from napari_ngff.layers.read import read_layers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OTHER = np.full(SHAPE, 7, np.uint16)


def _replaced(path: Path) -> None:
    shutil.rmtree(path)
    plain_image(path, data=OTHER)


def _exchanged(path: Path) -> None:
    plain_image(path.with_name("new"), data=OTHER, chunks=(4, 4))
    path.rename(path.with_name("old"))
    path.with_name("new").rename(path)


def _level_rewritten(path: Path) -> None:
    document = path / "0" / ".zarray"
    document.write_text(document.read_text() + " ")


def _document_gone(path: Path) -> None:
    (path / "0" / ".zarray").unlink()


def _store_gone(path: Path) -> None:
    shutil.rmtree(path)


def _document_is_pipe(path: Path) -> None:
    import os

    (path / "0" / ".zarray").unlink()
    os.mkfifo(path / "0" / ".zarray")


CHANGES: dict[str, Callable[[Path], None]] = {
    "replaced": _replaced,
    "exchanged": _exchanged,
    "level rewritten": _level_rewritten,
    "document gone": _document_gone,
    "store gone": _store_gone,
    "document is a pipe": _document_is_pipe,
}


@pytest.mark.parametrize("seen", ["not seen before", "seen before"])
@pytest.mark.parametrize("name", CHANGES)
def test_a_store_that_changed(name: str, seen: str, tmp_path: Path) -> None:
    """It is refused, cached or not, with a word that names the store."""
    path = plain_image(tmp_path / "store.zarr")
    (data, _, _), *_ = read_layers(path)
    if seen == "seen before":
        np.testing.assert_array_equal(expected(), np.asarray(data[0]))
    CHANGES[name](path)
    error = _refusal(data[0])
    assert isinstance(error, StoreChanged | ChunkReadError)
    assert "store.zarr" in str(error)


def _refusal(level: Any) -> NgffError | None:
    try:
        np.asarray(level)
    except NgffError as error:
        return error
    return None


def test_a_chunk_that_comes_later(tmp_path: Path) -> None:
    """Chunks that are written while the store is open are seen."""
    path = plain_image(tmp_path / "store.zarr")
    chunk = path / "0" / "1" / "1"
    content = chunk.read_bytes()
    chunk.unlink()
    (data, _, _), *_ = read_layers(path)
    chunk.write_bytes(content)
    np.testing.assert_array_equal(expected(), np.asarray(data[0]))


def test_an_archive_that_is_replaced(tmp_path: Path) -> None:
    """Members are not read at the places of an archive that was there before."""
    from cases.build import zip_store

    plain_image(tmp_path / "a")
    plain_image(tmp_path / "b", data=OTHER, name="a longer name than before")
    packed = zip_store(tmp_path / "a", tmp_path / "store.ozx")
    (data, _, _), *_ = read_layers(packed)
    zip_store(tmp_path / "b", packed)
    error = _refusal(data[0])
    assert isinstance(error, StoreChanged | ChunkReadError)
    assert "store.ozx" in str(error)
