"""What is told of stored images: right in numbers, of anything that can be opened."""

from __future__ import annotations

import gzip
import json
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import pytest

import napari_ngff
from cases.build import build_image
from cases.sharded import GZIP, brute_force, document, some_pixels, write
from napari_ngff.core.problems import Cancelled
from napari_ngff.dataset.layout import Budget, inspect

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (2, 8, 64, 64)


def test_a_table_of_our_own_writer_is_right(tmp_path: Path) -> None:
    """Of an image in shards as it is saved here: counted by brute force."""
    pixels = np.random.default_rng(0).integers(1, 999, (8, 96, 96)).astype("u2")
    pixels[:, 32:64] = 0
    path = tmp_path / "own.ome.zarr"
    napari_ngff.write(
        path,
        pixels,
        axes="zyx",
        version="0.5",
        compression="gzip",
        chunks={"z": 4, "y": 16, "x": 32},
        shards={"z": 8, "y": 64, "x": 64},
    )
    layout = inspect(path)
    [part] = layout.parts

    assert "image" == part.kind
    for level in part.levels:
        assert level.index is not None
        assert level.shard is not None
        expected = brute_force(path / level.node, level.shape, level.shard, level.chunk)
        assert expected == {
            "files": level.files,
            "stored": level.stored_nbytes,
            "chunks": level.chunks_stored,
            "decoded": level.uncompressed_nbytes,
            "dead": level.dead_nbytes,
        }
        assert ("end", "crc32c") == (level.index.location, level.index.checksum)
        assert frozenset() == level.about
    assert list(part.levels[0].costs) == [
        "y-x plane",
        "z-x plane",
        "z-y plane",
        "block",
    ]


@pytest.mark.parametrize("version", ["0.1", "0.4", "0.5"])
def test_images_of_all_versions_with_labels(tmp_path: Path, version: str) -> None:
    """Their levels and their label images; files of chunks decoded by brute force."""
    path = build_image(
        tmp_path / "a.zarr", version=version, shape=SHAPE, labels={"cells": {}}
    )
    layout = inspect(path, check="decode")

    assert ["image", "label"] == [part.kind for part in layout.parts]
    for level in layout.levels:
        folder = path / level.node
        files = [
            f
            for f in folder.rglob("*")
            if f.is_file() and f.name[0] != "." and f.name != "zarr.json"
        ]
        decoded = sum(len(gzip.decompress(f.read_bytes())) for f in files)
        assert (len(files), decoded) == (level.files, level.uncompressed_nbytes)
        assert (len(files), prod(level.shape)) == (
            level.chunks_stored,
            level.nbytes // level.itemsize,
        )
        assert None is level.shard is level.dead_nbytes
    assert layout.sound
    json.dumps(layout.to_json())
    for health in layout.health:
        assert health.decoded is not None
        assert health.files == health.decoded.chunks
        assert 0 == health.decoded.damaged == health.strange


def test_an_array_and_a_level_alone(tmp_path: Path) -> None:
    """A path to an array is that array; levels can be asked for one by one."""
    path = build_image(tmp_path / "a.zarr", version="0.5", shape=SHAPE, levels=3)

    assert ["array"] == [part.kind for part in inspect(path / "1").parts]
    assert ["2"] == [level.node for level in inspect(path, levels=[2]).levels]
    assert [] == [
        a.kind for a in inspect(path, levels=[0]).parts[0].advice if "level" in a.kind
    ]


def test_empty_chunks_that_are_stored_are_found(tmp_path: Path) -> None:
    """By decoding all of them, which gives advice."""
    pixels = np.ones((32, 32), "u2")
    pixels[:8] = 0
    path = build_image(
        tmp_path / "a.zarr",
        version="0.4",
        data=pixels,
        axes="yx",
        chunks=(8, 8),
        levels=1,
    )
    layout = inspect(path, check="decode")
    [health] = layout.health
    assert health.decoded is not None

    assert (16, 4) == (health.decoded.chunks, health.decoded.empty)
    [advice] = [a for a in layout.parts[0].advice if a.kind == "empty-chunks-stored"]
    assert advice.message.startswith("4 of 16 stored chunks")


def test_each_kind_of_damage_is_found(tmp_path: Path) -> None:
    """A flipped bit in an index and one in a chunk, a cut shard, orphans, partials."""
    folder = write(tmp_path / "a", document(), some_pixels((40, 33), (4, 8)))
    assert inspect(folder, check="decode").sound
    files = sorted(f for f in folder.rglob("c/*/*") if f.is_file())
    data = bytearray(files[0].read_bytes())
    data[-40] ^= 4
    files[0].write_bytes(data)
    chunk = bytearray(files[1].read_bytes())
    chunk[3] ^= 255
    files[1].write_bytes(chunk)
    files[2].write_bytes(files[2].read_bytes()[:10])
    (folder / "c/0/0.tmp").write_bytes(b"")
    (folder / "c/7").mkdir()
    (folder / "c/7/7").write_bytes(b"x")
    layout = inspect(folder, check="decode")
    [health] = layout.health
    assert health.decoded is not None

    assert not layout.sound
    assert (2, 2, 1) == (health.damaged, health.strange, health.decoded.damaged)
    assert {"damaged-file", "orphan-file", "partial-file", "damaged-chunk"} == {
        problem.kind for problem in health.problems
    }
    name = files[0].relative_to(folder).as_posix()
    assert any(
        p.message.startswith(f"{name}: the checksum of its index is wrong")
        for p in health.problems
    )
    assert not inspect(folder, check="files").sound
    assert inspect(folder).sound  # nothing was checked
    assert "≈" in inspect(folder).text()


