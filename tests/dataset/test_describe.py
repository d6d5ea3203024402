"""What is there, in JSON types and in lines of text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.build import build_image
from cases.table import CASES, Case
from napari_ngff.dataset.describe import describe
from napari_ngff.dataset.read import read
from napari_ngff.dataset.text import counted, info_lines

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("case", CASES[::4], ids=lambda case: case.name)
def test_is_json(case: Case, tmp_path: Path) -> None:
    """A description is JSON, and can be laid out."""
    described = describe(read(case.build(tmp_path / "s.zarr")))

    assert described == json.loads(json.dumps(described, allow_nan=False))
    assert info_lines(described)[0].startswith(str(tmp_path / "s.zarr"))


def test_image(tmp_path: Path) -> None:
    """An image is described with its axes, levels, channels, labels and problems."""
    omero = {
        "channels": [
            {"label": "DAPI", "color": "0000FF", "window": {"start": 1, "end": 9.5}}
        ]
    }
    path = build_image(tmp_path / "s.zarr", omero=omero, labels={"cells": {}})
    described = describe(read(path))
    finest, coarse = described["levels"]

    assert ("image", "image", "0.4") == tuple(
        described[key] for key in ("kind", "name", "version")
    )
    assert {"name": "z", "type": "space", "unit": "micrometer"} == described["axes"][1]
    assert {
        "path": "0",
        "shape": [2, 4, 16, 16],
        "chunks": [2, 4, 8, 8],
        "dtype": "uint16",
        "nbytes": 4096,
        "scale": [1.0, 0.5, 0.5, 0.5],
        "translation": [0.0, 0.0, 0.0, 0.0],
    } == finest
    assert [0.0, 0.25, 0.25, 0.25] == coarse["translation"]
    assert "0000FF" == described["channels"][0]["color"]
    assert ("cells", "", 3) == tuple(
        described["labels"][0][key] for key in ("label", "parent", "colors")
    )
    assert {"level", "kind", "node", "loc", "pointer", "message"} == set(
        described["problems"][0]
    )


def lines_of(path: Path) -> list[str]:
    return info_lines(describe(read(path)))


def test_text(tmp_path: Path) -> None:
    """The text is a heading, tables in columns, and the problems, worst first."""
    omero = {
        "channels": [
            {
                "label": "<b>DAPI",
                "color": "0000FF",
                "active": False,
                "window": {"start": 1, "end": 9.5, "min": 0, "max": 10},
            },
            {"color": "00FF00", "window": {"min": 0, "max": 10}},
        ]
    }
    path = build_image(tmp_path / "s.zarr", omero=omero, labels={"cells": {}})
    lines = lines_of(path)

    assert [
        str(path),
        "Image 'image', OME-Zarr 0.4",
        "",
        "Axis  Type     Unit",
        "c     channel  -",
        "z     space    micrometer",
        "y     space    micrometer",
        "x     space    micrometer",
        "",
        "Level  Shape            Chunks         Type    Pixel size        Origin",
        "0      2 x 4 x 16 x 16  2 x 4 x 8 x 8  uint16  1, 0.5, 0.5, 0.5  0, 0, 0, 0",
        "1      2 x 2 x 8 x 8    2 x 2 x 8 x 8  uint16  1, 1, 1, 1        "
        "0, 0.25, 0.25, 0.25",
        "",
        "Channel  Name     Colour   Window",
        "0        \u2039b>DAPI  #0000FF  1 to 9.5  hidden",
        "1        -        #00FF00  -",
        "",
        "Labels  Levels  Shape        Type    Colours  Properties",
        "cells   2       4 x 16 x 16  uint16  3        0",
        "",
    ] == lines[:20]
    assert lines[20].startswith("Problems: ")
    levels = [line.split()[0] for line in lines[21:]]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("affine", "affine"),
        ("displacements", "unknown"),
        ("array-v3", "line, -"),
        ("array-v2", "Array without OME-Zarr metadata"),
        ("plate", "Plate: 8 listed, 8 opened"),
        ("arrays", "Group of arrays: 2 listed, 2 opened"),
        ("two-multiscales", "Image with several multiscales: 1 listed, 2 opened"),
        ("label-alone", "Label"),
        ("v0.1-without-version", "OME-Zarr 0.2 (by its structure)"),
    ],
)
def test_text_of_others(name: str, expected: Any, tmp_path: Path) -> None:
    """What has no simple place, and what is no image, is laid out too."""
    (case,) = (case for case in CASES if case.name == name)
    text = "\n".join(lines_of(case.build(tmp_path / "s.zarr")))

    assert expected in text


def test_numbers_of_problems_are_in_good_english() -> None:
    """One has no s; what there is not is not named."""
    assert "1 error, 6 warnings, 1 note" == counted(
        {"error": 1, "warning": 6, "info": 1}
    )
    assert "2 notes" == counted({"error": 0, "warning": 0, "info": 2})
    assert "" == counted({"error": 0})
