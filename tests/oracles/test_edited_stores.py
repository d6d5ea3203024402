"""Stores that other tools accept are accepted by them after an edit, too."""

from __future__ import annotations

import shutil

import pytest

from napari_ngff import edit
from oracles.implementations import opened
from oracles.stores import GENERATED, STORES, generate
from oracles.test_saved_stores import JUDGES

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

GIVEN = [name for name in GENERATED if name > "v04"]
FOREIGN = {
    "challenge_2d_bf2raw_v04/2d.zarr": "y",
    "neuroglancer_ome_zarr/simple_0.4": "x",
    "neuroglancer_ome_zarr/simple_0.5": "x",
    "mobie_blobs_space_in_name/blobs space.ome.zarr": "x",
}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Return the folder of the generated stores."""
    return generate(tmp_path_factory.mktemp("given"))


@pytest.fixture(autouse=True)
def _own_history(tmp_path, monkeypatch):
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path / "history"))


def verdicts(path):
    """Return which judges accept a store."""
    found = set()
    for name, (judge, _) in JUDGES.items():
        try:
            judge(path)
        except Exception:  # noqa: BLE001 - each has errors of its own
            continue
        found.add(name)
    return found


def check(path, axis, figure):
    """Edit a store; compare who accepts it, and the arrays that zarr sees."""
    before = verdicts(path)
    arrays = {name: array.shape for name, array in opened(path).arrays()}

    patch = edit(
        path,
        name="new",
        axes={axis: {"unit": "nanometer"}},
        pixel_size={axis: 0.1234567},
        origin={axis: -2.5},
        include=["labels"],
    )

    assert patch
    assert before <= verdicts(path)
    assert arrays == {name: array.shape for name, array in opened(path).arrays()}
    figure(f"oracle edit: {path.name} is accepted by {len(before)} as before")


@pytest.mark.parametrize("name", GIVEN)
def test_our_stores_are_accepted_as_before(name, given, figure):
    """Of every version that states sizes."""
    check(given / name, "y", figure)


@pytest.mark.parametrize("name", FOREIGN)
def test_stores_of_others_are_accepted_as_before(name, tmp_path, figure):
    """Copies of what other tools wrote."""
    if not STORES.is_dir():
        pytest.skip("no stores of others beside the project")
    path = shutil.copytree(STORES / name, tmp_path / "a.zarr")
    for each in (path, *path.rglob("*")):
        each.chmod(each.stat().st_mode | 0o200)
    check(path, FOREIGN[name], figure)
