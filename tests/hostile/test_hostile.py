"""Every hostile or broken store is refused in plain words, or the rest of it opens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hostile import archives, arrays, chunks, documents, files, names, paths, xml
from hostile.case import Case, expected, neighbour
from hostile.judge import Seen, judge
from napari_ngff.core.problems import ChunkReadError

if TYPE_CHECKING:
    from pathlib import Path

MODULES = (paths, documents, arrays, chunks, files, names, xml, archives)
CASES = [case for module in MODULES for case in module.CASES]


def ids(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_refused_or_the_rest_opens(case: Case, tmp_path: Path) -> None:
    """Nothing leaks, hangs or crashes, and what happens is what the case states."""
    store = tmp_path / "room" / "store.zarr"
    neighbour(store.parent / "outside.zarr")
    opened = case.build(store) or store
    inside = store if store.exists() else opened
    seen = judge(opened, inside=inside)
    if case.refused is not None:
        _check_refused(case.refused, seen)
        return
    assert seen.error is None
    if case.kinds:
        assert set(case.kinds) & seen.kinds, (seen.kinds, seen.texts)
    check_pixels(case, seen)


def _check_refused(pattern: str, seen: Seen) -> None:
    assert seen.error is not None, (seen.layers, seen.problems)
    assert "store" in str(seen.error)
    assert re.search(pattern, str(seen.error), re.IGNORECASE), str(seen.error)


def check_pixels(case: Case, seen: Seen) -> None:
    failed = [read for read in seen.reads if isinstance(read, Exception)]
    if case.pixels == "unreadable":
        assert failed
        for error in failed:
            assert isinstance(error, ChunkReadError)
            assert "store" in error.store
            assert error.node
            assert error.reason
            assert len(error.chunk) > 0
    elif case.pixels == "right":
        assert not failed
        np.testing.assert_array_equal(expected(), seen.reads[0])
