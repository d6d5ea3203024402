"""Documents of groups and arrays: what each says, and what odd ones still say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.plain import PIXELS, make_v2, make_v3, put
from napari_ngff.core.problems import (
    DocumentError,
)
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path


class TestOddDocuments:
    """Documents that are not as they should be, but say enough."""

    def test_both_formats(self, tmp_path: Path) -> None:
        """Format 3 counts, and it is told."""
        make_v2(make_v3(tmp_path / "x"))
        root = open_location(tmp_path / "x").document("")

        assert root is not None
        assert 3 == root.zarr_format
        assert ["two-zarr-formats"] == [problem.kind for problem in root.problems]

    def test_attributes_alone(self, tmp_path: Path) -> None:
        """A `.zattrs` without `.zgroup` is a group, and it is told."""
        put(tmp_path / "x" / ".zattrs", {"a": 1})
        root = open_location(tmp_path / "x").document("")

        assert root is not None
        assert ("group", 2, {"a": 1}) == (root.kind, root.zarr_format, root.attributes)
        assert ["missing-zgroup"] == [problem.kind for problem in root.problems]

    @pytest.mark.parametrize("text", ["", "{", "[]"])
    def test_a_broken_zgroup(self, image: Path, text: str) -> None:
        """The attributes are worth more than what says only the format."""
        if not (image / ".zgroup").exists():
            return
        (image / ".zgroup").write_text(text)
        root = open_location(image).document("")

        assert root is not None
        assert root.attributes == {"node": ""}
        assert root.problems

    def test_broken_attributes_of_an_array(self, tmp_path: Path) -> None:
        """Pixels need no attributes."""
        image = make_v2(tmp_path / "x")
        (image / "0" / ".zattrs").write_text("{")
        location = open_location(image)
        array = location.document("0")

        assert array is not None
        assert ["not-json"] == [problem.kind for problem in array.problems]
        assert np.array_equal(PIXELS, np.asarray(location.array(array)))

    @pytest.mark.parametrize(
        ("change", "kind"),
        [
            ({"zarr_format": 2}, "wrong-zarr-format"),
            ({"node_type": "folder"}, "missing-node-type"),
            ({"node_type": ["group"]}, "missing-node-type"),
            ({"attributes": [1]}, "attributes-not-object"),
        ],
    )
    def test_odd_values(self, tmp_path: Path, change: Any, kind: str) -> None:
        """What is wrong in a `zarr.json` is told, and it is read all the same."""
        image = make_v3(tmp_path / "x")
        document = json.loads((image / "zarr.json").read_text())
        put(image / "zarr.json", {**document, **change})
        root = open_location(image).document("")

        assert root is not None
        assert "group" == root.kind
        assert [kind] == [problem.kind for problem in root.problems]

    @pytest.mark.parametrize(
        ("text", "words"),
        [("{", "not JSON"), ("[]", "not a JSON object"), ("[" * 10**5, "nested")],
    )
    def test_unreadable(self, tmp_path: Path, text: str, words: str) -> None:
        """A document that is not one is an error that names store and key."""
        image = make_v3(tmp_path / "x")
        (image / "0" / "zarr.json").write_text(text)

        with pytest.raises(DocumentError, match=words) as caught:
            open_location(image).document("0")
        assert str(image) in str(caught.value)
        assert "0" in caught.value.node

    def test_too_large(self, tmp_path: Path) -> None:
        """A document beyond the limit is not read at all."""
        image = make_v3(tmp_path / "x")
        with (image / "zarr.json").open("r+b") as file:
            file.truncate(2**34)

        with pytest.raises(DocumentError, match="limit"):
            open_location(image).document("")

    def test_a_folder_in_its_place(self, tmp_path: Path) -> None:
        """A folder called `zarr.json` is an error."""
        image = make_v3(tmp_path / "x")
        (image / "1" / "zarr.json").mkdir(parents=True)

        with pytest.raises(DocumentError, match="a folder"):
            open_location(image).document("1")
