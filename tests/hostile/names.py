"""Names and other texts that are endless, markup, or change what is seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from hostile.case import SHAPE, Case, amend, plain_image, set_at

if TYPE_CHECKING:
    from pathlib import Path

_TEXTS = {
    "long": "n" * 2**20,
    "markup": "<img src='file:///etc/hostname'><b>x</b>",
    "link": '</span><a href="http://127.0.0.1/">x</a>',
    "control": "a\x00b\x07c\x1b[31md\r\n\x7f\x9be",
    "bidi": "a\u202eb\u2066c\u200fd",
    "separator": "a\u2028b\u2029c",
    "surrogate": "a\ud800b",
    "tags": "a\U000e0041\ufeffb",
    "empty": "",
    "number": 5,
    "list": ["<b>"],
    "object": {"<b>": "<i>"},
}
_FIRST = ("multiscales", 0)


def _image(place: tuple[str | int, ...], text: Any, path: Path) -> None:
    omero = {"channels": [{"label": "a", "color": "FF0000"}], "name": "x"}
    plain_image(path, axes="cyx", shape=(1, *SHAPE), omero=omero)
    amend(path / ".zattrs", set_at(place, text))


def _label(text: Any, path: Path) -> None:
    block = {
        "colors": [{"label-value": 1, "rgba": [1, 2, 3, 255]}],
        "properties": [{"label-value": 1, "class": text, str(text)[:5000]: text}],
        "source": {"image": str(text)},
        "version": str(text),
    }
    given = {"compression": "none", "image_label": block}
    plain_image(path, labels={"nuclei": given})


def _label_name(text: Any, path: Path) -> None:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    amend(path / "labels" / ".zattrs", set_at(("labels",), ["nuclei", text]))


def _systems(text: Any, path: Path) -> None:
    plain_image(path, "0.6")
    root = ("attributes", "ome", "multiscales", 0, "coordinateSystems", 0)
    amend(path / "zarr.json", set_at((*root, "name"), text))


def _dimensions(text: Any, path: Path) -> None:
    plain_image(path, "0.5")
    for level in ("0", "1"):
        document = path / level / "zarr.json"
        amend(document, set_at(("dimension_names",), [text, "x"]))


def _bare_array(text: Any, path: Path) -> Path:
    _dimensions(text, path)
    (path / "zarr.json").unlink()
    return path / "0"


_PLACES: dict[str, tuple[str | int, ...]] = {
    "name": (*_FIRST, "name"),
    "version": (*_FIRST, "version"),
    "method": (*_FIRST, "type"),
    "axis": (*_FIRST, "axes", 1, "name"),
    "axis-type": (*_FIRST, "axes", 1, "type"),
    "unit": (*_FIRST, "axes", 1, "unit"),
    "channel": ("omero", "channels", 0, "label"),
    "color": ("omero", "channels", 0, "color"),
    "window": ("omero", "channels", 0, "window"),
    "rendering": ("omero", "rdefs"),
    "transform": (*_FIRST, "datasets", 1, "coordinateTransformations", 0, "type"),
}
_OTHERS = {
    "label": _label,
    "label-name": _label_name,
    "system": _systems,
    "dimension": _dimensions,
    "bare-array": _bare_array,
}
CASES = [
    *(
        Case(
            name=f"text-{where}-{name}",
            build=partial(_image, place, text),
            pixels="any",
        )
        for where, place in _PLACES.items()
        for name, text in _TEXTS.items()
    ),
    *(
        Case(name=f"text-{where}-{name}", build=partial(build, text), pixels="any")
        for where, build in _OTHERS.items()
        for name, text in _TEXTS.items()
    ),
]
