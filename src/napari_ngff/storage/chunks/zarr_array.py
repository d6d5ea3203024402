"""From a checked document to a zarr array, with the fastest codec pipeline.

Knows zarr and nothing else: `chunks.arrays` asks for what `chunks.layout` does not
cover. zarr is imported when the first such array is opened.
"""

from __future__ import annotations

import threading
import warnings
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import zarr
    from zarr.abc.store import Store

_OPENING = threading.Lock()
_FUSED = "zarr.core.codec_pipeline.FusedCodecPipeline"


def open_array(store: Store, node: str, document: Mapping[str, Any]) -> zarr.Array[Any]:
    """Make an array from its checked metadata, with the fastest codec pipeline.

    No metadata is read from the store. zarr has no choice of pipeline per array: it
    is configuration of the process while the array is made, and stays with the array.
    So it is set here, in one place, and reset at once.

    Parameters
    ----------
    store
        A zarr store.
    node
        Path of the array inside the store; ``""`` is the root.
    document
        The whole ``zarr.json`` or ``.zarray`` (with ``attributes``), checked.
    """
    import zarr
    from zarr.storage import StorePath

    at = StorePath(store, node)
    with _OPENING, _unwarned(document):
        if not _has_fused_pipeline():
            return zarr.Array.from_dict(at, dict(document))
        with zarr.config.set({"codec_pipeline.path": _FUSED}):
            return zarr.Array.from_dict(at, dict(document))


@contextmanager
def _unwarned(document: Mapping[str, Any]) -> Iterator[None]:
    """Keep zarr from warning of what nobody who opens a file can change.

    Of codecs that others may not read (3.1), and of shards that are read whole.
    """
    codecs = str(document.get("codecs"))
    if not any(name in codecs for name in ("numcodecs.", "sharding_indexed")):
        yield
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Numcodecs codecs are not in the Zarr ver")
        warnings.filterwarnings("ignore", "Combining a `sharding_indexed` codec")
        yield


@cache
def _has_fused_pipeline() -> bool:
    """Tell whether this zarr has the fused codec pipeline (3.3 and newer)."""
    import zarr
    from zarr.registry import get_pipeline_class

    with zarr.config.set({"codec_pipeline.path": _FUSED}):
        try:
            get_pipeline_class()
        except ValueError:
            return False
    return True
