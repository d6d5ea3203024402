"""Copies of stores that other tools wrote, edited: accepted as before."""

import shutil

import numpy as np
import pytest

from napari_ngff import edit, read, validate
from napari_ngff.dataset.editing.restoring import undo_last_save

STORES = {
    "challenge_2d_bf2raw_v04/2d.zarr": "x",
    "fractal_cardio_B03_mip_v04": "x",
    "mobie_blobs_space_in_name/blobs space.ome.zarr": "x",
    "mobie_mri_stack/mri-stack.ome.zarr": "z",
    "neuroglancer_ome_zarr/simple_0.4": "x",
    "neuroglancer_ome_zarr/simple_0.5": "x",
    "rfc5_examples_2d_metadata/basic/scale_multiscale.zarr": "x",
    "rfc5_examples_2d_metadata/basic/sequenceScaleTranslation_multiscale.zarr": "y",
}


@pytest.fixture(autouse=True)
def _own_history(tmp_path, monkeypatch):
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path / "history"))


@pytest.mark.parametrize("name", STORES)
def test_edited_stores_are_accepted_as_before(name, stores, tmp_path):
    """The same verdict, the same pixels, the new size; undone: the same bytes."""
    source = stores / name
    if not list(source.glob(".z*")) + list(source.glob("zarr.json")):
        (source,) = source.iterdir()
    path = shutil.copytree(source, tmp_path / source.name)
    for each in (path, *path.rglob("*")):
        each.chmod(each.stat().st_mode | 0o200)
    before = {p: p.read_bytes() for p in path.rglob("*") if p.is_file()}
    verdict = [p.kind for p in validate(path).problems]
    pixels = np.asarray(read(path).levels[-1])
    axis = STORES[name]

    edit(path, name="new", pixel_size={axis: 0.1234567}, origin={axis: -3})

    node = read(path)
    kinds = [p.kind for p in validate(path).problems]
    assert set(kinds) <= set(verdict)
    assert "new" == node.multiscale.name
    assert "0.1234567" in str(node.multiscale.levels[0].transform)
    np.testing.assert_array_equal(pixels, np.asarray(node.levels[-1]))
    undo_last_save(path)
    assert before == {p: p.read_bytes() for p in path.rglob("*") if p.is_file()}
