"""Whole saves of images: a first one, onto themselves, over labels, into an archive."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from faults.scenario import Scenario
from faults.small import user_files
from napari_ngff.dataset.nodes import ImageData
from napari_ngff.dataset.read import read
from napari_ngff.dataset.saving.from_arrays import image_of
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute
from napari_ngff.storage.commit import files

if TYPE_CHECKING:
    from pathlib import Path

NAME = "cells.ome.zarr"
OPTIONS = SaveOptions(workers=1, levels=2, existing="replace")


def example(seed: int = 0) -> ImageData:
    """An image in several files, with labels."""
    pixels = np.random.default_rng(seed).integers(0, 999, (2, 40, 40)).astype("u2")
    labels = {"cells": (pixels[0] // 500).astype("u1")}
    return image_of(
        pixels,
        axes="cyx",
        scale={"y": 0.5, "x": 0.5},
        units="um",
        channels=["a", "b"],
        labels=labels,
    )


def save(image: ImageData, folder: Path, name: str = NAME, **options: Any) -> None:
    """Save an image into a folder; what cannot be tidied up after it is only told."""
    plan = make_plan([image], folder / name, replace(OPTIONS, **options))
    with warnings.catch_warnings():
        told = ".*left by a save, cannot be removed"
        warnings.filterwarnings("ignore", told, UserWarning)
        execute(plan)


def first(folder: Path) -> None:
    save(example(), folder)


def with_image(folder: Path) -> None:
    """Put an image there, without counting its calls."""
    user_files(folder)
    before, files.before = files.before, None
    try:
        save(example(), folder)
    finally:
        files.before = before


def onto_itself(folder: Path) -> None:
    """Save what is lazily read from the target over it, cropped and in other chunks."""
    image = read(folder / NAME)
    assert isinstance(image, ImageData)
    cropped = replace(image, levels=(image.levels[0][:, 4:, 3:],), labels=())
    save(
        cropped,
        folder,
        chunks={"y": 16, "x": 8},
        shards={"y": 32, "x": 64},
        old_labels="drop",
    )


def with_labels_kept(folder: Path) -> None:
    """Replace the pixels, and let the labels of the old image be those of the new."""
    save(replace(example(seed=1), labels=()), folder, version="0.4")


def into_archive(folder: Path) -> None:
    save(example(), folder, name="cells.ozx")


first_save = Scenario(prepare=user_files, act=first)
saved_onto_itself = Scenario(prepare=with_image, act=onto_itself)
labels_kept = Scenario(prepare=with_image, act=with_labels_kept)
archive = Scenario(prepare=user_files, act=into_archive)
