"""Array documents that we replaced ourselves, and that mean the same for the chunks.

Knows the stamps of files and which members of an array's document say nothing of its
chunks. An array that is open goes on through such an edit; a store that anybody else
replaced still has another stamp, and is another store.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import os
    from collections.abc import Hashable, Iterable

Stamp: TypeAlias = tuple[int, int, int, int]

#: What an array's ``zarr.json`` says besides of how its chunks are read.
_BESIDES: Final = ("attributes", "dimension_names", "consolidated_metadata")
_next: Final[dict[Hashable, Stamp]] = {}
_lock: Final = threading.Lock()


def stamp_of(found: os.stat_result) -> Stamp:
    """Return device, inode, time of change and size of a file."""
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def means_the_same(old: bytes | None, new: bytes | None) -> bool:
    """Tell whether two texts of an array's ``zarr.json`` say the same of its chunks."""
    if old is None or new is None:
        return False
    try:
        return _of_chunks(json.loads(old)) == _of_chunks(json.loads(new))
    except (ValueError, TypeError, RecursionError):
        return False


def _of_chunks(document: Any) -> str:
    if "shape" not in document:
        raise ValueError
    rest = {name: value for name, value in document.items() if name not in _BESIDES}
    return json.dumps(rest, sort_keys=True)


def renew(pairs: Iterable[tuple[Stamp, Stamp]]) -> None:
    """Remember that documents with some stamps have others now."""
    with _lock:
        _next.update((old, new) for old, new in pairs if old != new)


def leads(opened: Hashable, now: Hashable) -> bool:
    """Tell whether only our own edits are between two stamps of a document."""
    with _lock:
        passed: set[Hashable] = set()
        while opened not in passed and opened in _next:
            passed.add(opened)
            opened = _next[opened]
            if opened == now:
                return True
    return False
