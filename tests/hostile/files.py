"""Links, pipes and folders in the place of documents and chunks."""

from __future__ import annotations

import os
import socket
from functools import partial
from typing import TYPE_CHECKING

from cases.many import build_series
from hostile.case import SHAPE, Case, plain_image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _outside(path: Path) -> Path:
    return path.parent / "outside.zarr"


def _swap(path: Path, put: Callable[[Path], None]) -> None:
    """Put something in the place of a file."""
    path.unlink(missing_ok=True)
    put(path)


def _link(target: str) -> Callable[[Path], None]:
    return lambda place: place.symlink_to(target)


def _link_outside(name: str) -> Callable[[Path], None]:
    def put(place: Path) -> None:
        root = next(p for p in place.parents if p.name == "store.zarr")
        place.symlink_to(_outside(root) / name)

    return put


def _socket(place: Path) -> None:
    here = os.getcwd()
    os.chdir(place.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(place.name)
    finally:
        os.chdir(here)


_THINGS: dict[str, Callable[[Path], None]] = {
    "folder": lambda place: place.mkdir(),
    "pipe": os.mkfifo if hasattr(os, "mkfifo") else (lambda place: place.mkdir()),
    "socket": _socket,
    "zero": _link("/dev/zero"),
    "random": _link("/dev/urandom"),
    "itself": lambda place: place.symlink_to(place.name),
    "memory": _link("/proc/self/mem"),
    "environment": _link("/proc/self/environ"),
}
#: In the place of a chunk; the file of the store next door that it leads to.
_CHUNK = "0/0/0"


def _chunk(put: Callable[[Path], None], path: Path) -> None:
    plain_image(path)
    _swap(path / "1" / "0" / "0", put)


def _shard(put: Callable[[Path], None], path: Path) -> None:
    plain_image(path, "0.5", chunks=(4, 4), shards=(8, 8))
    _swap(path / "1" / "c" / "0" / "0", put)


def _document(name: str, put: Callable[[Path], None], path: Path) -> None:
    version = "0.5" if name.endswith("zarr.json") else "0.4"
    plain_image(path, version, labels={"nuclei": {"compression": "none"}})
    _swap(path / name, put)


def _folder_link(inside: str, path: Path) -> None:
    """Link a folder of the store to that of the store next door."""
    plain_image(path)
    target = path / inside
    for file in sorted(target.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    target.rmdir()
    target.symlink_to(_outside(path) / inside)


def _labels_link(path: Path) -> None:
    plain_image(path)
    (path / "labels").symlink_to(_outside(path))


def _folder_cycle(path: Path) -> None:
    plain_image(path)
    (path / "again").symlink_to(path)
    (path / "labels").symlink_to(path)


def _link_inside(path: Path) -> None:
    """Write an image of which one chunk is a link to another place in the store."""
    plain_image(path)
    chunk = path / "0" / "1" / "1"
    chunk.rename(path / "moved")
    chunk.symlink_to("../../moved")


def _xml_link(path: Path) -> None:
    build_series(path, count=1, axes="yx", shape=SHAPE, xml="x")
    _swap(path / "OME" / "METADATA.ome.xml", _link_outside("secret.xml"))


def _parent_is_file(path: Path) -> None:
    """Write a file where the folder of chunks should be."""
    plain_image(path)
    (path / "1" / "0" / "0").unlink()
    (path / "1" / "0").rmdir()
    (path / "1" / "0").write_bytes(b"x")


def _cases() -> list[Case]:
    found = []
    outside = {"outside": _link_outside(_CHUNK)}
    for name, put in (_THINGS | outside).items():
        found.append(
            Case(
                name=f"file-chunk-{name}",
                build=partial(_chunk, put),
                pixels="unreadable",
            )
        )
        found.append(
            Case(
                name=f"file-shard-{name}",
                build=partial(_shard, put),
                pixels="unreadable",
            )
        )
    for document in (".zattrs", "zarr.json", "1/.zarray", "labels/nuclei/.zattrs"):
        root = "/" not in document
        things = _THINGS | {"outside": _link_outside(document)}
        for name, put in things.items():
            found.append(
                Case(
                    name=f"file-{document.replace('/', '-')}-{name}",
                    build=partial(_document, document, put),
                    refused="folder|pipe|device|link|loop|cannot" if root else None,
                    kinds=() if root else ("unreadable-document",),
                )
            )
    return found


CASES = [
    *_cases(),
    Case(
        name="file-level-link",
        build=partial(_folder_link, "1"),
        kinds=("unreadable-document",),
    ),
    Case(name="file-labels-link", build=_labels_link),
    Case(name="file-folder-cycle", build=_folder_cycle),
    Case(name="file-link-inside", build=_link_inside),
    Case(name="file-xml-link", build=_xml_link, kinds=("unreadable",)),
    Case(name="file-chunk-folder-is-file", build=_parent_is_file, pixels="unreadable"),
]
