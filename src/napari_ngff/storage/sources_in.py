"""What may be saved, as a source: numpy, dask, zarr and lazy arrays.

Knows how each is best read once, box by box. What has a cache is read past it, so that
a save does not push out what is looked at. dask and zarr are not imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napari_ngff.storage.source import Source


def source_of(array: Any) -> Source:
    """Return the source that an array is saved from; nothing is read.

    Parameters
    ----------
    array
        A numpy, dask, zarr or lazy array, a source, or anything that has a shape and
        a dtype and gives numpy arrays when it is sliced.
    """
    raise NotImplementedError
