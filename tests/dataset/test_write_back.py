"""Painted labels over their own: just what changes, at every level, or nothing."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numcodecs import LZ4, Blosc, Zlib
from zarr.codecs import (
    BloscCodec,
    BytesCodec,
    Crc32cCodec,
    GzipCodec,
    ShardingCodec,
    TransposeCodec,
    ZstdCodec,
)

from cases.painting import (
    NODE,
    copy_of,
    inodes,
    labels_of,
    objects,
    pyramid,
    store,
    stored,
)
from napari_ngff import validate, write
from napari_ngff.core.problems import Cancelled, CannotSave, StoreChanged
from napari_ngff.dataset.painting.edits import Edit
from napari_ngff.dataset.write_back import write_back
from napari_ngff.metadata.model import ImageLabel

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (3, 37, 45)
CHUNKS = (1, 16, 16)
HALF = (1, 2, 2)

STORED: dict[str, dict[str, Any]] = {
    "v3 zstd": {"chunks": CHUNKS},
    "v3 none": {"chunks": CHUNKS, "compressors": None},
    "v3 gzip, crc": {"chunks": CHUNKS, "compressors": [GzipCodec(), Crc32cCodec()]},
    "v3 zstd, checksum": {
        "chunks": CHUNKS,
        "compressors": ZstdCodec(level=3, checksum=True),
    },
    "v3 blosc": {"chunks": CHUNKS, "compressors": BloscCodec(cname="lz4")},
    "v3 big": {"chunks": CHUNKS, "serializer": BytesCodec(endian="big")},
    "v3 transposed": {"chunks": CHUNKS, "filters": TransposeCodec(order=(2, 0, 1))},
    "v3 dots": {
        "chunks": CHUNKS,
        "chunk_key_encoding": {"name": "default", "separator": "."},
    },
    "v3 v2 keys": {
        "chunks": CHUNKS,
        "chunk_key_encoding": {"name": "v2", "separator": "/"},
    },
    "v3 shards": {"chunks": CHUNKS, "shards": (1, 32, 32)},
    "v3 shards of all": {"chunks": CHUNKS, "shards": (3, 48, 48)},
    "v3 index first": {
        "chunks": (3, 32, 32),
        "compressors": None,
        "serializer": ShardingCodec(
            chunk_shape=CHUNKS,
            codecs=[TransposeCodec(order=(1, 2, 0)), BytesCodec(), ZstdCodec()],
            index_location="start",
        ),
    },
    "v3 index without checksum": {
        "chunks": (3, 32, 32),
        "compressors": None,
        "filters": TransposeCodec(order=(0, 2, 1)),
        "serializer": ShardingCodec(
            chunk_shape=(1, 8, 16), index_codecs=[BytesCodec()]
        ),
    },
    "v3 fill": {"chunks": CHUNKS, "fill_value": 3},
    "v2": {"zarr_format": 2, "chunks": CHUNKS},
    "v2 /": {
        "zarr_format": 2,
        "chunks": CHUNKS,
        "chunk_key_encoding": {"name": "v2", "separator": "/"},
    },
    "v2 none": {"zarr_format": 2, "chunks": CHUNKS, "compressors": None},
    "v2 F": {"zarr_format": 2, "chunks": CHUNKS, "order": "F"},
    "v2 big": {"zarr_format": 2, "chunks": CHUNKS, "dtype": ">i4"},
    "v2 blosc": {
        "zarr_format": 2,
        "chunks": CHUNKS,
        "compressors": Blosc("lz4hc", 5, Blosc.AUTOSHUFFLE),
    },
    "v2 zlib": {"zarr_format": 2, "chunks": CHUNKS, "compressors": Zlib(1)},
    "v2 lz4": {"zarr_format": 2, "chunks": CHUNKS, "compressors": LZ4()},
    "v2 no fill value": {"zarr_format": 2, "chunks": CHUNKS, "fill_value": None},
}


def paint(edit: Edit) -> None:
    """Paint a small thing, rub out another one, and fill a chunk with background."""
    edit.pixels[1, 3:9, 20:29] = 77
    edit.pixels[0, 30:, :5] = 0
    edit.pixels[2, :20, :20] = 0


@pytest.mark.filterwarnings("ignore:Combining a `sharding_indexed`")
@pytest.mark.parametrize("how", STORED)
def test_all_levels_are_as_if_written_anew(how: str, tmp_path: Path) -> None:
    """Whatever codecs the arrays have, zarr reads what a full save would have made."""
    before = objects(SHAPE)
    path = store(tmp_path / "a.zarr", pyramid(before, HALF), **STORED[how])
    edit = copy_of(labels_of(path))
    paint(edit)

    saved = write_back(edit)

    after = pyramid(edit.pixels, HALF)
    for expected, found in zip(after, stored(path), strict=True):
        np.testing.assert_array_equal(found, expected)
    assert 3 == len(saved.chunks)
    assert not write_back(replace(edit, seen=saved.seen)).changed


@pytest.mark.parametrize("method", ["mode", "nearest"])
@pytest.mark.parametrize("rest", ["kept", "cut"])
@pytest.mark.parametrize("factors", [(1, 2, 2), (2, 2, 2), (1, 3, 2)])
def test_coarser_levels_follow_as_they_were_made(
    factors: tuple[int, ...], rest: str, method: str, tmp_path: Path
) -> None:
    """By the method that the metadata name, whatever the factors and odd ends."""
    before = objects((5, 37, 45))
    levels = pyramid(before, factors, method=method, rest=rest)
    path = store(tmp_path / "a.zarr", levels, chunks=CHUNKS, said=method)
    edit = copy_of(labels_of(path))
    edit.pixels[2:5, 3:37, 20:45] = objects((3, 34, 25), seed=1)

    write_back(edit)

    after = pyramid(edit.pixels, factors, method=method, rest=rest)
    for expected, found in zip(after, stored(path), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_level_of_another_size_follows_at_the_centres(tmp_path: Path) -> None:
    """Where no whole number leads to a level, its pixels are those at their centres."""
    before = objects((30, 40))
    centres = np.ix_(
        (np.arange(20) * 2 + 1) * 30 // 40, (np.arange(26) * 2 + 1) * 40 // 52
    )
    path = store(
        tmp_path / "a.zarr", [before, before[centres]], axes="yx", chunks=(8, 8)
    )
    edit = copy_of(labels_of(path))
    edit.pixels[7:22, 9:31] = 5

    write_back(edit)

    np.testing.assert_array_equal(stored(path)[1], edit.pixels[centres])


def test_only_what_changes_is_written(tmp_path: Path) -> None:
    """Every other file is the same file; so are foreign ones, and the other labels."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    (path / NODE / "notes.txt").write_text("mine")
    (path / NODE / "0" / "thumb.png").write_bytes(b"png")
    before = inodes(path)
    edit = copy_of(labels_of(path))
    edit.pixels[1, 17, 18] = 99  # the mode of its window stays

    saved = write_back(edit)

    changed = {
        name for name, state in inodes(path).items() if before.get(name) != state
    }
    assert {f"{NODE}/0/zarr.json", f"{NODE}/0/c/1/1/1"} == changed
    assert before.keys() == inodes(path).keys()
    assert {f"{NODE}/0": 1} == saved.chunks


