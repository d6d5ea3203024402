"""A value of a wrong type, at each place of a document, does no harm."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from cases.build import COLORS
from cases.many import build_plate, build_scene, build_series
from hostile.case import SHAPE, plain_image
from hostile.judge import check_text
from napari_ngff.core.problems import Fault, NgffError
from napari_ngff.dataset.validate import validate
from napari_ngff.layers.read import read_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_GONE = object()
WRONG: tuple[Any, ...] = (_GONE, None, -1, 2**70, 0.5, "x", "", [], {}, True, [[]], [5])
#: How many of them are tried at a place; its neighbours try the others.
EACH = 1
_OMERO = {
    "channels": [
        {
            "label": "a",
            "color": "FF0000",
            "active": True,
            "coefficient": 1,
            "family": "linear",
            "inverted": False,
            "window": {"min": 0, "max": 255, "start": 1, "end": 200},
        }
    ],
    "rdefs": {"defaultT": 0, "defaultZ": 0, "model": "color"},
}
_BLOCK = {
    "version": "0.4",
    "colors": COLORS,
    "properties": [{"label-value": 1, "class": "a", "area": 5}],
    "source": {"image": "../../"},
}


def _image(path: Path, version: str) -> None:
    plain_image(
        path,
        version,
        axes="cyx",
        shape=(1, *SHAPE),
        omero=_OMERO,
        labels={"nuclei": {"image_label": _BLOCK, "compression": "none"}},
        multiscale_transforms=[{"type": "scale", "scale": [1, 1, 1]}]
        if version in ("0.4", "0.5")
        else None,
    )


def _plate(path: Path, version: str) -> None:
    given: dict[str, Any] = {"axes": "yx", "shape": SHAPE, "compression": "none"}
    build_plate(path, version=version, rows=("A",), columns=("1",), fields=1, **given)


def _series(path: Path, version: str) -> None:
    build_series(path, version=version, count=1, listed=["0"], axes="yx", shape=SHAPE)


def _scene(path: Path, version: str) -> None:
    build_scene(path, axes="yx", shape=SHAPE)


DOCUMENTS: dict[str, tuple[Callable[[Path, str], None], str, str]] = {
    "image-0.3": (_image, "0.3", ".zattrs"),
    "image-0.4": (_image, "0.4", ".zattrs"),
    "image-0.5": (_image, "0.5", "zarr.json"),
    "image-0.6": (_image, "0.6", "zarr.json"),
    "group-0.4": (_image, "0.4", ".zgroup"),
    "array-0.4": (_image, "0.4", "0/.zarray"),
    "array-0.5": (_image, "0.5", "0/zarr.json"),
    "labels-0.4": (_image, "0.4", "labels/.zattrs"),
    "labels-0.5": (_image, "0.5", "labels/zarr.json"),
    "label-0.4": (_image, "0.4", "labels/nuclei/.zattrs"),
    "label-0.6": (_image, "0.6", "labels/nuclei/zarr.json"),
    "plate-0.4": (_plate, "0.4", ".zattrs"),
    "plate-0.5": (_plate, "0.5", "zarr.json"),
    "well-0.4": (_plate, "0.4", "A/1/.zattrs"),
    "series-0.4": (_series, "0.4", ".zattrs"),
    "series-list-0.5": (_series, "0.5", "OME/zarr.json"),
    "scene-0.6": (_scene, "0.6", "zarr.json"),
}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside a JSON value."""
    items = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, child in items:
        yield (*path, key)
        yield from places(child, (*path, key))


def changed(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with another value, or none, at a place."""
    result = copy.deepcopy(document)
    holder = result
    for key in place[:-1]:
        holder = holder[key]
    if value is _GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return result


@pytest.mark.parametrize("name", DOCUMENTS)
def test_any_value_anywhere(name: str, tmp_path: Path) -> None:
    """What opens tells its problems, what does not says why; nothing crashes."""
    build, version, key = DOCUMENTS[name]
    build(tmp_path / "store.zarr", version)
    document = tmp_path / "store.zarr" / key
    right = json.loads(document.read_bytes())
    assert not _outcome(tmp_path / "store.zarr")
    for index, place in enumerate(places(right)):
        for value in (WRONG * 2)[index % len(WRONG) :][:EACH]:
            document.write_text(json.dumps(changed(right, place, value)))
            fault = _outcome(tmp_path / "store.zarr")
            assert not fault, f"{place} = {value!r}: {fault}"


def _outcome(path: Path) -> str:
    """Open and check a store; return what should not have come of it."""
    texts: list[str] = []
    try:
        for _, meta, _ in read_layers(path):
            problems = meta["metadata"]["napari_ngff"]["problems"]
            unforeseen = [p for p in problems if p["kind"] == "unexpected-error"]
            if unforeseen:
                return str(unforeseen[0]["message"])
            texts += [meta["name"], *(p["message"] for p in problems)]
    except NgffError as error:
        texts.append(str(error))
        if isinstance(error, Fault) or "Error:" in str(error):
            return str(error)
    try:
        texts += [problem.message for problem in validate(path).problems]
    except NgffError as error:
        texts.append(str(error))
    for text in texts:
        check_text(text)
    return ""
