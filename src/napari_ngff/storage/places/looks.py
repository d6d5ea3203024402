"""What may be a Zarr store, told by names alone.

Knows what Zarr calls its documents and how people write paths and URLs; reads and
fetches nothing. It imports next to nothing, for napari asks of every folder.
"""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit

#: Documents that make a folder a Zarr node: of format 3, then of format 2.
V3, GROUP, ARRAY, ATTRIBUTES = "zarr.json", ".zgroup", ".zarray", ".zattrs"
MARKERS = (V3, GROUP, ARRAY, ATTRIBUTES)
#: Names that a person may point at and mean the folder that holds them.
DOCUMENTS = (*MARKERS, ".zmetadata")
#: Schemes of URLs that are read.
WEB = ("http", "https")

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+)://")
_ARCHIVE = 2**26
_STORES = (".zarr", ".ozx", ".zarr.zip")


def looks_like_zarr(path: str | os.PathLike[str]) -> bool:
    """Tell by names alone whether this may be a Zarr store or something inside one.

    A folder is one if it holds a Zarr metadata document; a file if it is one, or an
    ``.ozx`` file, or a ``.zip`` file with one in it; a URL if a part of its path ends
    in ``.zarr``, ``.ozx`` or ``.zarr.zip``, or it names a metadata document. No
    document is read and nothing is fetched; it never raises.
    """
    text = os.fspath(path)
    scheme = scheme_of(text)
    if scheme in WEB:
        return _looks_like_zarr_url(text)
    if scheme not in ("", "file"):
        return False
    try:
        local = local_path(text, scheme)
        if os.path.isdir(local):
            return any(os.path.isfile(os.path.join(local, m)) for m in MARKERS)
        return os.path.isfile(local) and _looks_like_zarr_file(local)
    except (OSError, ValueError):
        return False


def _looks_like_zarr_url(url: str) -> bool:
    try:
        segments = unquote(urlsplit(url).path).rstrip("/").split("/")
    except ValueError:
        return False
    inside = any(segment.lower().endswith(_STORES) for segment in segments)
    return inside or segments[-1] in DOCUMENTS


def _looks_like_zarr_file(path: str) -> bool:
    lower = path.lower()
    if not lower.endswith(".zip"):
        return lower.endswith(".ozx") or os.path.basename(path) in DOCUMENTS
    from napari_ngff.storage.keys.central import members

    with open(path, "rb") as file:
        names = members(file, limit=_ARCHIVE)
    return any(n.rpartition("/")[2] in MARKERS and n.count("/") < 2 for n in names)


def scheme_of(text: str) -> str:
    """Return the scheme of a URL in lower case; empty for a path."""
    if text[:5].lower() == "file:":
        return "file"
    found = _SCHEME.match(text)
    return found[1].lower() if found else ""


def local_path(text: str, scheme: str) -> str:
    """Return the path of a file system that a text or ``file:`` URL means.

    Raises
    ------
    ValueError
        If it cannot be one here; the text says why.
    """
    if scheme == "file":
        from urllib.request import url2pathname

        parts = urlsplit(text)
        if parts.netloc not in ("", "localhost") and os.name != "nt":
            message = "it names another machine. Open it where it is mounted here."
            raise ValueError(message)
        host = parts.netloc if parts.netloc != "localhost" else ""
        text = url2pathname(f"//{host}{parts.path}" if host else parts.path)
    if "\0" in text:
        message = "a path cannot contain a NUL character."
        raise ValueError(message)
    return os.path.abspath(os.path.expanduser(text))
