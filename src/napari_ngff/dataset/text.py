"""What `describe` says, laid out in lines for a terminal.

Knows columns; every text out of a file is made fit to be shown here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def info_lines(described: Mapping[str, Any]) -> list[str]:
    """Lay out what `dataset.describe.describe` says as lines of text."""
    lines = _LINES[described["kind"]](described)
    return [*lines, *_problem_lines(described["problems"])]


def _image_lines(image: Mapping[str, Any]) -> list[str]:
    version = plain(image["version"] or f"{image['dialect']} (by its structure)")
    lines = [
        *_head(image),
        f"{image['kind'].capitalize()} '{plain(image['name'])}', OME-Zarr {version}",
        "",
        *table(("Axis", "Type", "Unit"), [_axis_row(a) for a in image["axes"]]),
        "",
        *table(
            ("Level", "Shape", "Chunks", "Type", "Pixel size", "Origin"),
            [_level_row(level) for level in image["levels"]],
        ),
    ]
    if image["channels"]:
        rows = [_channel_row(i, c) for i, c in enumerate(image["channels"])]
        lines += ["", *table(("Channel", "Name", "Colour", "Window", ""), rows)]
    if image["labels"]:
        rows = [_label_row(label) for label in image["labels"]]
        titles = ("Labels", "Levels", "Shape", "Type", "Colours", "Properties")
        lines += ["", *table(titles, rows)]
    return lines


def _head(described: Mapping[str, Any]) -> list[str]:
    node = f" ({plain(described['node'])})" if described["node"] else ""
    return [f"{plain(described['store'], limit=4096)}{node}"]


def _axis_row(axis: Mapping[str, Any]) -> tuple[str, ...]:
    return _plain(axis["name"]), _plain(axis["type"]), _plain(axis["unit"])


def _plain(text: str | None) -> str:
    return "-" if text is None else plain(text)


def _level_row(level: Mapping[str, Any]) -> tuple[str, ...]:
    if "matrix" in level:
        rows = (_numbers(row) for row in level["matrix"])
        place = ("affine", "; ".join(rows))
    else:
        place = (_numbers(level["scale"]), _numbers(level["translation"]))
    shape, chunks = sizes(level["shape"]), sizes(level["chunks"])
    return plain(level["path"]), shape, chunks, level["dtype"], *place


def sizes(lengths: Sequence[int]) -> str:
    """Say the lengths of axes: ``"3 x 512 x 512"``."""
    return " x ".join(map(str, lengths))


def _numbers(numbers: Sequence[float] | None) -> str:
    return "unknown" if numbers is None else ", ".join(f"{n:g}" for n in numbers)


def _channel_row(index: int, channel: Mapping[str, Any]) -> tuple[str, ...]:
    window = channel["window"] or {"start": None, "end": None}
    ends = [window["start"], window["end"]]
    span = "-" if None in ends else f"{ends[0]:g} to {ends[1]:g}"
    hidden = "hidden" if channel["active"] is False else ""
    color = f"#{channel['color']}" if channel["color"] else "-"
    return str(index), _plain(channel["label"]), color, span, hidden


def _label_row(label: Mapping[str, Any]) -> tuple[str, ...]:
    finest = label["levels"][0]
    return (
        plain(label["label"]),
        str(len(label["levels"])),
        sizes(finest["shape"]),
        finest["dtype"],
        str(label["colors"]),
        str(label["properties"]),
    )


def _array_lines(array: Mapping[str, Any]) -> list[str]:
    names = array["dimension_names"]
    told = "-" if names is None else ", ".join(_plain(name) for name in names)
    row = (sizes(array["shape"]), sizes(array["chunks"]), array["dtype"], told)
    titles = ("Shape", "Chunks", "Type", "Dimensions")
    return [
        *_head(array),
        "Array without OME-Zarr metadata",
        "",
        *table(titles, [row]),
    ]


def _collection_lines(collection: Mapping[str, Any]) -> list[str]:
    there, opened = len(collection["paths"]), len(collection["children"])
    kind = {"images": "Image with several multiscales", "arrays": "Group of arrays"}
    title = kind.get(collection["collection"], collection["collection"].capitalize())
    lines = [*_head(collection), f"{title}: {there} listed, {opened} opened"]
    for child in collection["children"]:
        lines += ["", *(f"  {line}".rstrip() for line in info_lines(child))]
    return lines


def _problem_lines(problems: Sequence[Mapping[str, Any]]) -> list[str]:
    if not problems:
        return []
    order = {"error": 0, "warning": 1, "info": 2}
    ordered = sorted(problems, key=lambda p: order[p["level"]])
    counts = Counter(problem["level"] for problem in ordered)
    lines = ["", f"Problems: {counted(counts)}"]
    return lines + [
        f"  {p['level']:<8}{_place(p)}: {plain(p['message'], limit=1024)} [{p['kind']}]"
        for p in ordered
    ]


def _place(problem: Mapping[str, Any]) -> str:
    parts = (plain(problem["node"]), plain(problem["pointer"]))
    return "#".join(part for part in parts if part) or "/"


def counted(counts: Mapping[str, int]) -> str:
    """Say how many problems of each level there are; nothing where there is none.

    Parameters
    ----------
    counts
        Level → number, in the order in which they are named.
    """
    words = {"info": "note"}
    return ", ".join(
        f"{n} {words.get(level, level)}{'' if n == 1 else 's'}"
        for level, n in counts.items()
        if n
    )


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows in columns, each as wide as what is in it."""
    columns = list(zip(titles, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in (titles, *rows)
    ]


_LINES: Mapping[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "image": _image_lines,
    "label": _image_lines,
    "array": _array_lines,
    "collection": _collection_lines,
}
