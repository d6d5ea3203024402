"""Whole stores in other shards: what is planned, what is there afterwards, or not."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numcodecs import LZ4

from cases.arrays import write_array, write_group
from cases.build import build_image, zip_store
from cases.consolidated import consolidate
from cases.resharded import ARRAYS, SHARD, an_image, chunks_of, files_below
from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.layout import inspect
from napari_ngff.dataset.read import read
from napari_ngff.dataset.reshard import reshard
from napari_ngff.dataset.validate import validate
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan

WHOLE = {"c": 2, "z": 4, "y": 16, "x": 16}


def held_to(plan: ReshardPlan, folder: Path) -> None:
    """Compare what was planned with what is there."""
    documents = ("zarr.json",)
    for array in plan.arrays:
        files = files_below(folder / array.node)
        sizes = [len(data) for key, data in files.items() if key not in documents]
        assert (array.after.count, array.after.nbytes) == (len(sizes), sum(sizes))
        assert not array.after.about


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_whole_image_goes_into_shards(tmp_path: Path, version: str) -> None:
    """All levels and labels, each chunk's bytes as they were; format 2 becomes 0.5."""
    source = an_image(tmp_path / "a.zarr", version=version)
    before = files_below(source)

    plan = reshard(source, tmp_path / "b.zarr", shard=SHARD)

    target = tmp_path / "b.zarr"
    assert chunks_of(source) == chunks_of(target)
    assert before == files_below(source)
    assert [*ARRAYS] == [array.node for array in plan.arrays]
    assert {"copied"} == {array.how for array in plan.arrays}
    assert (1, 4, 16, 16) == plan.arrays[0].new_shard
    assert None is plan.arrays[0].shard
    held_to(plan, target)
    assert (version, "0.5") == (plan.was, plan.version)
    report = validate(target)
    assert report.valid, report.text()
    assert inspect(target, check="decode").sound
    image = read(target)
    assert np.array_equal(read(source).levels[0], image.levels[0])
    assert ["cells"] == [label.name for label in image.labels]


def test_documents_of_format_3_keep_their_bytes(tmp_path: Path) -> None:
    """Those of groups to the byte, those of arrays where they say the same."""
    source = an_image(tmp_path / "a.zarr", version="0.5")
    odd = (source / "zarr.json").read_text().replace(' "attributes"', '\t"attributes"')
    (source / "zarr.json").write_text(odd)
    array = json.loads((source / "0" / "zarr.json").read_text())
    array["attributes"] = {"mine": 0.10}
    (source / "0" / "zarr.json").write_text(json.dumps(array, indent=7))

    reshard(source, tmp_path / "b.zarr", shard=SHARD)

    target = tmp_path / "b.zarr"
    for group in ("", "labels", "labels/cells"):
        key = f"{group}/zarr.json".lstrip("/")
        assert (source / key).read_bytes() == (target / key).read_bytes()
    text = (target / "0" / "zarr.json").read_text()
    assert '       "attributes": {\n              "mine": 0.1' in text


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_in_place(tmp_path: Path, version: str) -> None:
    """The store is exchanged for itself; what else is in it is carried along."""
    source = an_image(tmp_path / "a.zarr", version=version)
    (source / "notes.txt").write_text("mine")
    (source / "tables" / "x").mkdir(parents=True)
    (source / "tables" / "x" / "rows.csv").write_text("1,2")
    shutil.copytree(source, tmp_path / "copy")

    plan = reshard(source / "labels", shard=SHARD)

    assert "in-place" == plan.where
    assert chunks_of(tmp_path / "copy") == chunks_of(source)
    held_to(plan, source)
    assert "mine" == (source / "notes.txt").read_text()
    assert "1,2" == (source / "tables" / "x" / "rows.csv").read_text()
    assert not [*source.rglob(".z*")]
    assert validate(source).valid
    assert {"a.zarr", "copy"} == {path.name for path in tmp_path.iterdir()}


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    first=st.fixed_dictionaries({}, optional=dict.fromkeys("zyx", st.integers(1, 20))),
    second=st.fixed_dictionaries({}, optional=dict.fromkeys("zyx", st.integers(1, 20))),
    orders=st.tuples(*[st.sampled_from(["morton", "C"])] * 2),
    index=st.sampled_from(["start", "end"]),
    gone=st.sets(st.integers(0, 15)),
)
def test_there_and_back(
    tmp_path_factory: Any, first: Any, second: Any, orders: Any, index: Any, gone: Any
) -> None:
    """Into any shards, others and out of them: every file is what it was."""
    folder = tmp_path_factory.mktemp("back")
    source = build_image(
        folder / "a.zarr", version="0.5", axes="zyx", shape=(4, 13, 9), chunks=(2, 4, 3)
    )
    files = sorted((source / "0" / "c").rglob("?/?/?"))
    for number in gone:
        files[number].unlink()
    before = files_below(source)

    for wish, order in ((first, orders[0]), (second, orders[1])):
        plan = reshard(source, shard=wish, order=order, index=index)
        total = sum(len(d) for k, d in files_below(source).items() if "/c/" in k)
        assert total == plan.after.nbytes or plan.after.about
    reshard(source, shard="none")

    documents = {key for key in before if key.endswith("0/zarr.json")}
    after = files_below(source)
    assert before.keys() == after.keys()
    assert {k: v for k, v in before.items() if k not in documents} == {
        k: v for k, v in after.items() if k not in documents
    }
    for key in documents:
        assert json.loads(before[key]) == json.loads(after[key])


