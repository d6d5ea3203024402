"""A save under way: what it writes, and what is said of it afterwards.

Knows plans; how it is shown while it goes on is in `under_way`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.dataset.write import execute
from napari_ngff.widgets.saving import save_words
from napari_ngff.widgets.saving.under_way import Deed, UnderWay, Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from napari_ngff.dataset.saving.save_plan import SavePlan

_WORDS: Final = Words(
    doing="Saving", done="saved", noun="Save", title="Save As OME-Zarr"
)


class Saving(UnderWay):
    """A save that has begun.

    Parameters
    ----------
    viewer
        Where it was asked for: its window belongs to the save.
    plan
        What to save.
    """

    def __init__(self, viewer: Any, plan: SavePlan) -> None:
        deed = Deed(
            name=plan.stores[0].target.name,
            words=_WORDS,
            run=partial(_execute, plan),
            replaced=tuple(s.target for s in plan.stores if s.replaced is not None),
            outcome=save_words.saved(plan),
            details=tuple(save_words.losses(plan)),
        )
        super().__init__(viewer, deed)


def _execute(
    plan: SavePlan, tell: Callable[[float], Any], cancelled: Callable[[], bool]
) -> tuple[Path, ...]:
    return execute(plan, progress=tell, cancelled=cancelled)
