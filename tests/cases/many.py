"""Stores that hold several things, or arrays alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.arrays import write_array, write_group
from cases.build import build_image, pixels

if TYPE_CHECKING:
    from pathlib import Path


def build_two_multiscales(path: Path, *, version: str = "0.4") -> Path:
    """Write an image with a second ``multiscales`` entry made of its last level."""

    def edit(ome: dict[str, Any]) -> None:
        first = ome["multiscales"][0]
        second = first | {"name": "second", "datasets": first["datasets"][1:]}
        ome["multiscales"].append(second)

    return build_image(path, version=version, edit=edit)


def build_container(path: Path, *, count: int = 3, zarr_format: int = 2) -> Path:
    """Write a group without metadata that holds `count` images."""
    write_group(path, zarr_format=zarr_format)
    for index in range(count):
        version = "0.4" if zarr_format == 2 else "0.5"
        build_image(path / f"image{index:02}", version=version, shape=(1, 1, 8, 8))
    return path


def build_arrays(path: Path, *, zarr_format: int = 3) -> Path:
    """Write a group without metadata that holds two arrays."""
    write_group(path, zarr_format=zarr_format)
    for name, shape in (("a", (4, 8)), ("b", (2, 4, 8))):
        write_array(path / name, pixels(shape), zarr_format=zarr_format, chunks=shape)
    return path


def build_scan(path: Path) -> Path:
    """Write a Zarr v3 array with dimension names."""
    return write_array(
        path,
        pixels((4, 8)),
        zarr_format=3,
        chunks=(4, 4),
        dimension_names=("line", None),
    )
