"""Advice: given where it holds, with the figures; not given where all is well."""

from __future__ import annotations

from typing import Any

import pytest

from napari_ngff.dataset.inspecting.advice import advice_on, advice_on_place
from napari_ngff.dataset.inspecting.levels import IndexForm, LevelLayout
from napari_ngff.dataset.inspecting.quantities import nbytes_words
from napari_ngff.dataset.inspecting.views import views_of
from napari_ngff.metadata.axes import default_axes
from napari_ngff.storage.inspecting.cost import Cost

INDEX = IndexForm(location="end", checksum="crc32c", endian="little", nbytes=20)


def level(**changes: Any) -> LevelLayout:
    """A level with nothing wrong about it."""
    shape = changes.get("shape", (64, 1024, 1024))
    items = shape[0] * shape[1] * shape[2]
    usual: dict[str, Any] = {
        "node": "0",
        "axes": ("z", "y", "x"),
        "zarr_format": 3,
        "shape": shape,
        "dtype": "uint16",
        "chunk": (16, 128, 128),
        "shard": (64, 1024, 1024),
        "chunks_per_shard": (4, 8, 8),
        "codecs": ("little-endian", "zstd"),
        "compressed": True,
        "key_encoding": "default",
        "index": INDEX,
        "packed": False,
        "files": 1,
        "stored_nbytes": 50_000_000,
        "nbytes": 2 * items,
        "uncompressed_nbytes": 2 * items,
        "chunks_stored": 256,
        "chunks": 256,
        "shards_stored": 1,
        "shards": 1,
        "dead_nbytes": 0,
        "strange_files": 0,
        "about": frozenset(),
        "looked": 1,
        "of": 1,
    }
    return LevelLayout(**(usual | changes))


def cost(**changes: int) -> Cost:
    """What a plane costs that decodes 64 MB to show 2."""
    usual: dict[str, Any] = {
        "chunks": 128,
        "stored": 128,
        "shards": 1,
        "files": 1,
        "requests": 9,
        "index_requests": 1,
        "nbytes": 30_000_000,
        "index_nbytes": 20,
        "decoded_nbytes": 67_108_864,
        "shown_nbytes": 2_097_152,
        "exact": True,
    }
    return Cost(**(usual | changes))


def test_all_is_well() -> None:
    """There is nothing to say of a good pyramid."""
    levels = [level(), level(node="1", shape=(32, 512, 512))]
    assert () == advice_on(levels, levels)
    assert () == advice_on_place(remote=False, consolidated=False)
    assert () == advice_on_place(remote=True, consolidated=True)


def test_files_that_could_not_be_read_are_not_called_absent() -> None:
    """Nothing is known of their chunks, so that nothing is said."""
    unread = level(files=0, chunks_stored=None, about=frozenset({"chunks_stored"}))

    assert "nothing-stored" not in {p.kind for p in advice_on([unread])}


@pytest.mark.parametrize(
    ("changes", "kind", "figures"),
    [
        ({"chunk": (64, 1024, 1024)}, "large-chunks", ["134 MB", "64 x 1024 x 1024"]),
        (
            {"chunk": (1, 8, 8), "chunks": 10**6},
            "small-chunks",
            ["1,000,000"],
        ),
        ({"files": 50_000, "shard": None}, "many-small-files", ["50,000", "1.0 kB"]),
        ({"files": 0, "stored_nbytes": 0}, "nothing-stored", ["None of its 256 ch"]),
        ({"compressed": False}, "uncompressed", ["50.0 MB"]),
        (
            {"index": IndexForm(location="end", checksum="none", endian="l", nbytes=9)},
            "index-without-checksum",
            ["1 shard "],
        ),
        ({"dead_nbytes": 9_000_000}, "dead-bytes", ["9.0 MB of 50.0 MB"]),
        ({"packed": True}, "no-partial-reads", ["134 MB"]),
        (
            {"costs": {"y-x plane": cost()}},
            "dear-view",
            ["2.1 MB", "67.1 MB", "32 times", "9 requests"],
        ),
    ],
)
def test_advice_gives_the_figures(
    changes: dict[str, Any], kind: str, figures: list[str]
) -> None:
    """Each thing that could be better, and nothing else."""
    [advice] = advice_on([level(**changes)])
    assert kind == advice.kind
    for figure in figures:
        assert figure in advice.message


def test_levels_are_compared() -> None:
    """A step by four, and a coarsest level that is larger than a screen."""
    levels = [
        level(shape=(64, 32768, 32768)),
        level(node="1", shape=(64, 8192, 8192)),
    ]
    found = {a.kind: a for a in advice_on(levels, levels)}

    assert "4 times shorter" in found["levels-do-not-halve"].message
    assert "3 more levels" in found["missing-levels"].message
    assert "1" == found["missing-levels"].node
    assert () == advice_on(levels)


def test_consolidated_metadata_matters_far_away() -> None:
    """Each document is a trip."""
    [advice] = advice_on_place(remote=True, consolidated=False)
    assert "no-consolidated-metadata" == advice.kind


def test_views_are_those_that_people_look_at() -> None:
    """Planes through the middle, a block, a step in time; or through a position."""
    views = views_of(default_axes(5), (10, 2, 40, 500, 600))
    shapes = {n: [s.stop - s.start for s in box] for n, box in views.items()}

    assert {
        "y-x plane": [1, 1, 1, 500, 600],
        "z-x plane": [1, 1, 40, 1, 600],
        "z-y plane": [1, 1, 40, 500, 1],
        "block": [1, 1, 40, 128, 128],
        "time step": [1, 2, 40, 500, 600],
    } == shapes
    assert (
        slice(3, 4) == views_of(default_axes(3), (9, 9, 9), (3, 0, 0))["y-x plane"][0]
    )
    assert {} == views_of(default_axes(2), (0, 5))
    assert ["axis 0-axis 1 plane"] == list(views_of((), (5, 5)))
    assert {} == views_of((), (5,))
    assert ["y-x plane"] == list(views_of(default_axes(3), (1, 8, 8)))


@pytest.mark.parametrize(
    ("nbytes", "words"),
    [(1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (10**20, "100 EB")],
)
def test_bytes_in_words(nbytes: int, words: str) -> None:
    """With one digit after the point where that tells something."""
    assert words == nbytes_words(nbytes)