def test_what_cannot_be_read_can_be_inspected(tmp_path: Path) -> None:
    """An unknown codec hides no file; what is wrong is said."""
    metadata = document()
    folder = write(tmp_path / "a", metadata, some_pixels((40, 33), (4, 8)))
    expected = inspect(folder).levels[0]
    codecs = metadata["codecs"][0]["configuration"]["codecs"]
    codecs[-1] = {"name": "zfpy", "configuration": {}}
    (folder / "zarr.json").write_text(json.dumps(metadata))
    layout = inspect(folder, check="decode")
    [level] = layout.levels

    assert expected.chunks_stored == level.chunks_stored
    assert ["unsupported-codec"] == [problem.kind for problem in level.problems]
    assert "zfpy" in level.codecs
    assert ["not-decoded"] == [problem.kind for problem in layout.problems]
    assert layout.sound


def test_packed_shards_are_decoded_and_advised_against(tmp_path: Path) -> None:
    """They are read whole; what is in them shows only when they are decoded."""
    folder = write(
        tmp_path / "a", document(after=[GZIP]), some_pixels((40, 33), (4, 8))
    )
    layout = inspect(folder, check="decode")
    [level] = layout.levels

    assert level.packed
    assert None is level.chunks_stored is level.dead_nbytes
    assert {"packed-shards"} == {problem.kind for problem in level.problems}
    assert "no-partial-reads" in {a.kind for a in layout.parts[0].advice}
    assert layout.health[0].decoded is not None
    assert level.files == layout.health[0].decoded.chunks


def test_a_sample_is_marked(tmp_path: Path) -> None:
    """In the table, in JSON and in text."""
    pixels = np.random.default_rng(1).integers(1, 99, (64, 64)).astype("u2")
    folder = write(tmp_path / "a", document((64, 64), (4, 4), (2, 2)), pixels)
    layout = inspect(folder, budget=Budget(reads=32))
    [level] = layout.levels

    assert {"chunks_stored", "uncompressed_nbytes", "dead_nbytes"} == level.about
    assert (32, 256, 1024) == (level.looked, level.of, level.chunks_stored)
    assert "≈ 1,024 of 1,024" in layout.text()
    assert "≈ from 32 of 256 files" in layout.text()
    assert sorted(level.about) == layout.to_json()["parts"][0]["levels"][0]["about"]


def test_progress_and_its_end(tmp_path: Path) -> None:
    """Fractions never fall, and end at 1; whoever does not want more ends it."""
    path = build_image(tmp_path / "a.zarr", version="0.5", shape=SHAPE, levels=3)
    told: list[float] = []
    inspect(path, check="decode", progress=told.append)

    assert told == sorted(told)
    assert 1.0 == told[-1]
    with pytest.raises(Cancelled):
        inspect(path, cancelled=lambda: True)


def test_missing_arrays_are_problems(tmp_path: Path) -> None:
    """The others are inspected."""
    path = build_image(tmp_path / "a.zarr", version="0.5", shape=SHAPE, levels=2)
    (path / "1" / "zarr.json").unlink()
    layout = inspect(path)

    assert ["0"] == [level.node for level in layout.levels]
    assert [("not-inspected", "1")] == [(p.kind, p.node) for p in layout.problems]


@pytest.mark.parametrize(
    ("name", "parts", "chunks"),
    [
        ("mobie_mri_stack/mri-stack.ome.zarr", 1, [2, 1]),
        ("zarrs_sharded/sharded_array_write_read.zarr/group/array", 1, None),
        ("challenge_hcs_bf2raw_v04/hcs.zarr", 8, None),
    ],
)
def test_stores_of_other_tools(
    stores: Path, name: str, parts: int, chunks: list[int] | None
) -> None:
    """Images, plates and bare arrays of others: what is there holds."""
    layout = inspect(stores / name, check="decode")

    assert parts == len(layout.parts)
    assert layout.sound, layout.text()
    assert chunks is None or chunks == [level.chunks_stored for level in layout.levels]
    for level, health in zip(layout.levels, layout.health, strict=True):
        assert health.decoded is not None
        assert health.decoded.chunks == level.chunks_stored


def test_shards_of_other_tools_hold(stores: Path) -> None:
    """Every array of the fixtures of zarrita.js, most of them in shards."""
    arrays = sorted(
        file.parent
        for file in (stores / "zarritajs_v3_fixtures" / "data.zarr").rglob("zarr.json")
        if json.loads(file.read_text())["node_type"] == "array"
    )
    sharded = 0
    for path in arrays:
        layout = inspect(path, check="files")
        sharded += any(level.index is not None for level in layout.levels)
        assert layout.sound, layout.text()
        for level in layout.levels:
            assert None is not level.chunks_stored
            assert level.chunks_stored <= level.chunks
    assert 15 == sharded
