"""Inspecting in a terminal: what is typed and what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cases.build import build_image
from napari_ngff.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_tables_and_costs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each level, what views cost, and no more than was asked for."""
    path = build_image(
        tmp_path / "a.zarr",
        version="0.5",
        shape=(4, 32, 32),
        axes="zyx",
        chunks=(2, 16, 16),
        shards=(4, 32, 32),
    )
    assert 0 == main(["inspect", str(path)])
    said = capsys.readouterr().out

    assert "0      4 x 32 x 32  uint16  2 x 16 x 16  4 x 32 x 32  2 x 2 x 2" in said
    assert "8 of 8  1 of 1  0 bytes" in said
    assert "y-x plane: reads 4 chunks of 1 shard: " in said
    assert "(1 once the indices are known)" in said
    assert "Health" not in said
    assert 0 == main(["inspect", str(path), "--level", "1", "--json", "--check"])
    found = json.loads(capsys.readouterr().out)
    assert ["1"] == [level["node"] for level in found["parts"][0]["levels"]]
    assert found["sound"]
    assert 0 == main(["inspect", str(path), "--decode"])
    assert "8 chunks decoded: 0 damaged, 0 empty" in capsys.readouterr().out


def test_damage_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and the file is named."""
    path = build_image(
        tmp_path / "a.zarr", version="0.5", shards=(2, 4, 16, 16), chunks=(1, 4, 8, 8)
    )
    shard = path / "0" / "c" / "0" / "0" / "0" / "0"
    shard.write_bytes(shard.read_bytes()[:-3])

    assert 0 == main(["inspect", str(path)])
    capsys.readouterr()
    assert 1 == main(["inspect", str(path), "--check"])
    assert "0/c/0/0/0/0: " in capsys.readouterr().out
    assert 2 == main(["inspect", str(tmp_path / "gone.zarr")])
