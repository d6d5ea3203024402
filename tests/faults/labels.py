"""Labels that are added to an image, and labels that are painted and saved back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from faults.harness import look
from faults.images import NAME, save
from faults.scenario import Scenario
from faults.small import user_files, without_exchange
from napari_ngff.dataset.add_labels import add_labels
from napari_ngff.dataset.nodes import ImageData
from napari_ngff.dataset.painting.edits import Edit, see
from napari_ngff.dataset.read import read
from napari_ngff.dataset.saving.from_arrays import image_of
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.write_back import write_back
from napari_ngff.metadata.model import ImageLabel
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.settling import recover, sweep

if TYPE_CHECKING:
    from pathlib import Path


SHAPE = (14, 14)
OPTIONS = SaveOptions(workers=1, chunks={"y": 8, "x": 8})


def with_image(folder: Path, *, version: str = "0.5", labels: bool = True) -> None:
    """Put an image there, with something of the user's own inside."""
    user_files(folder)
    before, files.before = files.before, None
    pixels = np.arange(196).reshape(SHAPE).astype("u2")
    own = {"cells": (pixels // 25).astype("u1")} if labels else None
    image = image_of(pixels, axes="yx", labels=own)
    try:
        save(
            image,
            folder,
            version=version,
            chunks={"y": 8, "x": 8},
            shards="none" if version == "0.5" else {},
        )
    finally:
        files.before = before
    if labels:
        (folder / NAME / "labels" / "cells" / "notes.txt").write_text("mine")


def without_labels(folder: Path) -> None:
    with_image(folder, labels=False)


def of_0_4(folder: Path) -> None:
    with_image(folder, version="0.4")


def of_0_6(folder: Path) -> None:
    with_image(folder, version="0.6")


def add(folder: Path) -> None:
    """Add labels to it."""
    pixels = np.arange(196).reshape(SHAPE).astype("u1")
    image = image_of(pixels * 2, axes="yx", labels={"more": pixels})
    add_labels(str(folder / NAME), "", image.labels, OPTIONS)


def paint(folder: Path) -> None:
    """Paint on its labels, and save them back."""
    image = read(folder / NAME)
    assert isinstance(image, ImageData)
    label = image.labels[0].image
    array = label.levels[0]
    pixels = array.compute()
    chunks = array.source.chunks
    seen = see(pixels, start=(0, 0), shape=array.shape, chunks=chunks)
    pixels[2:11, 3] = 99
    pixels[9:, 9:] = 0
    looks = ImageLabel(colors={99: (1, 2, 3, 255)})
    write_back(
        Edit(
            store=label.store,
            node=label.node,
            index=0,
            level=label.multiscale.levels[0].path,
            pixels=pixels,
            seen=seen,
            image_label=looks,
        )
    )


def seen_by_next(folder: Path) -> object:
    """Return what is there once somebody has come and tidied up."""
    image = folder / NAME
    for parent in (folder, image, image / "labels"):
        if parent.is_dir():
            sweep(parent)
    recover(image / "labels")
    return look(folder)


first_labels = Scenario(prepare=without_labels, act=add, look=seen_by_next)
more_labels = Scenario(prepare=with_image, act=add, look=seen_by_next)
more_labels_of_0_4 = Scenario(prepare=of_0_4, act=add, look=seen_by_next)
painted = Scenario(prepare=with_image, act=paint, look=seen_by_next)
painted_in_shards = Scenario(prepare=of_0_6, act=paint, look=seen_by_next)
painted_of_0_4 = Scenario(prepare=of_0_4, act=paint, look=seen_by_next)
painted_without_exchange = Scenario(
    prepare=with_image, act=without_exchange(paint), look=seen_by_next
)
