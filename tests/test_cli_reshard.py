"""Re-sharding in a terminal: what is typed and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cases.build import build_image
from napari_ngff.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def test_a_dry_run_says_files_and_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before and after, array by array, and nothing is written."""
    source, target = build_image(tmp_path / "a.zarr"), tmp_path / "b.zarr"
    wish = ["--shard", "z=4,y=16,x=16", "--dry-run"]

    assert 0 == main(["reshard", str(source), str(target), *wish])

    said = capsys.readouterr().out.splitlines()
    assert f"{source} → {target}" == said[0]
    assert "OME-Zarr 0.4 → 0.5" == said[1]
    assert ["0", "2", "x", "4", "x", "16"] == said[4].split()[:6]
    assert "4 → 1" in said[4]
    assert said[4].endswith("copied")
    assert not target.exists()


def test_it_is_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To a new place, in place, over what is there; with another codec it says so."""
    source, target = build_image(tmp_path / "a.zarr"), tmp_path / "b.zarr"
    both = ["reshard", str(source), str(target)]

    assert 0 == main([*both, "--shard", "y=16", "--order", "C", "--index", "start"])
    assert f"Saved: {target}\n" in capsys.readouterr().out
    assert 2 == main([*both, "--shard", "none"])
    assert "There is an image already" in (said := capsys.readouterr()).err
    assert "--overwrite replaces it." in said.err
    assert "" == said.out
    assert 0 == main([*both, "--chunk", "y=4", "--codec", "zstd:3", "--overwrite"])
    assert "decoded" in capsys.readouterr().out
    assert 0 == main(["reshard", str(target), "--in-place", "--shard", "none"])
    assert f"{target}, in place" == capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--shard", "none"], "Give either DST or --in-place"),
        (["b.zarr", "--in-place"], "Give either DST or --in-place"),
        (["b.zarr", "--shard", "z=0"], "1 or more"),
        (["b.zarr", "--codec", "zip"], "no compression 'zip'"),
        (["b.zarr", "--shard", "q=8"], "There is no axis 'q'"),
    ],
)
def test_what_makes_no_sense(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    """One line, and nothing is written."""
    source = build_image(tmp_path / "a.zarr")
    typed = [str(tmp_path / a) if a.endswith("zarr") else a for a in arguments]

    assert 2 == main(["reshard", str(source), *typed])

    assert words in capsys.readouterr().err
    assert {"a.zarr"} == {path.name for path in tmp_path.iterdir()}
