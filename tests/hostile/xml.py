"""OME-XML beside a series that expands, includes, nests or counts without end."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cases.many import build_series
from hostile.case import SHAPE, Case

if TYPE_CHECKING:
    from pathlib import Path

_LAUGHS = '<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12)
)
_TEXTS: dict[str, tuple[str, str]] = {
    "billion-laughs": (f"<!DOCTYPE OME [{_LAUGHS}]><OME>&l11;</OME>", "unreadable"),
    "quadratic": (
        f'<!DOCTYPE OME [<!ENTITY a "{"a" * 50_000}">]><OME>{"&a;" * 20_000}</OME>',
        "unreadable",
    ),
    "external-entity": (
        '<!DOCTYPE OME [<!ENTITY x SYSTEM "OUTSIDE/secret.xml">]>'
        "<OME><Image/>&x;</OME>",
        "unreadable",
    ),
    "external-dtd": (
        '<!DOCTYPE OME SYSTEM "OUTSIDE/secret.xml"><OME><Image/></OME>',
        "unreadable",
    ),
    "parameter-entity": (
        '<!DOCTYPE OME [<!ENTITY % x SYSTEM "OUTSIDE/secret.xml"> %x;]>'
        "<OME><Image/></OME>",
        "unreadable",
    ),
    "undefined-entity": ("<OME><Image/>&x;</OME>", "unreadable"),
    "nested": ("<a>" * 200_000 + "</a>" * 200_000, "unreadable"),
    "nested-and-open": ("<a>" * 200_000, "unreadable"),
    "images-200000": ("<OME>" + "<Image/>" * 200_000 + "</OME>", "limit-exceeded"),
    "empty": (" ", "unreadable"),
    "cut": ("<OME><Image/>", "unreadable"),
    "not-xml": ('{"series": ["0"]}', "unreadable"),
    "attributes": (
        "<OME><Image " + " ".join(f'a{i}="1"' for i in range(50_000)) + "/></OME>",
        "",
    ),
    "include": (
        '<OME xmlns:xi="http://www.w3.org/2001/XInclude">'
        '<xi:include href="OUTSIDE/secret.xml"/><Image ID="../outside.zarr"/></OME>',
        "",
    ),
    "identifiers": ('<OME><Image ID="../../outside.zarr" Name="&lt;b>"/></OME>', ""),
}


def _series(text: str, path: Path) -> None:
    outside = path.parent / "outside.zarr"
    xml = text.replace("OUTSIDE", outside.as_uri())
    build_series(path, count=1, axes="yx", shape=SHAPE, xml=xml)


def _encoded(path: Path) -> None:
    """Say one encoding and write another."""
    _series("<OME/>", path)
    text = '<?xml version="1.0" encoding="UTF-7"?><OME><Image/></OME>'
    (path / "OME" / "METADATA.ome.xml").write_bytes(text.encode("utf-16"))


def _unknown(path: Path) -> None:
    """Say an encoding that nobody has."""
    _series("<OME/>", path)
    text = '<?xml version="1.0" encoding="KLINGON"?><OME><Image/></OME>'
    (path / "OME" / "METADATA.ome.xml").write_text(text)


def _sparse(path: Path) -> None:
    _series("<OME/>", path)
    with (path / "OME" / "METADATA.ome.xml").open("r+b") as file:
        file.truncate(60 * 2**20)


_KINDS = {"unreadable": ("unreadable-document",), "": ()}
CASES = [
    *(
        Case(
            name=f"xml-{name}",
            build=partial(_series, text),
            kinds=_KINDS.get(kind, (kind,)),
        )
        for name, (text, kind) in _TEXTS.items()
    ),
    Case(name="xml-encoding", build=_encoded, kinds=("unreadable-document",)),
    Case(name="xml-encoding-unknown", build=_unknown, kinds=("unreadable-document",)),
    Case(
        name="xml-huge", build=_sparse, kinds=("limit-exceeded", "unreadable-document")
    ),
]
