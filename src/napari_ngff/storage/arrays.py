"""From an array's metadata document to its pixels, checked and not yet read.

Knows what is checked before zarr sees a document and how zarr's objections are told;
imports neither zarr nor numpy until an array is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded, Problem

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.nodes import NodeDocument


def lazy_array(keys: Keys, document: NodeDocument, limits: Limits) -> LazyArray:
    """Return the pixels of an array; see `Location.array`."""
    if document.kind != "array":
        raise no_array(keys.url, document.node)
    from napari_ngff.storage.codecs import encoded_limit, guard
    from napari_ngff.storage.lazy import LazyArray, ZarrSource, open_array
    from napari_ngff.storage.shards import ShardSpec, shard_spec
    from napari_ngff.storage.zarr_store import KeyStore

    url, node = keys.url, document.node
    try:
        checked = guard(document.metadata, document.zarr_format, limits)
    except DocumentError as error:
        raise DocumentError(url, node, error.problems) from error
    except LimitExceeded as error:
        what = f"{error.what} (array {plain(node)!r} of {url})"
        raise LimitExceeded(what, error.value, error.limit, error.advice) from error
    most = encoded_limit(checked, limits)
    shards = shard_spec(checked)
    store = KeyStore(
        keys,
        limits=replace(limits, encoded_chunk_bytes=most),
        shards=shards if isinstance(shards, ShardSpec) else None,
    )
    try:
        array = open_array(store, node, checked)
    except (TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise _unusable(url, node, error) from error
    stamp = partial(keys.stamp, document.key)
    source = ZarrSource(array, store=url, node=node, stamp=stamp, opened=document.stamp)
    return LazyArray(source)


def no_array(url: str, node: str) -> DocumentError:
    """Return the error that says that metadata names an array where none is."""
    message = "there is no array here, but the metadata names one"
    problem = Problem(level="error", kind="missing-array", message=message, node=node)
    return DocumentError(url, plain(node), (problem,))


def _unusable(url: str, node: str, error: Exception) -> DocumentError:
    message = f"zarr cannot make an array of it: {plain(str(error))}"
    problem = Problem(level="error", kind="bad-array-metadata", message=message)
    return DocumentError(url, plain(node), (problem,))
