"""Two saves of which one is inside the other: of an image, and of its labels."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cases.painting import copy_of, labels_of, objects, stored
from napari_ngff import read, write
from napari_ngff.core.problems import CannotSave
from napari_ngff.dataset.nodes import ImageData
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute
from napari_ngff.dataset.write_back import write_back
from napari_ngff.storage.commit.owners import this_process, write_owner
from napari_ngff.storage.commit.places import Places

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.dataset.saving.save_plan import SavePlan

SHAPE = (3, 37, 45)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An image with labels."""
    written = write(
        tmp_path / "a.ome.zarr",
        objects(SHAPE),
        axes="zyx",
        levels=3,
        labels={"cells": objects(SHAPE)},
    )
    assert not isinstance(written, tuple)
    return written


def replacing(path: Path) -> SavePlan:
    """Plan a save of the image over itself, which keeps its labels."""
    node = read(path)
    assert isinstance(node, ImageData)
    options = SaveOptions(existing="replace", version="0.5")
    return make_plan([replace(node, labels=())], path, options)


def test_labels_of_an_image_that_is_being_replaced_wait(path: Path) -> None:
    """They are refused before anything is done, and go over with the image."""
    edit = copy_of(labels_of(path))
    edit.pixels[0, 3:9, 20:29] = 7
    tried: list[float] = []

    def meanwhile(fraction: float) -> None:
        if 0.1 < fraction < 0.99:
            with pytest.raises(CannotSave, match=r"a\.ome\.zarr is being replaced"):
                write_back(edit)
            tried.append(fraction)

    execute(replacing(path), progress=meanwhile)

    assert tried
    np.testing.assert_array_equal(stored(path)[0], objects(SHAPE))
    assert write_back(edit).changed
    np.testing.assert_array_equal(stored(path)[0], edit.pixels)
    assert ["labels"] == [name for name in os.listdir(path) if "labels" in name]
    assert ["cells"] == [
        name for name in os.listdir(path / "labels") if "." not in name
    ]


def test_an_image_whose_labels_are_being_saved_is_not_replaced(path: Path) -> None:
    """Neither one that was begun before, nor what is painted, is lost."""
    edit = copy_of(labels_of(path))
    edit.pixels[0, 3:9, 20:29] = 7
    plan = replacing(path)
    tried: list[float] = []

    def meanwhile(fraction: float) -> None:
        if 0.3 < fraction < 0.99:
            with pytest.raises(CannotSave, match="a part of it, cells, is being saved"):
                execute(plan)
            tried.append(fraction)

    write_back(edit, progress=meanwhile)

    assert tried
    np.testing.assert_array_equal(stored(path)[0], edit.pixels)


def test_an_image_whose_labels_another_machine_may_save(path: Path) -> None:
    """Whether it still does cannot be known here: it is told which folder says so."""
    other = Places(parent=path / "labels", name="cells", tag="0123abcd")
    other.folder.mkdir()
    write_owner(other.owner, replace(this_process("cells"), host="microscope"))

    with pytest.raises(CannotSave, match=r"microscope.*remove the folder .*0123abcd"):
        execute(replacing(path))