def test_a_chunk_that_becomes_background_goes(tmp_path: Path) -> None:
    """What holds nothing but the fill value needs no file until painted again."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    edit = copy_of(labels_of(path))
    edit.pixels[1, :16, :16] = 0

    saved = write_back(edit)

    assert not (path / NODE / "0/c/1/0/0").exists()
    edit.pixels[1, 2, 2] = 1
    write_back(replace(edit, seen=saved.seen))
    assert (path / NODE / "0/c/1/0/0").exists()
    np.testing.assert_array_equal(stored(path)[0], edit.pixels)


@pytest.mark.parametrize("how", ["v3 zstd", "v3 shards", "v2", "v3 index first"])
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_part_goes_back_to_its_place(
    how: str, data: Any, tmp_path_factory: Any
) -> None:
    """Any box of the labels, painted at any place, time after time."""
    whole = objects(SHAPE)
    folder = tmp_path_factory.mktemp("part")
    path = store(folder / "a.zarr", pyramid(whole, HALF), **STORED[how])
    for _ in range(2):
        box = data.draw(boxes(SHAPE))
        edit = copy_of(labels_of(path), box)
        inner = data.draw(boxes(edit.pixels.shape))
        edit.pixels[inner] = data.draw(st.sampled_from([0, 1, 5, 60_000]))
        whole[box] = edit.pixels

        write_back(edit)

        for expected, found in zip(pyramid(whole, HALF), stored(path), strict=True):
            np.testing.assert_array_equal(found, expected)


def boxes(shape: tuple[int, ...]) -> Any:
    """Boxes of pixels, none of them empty."""
    return st.tuples(
        *(
            st.tuples(st.integers(0, n - 1), st.integers(1, n)).map(
                lambda ends: slice(min(ends), max(*ends, min(ends) + 1))
            )
            for n in shape
        )
    )


def test_open_arrays_are_right_or_tell(tmp_path: Path) -> None:
    """Those of changed levels raise, those of other levels and labels go on."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    opened = labels_of(path).image.levels
    for level in opened:
        level[0].compute()  # into the cache
    edit = copy_of(labels_of(path))
    edit.pixels[1, 17, 18] = 99

    write_back(edit)

    with pytest.raises(StoreChanged):
        opened[0][0].compute()
    np.testing.assert_array_equal(opened[1].compute(), stored(path)[1])
    again = labels_of(path).image.levels
    np.testing.assert_array_equal(again[0].compute(), edit.pixels)


