"""Oracles run when they are asked for: `pytest -m oracle`, or `tox run -e oracle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the oracles, which are not installed, out of every other run."""
    return None if config.getoption("markexpr") == "oracle" else True


@pytest.fixture(autouse=True)
def _fresh_napari_settings() -> None:
    """No oracle sets anything in napari; a reset takes longer than most of them."""


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the images of the table `WRITTEN`, as we write them."""
    from oracles.written import WRITTEN, place

    folder = tmp_path_factory.mktemp("written")
    (folder / "saved").mkdir()
    for name, image in WRITTEN.items():
        image.save(place(folder, name))
    return folder
