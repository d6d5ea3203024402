"""Stores in other shards: nothing is lost by what is refused, stopped or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cases.build import build_image
from cases.resharded import SHARD, an_image, chunks_of, files_below
from napari_ngff.core.problems import (
    Cancelled,
    CannotSave,
    NgffError,
    StoreChanged,
    TargetExists,
)
from napari_ngff.dataset.reshard import (
    ReshardOptions,
    execute,
    plan_reshard,
    reshard,
)

if TYPE_CHECKING:
    from pathlib import Path

REFUSED: dict[str, tuple[dict[str, Any], type[NgffError], str]] = {
    "taken": ({"target": "taken.zarr"}, TargetExists, "let it be replaced"),
    "itself": ({"target": "a.zarr"}, TargetExists, "changed in place"),
    "inside": ({"target": "a.zarr/new"}, CannotSave, "inside of"),
    "folder": ({"target": "mine"}, TargetExists, "not an OME-Zarr image"),
    "axis": ({"target": "b.zarr", "shard": {"q": 2}}, CannotSave, "axes are c, z"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(tmp_path: Path, name: str) -> None:
    """In words, and nothing is changed; a dry run returns the same."""
    options, error, words = REFUSED[name]
    source = an_image(tmp_path / "a.zarr", version="0.5")
    build_image(tmp_path / "taken.zarr")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "x").write_text("x")
    before = files_below(tmp_path)
    target = tmp_path / options["target"]
    shard = options.get("shard", "none")

    with pytest.raises(error, match=words):
        reshard(source, target, shard=shard)

    plan = reshard(source, target, shard=shard, dry_run=True)
    assert plan.obstacles
    assert "not possible" in plan.text
    assert before == files_below(tmp_path)


def test_an_image_is_replaced_if_that_is_asked_for(tmp_path: Path) -> None:
    """And only then."""
    source = an_image(tmp_path / "a.zarr", version="0.5")
    build_image(tmp_path / "b.zarr")

    reshard(source, tmp_path / "b.zarr", shard=SHARD, overwrite=True)

    assert chunks_of(source) == chunks_of(tmp_path / "b.zarr")
    assert not (tmp_path / "b.zarr" / ".zgroup").exists()


def test_a_damaged_shard_is_found_before_anything_is_written(tmp_path: Path) -> None:
    """By its index; it is named."""
    source = an_image(tmp_path / "a.zarr", version="0.5")
    reshard(source, shard=SHARD)
    shard = source / "0" / "c" / "1" / "0" / "0" / "0"
    shard.write_bytes(shard.read_bytes()[:-3] + b"abc")

    plan = plan_reshard(source, tmp_path / "b.zarr", ReshardOptions(shard="none"))

    assert ["0"] == [problem.node for problem in plan.obstacles]
    assert "c/1/0/0/0 is damaged" in plan.obstacles[0].message
    with pytest.raises(CannotSave, match="inspect --check"):
        execute(plan)


def test_cancelled_in_the_middle(tmp_path: Path) -> None:
    """Nothing is left of it, and progress never goes back."""
    source = an_image(tmp_path / "a.zarr", version="0.5")
    before = files_below(tmp_path)
    told: list[float] = []

    for limit in (0.05, 0.5, 0.93):
        with pytest.raises(Cancelled):
            reshard(
                source,
                shard=SHARD,
                progress=told.append,
                cancelled=lambda limit=limit: bool(told) and told[-1] > limit,
            )
        assert before == files_below(tmp_path)
        told.clear()
    reshard(source, shard=SHARD, progress=told.append)
    assert sorted(told) == told
    assert 1.0 == told[-1]


def test_a_change_since_it_was_planned_is_noticed(tmp_path: Path) -> None:
    """Of an array's document, and in place of any file: it would be lost."""
    source = an_image(tmp_path / "a.zarr", version="0.5")
    options = ReshardOptions(shard=SHARD)
    anew = plan_reshard(source, tmp_path / "b.zarr", options)
    here = plan_reshard(source, None, options)
    document = source / "0" / "zarr.json"
    document.write_bytes(document.read_bytes() + b"\n")

    with pytest.raises(StoreChanged):
        execute(anew)
    here_too = plan_reshard(source, None, options)
    (source / "new.txt").write_text("mine")
    for plan in (here, here_too):
        with pytest.raises((StoreChanged, CannotSave)):
            execute(plan)
    assert {"a.zarr"} == {path.name for path in tmp_path.iterdir()}
    assert (source / "new.txt").exists()