def test_other_chunks_or_another_codec_are_decoded_and_that_is_said(
    tmp_path: Path,
) -> None:
    """Pixels stay, the plan says why; a level that need not be decoded is copied."""
    source = an_image(tmp_path / "a.zarr", version="0.4")
    pixels = [np.asarray(level) for level in read(source).levels]

    plan = reshard(source, tmp_path / "b.zarr", chunk={"y": 16}, shard={"y": 16})

    target = tmp_path / "b.zarr"
    how = {array.node: array.how for array in plan.arrays}
    assert {"0": "decoded", "1": "copied"} == {k: how[k] for k in "01"}
    assert "The chunks are 1 x 1 x 8 x 8 pixels and are to be 1 x 1 x 16 x 8" in (
        plan.text
    )
    assert all(map(np.array_equal, pixels, read(target).levels))
    assert inspect(target, check="decode").sound
    assert validate(target).valid
    again = reshard(target, compression="zstd:3", workers=1)
    assert len(again.arrays) == len(again.decoded)
    assert "gzip (level 1) and are to be little-endian, zstd" in again.text
    assert all(map(np.array_equal, pixels, read(target).levels))
    assert inspect(target, check="decode").sound


@pytest.mark.parametrize(("order", "found"), [("morton", "Morton"), ("C", "C")])
def test_the_order_in_a_shard_is_that_which_was_wished(
    tmp_path: Path, order: Any, found: str
) -> None:
    """Where chunks are copied, and where they are encoded anew."""
    source = build_image(tmp_path / "a.zarr", version="0.5", chunks=(1, 2, 8, 8))
    pixels = np.asarray(read(source).levels[0])
    for number, chunk in enumerate(({}, {"y": 4, "x": 4})):
        target = tmp_path / f"{number}.zarr"

        plan = reshard(source, target, shard=WHOLE, chunk=chunk, order=order)

        assert bool(chunk) == bool(plan.decoded)
        location = open_location(target)
        level = StoredLevel(location.keys, location.document("0"), LIMITS)
        assert found == level.files.map_of((0, 0, 0, 0)).order
        assert np.array_equal(pixels, read(target).levels[0])


def test_an_index_that_cannot_be_where_it_was_wished_is_told(tmp_path: Path) -> None:
    """What is encoded anew has it at the end."""
    source = build_image(tmp_path / "a.zarr", version="0.5", chunks=(1, 2, 8, 8))

    plan = reshard(
        source, tmp_path / "b.zarr", shard=WHOLE, chunk={"x": 4}, index="start"
    )

    assert "index-at-end" in {problem.kind for problem in plan.problems}
    assert {"end"} == {
        level.index.location for level in inspect(tmp_path / "b.zarr").levels
    }


