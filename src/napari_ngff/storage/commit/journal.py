"""An edit of documents as one value, and as bytes: what is there before and after.

Knows keys and bytes; nothing of what the documents say. The same bytes are the journal
by which an edit that was interrupted is completed, and an entry of the history.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from napari_ngff.core.names import check_path
from napari_ngff.core.problems import UnsafePath
from napari_ngff.storage.commit import files
from napari_ngff.storage.commit.whole import read_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: What was at a key, and what is to be; None: nothing.
Pair: TypeAlias = tuple[bytes | None, bytes | None]

_KIND: Final = "napari-ngff edit"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An edit of documents.

    Attributes
    ----------
    name
        The last part of the store's path.
    when
        In seconds since 1970.
    note
        What was done, in a few words.
    files
        By key: what was there and what is to be.
    undoes
        The entry of the history that it takes back; empty for any other edit.
    """

    name: str
    when: float
    note: str
    files: Mapping[str, Pair]
    undoes: str = ""


def to_bytes(record: Record) -> bytes:
    """Return an edit as JSON; documents stay readable in it where they are text."""
    value = {
        "kind": _KIND,
        "version": _VERSION,
        "name": record.name,
        "when": record.when,
        "note": record.note,
        "undoes": record.undoes,
        "files": {
            key: [_packed(old), _packed(new)]
            for key, (old, new) in record.files.items()
        },
    }
    return json.dumps(value, indent=1).encode()


def from_bytes(data: bytes) -> Record:
    """Return the edit that bytes say.

    Raises
    ------
    ValueError
        If they say none, or name a path that may not be followed.
    """
    try:
        found = json.loads(data)
        if (found["kind"], found["version"]) != (_KIND, _VERSION):
            message = "this is no record of an edit, or of a later version"
            raise ValueError(message)
        pairs = {
            check_path(key): (_unpacked(old), _unpacked(new))
            for key, (old, new) in found["files"].items()
        }
        return Record(
            name=str(found["name"]),
            when=float(found["when"]),
            note=str(found["note"]),
            files=MappingProxyType(pairs),
            undoes=str(found["undoes"]),
        )
    except (UnsafePath, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"this is no record of an edit: {error}"
        raise ValueError(message) from error


def write_record(path: Path, record: Record) -> None:
    """Write an edit, wholly or not at all, and make it durable."""
    part = path.with_name(f"{path.name}.part")
    write_whole(part, to_bytes(record))
    files.rename(part, path)
    files.sync_folder(path.parent)


def read_record(path: Path) -> Record | None:
    """Return the edit that a file says; None where there is none.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it says no edit.
    """
    data = read_whole(path)
    return None if data is None else from_bytes(data)


def _packed(data: bytes | None) -> Any:
    if data is None:
        return None
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode("ascii")}


def _unpacked(value: Any) -> bytes | None:
    if value is None:
        return None
    if "text" in value:
        return bytes(value["text"].encode("utf-8"))
    return b64decode(value["base64"], validate=True)
