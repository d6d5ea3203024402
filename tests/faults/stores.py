"""Whole stores in other shards: an image with labels and notes, here and elsewhere."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cases.resharded import SHARD, an_image
from faults.scenario import Scenario
from faults.small import NAME, user_files
from napari_ngff.dataset.reshard import reshard

if TYPE_CHECKING:
    from pathlib import Path


def with_image(folder: Path, *, version: str) -> None:
    """Put an image there, and something that is nobody's business into it."""
    user_files(folder)
    an_image(folder / NAME, version=version, shape=(1, 1, 16, 16), levels=1)
    (folder / NAME / "notes.txt").write_text("mine")


def act(folder: Path, *, target: str | None, **wishes: Any) -> None:
    """Re-shard it, one task after the other."""
    goal = None if target is None else folder / target
    reshard(folder / NAME, goal, workers=1, **wishes)


in_place = Scenario(
    prepare=partial(with_image, version="0.4"),
    act=partial(act, target=None, shard=SHARD),
)
at_a_new_place = Scenario(
    prepare=partial(with_image, version="0.5"),
    act=partial(act, target="other.ome.zarr", shard=SHARD),
)
decoded = Scenario(
    prepare=partial(with_image, version="0.5"),
    act=partial(act, target=None, shard={"y": 16}, compression="zstd"),
)
