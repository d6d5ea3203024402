"""Validators of others accept what we write as a whole: metadata, arrays, labels."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from collections import Counter
from importlib import import_module
from tempfile import TemporaryDirectory

import ngff_zarr
import numpy as np
import ome_zarr_models
import pytest
import yaozarrs
from napari.layers import Image
from ome_zarr_models.exceptions import ValidationWarning

from napari_ngff import write
from napari_ngff.dataset.saving.options import VERSIONS
from oracles.implementations import OZX, opened
from oracles.viewers import layers_in_napari
from oracles.written import WRITTEN, groups, place

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def judge_by_ngff_zarr(path):
    """By the schemas, and by what those cannot say."""
    found = ngff_zarr.from_ngff_zarr(path, validate=True)
    ngff_zarr.validate_structural(found.metadata)


def judge_by_models(path):
    """As ``ome-zarr-models validate`` does."""
    with warnings.catch_warnings(action="error", category=ValidationWarning):
        ome_zarr_models.open_ome_zarr(opened(path))


def judge_by_yaozarrs(path):
    """As ``yaozarrs validate`` does; it follows no link from a label within a file."""
    if path.suffix != OZX:
        yaozarrs.validate_zarr_store(str(path))
        return
    with TemporaryDirectory() as folder, zipfile.ZipFile(path) as file:
        file.extractall(folder)
        yaozarrs.validate_zarr_store(folder)


JUDGES = {
    "ngff-zarr": (judge_by_ngff_zarr, "0.6"),
    "ome-zarr-models": (judge_by_models, "0.6"),
    "yaozarrs": (judge_by_yaozarrs, "0.5"),
}
"""Name → how to ask, and the last version that it knows."""
PAIRS = [
    (judge, name)
    for judge, (_, last) in JUDGES.items()
    for name in groups()
    if WRITTEN[name.partition("/labels/")[0]].version <= last
]


@pytest.fixture(scope="module")
def tally(figure):
    """How many stores each accepted, printed at the end."""
    counts = Counter()
    yield counts
    for judge, count in counts.items():
        figure(f"oracle {judge}: {count} stores that we wrote are valid")


@pytest.mark.parametrize(("judge", "name"), PAIRS)
def test_stores_are_accepted(judge, name, written, tally):
    """Of every version, data type, compression, cut and container."""
    JUDGES[judge][0](place(written, name))
    tally[judge] += 1


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_the_judges_look_at_the_store(version, judge, written, tmp_path):
    """They refuse one that lacks a level."""
    store = shutil.copytree(place(written, f"saved/{version}-flat"), tmp_path / "store")
    JUDGES[judge][0](store)
    shutil.rmtree(store / "1")

    with pytest.raises(Exception):  # noqa: B017, PT011 - each has errors of its own
        JUDGES[judge][0](store)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_series_is_accepted(version, tmp_path):
    """As a whole; napari-ome-zarr shows all its images, in their order."""
    store = tmp_path / "two.ome.zarr"
    layers = [
        Image(np.arange(33 * 17, dtype="u2").reshape(33, 17), name="first"),
        Image(np.ones((3, 33, 17), "f4"), name="second", scale=(3, 1, 1)),
    ]
    write(store, layers, several="series", version=version, levels=2)

    module = f"ome_zarr_models.v{version.replace('.', '')}.bioformats2raw"
    model = import_module(module).BioFormats2Raw.from_zarr(opened(store))
    if version < "0.6":
        judge_by_yaozarrs(store)
    assert ["0", "1"] == sorted(model.images)
    shown = layers_in_napari(store)
    for layer, (levels, _, _) in zip(layers, shown, strict=True):
        np.testing.assert_array_equal(layer.data, levels[0], strict=True)


def test_what_is_turned_is_accepted(tmp_path):
    """Its affine in 0.6, exactly as it was."""
    store = tmp_path / "turned.ome.zarr"
    image = Image(np.ones((33, 17), "u2"), name="turned", scale=(2, 2), rotate=30)
    write(store, image, version="0.6", levels=2)

    judge_by_models(store)
    judge_by_ngff_zarr(store)
