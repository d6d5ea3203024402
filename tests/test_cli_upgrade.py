"""Upgrading in a terminal: what is typed and what it says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cases.build import build_image
from napari_ngff.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_dry_run_says_what_would_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line for each document, and nothing is changed."""
    path = build_image(tmp_path / "image.zarr")

    assert 0 == main(["upgrade", str(path), "--to", "0.5", "--dry-run"])

    said = capsys.readouterr().out.splitlines()
    assert f"{path}: OME-Zarr 0.4 → 0.5, no chunk is changed:" == said[0]
    assert {"  + zarr.json", "  + 1/zarr.json", "  - 1/.zarray"} < set(said)
    assert not (path / "zarr.json").exists()
    assert 0 == main(["upgrade", str(path), "--to", "0.4", "--dry-run"])
    assert f"{path} is OME-Zarr 0.4 already\n" == capsys.readouterr().out


def test_what_is_in_the_way_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All of it in a dry run, else the first."""
    path = build_image(tmp_path / "image.zarr")
    for level in "01":
        file = path / level / ".zarray"
        changed = json.loads(file.read_text()) | {"compressor": {"id": "lz4"}}
        file.write_text(json.dumps(changed))

    assert 1 == main(["upgrade", str(path), "--to", "0.5", "--dry-run"])
    assert 2 == capsys.readouterr().out.count("'lz4'")
    assert 2 == main(["upgrade", str(path), "--to", "0.5"])
    assert "0: Zarr format 3 cannot read chunks with" in capsys.readouterr().err
