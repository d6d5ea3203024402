"""Stores with random damage open, or say why not; pixels are right or refused."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.arrays import crc32c
from hostile.case import expected, plain_image
from hostile.judge import check_text
from hostile.test_wrong_types import changed, places
from napari_ngff.core.problems import ChunkReadError, Fault, NgffError, StoreChanged
from napari_ngff.layers.read import read_layers
from napari_ngff.storage.pixels.cache import CACHE

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 2.0
_VALUES: tuple[Any, ...] = (None, 0, -1, 1, 2**31, 2**63, 1e308, "", "a", [], {}, False)
_TOKENS = (b"{", b"}", b"[", b"]", b",", b'"', b":", b"\\", b"9" * 30, b"\0", b"\xff")


def _damaged(data: bytes, rng: random.Random) -> bytes:
    """Change, cut, repeat or put in some bytes."""
    result = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(result) + 1)
        what = rng.randrange(5)
        if what == 0 and at < len(result):
            result[at] ^= 1 << rng.randrange(8)
        elif what == 1:
            del result[at : at + rng.randint(1, 20)]
        elif what == 2:
            result[at:at] = rng.choice(_TOKENS)
        elif what == 3:
            result[at:at] = result[at : at + rng.randint(1, 40)]
        elif at < len(result):
            result[at] = rng.randrange(256)
    return bytes(result)


def _moved(document: Any, rng: random.Random) -> Any:
    """Put a value, of the document itself or not, in the place of another."""
    for _ in range(rng.randint(1, 3)):
        every = list(places(document))
        if not every:
            break
        source = document
        for key in rng.choice(every):
            source = source[key]
        value = rng.choice((source, rng.choice(_VALUES)))
        document = changed(document, rng.choice(every), value)
    return document


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_damaged_documents(version: str, tmp_path: Path) -> None:
    """Whatever a document says, only our own errors are raised."""
    rng = random.Random(f"documents {version}")
    store = plain_image(
        tmp_path / "store.zarr", version, labels={"nuclei": {"compression": "none"}}
    )
    documents = [p for p in store.rglob("*") if p.name in (".zattrs", ".zarray")]
    documents += store.rglob("zarr.json")
    documents.sort()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        document = rng.choice(documents)
        right = document.read_bytes()
        if rng.random() < 0.5:
            wrong = _damaged(right, rng)
        else:
            wrong = json.dumps(_moved(json.loads(right), rng)).encode()
        document.write_bytes(wrong)
        fault = _fault(store)
        assert not fault, (document.relative_to(store), wrong, fault)
        document.write_bytes(right)


def _fault(store: Path) -> str:
    """Open a store and read its coarsest pixels; return what should not be."""
    CACHE.clear()
    try:
        layers = read_layers(store)
    except NgffError as error:
        check_text(str(error))
        return str(error) if isinstance(error, Fault) else ""
    for data, meta, _ in layers:
        for problem in meta["metadata"]["napari_ngff"]["problems"]:
            check_text(problem["message"])
            if problem["kind"] == "unexpected-error":
                return str(problem["message"])
        level = data[-1] if isinstance(data, list) else data
        try:
            np.asarray(level[tuple(slice(0, 4) for _ in level.shape)])
        except (ChunkReadError, StoreChanged) as error:
            check_text(str(error))
    return ""


_GZIP = {"compression": "gzip"}
_SHARDS = {"chunks": (4, 4), "shards": (8, 8)}


@pytest.mark.parametrize(
    ("version", "options", "checked"),
    [("0.4", _GZIP, True), ("0.5", _GZIP, True), ("0.5", _SHARDS, False)],
    ids=["gzip v2", "gzip v3", "shards"],
)
def test_damaged_chunks(
    version: str, options: dict[str, Any], checked: bool, tmp_path: Path
) -> None:
    """A damaged chunk is refused, or, where nothing guards its bytes, still read."""
    rng = random.Random(f"chunks {version} {options}")
    store = plain_image(tmp_path / "store.zarr", version, **options)
    chunk = store / "0" / ("0/0" if version == "0.4" else "c/0/0")
    right = chunk.read_bytes()
    (data, _, _), *_ = read_layers(store)
    end = time.monotonic() + SECONDS / 2
    while time.monotonic() < end:
        wrong = _damaged(right, rng)
        if "shards" in options and rng.random() < 0.7:
            wrong = _damaged_index(right, rng)
        chunk.write_bytes(wrong)
        CACHE.clear()
        found = _pixels_or_none(data[0])
        if found is None:
            continue
        assert expected().shape == found.shape
        # gzip has a checksum of what it holds; bytes as they are have none.
        if checked:
            np.testing.assert_array_equal(expected(), found)


def _pixels_or_none(level: Any) -> np.ndarray[Any, Any] | None:
    try:
        return np.asarray(level)
    except ChunkReadError as error:
        check_text(str(error))
        return None


def _damaged_index(shard: bytes, rng: random.Random) -> bytes:
    """Damage the index of a shard of four chunks, and make its checksum right."""
    index = bytearray(shard[-68:-4])
    at = rng.randrange(8) * 8
    number = rng.choice((0, 1, 16, 2**16, 2**32, 2**63, 2**64 - 2, 2**64 - 1))
    index[at : at + 8] = number.to_bytes(8, "little")
    return shard[:-68] + index + crc32c(bytes(index)).to_bytes(4, "little")
