"""Metadata documents that are broken, endless, or not what they should be."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.arrays import write_array, write_group
from cases.many import build_plate
from hostile.case import SHAPE, Case, amend, plain_image, set_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DEEP = 200_000
_MANY = 120 * 2**20
_FIRST = ("multiscales", 0)
_STEPS = (*_FIRST, "datasets", 0, "coordinateTransformations")


def _root(content: bytes, path: Path, *, name: str = ".zattrs") -> None:
    plain_image(path, "0.4" if name == ".zattrs" else "0.5")
    (path / name).write_bytes(content)


def _level(content: bytes, path: Path) -> None:
    """Spoil the document of the coarse level."""
    plain_image(path)
    (path / "1" / ".zarray").write_bytes(content)


def _spoil(change: Callable[[bytes], bytes], path: Path) -> None:
    """Change the bytes of the document of an image that is right."""
    plain_image(path)
    document = path / ".zattrs"
    document.write_bytes(change(document.read_bytes()))


def _number(text: str, place: tuple[str | int, ...], path: Path) -> None:
    """Put the text of a number, which need not be JSON, at a place."""
    plain_image(path)
    amend(path / ".zattrs", set_at(place, "PLACE"))
    document = path / ".zattrs"
    document.write_text(document.read_text().replace('"PLACE"', text))


def _scale(value: Any, path: Path) -> None:
    plain_image(path)
    amend(path / ".zattrs", set_at((*_STEPS, 0, "scale"), value))


def _translation(value: Any, path: Path) -> None:
    plain_image(path)
    amend(
        path / ".zattrs",
        set_at((*_STEPS,), [{"type": "translation", "translation": value}]),
    )


def _v06_steps(steps: list[Any], path: Path) -> None:
    plain_image(path, "0.6", transforms=steps)


def _nested_sequence(depth: int, path: Path) -> None:
    step: Any = {"type": "scale", "scale": [1, 1]}
    for _ in range(depth):
        step = {"type": "sequence", "transformations": [step]}
    ends = {"input": {"path": "0"}, "output": {"name": "physical"}}
    plain_image(path, "0.6", transforms=[step | ends, None])


def _sparse(size: int, name: str, path: Path) -> None:
    """Make a document that is large, and takes no room on disk."""
    plain_image(path, "0.4" if name.startswith(".z") else "0.5")
    with (path / name).open("r+b") as file:
        file.truncate(size)


def _padded(path: Path) -> None:
    """Fill a document with as many small values as fit below the limit on bytes."""
    plain_image(path)
    numbers = b"[" + b"0," * (7 * 2**20) + b"0]"
    text = (path / ".zattrs").read_bytes().rstrip()[:-1]
    (path / ".zattrs").write_bytes(text + b', "x": ' + numbers + b"}")


def _strings(path: Path) -> None:
    plain_image(path)
    amend(path / ".zattrs", set_at(("x",), ["a" * 100] * 150_000))


def _problems_without_end(path: Path) -> None:
    """Write a list in which each of many entries is wrong."""
    plain_image(path)
    entry = {"path": "0", "coordinateTransformations": [{"type": "scale"}] * 3}
    amend(path / ".zattrs", set_at((*_FIRST, "datasets"), [entry] * 20_000))


def _levels(path: Path) -> None:
    plain_image(path)

    def many(document: Any) -> None:
        datasets = document["multiscales"][0]["datasets"]
        datasets += [datasets[1] | {"path": f"level{i}"} for i in range(20_000)]

    amend(path / ".zattrs", many)


def _same_level(path: Path) -> None:
    plain_image(path)

    def many(document: Any) -> None:
        document["multiscales"][0]["datasets"] *= 5000

    amend(path / ".zattrs", many)


def _entries(path: Path) -> None:
    plain_image(path)

    def many(document: Any) -> None:
        document["multiscales"] *= 2000

    amend(path / ".zattrs", many)


def _entries_of_many_levels(path: Path) -> None:
    plain_image(path)

    def many(document: Any) -> None:
        first = document["multiscales"][0]
        for i in range(2000):
            levels = [{"path": f"{i}.{j}"} for j in range(60)]
            document["multiscales"].append({"axes": first["axes"], "datasets": levels})

    amend(path / ".zattrs", many)


def _channels(count: int, path: Path) -> None:
    plain_image(path, axes="cyx", shape=(1, *SHAPE), omero={"channels": []})
    channel = {"label": "c", "color": "FF0000", "active": True}
    amend(path / ".zattrs", set_at(("omero", "channels"), [channel] * count))


def _wide(count: int, path: Path) -> None:
    """Write an image with a great many channels, none of them written."""
    plain_image(
        path,
        axes="cyx",
        shape=(2, *SHAPE),
        chunks=(1, 8, 8),
        chunks_written=False,
    )
    for level, size in (("0", 16), ("1", 8)):
        amend(path / level / ".zarray", set_at(("shape",), [count, size, size]))


def _plate(path: Path) -> None:
    build_plate(path, rows=("A",), columns=("1",), fields=1, axes="yx", shape=SHAPE)
    side = 3000
    rows = [{"name": f"r{i}"} for i in range(side)]
    columns = [{"name": f"c{i}"} for i in range(side)]
    wells = [
        {"path": f"r{i}/c{j}", "rowIndex": i, "columnIndex": j}
        for i in range(side)
        for j in range(4)
    ]
    first = {"path": "A/1", "rowIndex": 0, "columnIndex": 0}
    plate = {"rows": rows, "columns": columns, "wells": [first, *wells]}
    amend(path / ".zattrs", set_at(("plate",), plate | {"version": "0.4"}))


def _whole_plate(path: Path) -> None:
    """Write a plate of 3000 x 3000 wells: more text than is read."""
    _plate(path)
    well = b'{"path": "A/1", "rowIndex": 0, "columnIndex": 0},'
    document = path / ".zattrs"
    text = document.read_bytes()
    document.write_bytes(text.replace(b'"wells": [', b'"wells": [' + well * 400_000))


def _labels(path: Path) -> None:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    names = ["nuclei", *(f"label{i}" for i in range(20_000))]
    amend(path / "labels" / ".zattrs", set_at(("labels",), names))


def _colors(path: Path) -> None:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    block = path / "labels" / "nuclei" / ".zattrs"
    colors = [{"label-value": i, "rgba": [1, 2, 3, 255]} for i in range(20_000)]
    amend(block, set_at(("image-label", "colors"), colors))


def _odd_colors(path: Path) -> None:
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    block = path / "labels" / "nuclei" / ".zattrs"
    colors = [
        {"label-value": 2**70, "rgba": [1, 2, 3, 255]},
        {"label-value": -1, "rgba": [1, 2, 3]},
        {"label-value": 1.5, "rgba": "red"},
        {"label-value": None, "rgba": None},
        {"label-value": 1, "rgba": [1e300, -5, None, "x"]},
        "red",
    ]
    amend(block, set_at(("image-label", "colors"), colors))
    properties = [{"label-value": 2**70, "a": 1}, {"label-value": 1, "a": [{}]}, 5]
    amend(block, set_at(("image-label", "properties"), properties))


def _both_formats(path: Path) -> None:
    plain_image(path, "0.5")
    write_group(path, {"multiscales": "stale"}, zarr_format=2)


def _stale_consolidated(path: Path) -> None:
    plain_image(path)
    stale = {
        "zarr_consolidated_format": 1,
        "metadata": {".zgroup": {}, "0/.zarray": {}},
    }
    (path / ".zmetadata").write_text(json.dumps(stale))


def _stale_consolidated_v3(path: Path) -> None:
    plain_image(path, "0.5")
    inner = {
        "kind": "inline",
        "must_understand": False,
        "metadata": {"0": {"shape": 5}},
    }
    amend(path / "zarr.json", set_at(("consolidated_metadata",), inner))


def _level_is_group(path: Path) -> None:
    plain_image(path)
    (path / "1" / ".zarray").unlink()
    write_group(path / "1", zarr_format=2)


def _root_is_array(path: Path) -> None:
    write_array(path, None, zarr_format=2, chunks=(8, 8), shape=SHAPE, dtype="u2")
    (path / ".zarray").write_text("[]")


def _level_missing(path: Path) -> None:
    plain_image(path)
    (path / "1" / ".zarray").unlink()


def _levels_missing(path: Path) -> None:
    _level_missing(path)
    (path / "0" / ".zarray").unlink()


def _cycle(path: Path) -> None:
    """Name the image as its own label, level and well."""
    plain_image(path, labels={"nuclei": {"compression": "none"}})
    amend(path / "labels" / ".zattrs", set_at(("labels",), ["nuclei", "nuclei", "0"]))
    place = ("multiscales", 0, "datasets", 1, "path")
    amend(path / "labels" / "nuclei" / ".zattrs", set_at(place, "labels/nuclei"))


def _deep_folders(path: Path) -> None:
    here = path
    for _ in range(40):
        write_group(here, zarr_format=2)
        here = here / "g"
    write_group(here, zarr_format=2)


_BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not JSON"),
    "blank": (b" \n\t ", "not JSON"),
    "truncated": (b'{"multiscales": [{"axes": [', "not JSON"),
    "binary": (bytes(range(256)), "UTF-8"),
    "utf-16": ('{"multiscales": []}'.encode("utf-16"), "UTF-8"),
    "list": (b"[]", "object"),
    "number": (b"5", "object"),
    "null": (b"null", "object"),
    "text": (b'"multiscales"', "object"),
    "html": (b"<html><body>Log in</body></html>", "not JSON"),
    "deep-lists": (b"[" * _DEEP + b"]" * _DEEP, "nested|deep"),
    "deep-objects": (b'{"a":' * _DEEP + b"1" + b"}" * _DEEP, "nested|deep"),
    "deep-and-open": (b"[" * _DEEP, "nested|deep|JSON"),
    "sixty-five-deep": (b'{"a":' * 65 + b"1" + b"}" * 65, "nested"),
    "surrogate": (b'{"a": "\xed\xa0\x80"}', "UTF-8"),
    "trailing": (b"{} {}", "not JSON"),
    "single-quotes": (b"{'a': 1}", "not JSON"),
}
_NUMBERS = {
    "nan": "NaN",
    "infinity": "Infinity",
    "minus-infinity": "-Infinity",
    "too-large": "1e400",
    "four-hundred-digits": "9" * 400,
    "long-fraction": "0." + "1" * 5000,
}
_SCALES: dict[str, Any] = {
    "zero": [0, 0],
    "negative": [-0.5, 0.5],
    "null": None,
    "nulls": [None, None],
    "texts": ["0.5", "0.5"],
    "text": "0.5",
    "empty": [],
    "one": [0.5],
    "nine": [1.0] * 9,
    "tiny": [5e-324, 5e-324],
    "huge": [1.7e308, 1.7e308],
    "nested": [[0.5], [0.5]],
    "booleans": [True, False],
    "object": {"0": 1},
    "whole-huge": [10**60, 10**60],
}
_ENDS = {"input": {"path": "0"}, "output": {"name": "physical"}}
_STEPS_V06: dict[str, list[Any]] = {
    "unknown-type": [{"type": "<b>warp</b>"} | _ENDS, None],
    "no-type": [_ENDS, None],
    "affine-ragged": [{"type": "affine", "affine": [[1, 0], [1]]} | _ENDS, None],
    "affine-huge": [{"type": "affine", "affine": [[1.0] * 3] * 3000} | _ENDS, None],
    "affine-texts": [{"type": "affine", "affine": [["a"] * 3] * 2} | _ENDS, None],
    "affine-singular": [{"type": "affine", "affine": [[1, 1, 0]] * 2} | _ENDS, None],
    "rotation-empty": [{"type": "rotation", "rotation": []} | _ENDS, None],
    "map-axis-far": [{"type": "mapAxis", "mapAxis": [0, 9**30]} | _ENDS, None],
    "map-axis-twice": [{"type": "mapAxis", "mapAxis": [1, 1]} | _ENDS, None],
    "by-dimension": [
        {
            "type": "byDimension",
            "transformations": [
                {
                    "transformation": {"type": "scale", "scale": [1] * 5},
                    "input_axes": ["y", "y"],
                    "output_axes": [2**40],
                }
            ],
        }
        | _ENDS,
        None,
    ],
    "bijection": [{"type": "bijection", "forward": {}, "inverse": 5} | _ENDS, None],
    "displacements": [{"type": "displacements", "path": "../../x"} | _ENDS, None],
}


def _cases() -> list[Case]:
    found = [
        Case(name=f"root-{name}", build=partial(_root, content), refused=why)
        for name, (content, why) in _BROKEN.items()
    ]
    found += [
        Case(
            name=f"zarr-json-{name}",
            build=partial(_root, content, name="zarr.json"),
            refused=why,
        )
        for name, (content, why) in _BROKEN.items()
        if name in ("empty", "deep-objects", "list", "truncated", "binary")
    ]
    found += [
        Case(
            name=f"level-{name}",
            build=partial(_level, content),
            kinds=("unreadable-document",),
        )
        for name, (content, _) in _BROKEN.items()
        if name in ("empty", "deep-objects", "list", "truncated", "binary")
    ]
    for name, text in _NUMBERS.items():
        given = Case(name=name, build=plain_image, kinds=("not-a-number",))
        for where, place in {
            "scale": (*_STEPS, 0, "scale", 1),
            "whole-scale": (*_STEPS, 0, "scale"),
            "unknown-key": ("x",),
        }.items():
            build = partial(_number, text, place)
            found.append(Case(name=f"{where}-{name}", build=build, kinds=given.kinds))
    found += [
        Case(name=f"scale-{name}", build=partial(_scale, value))
        for name, value in _SCALES.items()
    ]
    found += [
        Case(name=f"translation-{name}", build=partial(_translation, value))
        for name, value in _SCALES.items()
    ]
    found += [
        Case(name=f"transform-{name}", build=partial(_v06_steps, steps))
        for name, steps in _STEPS_V06.items()
    ]
    return found


CASES = [
    *_cases(),
    Case(
        name="duplicate-multiscales",
        build=partial(
            _spoil, lambda text: text.replace(b"{", b'{"multiscales": [],', 1)
        ),
        kinds=("duplicate-key",),
    ),
    Case(
        name="duplicate-deep-down",
        build=partial(
            _spoil, lambda text: text.replace(b'"type"', b'"type": "x", "type"', 1)
        ),
        kinds=("duplicate-key",),
    ),
    Case(name="bom", build=partial(_spoil, lambda text: b"\xef\xbb\xbf" + text)),
    Case(
        name="nul-in-key",
        build=partial(_spoil, lambda text: text.replace(b"{", b'{"a\\u0000b": 1,', 1)),
    ),
    Case(
        name="lone-surrogate",
        build=partial(
            _spoil, lambda text: text.replace(b'"image"', b'"\\ud800<b>"', 1)
        ),
    ),
    Case(
        name="document-huge",
        build=partial(_sparse, _MANY, ".zattrs"),
        refused="size|large",
    ),
    Case(
        name="zarr-json-huge",
        build=partial(_sparse, _MANY, "zarr.json"),
        refused="size|large",
    ),
    Case(name="document-many-values", build=_padded, refused="values"),
    Case(name="document-many-texts", build=_strings),
    Case(name="sequence-nested", build=partial(_nested_sequence, 12)),
    Case(
        name="sequence-nested-deep",
        build=partial(_nested_sequence, 200),
        refused="deep",
    ),
    Case(name="problems-without-end", build=_problems_without_end, pixels="any"),
    Case(name="levels-20000", build=_levels, kinds=("limit-exceeded",)),
    Case(name="levels-repeated", build=_same_level, kinds=("limit-exceeded",)),
    Case(name="multiscales-2000", build=_entries, kinds=("not-all-opened",)),
    Case(
        name="multiscales-2000-of-60-levels",
        build=_entries_of_many_levels,
        kinds=("limit-exceeded",),
    ),
    Case(name="omero-200000-channels", build=partial(_channels, 200_000), pixels="any"),
    Case(
        name="array-1000000-channels",
        build=partial(_wide, 1_000_000),
        kinds=("many-channels",),
        pixels="any",
    ),
    Case(name="array-256-channels", build=partial(_wide, 256), pixels="any"),
    Case(name="plate-12000-wells", build=_plate, kinds=("not-all-opened",)),
    Case(name="plate-too-many-wells", build=_whole_plate, refused="values|size|large"),
    Case(name="labels-20000", build=_labels, kinds=("limit-exceeded",)),
    Case(name="label-colors-20000", build=_colors),
    Case(name="label-colors-odd", build=_odd_colors),
    Case(name="both-formats", build=_both_formats, kinds=("two-zarr-formats",)),
    Case(name="consolidated-stale", build=_stale_consolidated),
    Case(name="consolidated-stale-v3", build=_stale_consolidated_v3),
    Case(name="level-is-group", build=_level_is_group, kinds=("cannot-open",)),
    Case(name="level-missing", build=_level_missing, kinds=("cannot-open",)),
    Case(name="levels-missing", build=_levels_missing, refused="no array"),
    Case(name="root-array-is-list", build=_root_is_array, refused="object"),
    Case(name="cycle", build=_cycle),
    Case(name="folders-deep", build=_deep_folders, refused="without images"),
]