def test_painting_where_somebody_else_has_changed_is_refused(tmp_path: Path) -> None:
    """Nothing is written; what others changed elsewhere stays as they made it."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    edit = copy_of(labels_of(path))
    other: Any = zarr.open_group(path / NODE, mode="r+")["0"]
    other[1, 0, 0] = 500
    other[2, 36, 44] = 501
    edit.pixels[1, 3, 3] = 7
    before = inodes(path)

    with pytest.raises(CannotSave, match="another program changed the labels"):
        write_back(edit)

    assert before == inodes(path)
    edit.pixels[1, 3, 3] = edit.pixels[1, 3, 4] = 0
    edit = copy_of(labels_of(path), (slice(0, 1), slice(0, 37), slice(0, 45)))
    edit.pixels[0, 2, 2] = 8
    write_back(edit)
    found = stored(path)[0]
    assert [500, 501, 8] == [found[1, 0, 0], found[2, 36, 44], found[0, 2, 2]]


@pytest.mark.parametrize("change", ["shape", "chunks", "gone", "moved"])
def test_other_labels_in_their_place_are_refused(change: str, tmp_path: Path) -> None:
    """An array of another shape or grid is not the one that was copied."""
    levels = pyramid(objects(SHAPE), HALF)
    path = store(tmp_path / "a.zarr", levels, chunks=CHUNKS)
    edit = copy_of(labels_of(path))
    edit.pixels[...] = 1
    if change == "shape":
        store(path, pyramid(objects((3, 38, 45)), HALF), chunks=CHUNKS)
    elif change == "chunks":
        store(path, levels, chunks=(1, 8, 8))
    elif change == "moved":
        edit = replace(edit, level="1")
    else:
        edit = replace(edit, node="labels/others")
    before = inodes(path)

    with pytest.raises(CannotSave):
        write_back(edit)

    assert before == inodes(path)


def test_values_that_the_type_lacks_are_refused(tmp_path: Path) -> None:
    """A label of 300 is no label of uint8."""
    path = store(tmp_path / "a.zarr", [objects(SHAPE, "u1")], chunks=CHUNKS)
    edit = copy_of(labels_of(path))
    wide = edit.pixels.astype("i4")
    wide[0, 0, 0] = 300
    before = inodes(path)

    with pytest.raises(CannotSave, match="uint8, which has no 300"):
        write_back(replace(edit, pixels=wide))

    assert before == inodes(path)
    wide[0, 0, 0] = 200
    write_back(replace(edit, pixels=wide))
    np.testing.assert_array_equal(stored(path)[0], wide)


def test_filters_that_are_only_read_are_refused(tmp_path: Path) -> None:
    """An array that we do not encode is not touched."""
    from numcodecs import Delta

    path = store(
        tmp_path / "a.zarr",
        [objects(SHAPE)],
        zarr_format=2,
        chunks=CHUNKS,
        filters=[Delta("u2")],
    )
    edit = copy_of(labels_of(path))
    edit.pixels[0] = 1

    with pytest.raises(CannotSave, match="only read"):
        write_back(edit)


def test_archives_are_refused(tmp_path: Path) -> None:
    """A file has no parts that could be exchanged."""
    pixels = objects(SHAPE)
    path = write(tmp_path / "a.ozx", pixels, axes="zyx", labels={"cells": pixels})
    edit = copy_of(labels_of(path))
    edit.pixels[0] = 1

    with pytest.raises(CannotSave, match="single file"):
        write_back(edit)


def test_the_web_is_refused() -> None:
    """A server is not even asked."""
    pixels = objects(SHAPE)
    edit = Edit(
        store="https://me:secret@localhost:9/a.zarr",
        node=NODE,
        index=0,
        level="0",
        pixels=pixels,
        seen=None,  # type: ignore[arg-type]
    )

    with pytest.raises(CannotSave, match="on a server") as caught:
        write_back(edit)

    assert "secret" not in str(caught.value)


def test_a_name_in_another_unicode_form_is_refused(tmp_path: Path) -> None:
    """It can be read; written anew there would be two folders of one name."""
    pixels = objects(SHAPE)
    path = write(tmp_path / "a.ome.zarr", pixels, axes="zyx", labels={"é": pixels})
    nfd = path / "labels" / unicodedata.normalize("NFD", "é")
    (path / "labels/é").rename(nfd)
    if (path / "labels/é").exists():
        pytest.skip("this file system does not tell these names apart")
    edit = copy_of(labels_of(path, ""))
    edit.pixels[0] = 1

    with pytest.raises(CannotSave, match="NFD"):
        write_back(edit)

    assert {nfd.name, "zarr.json"} == {each.name for each in nfd.parent.iterdir()}


LOOKS = ImageLabel(
    colors={1: (1, 2, 3, 255), 2: (9, 8, 7, 255)}, properties={2: {"class": "b"}}
)


@pytest.mark.parametrize("zarr_format", [2, 3])
@pytest.mark.parametrize("consolidated", ["", "root", "labels"])
def test_looks_are_saved(zarr_format: int, consolidated: str, tmp_path: Path) -> None:
    """Colours and properties, with the pixels; foreign keys stay, copies are told."""
    levels = pyramid(objects(SHAPE), HALF)
    path = store(tmp_path / "a.zarr", levels, zarr_format=zarr_format, chunks=CHUNKS)
    places = {"": [], "root": [path], "labels": [path, path / "labels"]}[consolidated]
    for place in places:
        consolidate(place)
    edit = copy_of(labels_of(path), image_label=LOOKS)
    edit.pixels[0, 0, 0] = 2
    before = inodes(path)

    saved = write_back(edit)

    assert saved.looks
    label = labels_of(path)
    assert (LOOKS.colors, LOOKS.properties) == (
        label.image_label.colors,
        label.image_label.properties,
    )
    found = dict(zarr.open_group(path / NODE, mode="r").attrs)
    block = found.get("ome", found)["image-label"]
    assert {"mine": "kept", "label-value": 1, "rgba": [1, 2, 3, 255]} == block[
        "colors"
    ][0]
    assert (5, 1) == (block["theirs"], found["other"])
    for place in places:
        told = zarr.open_consolidated(place)
        inside = NODE if place == path else "cells"
        assert found == dict(told[inside].attrs)
        np.testing.assert_array_equal(told[f"{inside}/0"][...], edit.pixels)
    same = {name for name, state in inodes(path).items() if before[name] == state}
    assert f"{NODE}/1/zarr.json" in same or zarr_format == 2


def consolidate(place: Path) -> None:
    """Consolidate without zarr's warning that the specification lacks it."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        zarr.consolidate_metadata(place)


