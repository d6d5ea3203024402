"""What the layout dock says of the current view, and of the chunk under the cursor.

Knows numbers and words; no widgets. Text from files is made fit to be shown here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.dataset.inspecting.layout_text import cost_words
from napari_ngff.dataset.inspecting.quantities import count_words, nbytes_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from napari_ngff.layers.borders import Kind
    from napari_ngff.storage.inspecting.chunk_at import ChunkAt
    from napari_ngff.widgets.layout.view_asking import ViewCost

NOT_SHOWN = "No visible layer shows this image."
IN_3D = "Borders are drawn in 2-D only."
IN_GRID = "Borders are not drawn in the grid view."
OUT = "The slice does not go through this image."


def view_words(cost: ViewCost) -> str:
    """Say what the view costs."""
    return f"This view {cost_words(cost.drawn)}."


def part_lines(cost: ViewCost, name_of: Callable[[int], str]) -> str:
    """Say what of it is of which part of the store; empty: it is all of one.

    Parameters
    ----------
    cost
        What the view costs.
    name_of
        Gives the name of a part.
    """
    if len(cost.parts) < 2:
        return ""
    lines = [
        f"{plain(name_of(part)) or 'An image'} {cost_words(each)}."
        for part, each in cost.parts.items()
    ]
    return "\n".join(lines)


def more_words(cost: ViewCost) -> str:
    """Say what is read with it for the list of layers; empty: nothing more."""
    every = cost.everything
    if every.nbytes == cost.drawn.nbytes:
        return ""
    about = "" if every.exact else "about "
    return (
        f"With the small pictures in the list of layers: {about}"
        f"{nbytes_words(every.nbytes)} in {count_words(every.requests, 'request')}."
    )


def summary(cost: ViewCost) -> str:
    """Say the same in a few words."""
    about = "" if cost.drawn.exact else "about "
    requests = count_words(cost.drawn.requests, "request")
    return f"{about}{nbytes_words(cost.drawn.nbytes)} in {requests}"


def crowded_words(kinds: Sequence[Kind]) -> str:
    """Say which borders are not drawn; empty: none."""
    if not kinds:
        return ""
    return f"Borders of {' and '.join(f'{k}s' for k in kinds)} lie too close: zoom in."


def chunk_words(level: str, chunk: ChunkAt) -> str:
    """Say where a chunk is."""
    at = ", ".join(map(str, chunk.chunk))
    key, head = plain(chunk.key, limit=1024), f"Chunk ({at}) of level {plain(level)}"
    if chunk.span is None:
        fill = "all its pixels have the fill value"
        where = {
            "no file": f"there is no file {key}",
            "empty": f"it is not in the shard {key}",
        }
        return f"{head} is not stored, {where[chunk.state]}: {fill}."
    start, stop = chunk.span
    size = nbytes_words(stop - start)
    decoded = nbytes_words(chunk.decoded_nbytes)
    if chunk.state == "packed":
        return f"{head}: somewhere in {key} ({size}), which is packed as a whole."
    where_ = f"{key}, bytes {start:,} to {stop:,}"
    return f"{head}: {where_} ({size}, {decoded} decoded)."
