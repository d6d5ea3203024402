"""Consolidated metadata after a document of theirs has changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.problems import DocumentError
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.places.consolidating import (
    as_bytes,
    read_json,
    repeat,
    repeating,
)

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, **documents: Any) -> LocalKeys:
    """Write documents; ``__`` stands for a slash, ``zmetadata`` for ``.zmetadata``."""
    for name, value in documents.items():
        key = name.replace("__", "/").replace("zmetadata", ".zmetadata")
        path = folder / key.replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))
    return LocalKeys(str(folder))


def group(**inside: Any) -> dict[str, Any]:
    """Return the document of a group; with consolidated metadata if any are given."""
    found: dict[str, Any] = {"zarr_format": 3, "node_type": "group", "attributes": {}}
    if inside:
        found["consolidated_metadata"] = {"kind": "inline", "metadata": inside}
    return found


def test_every_group_above_is_told(tmp_path: Path) -> None:
    """Those that repeat it, outside in; of others nothing is written."""
    old = {"attributes": {"a": 1}, "consolidated_metadata": {"metadata": {}}}
    keys = write(
        tmp_path,
        zarr_json=group(**{"a": old, "a/b": old, "c": {"x": 1}}),
        a__zarr_json=group(),
        a__b__zarr_json=group(**{"0": {"shape": [1]}}),
    )
    holders = repeating(keys, "a/b", LIMITS)
    assert ["zarr.json", "a/b/zarr.json"] == list(holders)
    new = {"zarr_format": 3, "attributes": {"a": 2}}

    found = repeat(holders, {"a/b/zarr.json": new, "a/b/1/zarr.json": {"shape": [2]}})

    assert {"zarr.json", "a/b/zarr.json", "a/b/1/zarr.json"} == set(found)
    told = found["zarr.json"]["consolidated_metadata"]["metadata"]
    assert {**new, "consolidated_metadata": {"metadata": {}}} == told["a/b"]
    assert ({"shape": [2]}, old, {"x": 1}) == (told["a/b/1"], told["a"], told["c"])
    own = found["a/b/zarr.json"]
    assert {"a": 2} == own["attributes"]
    assert {"0", "1"} == set(own["consolidated_metadata"]["metadata"])


def test_format_2(tmp_path: Path) -> None:
    """There each document has its own entry."""
    keys = write(tmp_path, zmetadata={"metadata": {"a/.zgroup": {"zarr_format": 2}}})

    found = repeat(repeating(keys, "a", LIMITS), {"a/.zattrs": {"x": 1}})

    entries = {"a/.zgroup": {"zarr_format": 2}, "a/.zattrs": {"x": 1}}
    assert entries == found[".zmetadata"]["metadata"]


def test_what_does_not_hold_any_is_left_alone(tmp_path: Path) -> None:
    """Null, as some writers have it, and what is no consolidated metadata."""
    nothing = {**group(), "consolidated_metadata": None}
    keys = write(tmp_path, zarr_json=nothing, zmetadata={})

    assert {} == repeating(keys, "a", LIMITS)


def test_what_only_python_can_say_is_kept(tmp_path: Path) -> None:
    """Foreign NaN, large integers, keys in their order."""
    text = '{"b": NaN, "a": 123456789012345678901234567890, "é": -Infinity}'
    (tmp_path / "zarr.json").write_text(text, encoding="utf-8")
    document = read_json(LocalKeys(str(tmp_path)), "zarr.json", LIMITS)

    again = as_bytes(document).decode()

    assert text == " ".join(again.split()).replace("{ ", "{").replace(" }", "}")


@pytest.mark.parametrize("text", ["[1]", "{", "\xff"])
def test_a_document_that_is_none_is_an_error(text: str, tmp_path: Path) -> None:
    """It would be wrong afterwards."""
    (tmp_path / "zarr.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(DocumentError):
        repeating(LocalKeys(str(tmp_path)), "a", LIMITS)


def test_half_a_character_stays(tmp_path: Path) -> None:
    """Of others' text nothing is lost, even if UTF-8 cannot say it."""
    document = {"name": "a\ud800 \udfffb", "é": ["\\", "😀"]}
    (tmp_path / "zarr.json").write_bytes(as_bytes(document))

    assert document == read_json(LocalKeys(str(tmp_path)), "zarr.json", LIMITS)
    assert "é".encode() in as_bytes(document)
