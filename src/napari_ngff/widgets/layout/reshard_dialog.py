"""The dialog "Change sharding": choices, and what they would do before it is done.

Knows Qt and jobs; plans in a thread, and writes nothing.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from qtpy.QtCore import QSize, QTimer, Signal

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.dataset.reshard import plan_reshard
from napari_ngff.widgets._work import Job
from napari_ngff.widgets.layout.reshard_form import ReshardForm
from napari_ngff.widgets.layout.reshard_preview import ReshardPreview
from napari_ngff.widgets.metadata.text_dialog import PageDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qtpy.QtWidgets import QWidget

    from napari_ngff.dataset.resharding.options import ReshardOptions
    from napari_ngff.dataset.resharding.reshard_plan import ReshardPlan
    from napari_ngff.widgets.layout.reshard_form import AxisChoice

_SIZE: Final = QSize(860, 560)
_WAIT_MS: Final = 300
_HEADING: Final = (
    "Put chunks into other files. While chunk and packing stay as they are, no chunk "
    "is decoded: bytes are copied, compared with their source, and put in place at "
    "once."
)
_PLANNING: Final = "Counting files and bytes…"
_logger = logging.getLogger(__name__)


class ReshardDialog(PageDialog):
    """Asks how a store is to be re-sharded.

    Parameters
    ----------
    source
        The store.
    axes
        Of the finest level of what is looked at.
    why_not_in_place
        Why the store cannot be changed itself; empty: it can.
    proposed
        Where a new store would go.
    parent
        The window that it belongs to.

    Attributes
    ----------
    wanted
        Signal: the plan that is to be carried out.
    plan
        What is shown; None: there is none yet, or there cannot be one.
    """

    wanted = Signal(object)

    def __init__(
        self,
        source: str,
        axes: Sequence[AxisChoice],
        why_not_in_place: str,
        proposed: str,
        parent: QWidget | None,
    ) -> None:
        super().__init__("Change sharding", _HEADING, parent)
        self.resize(_SIZE)
        self._source = source
        self.plan: ReshardPlan | None = None
        self._job: Job | None = None
        self.form = ReshardForm(axes, why_not_in_place, proposed)
        self.preview = ReshardPreview()
        self.page.addWidget(self.form)
        self.page.addWidget(self.preview, 1)
        self.offer("Cancel", self.reject)
        self.button = self.offer("Change sharding", self._want)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._begin)
        self.form.changed.connect(self._change)
        self._change()

    def done(self, result: int) -> None:
        """Plan no more."""
        self._leave()
        super().done(result)

    def _leave(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.stop.set()
            self._job = None

    def _change(self) -> None:
        self._leave()
        self.plan = None
        self.button.setEnabled(False)
        self.preview.say(_PLANNING, tone="muted")
        self._timer.start()

    def _begin(self) -> None:
        path = self.form.path()
        if path == "":
            self.preview.show_error("Choose where the new store goes.")
            return
        try:
            options = self.form.options()
        except ValueError as error:
            self.preview.show_error(str(error))
            return
        job = Job(partial(_plan, self._source, path, options), self)
        job.progressed.connect(partial(self._tell, job))
        job.ended.connect(partial(self._come, job))
        self._job = job.start()

    def _tell(self, job: Job, fraction: float) -> None:
        if job is self._job:
            self.preview.say(f"{_PLANNING} {fraction:.0%}", tone="muted")

    def _come(
        self, job: Job, plan: ReshardPlan | None, error: Exception | None
    ) -> None:
        if job is not self._job:
            return
        self._job = None
        if plan is None:
            shown = as_ngff_error(error or RuntimeError(), doing="planning this")
            if shown is not error:
                _logger.error("failed while planning a re-sharding", exc_info=error)
            self.preview.show_error(str(shown))
            return
        self.plan = plan
        self.preview.show_plan(plan)
        self.button.setEnabled(bool(plan.arrays) and not plan.obstacles)

    def _want(self) -> None:
        plan = self.plan
        if plan is not None:
            self.accept()
            self.wanted.emit(plan)


def _plan(
    source: str,
    path: str | None,
    options: ReshardOptions,
    tell: Callable[[float], Any],
    cancelled: Callable[[], bool],
) -> ReshardPlan:
    return plan_reshard(source, path, options, progress=tell, cancelled=cancelled)
