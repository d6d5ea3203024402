"""Small valid attributes of each version, and how to change them.

Every function gives a new document, so that a test may change it.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

AXES = [
    {"name": "c", "type": "channel"},
    {"name": "y", "type": "space", "unit": "micrometer"},
    {"name": "x", "type": "space", "unit": "micrometer"},
]
WINDOW = {"min": 0, "max": 255, "start": 10, "end": 200}
OMERO = {
    "channels": [
        {"label": "DNA", "color": "0000FF", "window": WINDOW, "active": True},
        {"label": "actin", "color": "00FF00", "window": WINDOW, "active": False},
    ],
    "rdefs": {"defaultT": 0, "defaultZ": 3, "model": "color"},
}
IMAGE_LABEL = {
    "colors": [
        {"label-value": 1, "rgba": [255, 0, 0, 255]},
        {"label-value": 2, "rgba": [0, 255, 0, 128]},
    ],
    "properties": [{"label-value": 1, "area": 12.5, "class": "cell"}],
    "source": {"image": "../../"},
}
PLATE = {
    "name": "test",
    "rows": [{"name": "A"}, {"name": "B"}],
    "columns": [{"name": "1"}, {"name": "2"}],
    "wells": [
        {"path": "A/1", "rowIndex": 0, "columnIndex": 0},
        {"path": "B/2", "rowIndex": 1, "columnIndex": 1},
    ],
    "acquisitions": [
        {
            "id": 0,
            "name": "first",
            "maximumfieldcount": 2,
            "description": "with the lamp on",
            "starttime": 1_343_731_272,
            "endtime": 1_343_737_645,
        }
    ],
    "field_count": 2,
}
WELL = {"images": [{"path": "0", "acquisition": 0}, {"path": "1", "acquisition": 0}]}
COMMON = {"name": "image", "type": "mean", "metadata": {"method": "numpy.mean"}}


def image04(**changes: Any) -> dict[str, Any]:
    """Attributes of an image of 0.4; `changes` are made in its multiscales entry."""
    entry = {**_listed(), "version": "0.4", **changes}
    return deepcopy({"multiscales": [entry], "omero": OMERO})


def image05(**changes: Any) -> dict[str, Any]:
    """Attributes of an image of 0.5."""
    entry = {**_listed(), **changes}
    return deepcopy({"ome": {"version": "0.5", "multiscales": [entry], "omero": OMERO}})


def _listed() -> dict[str, Any]:
    return {
        **COMMON,
        "axes": AXES,
        "datasets": [
            {
                "path": path,
                "coordinateTransformations": [
                    {"type": "scale", "scale": [1, size, size]},
                    {"type": "translation", "translation": [0, offset, offset]},
                ],
            }
            for path, size, offset in (("0", 0.5, 0.0), ("1", 1.0, 0.25))
        ],
    }


def image06(version: str = "0.6", **changes: Any) -> dict[str, Any]:
    """Attributes of an image of 0.6 with two systems, ``physical`` and ``world``."""
    entry = {
        **COMMON,
        "coordinateSystems": [
            {"name": "physical", "axes": AXES},
            {"name": "world", "axes": AXES},
        ],
        "datasets": [
            {
                "path": path,
                "coordinateTransformations": [
                    {
                        "type": "sequence",
                        "input": {"path": path},
                        "output": {"name": "physical"},
                        "transformations": [
                            {"type": "scale", "scale": [1, size, size]},
                            {"type": "translation", "translation": [0, at, at]},
                        ],
                    }
                ],
            }
            for path, size, at in (("0", 0.5, 0.0), ("1", 1.0, 0.25))
        ],
        "coordinateTransformations": [edge(type="identity")],
        **changes,
    }
    return deepcopy(
        {"ome": {"version": version, "multiscales": [entry], "omero": OMERO}}
    )


def edge(**fields: Any) -> dict[str, Any]:
    """Make a transformation from ``physical`` to ``world``."""
    return {"input": {"name": "physical"}, "output": {"name": "world"}, **fields}


def scene06(**changes: Any) -> dict[str, Any]:
    """Attributes of a scene of two tiles."""
    scene = {
        "coordinateSystems": [{"name": "world", "axes": AXES}],
        "coordinateTransformations": [
            {
                "type": "translation",
                "name": f"{tile} to world",
                "translation": [0, 0, offset],
                "input": {"path": tile, "name": "physical"},
                "output": {"name": "world"},
            }
            for tile, offset in (("tile_0", 0), ("tile_1", 348))
        ],
        **changes,
    }
    return deepcopy({"ome": {"version": "0.6", "scene": scene}})


def block04(name: str, block: dict[str, Any]) -> dict[str, Any]:
    """Attributes of 0.4 that hold one block."""
    return deepcopy({name: {**block, "version": "0.4"}})


def block05(name: str, block: Any, version: str = "0.5") -> dict[str, Any]:
    """Attributes of 0.5 (or later) that hold one block."""
    return deepcopy({"ome": {"version": version, name: block}})


def valid_documents() -> list[dict[str, Any]]:
    """One document of each kind, none of which has anything wrong with it."""
    label = image06()
    label["ome"]["image-label"] = deepcopy(IMAGE_LABEL)
    return [
        image04(),
        image05(),
        image06(),
        image06("0.9.dev1"),
        label,
        scene06(),
        block04("plate", PLATE),
        block05("plate", PLATE),
        block04("well", WELL),
        block05("well", WELL, "0.6"),
        block05("labels", ["cells", "nuclei"]),
        block05("series", ["0", "1"]),
        block05("bioformats2raw.layout", 3, "0.6"),
    ]
