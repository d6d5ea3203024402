"""Stores that hold several things: plates, series, scenes, groups, arrays alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases.arrays import write_array, write_group
from cases.build import V3, axis_objects, build_image, pixels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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


def build_plate(
    path: Path,
    *,
    version: str = "0.4",
    rows: Sequence[str] = ("A", "B"),
    columns: Sequence[str] = ("1", "2"),
    fields: int = 2,
    wells: Sequence[str] | None = None,
    sizes: Mapping[str, Sequence[int]] | None = None,
    **image: Any,
) -> Path:
    """Write a plate; every well (``"A/1"``) has `fields` images.

    `wells`: those there are (default: all). `sizes`: shape of the images of a well.
    """
    v3 = version in V3
    wells = [f"{r}/{c}" for r in rows for c in columns] if wells is None else wells
    plate: dict[str, Any] = {
        "name": "plate",
        "rows": [{"name": r} for r in rows],
        "columns": [{"name": c} for c in columns],
        "wells": [
            {
                "path": well,
                "rowIndex": list(rows).index(well.split("/")[0]),
                "columnIndex": list(columns).index(well.split("/")[1]),
            }
            for well in wells
        ],
        "field_count": fields,
    }
    _write_block(path, {"plate": plate}, version)
    for well in wells:
        write_group(path / well.split("/")[0], zarr_format=3 if v3 else 2)
        images = {"images": [{"path": str(i)} for i in range(fields)]}
        _write_block(path / well, {"well": images}, version)
        shape = (sizes or {}).get(well)
        for index in range(fields):
            options = (
                {"shape": (1, 1, 16, 16)} | image | ({"shape": shape} if shape else {})
            )
            build_image(path / well / str(index), version=version, **options)
    return path


def _write_block(path: Path, block: dict[str, Any], version: str) -> None:
    if version in V3:
        write_group(path, {"ome": {"version": version} | block}, zarr_format=3)
        return
    for value in block.values():
        if isinstance(value, dict):
            value["version"] = version
    write_group(path, block, zarr_format=2)


OME_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">{images}</OME>\n'
)


def build_series(
    path: Path,
    *,
    version: str = "0.4",
    count: int = 2,
    listed: Sequence[str] | None = None,
    xml: str | None = None,
    **image: Any,
) -> Path:
    """Write what bioformats2raw writes: images 0, 1, … and perhaps ``OME``.

    `listed`: the ``series`` of the ``OME`` group. `xml`: the text of
    ``OME/METADATA.ome.xml``; "" writes one ``Image`` element for each image.
    """
    _write_block(path, {"bioformats2raw.layout": 3}, version)
    if listed is not None:
        _write_block(path / "OME", {"series": list(listed)}, version)
    elif xml is not None:
        write_group(path / "OME", zarr_format=3 if version in V3 else 2)
    if xml is not None:
        elements = (f'<Image ID="Image:{i}" Name="series {i}"/>' for i in range(count))
        text = xml or OME_XML.format(images="".join(elements))
        (path / "OME" / "METADATA.ome.xml").write_text(text, encoding="utf-8")
    for index in range(count):
        build_image(path / str(index), version=version, name=f"s{index}", **image)
    return path


def build_scene(path: Path, *, count: int = 2, **image: Any) -> Path:
    """Write a scene (0.6) of `count` images, placed one beside another in ``world``."""
    axes = image.get("axes", "czyx")
    system = {"name": "world", "axes": axis_objects(axes)}
    edges = [
        {
            "type": "translation",
            "translation": [0.0] * (len(axes) - 1) + [100.0 * index],
            "input": {"path": f"image{index}", "name": "physical"},
            "output": {"name": "world"},
        }
        for index in range(count)
    ]
    scene = {"coordinateSystems": [system], "coordinateTransformations": edges}
    _write_block(path, {"scene": scene}, "0.6")
    for index in range(count):
        build_image(path / f"image{index}", version="0.6", **image)
    return path
