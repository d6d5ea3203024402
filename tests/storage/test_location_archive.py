"""Every way in to a store in an archive."""

from __future__ import annotations

import pickle
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cases.plain import PIXELS, make_v3, zipped
from napari_ngff.core.problems import (
    CannotOpen,
    NotOmeZarr,
)
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("prefix", ["", "x.ome.zarr/"], ids=["root", "one folder"])
@pytest.mark.parametrize("suffix", [".zip", ".ozx", ".OZX", ""])
def test_archives_are_opened(image: Path, prefix: str, suffix: str) -> None:
    """A store in an archive, at its root or in its only folder, and paths inside."""
    path = zipped(image, image.with_name(f"y{suffix}"), prefix)
    location = open_location(path)

    assert (str(path), "") == (location.url, location.node)
    assert ("0", "labels") == location.children("")
    document = location.document("0")
    assert document is not None
    array = location.array(document)
    assert np.array_equal(PIXELS, np.asarray(array))
    assert np.array_equal(PIXELS, np.asarray(pickle.loads(pickle.dumps(array))))
    assert "labels/cells" == open_location(path / "labels" / "cells").node
    name = "zarr.json" if document.zarr_format == 3 else ".zattrs"
    assert "labels" == open_location(path / "labels" / name).node
    with pytest.raises(CannotOpen, match="no 'none'"):
        open_location(path / "none")


def test_archives_without_a_store_are_refused(tmp_path: Path) -> None:
    """Two folders, or none with metadata, are no store."""
    image = make_v3(tmp_path / "x")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(image / "zarr.json", "a/zarr.json")
        archive.write(image / "zarr.json", "b/zarr.json")
    with zipfile.ZipFile(tmp_path / "none.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")

    for name in ("two.zip", "none.zip"):
        with pytest.raises(NotOmeZarr, match="no Zarr metadata"):
            open_location(tmp_path / name)
