"""Oracles run when they are asked for: `pytest -m oracle`, or `tox run -e oracle`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the oracles, which are not installed, out of every other run."""
    return None if config.getoption("markexpr") == "oracle" else True
