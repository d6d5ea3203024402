"""From a path or URL to a store, checked: the only way in.

Knows folders, archives and web addresses, and how to find a store's root from a path
inside it; does not know OME-Zarr. It imports neither zarr nor numpy until an array is
asked for.

What may be opened: a folder with Zarr metadata, with or without a trailing slash or a
``.zarr`` suffix; a metadata document, a group or an array inside one; a ``file://``
URL; a ``.zip`` or ``.ozx`` file; an ``http(s)://`` URL of any of these.
"""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import check_path, plain, scrub
from napari_ngff.core.problems import (
    CannotOpen,
    LimitExceeded,
    NgffError,
)
from napari_ngff.storage.chunks.arrays import lazy_array, no_array
from napari_ngff.storage.places.documents import Documents
from napari_ngff.storage.places.looks import WEB, local_path, looks_like_zarr, scheme_of
from napari_ngff.storage.places.nodes import NodeDocument

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.places.finding import Found

__all__ = ["Location", "NodeDocument", "looks_like_zarr", "open_location"]


class Location:
    """An opened store and a node in it. Nothing but metadata has been read.

    It can be pickled: it is opened again by its URL. What a remote store needs to be
    let in is kept by the process and is no part of it.

    Parameters
    ----------
    keys
        The bytes of the store.
    node
        Path of the node that was asked for inside the store; ``""`` is the root.
    limits
        Bounds on everything that is read.
    documents
        Metadata that has been read already, by node.

    Attributes
    ----------
    url
        The root of the store: fit to show, to keep, and to open again.
    node
        The node that was asked for.
    name
        The last part of `url`, to show.
    """

    __slots__ = ("_documents", "_keys", "limits", "name", "node", "url")

    def __init__(
        self,
        keys: Keys,
        node: str,
        *,
        limits: Limits = LIMITS,
        documents: Mapping[str, NodeDocument | None] = MappingProxyType({}),
    ) -> None:
        self._keys = keys
        self._documents = Documents(keys, limits, documents)
        self.limits = limits
        self.node = node
        self.url = keys.url
        self.name = plain(_name(keys.url))

    @property
    def keys(self) -> Keys:
        """The bytes of the store, unchecked: for who copies files as they are."""
        return self._keys

    def __reduce__(self) -> Any:
        return _location, (self._keys, self.node, self.limits)

    def __repr__(self) -> str:
        return f"Location({self.url!r}, node={self.node!r})"

    def document(self, node: str) -> NodeDocument | None:
        """Return the metadata of a node, read once; None where there is none.

        Raises
        ------
        UnsafePath
            If the path may not be followed.
        DocumentError
            If its metadata is there and cannot be read.
        """
        [found] = self.documents([node])
        if isinstance(found, NgffError):
            raise found
        return found

    def documents(self, nodes: Sequence[str]) -> list[NodeDocument | NgffError | None]:
        """Return the metadata of several nodes, in their order.

        What cannot be read is given as the error that `document` would raise. Where a
        read takes a round trip, up to eight are under way at a time, and nodes are
        looked for in the Zarr format of the root; in the other one only where a node
        of that is known, or none of the root's is.
        """
        return self._documents.find(nodes)

    def complete(self, document: NodeDocument) -> NodeDocument:
        """Return a document with its attributes.

        Those of an array of format 2 are in a document of their own, which over the
        web is not asked for before it is needed. What is wrong with it is a problem.
        """
        return self._documents.complete(document)

    def children(self, node: str) -> tuple[str, ...] | None:
        """Return the names of the groups and arrays in a group.

        Names that may not be followed, and folders without Zarr metadata, are left
        out; numbers come in the order of their values. At most ``limits.images``.

        Where the store cannot be listed (most web servers), consolidated metadata of
        the root is taken for a hint: at most 256 names of it, each of which has been
        looked at and is there.

        Returns
        -------
        tuple of str or None
            None where it is not known which there are.

        Raises
        ------
        UnsafePath, Unreadable
            If the path may not be followed, or the store cannot be read.
        """
        return self._documents.children(node)

    def file(self, key: str, *, limit: int) -> bytes | None:
        """Return a file beside the metadata, such as an OME-XML; None without one.

        Parameters
        ----------
        key
            Its path inside the store.
        limit
            How many bytes at most.

        Raises
        ------
        UnsafePath, Unreadable
            If the path may not be followed, or the file cannot be read.
        LimitExceeded
            If it is larger than `limit`.
        """
        checked = check_path(key, limits=self.limits)
        return self._keys.get(checked, limit=limit)

    def array(self, document: NodeDocument) -> LazyArray:
        """Return the pixels of an array, checked and not yet read.

        Parameters
        ----------
        document
            What `document` returned for it.

        Raises
        ------
        DocumentError
            If it is not an array, or not one that can be read.
        LimitExceeded
            If it asks for more than the limits allow.
        """
        return lazy_array(self._keys, document, self.limits)

    def small_array(self, node: str) -> NDArray[np.generic]:
        """Return the whole of an array of parameters, such as an affine matrix.

        Raises
        ------
        UnsafePath, DocumentError, LimitExceeded
            As `document` and `array`; also if there is no such array, or it has more
            than ``limits.matrix_items`` items.
        ChunkReadError
            If its values cannot be read.
        """
        import math

        import numpy as np

        document = self.document(node)
        if document is None or document.kind != "array":
            raise no_array(self.url, node)
        array = self.array(document)
        items = math.prod(array.shape)
        if items > self.limits.matrix_items:
            what = f"The number of items of {plain(node)!r} in {self.url}"
            raise LimitExceeded(what, items, self.limits.matrix_items)
        return np.asarray(array)


def _location(keys: Keys, node: str, limits: Limits) -> Location:
    return Location(keys, node, limits=limits)


def open_location(path: str | os.PathLike[str], *, limits: Limits = LIMITS) -> Location:
    """Open a path or URL and find the root of the store that it is in.

    The root of a local store or archive is the topmost ancestor that is a Zarr group
    in an unbroken chain of groups (a ``labels`` folder may lack its own metadata). On
    the web, where each look costs a round trip, the chain is followed up to the
    topmost part of the address that ends in ``.zarr``; where there is none, as far as
    there are groups.

    Parameters
    ----------
    path
        See the module's docstring. ``~`` is the home folder.
    limits
        Bounds on what is read.

    Raises
    ------
    CannotOpen
        If nothing there can be opened; the reason says what to do.
    NotOmeZarr
        If there is something, but no Zarr metadata.
    """
    text = os.fspath(path)
    scheme = scheme_of(text)
    if scheme in WEB:
        from napari_ngff.storage.places.web import find_on_web

        return _opened(find_on_web(text, limits), limits)
    if scheme not in ("", "file"):
        raise CannotOpen(scrub(text), _no_scheme(scheme))
    from napari_ngff.storage.places.finding import find_local

    return _opened(find_local(_local_path(text, scheme), limits), limits)


def _opened(found: Found, limits: Limits) -> Location:
    return Location(found.keys, found.node, limits=limits, documents=found.documents)


def _no_scheme(scheme: str) -> str:
    return (
        f"{scheme}:// addresses are not read. Use the https:// address of the same "
        "data if it has one, or copy it to a local folder first."
    )


def _local_path(text: str, scheme: str) -> str:
    try:
        return local_path(text, scheme)
    except ValueError as error:
        raise CannotOpen(plain(text, limit=1024), plain(str(error))) from error


def _name(url: str) -> str:
    if scheme_of(url) in WEB:
        parts = urlsplit(url)
        return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc
    return os.path.basename(url.rstrip("/\\")) or url
