"""Arrays are opened by zarr from their documents alone, with its fastest pipeline."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import zarr
from zarr.storage import LocalStore

from napari_ngff.storage.chunks import zarr_array
from napari_ngff.storage.chunks.zarr_array import open_array

PIXELS = np.arange(2 * 20 * 30, dtype="u2").reshape(2, 20, 30)


def written(path, zarr_format=3):
    """Write an array."""
    made = zarr.create_array(
        path,
        shape=PIXELS.shape,
        dtype=PIXELS.dtype,
        chunks=(1, 8, 10),
        zarr_format=zarr_format,
    )
    made[...] = PIXELS
    return zarr.open_array(path, mode="r")


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_opening_reads_nothing(zarr_format, tmp_path):
    """An array is made from its document; the store is not asked for metadata."""
    asked = []

    class Watched(LocalStore):
        async def get(self, key, *args, **kwargs):
            asked.append(key)
            return await super().get(key, *args, **kwargs)

        def get_sync(self, key, *args, **kwargs):
            asked.append(key)
            return super().get_sync(key, *args, **kwargs)

    made = written(tmp_path / "0", zarr_format)
    document = made.metadata.to_dict()
    opened = open_array(Watched(tmp_path, read_only=True), "0", document)

    assert [] == asked
    assert PIXELS.tolist() == opened[...].tolist()
    assert not [key for key in asked if "zarr.json" in key or ".z" in key]


def test_the_fastest_pipeline_is_chosen_and_the_choice_reset(tmp_path):
    """Arrays get the fused pipeline where there is one; the configuration stays."""
    made = written(tmp_path / "0")
    before = zarr.config.get("codec_pipeline.path")
    opened = open_array(made.store, "", made.metadata.to_dict())
    pipeline = type(opened.async_array.codec_pipeline).__name__
    has_fused = zarr_array._has_fused_pipeline()

    assert before == zarr.config.get("codec_pipeline.path")
    assert ("FusedCodecPipeline" if has_fused else "BatchedCodecPipeline") == pipeline
    assert hasattr(zarr.core.codec_pipeline, "FusedCodecPipeline") == has_fused


def test_zarr_does_not_warn_of_what_is_read(tmp_path, monkeypatch):
    """Codecs of numcodecs are read without a word; any other warning is heard."""
    document = written(tmp_path / "0").metadata.to_dict()
    delta = {"name": "numcodecs.delta", "configuration": {"dtype": "<u2"}}
    document["codecs"] = [delta, *document["codecs"]]
    store = LocalStore(tmp_path, read_only=True)

    assert PIXELS.shape == open_array(store, "0", document).shape

    def warn(*_):
        warnings.warn("something else", UserWarning, stacklevel=1)

    monkeypatch.setattr(zarr.Array, "from_dict", warn)
    with pytest.warns(UserWarning, match="something else"):
        open_array(store, "0", document)
