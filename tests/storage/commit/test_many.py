"""Several processes save at the same place at the same time."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from faults.harness import look
from faults.small import ANY, NAME
from napari_ngff.storage.commit.receipts import put
from napari_ngff.storage.commit.tree import stage

SAVES = 10
FILES = 5


def save_often(folder, mark):
    """Save a tree of one's own again and again; return what was complained of."""
    told = []
    for _ in range(SAVES):
        with stage(folder / NAME, replace=ANY) as staging:
            receipts = [
                put(staging.root, f"{mark}/{n}", mark.encode()) for n in range(FILES)
            ]
            staging.verify(receipts)
            told += [*staging.commit(), *staging.problems]
    return told


def test_the_last_one_wins(tmp_path):
    """Nobody is disturbed, nothing is mixed, and nothing is left."""
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as pool:
        told = list(pool.map(save_often, [tmp_path] * 3, "abc"))

    found = look(tmp_path / NAME)
    (mark,) = {key[0] for key in found}
    assert {mark: None, **{f"{mark}/{n}": mark.encode() for n in range(FILES)}} == found
    assert [[], [], []] == told
    assert [NAME] == os.listdir(tmp_path)
