"""A target's name is looked at before anything is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from napari_ngff.dataset.saving import surroundings
from napari_ngff.dataset.saving.surroundings import obstacles_around, told_of_name


@pytest.mark.parametrize("name", ["nul.ome.zarr", "a.ome.zarr.", "10:30.zarr"])
def test_names_that_windows_does_not_take(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused there, where they mean something else; told elsewhere."""
    monkeypatch.setattr(surroundings, "_ON_WINDOWS", False)
    target = tmp_path / name

    assert () == obstacles_around(target, target)
    [told] = told_of_name(target)
    assert ("info", "target-name") == (told.level, told.kind)

    monkeypatch.setattr(surroundings, "_ON_WINDOWS", True)
    [refused] = obstacles_around(target, target)
    assert ("error", "target-name") == (refused.level, refused.kind)
    assert "Choose another name" in refused.message
    assert () == told_of_name(target)


@pytest.mark.parametrize("name", ["a\0b.ome.zarr", "a\nb.ome.zarr"])
def test_names_that_nobody_can_type_are_refused(name: str, tmp_path: Path) -> None:
    """Everywhere."""
    target = Path(f"{tmp_path}/{name}")

    assert ["target-name"] == [p.kind for p in obstacles_around(target, target)]


def test_nothing_is_told_of_other_names(tmp_path: Path) -> None:
    """The usual ones."""
    target = tmp_path / "my cells.ome.zarr"

    assert () == obstacles_around(target, target)
    assert () == told_of_name(target)