def test_a_codec_that_format_3_lacks_is_decoded(tmp_path: Path) -> None:
    """It becomes one that there is, and the metadata go along."""
    source = build_image(tmp_path / "a.zarr", levels=1, array_attributes={"mine": 1})
    filled = np.asarray(read(source).levels[0])
    array = zarr.create_array(
        source / "0",
        data=filled,
        chunks=(1, 2, 8, 8),
        compressors=LZ4(),
        zarr_format=2,
        overwrite=True,
    )
    array.attrs["mine"] = 1

    plan = reshard(source, tmp_path / "b.zarr", shard={"z": 4})

    assert ["decoded"] == [array.how for array in plan.arrays]
    assert "'lz4'" in plan.arrays[0].why
    assert any(p.kind == "compression" for p in plan.problems)
    assert np.array_equal(filled, read(tmp_path / "b.zarr").levels[0])
    document = json.loads((tmp_path / "b.zarr" / "0" / "zarr.json").read_text())
    assert {"mine": 1} == document["attributes"]
    assert ["c", "z", "y", "x"] == document["dimension_names"]
    assert validate(tmp_path / "b.zarr").valid


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_consolidated_metadata_follow(tmp_path: Path, version: str) -> None:
    """They repeat the new arrays, whatever format they were in."""
    source = an_image(tmp_path / "a.zarr", version=version)
    consolidate(source)

    reshard(source, shard=SHARD)

    root = json.loads((source / "zarr.json").read_text())
    listed = root["consolidated_metadata"]["metadata"]
    assert {*ARRAYS} <= listed.keys()
    for node in ARRAYS:
        assert json.loads((source / node / "zarr.json").read_text()) == listed[node]
    assert not (source / ".zmetadata").exists()


def test_a_plate_is_one(tmp_path: Path) -> None:
    """All its fields; the group of each well is carried along."""
    plate = tmp_path / "p.zarr"
    wells = [{"path": "A/1", "rowIndex": 0, "columnIndex": 0}]
    write_group(
        plate,
        {
            "plate": {
                "version": "0.4",
                "rows": [{"name": "A"}],
                "columns": [{"name": "1"}],
                "wells": wells,
            }
        },
        zarr_format=2,
    )
    write_group(plate / "A", zarr_format=2)
    images = [{"path": "0"}, {"path": "1"}]
    write_group(
        plate / "A" / "1", {"well": {"version": "0.4", "images": images}}, zarr_format=2
    )
    for field in "01":
        build_image(plate / "A" / "1" / field, shape=(1, 2, 16, 16))

    plan = reshard(plate, tmp_path / "q.zarr", shard={"y": 16, "x": 16})

    nodes = [array.node for array in plan.arrays]
    assert ["A/1/0/0", "A/1/0/1", "A/1/1/0", "A/1/1/1"] == nodes
    assert validate(tmp_path / "q.zarr").valid
    held_to(plan, tmp_path / "q.zarr")
    one = reshard(plate / "A" / "1" / "0", tmp_path / "field.zarr", shard="none")
    assert ["0", "1"] == [array.node for array in one.arrays]
    assert validate(tmp_path / "field.zarr").valid


def test_archives_on_both_sides(tmp_path: Path) -> None:
    """What is read may be a file, and what is made; other files are in it, too."""
    folder = an_image(tmp_path / "a.zarr", version="0.5")
    (folder / "notes.txt").write_text("mine")
    source = zip_store(folder, tmp_path / "a.zip")

    reshard(source, tmp_path / "b.ozx", shard=SHARD)
    reshard(tmp_path / "b.ozx", tmp_path / "c.zarr", shard="none")

    assert inspect(tmp_path / "b.ozx", check="decode").sound
    assert chunks_of(folder) == chunks_of(tmp_path / "c.zarr")
    assert "mine" == (tmp_path / "c.zarr" / "notes.txt").read_text()
    with pytest.raises(CannotSave, match="Say where a new one goes"):
        reshard(source, shard="none")


def test_other_arrays_are_carried_along(tmp_path: Path) -> None:
    """What no image names is not cut into shards, also where its format changes."""
    source = build_image(tmp_path / "a.zarr", levels=1)
    write_group(source / "tables", zarr_format=2)
    rows = np.arange(12).reshape(6, 2)
    write_array(source / "tables" / "x", rows, zarr_format=2, chunks=(2, 2))

    plan = reshard(source, shard={"z": 4})

    assert ["0"] == [array.node for array in plan.arrays]
    assert np.array_equal(rows, zarr.open_array(source / "tables" / "x", mode="r")[:])
    assert (source / "tables" / "x" / "zarr.json").exists()
    assert not (source / "tables" / "x" / ".zarray").exists()
