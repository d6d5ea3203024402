"""Paths in metadata that lead, or try to lead, out of the store."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cases.many import build_plate, build_scene, build_series
from hostile.case import SHAPE, Case, amend, plain_image, set_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Ways to name the store next door, given its own path, and worse.
VECTORS: dict[str, Callable[[Path], Any]] = {
    "parent": lambda _: "../outside.zarr",
    "deep-parent": lambda _: "x/../../outside.zarr",
    "far-parent": lambda _: "../../../outside.zarr",
    "encoded": lambda _: "%2e%2e/outside.zarr",
    "encoded-slash": lambda _: "..%2foutside.zarr",
    "encoded-twice": lambda _: "%252e%252e/outside.zarr",
    "backslash": lambda _: "..\\outside.zarr",
    "trailing-space": lambda _: ".. /outside.zarr",
    "absolute": str,
    "file-url": lambda outside: outside.as_uri(),
    "web": lambda _: "http://127.0.0.1:9/outside.zarr",
    "drive": lambda _: "C:/outside.zarr",
    "nul": lambda _: "..\0/outside.zarr",
    "bidi": lambda _: "\u202e../outside.zarr",
    "empty-segment": lambda _: "a//b",
    "long": lambda _: "a" * 5000,
    "many-segments": lambda _: "/".join("a" * 500),
    "number": lambda _: 5,
    "null": lambda _: None,
    "object": lambda _: {"path": "../outside.zarr"},
    "array-of-text": lambda _: ["..", "outside.zarr"],
}
#: Those that stand for the others where each place of a document is tried.
SOME = (
    "parent",
    "encoded",
    "backslash",
    "absolute",
    "file-url",
    "deep-parent",
)


def _outside(store: Path) -> Path:
    return store.parent / "outside.zarr"


def _level(vector: Any, path: Path, *, version: str = "0.4") -> None:
    bad = vector(_outside(path))
    plain_image(path, version)
    document = path / (".zattrs" if version == "0.4" else "zarr.json")
    start = () if version == "0.4" else ("attributes", "ome")
    amend(document, set_at((*start, "multiscales", 0, "datasets", 1, "path"), bad))


def _all_levels(vector: Any, path: Path) -> None:
    _level(vector, path)
    bad = vector(_outside(path))
    amend(
        path / ".zattrs", set_at(("multiscales", 0, "datasets", 0, "path"), bad + "/0")
    )
    amend(
        path / ".zattrs", set_at(("multiscales", 0, "datasets", 1, "path"), bad + "/1")
    )


def _label(vector: Any, path: Path) -> None:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    bad = vector(_outside(path))
    amend(path / "labels" / ".zattrs", set_at(("labels",), ["nuclei", bad]))


def _label_level(vector: Any, path: Path) -> None:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    bad = vector(_outside(path))
    place = ("multiscales", 0, "datasets", 1, "path")
    amend(path / "labels" / "nuclei" / ".zattrs", set_at(place, bad))


def _source(vector: Any, path: Path) -> Path:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    bad = vector(_outside(path))
    place = ("image-label", "source")
    amend(path / "labels" / "nuclei" / ".zattrs", set_at(place, {"image": bad}))
    return path / "labels" / "nuclei"


def _plate(path: Path) -> None:
    build_plate(path, rows=("A",), shape=SHAPE, axes="yx", compression="none", fields=1)


def _well(vector: Any, path: Path) -> None:
    _plate(path)
    place = ("plate", "wells", 1, "path")
    amend(path / ".zattrs", set_at(place, vector(_outside(path))))


def _row(vector: Any, path: Path) -> None:
    _plate(path)
    amend(path / ".zattrs", set_at(("plate", "rows", 0, "name"), ".."))
    amend(path / ".zattrs", set_at(("plate", "wells", 1, "path"), "../outside.zarr"))
    amend(
        path / ".zattrs",
        set_at(("plate", "columns", 1, "name"), vector(_outside(path))),
    )


def _field(vector: Any, path: Path) -> None:
    _plate(path)
    images = [{"path": "0"}, {"path": vector(_outside(path))}]
    amend(path / "A" / "1" / ".zattrs", set_at(("well", "images"), images))


def _series(vector: Any, path: Path) -> None:
    build_series(path, count=1, listed=["0"], axes="yx", shape=SHAPE)
    amend(path / "OME" / ".zattrs", set_at(("series",), ["0", vector(_outside(path))]))


def _scene(vector: Any, path: Path) -> None:
    build_scene(path, axes="yx", shape=SHAPE)
    place = ("attributes", "ome", "scene", "coordinateTransformations", 1)
    bad = vector(_outside(path))
    amend(path / "zarr.json", set_at((*place, "input", "path"), bad))


def _parameters(vector: Any, path: Path) -> None:
    bad = vector(_outside(path))
    affine = {"type": "affine", "path": bad, "output": {"name": "physical"}}
    steps = [affine | {"input": {"path": str(i)}} for i in range(2)]
    plain_image(path, "0.6", transforms=steps)


_GATE = ("unsafe-path",)
_PLACES: dict[str, tuple[Callable[[Any, Path], Any], tuple[str, ...]]] = {
    "level": (_level, _GATE),
    "level-v05": (partial(_level, version="0.5"), _GATE),
    "level-v06": (partial(_level, version="0.6"), _GATE),
    "label": (_label, _GATE),
    "label-level": (_label_level, _GATE),
    "source": (_source, ("label-source",)),
    "well": (_well, _GATE),
    "row": (_row, _GATE),
    "field": (_field, _GATE),
    "series": (_series, _GATE),
    "scene": (_scene, _GATE),
    "parameters": (_parameters, ("transform-parameters",)),
}


def _cases() -> list[Case]:
    found = [
        Case(name=f"path-level-{name}", build=partial(_level, vector))
        for name, vector in VECTORS.items()
        if name not in SOME
    ]
    for place, (build, kinds) in _PLACES.items():
        found += [
            Case(
                name=f"path-{place}-{name}",
                build=partial(build, VECTORS[name]),
                kinds=kinds,
                pixels="any" if place == "source" else "right",
            )
            for name in SOME
        ]
    found += [
        Case(
            name=f"path-all-levels-{name}",
            build=partial(_all_levels, VECTORS[name]),
            refused="not followed",
        )
        for name in SOME
    ]
    return found


CASES = _cases()
