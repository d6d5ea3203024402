"""Names of files and folders that every file system takes, and how to get one.

Knows what Windows, macOS and Linux refuse, or change unasked. Knows text only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Characters that Windows does not take in a name; ``\0`` and ``/`` nobody does.
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]')
#: What besides would be followed elsewhere, or is no ``<`` any more (`names.plain`).
_REPLACED = re.compile(r'[\x00-\x1f<>:"/\\|?*%\u2039]+')
#: Devices of Windows, with any suffix.
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3]) *(\..*)?",
    re.IGNORECASE | re.DOTALL,
)
_MOST_BYTES = 255


def fault_of(name: str) -> str:
    """Return why some file system does not take a name; empty where all do.

    Parameters
    ----------
    name
        Of one file or folder, without any separator.
    """
    if found := _UNFIT.search(name):
        return f"it contains {plain(repr(found[0]))}"
    if not name.strip(" ."):
        return "it is empty"
    if name.endswith((".", " ")):
        return "it ends in a dot or a space, which Windows leaves out"
    if _DEVICE.fullmatch(name):
        return "Windows keeps it for a device"
    if len(name.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        return f"it is longer than {_MOST_BYTES} bytes"
    return ""


def portable(name: str, otherwise: str, *, limit: int = 100) -> str:
    """Return a name that every file system takes, as like to `name` as can be.

    Parameters
    ----------
    name
        Any text.
    otherwise
        What is returned where nothing is left of it; set before devices.
    limit
        Bytes that it may have, besides those of `otherwise`.
    """
    text = _REPLACED.sub("_", plain(name, limit=limit))
    text = text.encode("utf-8")[:limit].decode("utf-8", errors="ignore").strip(" .")
    if _DEVICE.fullmatch(text):
        return f"{otherwise}_{text}"
    return text or otherwise


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, numbered where one came before (case does not count)."""
    taken: set[str] = set()
    found = []
    for name in names:
        one, number = name, 2
        while one.casefold() in taken:
            one, number = f"{name}_{number}", number + 1
        taken.add(one.casefold())
        found.append(one)
    return tuple(found)
