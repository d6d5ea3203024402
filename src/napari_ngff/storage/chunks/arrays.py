"""From an array's metadata document to its pixels, checked and not yet read.

Knows what is checked before a document is used, who reads which arrays, and how zarr's
objections are told; imports neither zarr nor numpy until an array is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.storage.chunks.chunk_source import Pixels
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.lazy import LazyArray
    from napari_ngff.storage.places.nodes import NodeDocument


def lazy_array(keys: Keys, document: NodeDocument, limits: Limits) -> LazyArray:
    """Return the pixels of an array; see `Location.array`."""
    if document.kind != "array":
        raise no_array(keys.url, document.node)
    from napari_ngff.storage.chunks.chunk_source import ChunkSource
    from napari_ngff.storage.chunks.codecs import guard
    from napari_ngff.storage.lazy import LazyArray

    url, node = keys.url, document.node
    try:
        checked = guard(document.metadata, document.zarr_format, limits)
    except DocumentError as error:
        raise DocumentError(url, node, error.problems) from error
    except LimitExceeded as error:
        what = f"{error.what} (array {plain(node)!r} of {url})"
        raise LimitExceeded(what, error.value, error.limit, error.advice) from error
    pixels = _pixels(keys, node, checked, limits)
    stamp = partial(keys.stamp, document.key)
    return LazyArray(
        ChunkSource(pixels, store=url, node=node, stamp=stamp, opened=document.stamp)
    )


def _pixels(
    keys: Keys, node: str, checked: Mapping[str, Any], limits: Limits
) -> Pixels:
    """Return who reads an array: we, or zarr where we do not cover it."""
    from napari_ngff.storage.chunks.chunk_bytes import ChunkBytes
    from napari_ngff.storage.chunks.chunk_reader import ChunkReader
    from napari_ngff.storage.chunks.codecs import encoded_limit
    from napari_ngff.storage.chunks.layout import layout_of

    most = encoded_limit(checked, limits)
    layout = layout_of(checked)
    if layout is not None:
        stored = ChunkBytes(keys, limit=most, shards=layout.shards)
        return ChunkReader(layout, stored, node)
    return _by_zarr(keys, node, checked, replace(limits, encoded_chunk_bytes=most))


def _by_zarr(
    keys: Keys, node: str, checked: Mapping[str, Any], limits: Limits
) -> Pixels:
    from napari_ngff.storage.chunks.shards import ShardSpec, shard_spec
    from napari_ngff.storage.chunks.zarr_array import open_array
    from napari_ngff.storage.chunks.zarr_store import KeyStore

    spec = shard_spec(checked)
    shards = spec if isinstance(spec, ShardSpec) else None
    store = KeyStore(keys, limits=limits, shards=shards)
    try:
        return open_array(store, node, checked)
    except (TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise _unusable(keys.url, node, error) from error


def no_array(url: str, node: str) -> DocumentError:
    """Return the error that says that metadata names an array where none is."""
    message = "there is no array here, but the metadata names one"
    problem = Problem(level="error", kind="missing-array", message=message, node=node)
    return DocumentError(url, plain(node), (problem,))


def _unusable(url: str, node: str, error: Exception) -> DocumentError:
    message = f"zarr cannot make an array of it: {plain(str(error))}"
    problem = Problem(level="error", kind="bad-array-metadata", message=message)
    return DocumentError(url, plain(node), (problem,))
