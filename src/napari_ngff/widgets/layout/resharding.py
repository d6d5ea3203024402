"""Re-sharding what the layout dock shows: from the dialog to what is said afterwards.

Knows the session and the dialog; how it is shown while it goes on is in
`saving.under_way`.
"""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.names import plain
from napari_ngff.dataset.reshard import execute
from napari_ngff.dataset.resharding.plan_text import summary, told
from napari_ngff.dataset.resharding.suggesting import suggested_shard
from napari_ngff.storage.commit.finding_documents import why_read_only
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.widgets.layout.reshard_dialog import ReshardDialog
from napari_ngff.widgets.layout.reshard_form import AxisChoice
from napari_ngff.widgets.saving.under_way import Deed, UnderWay, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from qtpy.QtWidgets import QWidget

    from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan
    from napari_ngff.storage.location import Location
    from napari_ngff.widgets.layout.session import Session

_WORDS: Final = Words(
    doing="Re-sharding", done="re-sharded", noun="Re-sharding", title="Change sharding"
)
_ENDS: Final = (".ome.zarr", ".zarr", ".ozx", ".zip")


def ask(session: Session, viewer: Any, parent: QWidget | None) -> ReshardDialog | None:
    """Ask how what is shown is to be re-sharded, and do it.

    Returns
    -------
    ReshardDialog or None
        What asks; None: nothing is shown whose chunks are known.
    """
    location, stored = session.location, session.stored(0)
    if location is None or stored is None:
        return None
    dialog = ReshardDialog(
        location.url,
        axis_choices(session),
        why_not_in_place(location),
        proposed(location),
        parent,
    )
    dialog.wanted.connect(partial(begin, session, viewer))
    dialog.open()
    return dialog


def begin(session: Session, viewer: Any, plan: ReshardPlan) -> UnderWay:
    """Carry out a plan, in a thread, with a window that shows it."""
    in_place = plan.where == "in-place"
    taken = in_place or plan.options.existing == "replace"
    deed = Deed(
        name=plan.target.name,
        words=_WORDS,
        run=partial(_execute, plan),
        replaced=(plan.target,) if taken else (),
        outcome=f"{summary(plan)}, all chunks compared.",
        details=tuple(told(p) for p in plan.problems if p.level != "info"),
    )
    under_way = UnderWay(viewer, deed)
    under_way.job.ended.connect(partial(_look_again, session, plan))
    return under_way


def _look_again(session: Session, plan: ReshardPlan, *_: object) -> None:
    """Show what is there now, where that is what was shown."""
    location = session.location
    if location is not None and location.url == str(plan.target):
        session.renew()


def axis_choices(session: Session) -> tuple[AxisChoice, ...]:
    """Return the axes of the finest level of the part that is shown."""
    level = session.stored(0)
    if level is None:
        return ()
    stored, axes = level.stored, session.levels[0].axes
    names = [axis.name or str(i) for i, axis in enumerate(axes)]
    if len(names) != len(stored.shape):
        names = [str(i) for i in range(len(stored.shape))]
    shard = stored.shard or (None,) * len(names)
    suggested = suggested_shard(stored.shape, stored.chunk, stored.itemsize)
    rows = zip(names, stored.shape, stored.chunk, shard, suggested, strict=True)
    return tuple(
        AxisChoice(name=name, length=n, chunk=chunk, shard=now, suggested=new)
        for name, n, chunk, now, new in rows
    )


def why_not_in_place(location: Location) -> str:
    """Say why a store cannot be changed itself; empty: it can."""
    if not isinstance(location.keys, LocalKeys):
        return "In place is for folders of this computer only."
    reason = why_read_only(location.url)
    return f"Not in place: {plain(reason, limit=512)}" if reason else ""


def proposed(location: Location) -> str:
    """Return a place for a new store: beside a local one, else in one's own folder."""
    name = location.name
    end = next((end for end in _ENDS if name.lower().endswith(end)), "")
    base = name[: len(name) - len(end)] or "image"
    local = os.path.exists(location.url)
    folder = Path(location.url).absolute().parent if local else Path.home()
    number, found = 1, folder / f"{base}-resharded.ome.zarr"
    while os.path.lexists(found):
        number += 1
        found = folder / f"{base}-resharded-{number}.ome.zarr"
    return str(found)


def _execute(
    plan: ReshardPlan, tell: Callable[[float], Any], cancelled: Callable[[], bool]
) -> tuple[Path, ...]:
    execute(plan, progress=tell, cancelled=cancelled)
    return (plan.target,)
