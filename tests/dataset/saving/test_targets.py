"""Stores are named after what was typed and what images are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.targets import (
    beside,
    container_of,
    target_of,
)


@pytest.mark.parametrize(
    ("typed", "container", "expected"),
    [
        ("a", None, "a.ome.zarr"),
        ("a.ome.zarr", None, "a.ome.zarr"),
        ("a.zarr", None, "a.zarr"),
        ("a.OZX", None, "a.OZX"),
        ("a", "ozx", "a.ozx"),
        ("a.ome.zarr", "ozx", "a.ozx"),
        ("a.ozx", "directory", "a.ome.zarr"),
        ("a.tif", None, "a.tif.ome.zarr"),
        (".zarr", None, ".zarr.ome.zarr"),
    ],
)
def test_the_suffix_is_added(typed: str, container: Any, expected: str) -> None:
    """One that fits stays, that of the other container is replaced."""
    options = SaveOptions(container=container)

    assert Path.cwd() / expected == target_of(typed, options)


def test_a_target_may_be_used_as_it_is() -> None:
    """A script says what it means."""
    assert Path("/x/a") == target_of("/x/a", SaveOptions(suffix="as-given"))


def test_the_container_is_told_by_the_suffix() -> None:
    """Unless it is chosen."""
    assert "ozx" == container_of("a.OZX", SaveOptions())
    assert "directory" == container_of("a", SaveOptions())
    assert "ozx" == container_of("a", SaveOptions(container="ozx"))


def test_images_beside_each_other() -> None:
    """They are told apart, whatever they are called."""
    paths = beside(Path("/x/all.ome.zarr"), ["DNA", None, "dna", "a/b:c", "..", "0"])

    names = ["all_DNA", "all_1", "all_dna_2", "all_a_b_c", "all_4", "all_0"]
    assert [f"{name}.ome.zarr" for name in names] == [path.name for path in paths]
    assert {Path("/x")} == {path.parent for path in paths}