def test_looks_alone_change_no_array(tmp_path: Path) -> None:
    """One document is written; and none where they are as they were."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    edit = copy_of(labels_of(path), image_label=LOOKS)
    before = inodes(path)

    assert write_back(edit).changed

    changed = {name for name, state in inodes(path).items() if before[name] != state}
    assert {f"{NODE}/zarr.json"} == changed
    before = inodes(path)
    assert not write_back(edit).changed
    assert before == inodes(path)


def test_what_is_saved_is_valid(tmp_path: Path) -> None:
    """A whole image of ours is as valid afterwards as it was."""
    pixels = objects((4, 60, 70))
    path = write(
        tmp_path / "a.ome.zarr", pixels, axes="zyx", labels={"cells": pixels}, levels=3
    )
    edit = copy_of(labels_of(path))
    edit.pixels[...] = 3
    before = validate(path)

    write_back(edit)

    assert before == validate(path)
    assert before.valid
    assert (3 == stored(path)[-1]).all()


def test_progress_and_cancel(tmp_path: Path) -> None:
    """Progress never goes back; a cancel at any moment leaves all as it was."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    label = labels_of(path)
    told: list[float] = []
    edit = copy_of(label)
    edit.pixels[...] = 4
    before = inodes(path)
    calls = 0
    while True:
        calls += 1
        asked = iter(range(calls))
        try:
            write_back(
                edit,
                progress=told.append,
                cancelled=lambda asked=asked: next(asked, None) is None,
            )
        except Cancelled:
            assert told == sorted(told)
            assert before == inodes(path)
            told.clear()
            continue
        break

    assert calls > 10
    assert 1.0 == told[-1]
    assert (4 == stored(path)[0]).all()


def test_painting_goes_on_meanwhile(tmp_path: Path) -> None:
    """What is painted while it is saved is saved the next time, if not now."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    edit = copy_of(labels_of(path))
    edit.pixels[0, 0, 0] = 50

    def go_on(fraction: float) -> None:
        step = int(fraction * 30)
        edit.pixels[step % 3, step, step] = 51

    saved = write_back(edit, progress=go_on)
    write_back(replace(edit, seen=saved.seen))

    for expected, found in zip(pyramid(edit.pixels, HALF), stored(path), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_a_file_changed_meanwhile_is_not_lost(tmp_path: Path) -> None:
    """Another program writes into the labels just before they are exchanged."""
    path = store(tmp_path / "a.zarr", pyramid(objects(SHAPE), HALF), chunks=CHUNKS)
    edit = copy_of(labels_of(path))
    edit.pixels[0, 0, 0] = 50

    def write_too(fraction: float) -> None:
        if fraction > 0.86:
            (path / NODE / "notes.txt").write_text(json.dumps(fraction))

    with pytest.raises(CannotSave, match="another program"):
        write_back(edit, progress=write_too)

    assert (path / NODE / "notes.txt").exists()
    assert stored(path)[0][0, 0, 0] != 50
