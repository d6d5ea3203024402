"""How many bytes a save will take on the disk, before it begins.

Knows that pixels are smaller when compressed, and tries that on a few of them, but
only where it decides whether there is room.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np

from napari_ngff.dataset.saving.save_plan import all_images
from napari_ngff.storage.chunks.encoding import encode_chunk
from napari_ngff.storage.pyramids.shares import nbytes_of
from napari_ngff.storage.pyramids.sources_in import source_of

if TYPE_CHECKING:
    from napari_ngff.dataset.saving.save_plan import SavePlan, StorePlan
    from napari_ngff.storage.chunks.array_documents import ArrayLayout
    from napari_ngff.storage.lazy import LazyArray

_PLENTY = 2
_DOCUMENT = 4096


def bytes_on_disk(plan: SavePlan, store: StorePlan) -> int:
    """Return about how many bytes writing a store will take, staged files included.

    Parameters
    ----------
    plan
        The whole plan: its other stores need their room, too.
    store
        The one that is about to be staged.
    """
    free = shutil.disk_usage(store.target.parent).free
    copies = 2 if store.container == "ozx" else 1
    known = plan.files * _DOCUMENT + copies * plan.nbytes
    if known * _PLENTY <= free:
        return known
    images = [image for one in plan.stores for image in all_images(one)]
    pixels = sum(
        sum(nbytes_of(image.pyramid)) * ratio_of(image.layouts[0], image.data.levels[0])
        for image in images
    )
    return plan.files * _DOCUMENT + copies * int(pixels)


def ratio_of(layout: ArrayLayout, pixels: LazyArray) -> float:
    """Return how much smaller a few chunks become: of the middle and the quarters.

    Parameters
    ----------
    layout
        How they are to be stored.
    pixels
        What is stored so, of the same shape.
    """
    if layout.compression.name == "none":
        return 1.0
    source = source_of(pixels)
    counts = [-(-n // m) for n, m in zip(layout.shape, layout.chunk, strict=True)]
    places = {
        tuple(int(at * (count - 1)) for count in counts) for at in (0.25, 0.5, 0.75)
    }
    before = after = 0
    for place in places:
        box = tuple(
            slice(i * m, min((i + 1) * m, n))
            for i, m, n in zip(place, layout.chunk, layout.shape, strict=True)
        )
        chunk = np.asarray(source.read(box))
        before += chunk.nbytes
        after += len(encode_chunk(layout, chunk) or b"")
    return after / before if before else 1.0
