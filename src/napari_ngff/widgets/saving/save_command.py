"""Save As OME-Zarr…: follows viewer and dialog, plans in a thread, begins the save.

Knows what has to be planned anew when; does not know how it is painted or planned.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from napari.utils.notifications import show_info
from qtpy.QtCore import QObject, QTimer

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.layers.provenance import is_overlay
from napari_ngff.layers.writing.proposing import propose
from napari_ngff.widgets import windows
from napari_ngff.widgets._work import Job, main_window
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.saving import save_choices, save_scope
from napari_ngff.widgets.saving.save_choices import Choices
from napari_ngff.widgets.saving.save_dialog import SaveDialog
from napari_ngff.widgets.saving.save_shown import Shown
from napari_ngff.widgets.saving.save_words import listed
from napari_ngff.widgets.saving.saving import Saving
from napari_ngff.widgets.saving.suggesting import suggested_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from napari_ngff.dataset.saving.options import Version
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.writing.proposing import Proposal
    from napari_ngff.layers.writing.questions import Question
    from napari_ngff.layers.writing.region import Region

_PAUSE_MS = 250
_logger = logging.getLogger(__name__)
#: What of a layer changes how it is saved.
_MATTERS = frozenset(
    (
        "affine",
        "axis_labels",
        "blending",
        "colormap",
        "contrast_limits",
        "data",
        "features",
        "gamma",
        "inserted",
        "metadata",
        "name",
        "opacity",
        "removed",
        "reordered",
        "rotate",
        "scale",
        "set_data",
        "shear",
        "translate",
        "units",
        "visible",
    )
)


def ask(
    viewer: Any, *, only: Sequence[Any] = (), version: Version | None = None
) -> SaveDialog | None:
    """Show the dialog, beside which the viewer stays usable.

    Parameters
    ----------
    viewer
        Whose layers are saved.
    only
        Layers that are proposed, and selected for that; none: those that were the
        last time.
    version
        The version that is proposed; None: that of the last time.

    Returns
    -------
    SaveDialog or None
        None where there is nothing to save.
    """
    viewer = bare(viewer)
    if not len(viewer.layers):
        show_info("There is nothing to save: open or add a layer first.")
        return None
    last = save_choices.remembered()
    if only:
        viewer.layers.selection = set(only)
        every = len(only) == len(viewer.layers)
        last = replace(last, which="all" if every else "selected")
    if version is not None:
        last = replace(last, options=replace(last.options, version=version))
    window = windows.window_of(viewer) or main_window()
    for dialog in window.findChildren(SaveDialog) if window is not None else ():
        if dialog.isVisible():
            dialog.raise_()
            dialog.activateWindow()
            if only or version is not None:
                dialog.propose(last)
            return dialog  # type: ignore[no-any-return]
    target = suggested_target(only or viewer.layers, last.folder)
    dialog = SaveDialog(target, last, window)
    SaveSession(viewer, dialog)
    dialog.show()
    return dialog


class SaveSession(QObject):  # type: ignore[misc]
    """What connects a viewer with a dialog, for as long as that is open.

    Parameters
    ----------
    viewer
        Whose layers are saved.
    dialog
        Where is asked; the session belongs to it.
    """

    def __init__(self, viewer: Any, dialog: SaveDialog) -> None:
        super().__init__(dialog)
        self._viewer, self._dialog = viewer, dialog
        self._job: Job | None = None
        self._again = False
        self._proposal: Proposal | None = None
        self._questions: dict[str, Question] = {}
        self._asked_for: tuple[Choices, list[Any]] = (Choices(), [])
        self._timer, self._glance = QTimer(self), QTimer(self)
        for timer, act in ((self._timer, self._plan), (self._glance, self._show_scope)):
            timer.setSingleShot(True)
            timer.setInterval(_PAUSE_MS)
            timer.timeout.connect(act)
        self._connect()
        self._plan()

    def _connect(self) -> None:
        self._dialog.changed.connect(self._wait)
        self._dialog.wanted.connect(self._save)
        self._dialog.finished.connect(self._disconnect)
        viewer = self._viewer
        viewer.layers.events.connect(self._layers_change)
        viewer.layers.selection.events.changed.connect(self._look_again)
        viewer.dims.events.connect(self._move)
        viewer.scene.camera.events.connect(self._move)

    def _disconnect(self) -> None:
        viewer = self._viewer
        viewer.layers.events.disconnect(self._layers_change)
        viewer.layers.selection.events.changed.disconnect(self._look_again)
        viewer.dims.events.disconnect(self._move)
        viewer.scene.camera.events.disconnect(self._move)
        self._timer.stop()
        self._glance.stop()

    def _layers_change(self, event: Any) -> None:
        metadata = getattr(event.source, "metadata", None) or {}
        if event.type in _MATTERS and not is_overlay(metadata):
            self._look_again()

    def _look_again(self, _: object = None) -> None:
        self._dialog.forget()
        self._timer.start()

    def _move(self, _: object = None) -> None:
        """Follow sliders and view; what is planned depends on them only if asked to."""
        choices = self._dialog.choices()
        if choices.current or choices.area == save_choices.VIEW:
            self._look_again()
        else:
            self._glance.start()

    def _show_scope(self) -> None:
        self._dialog.show_scope(save_scope.scope_of(self._viewer))

    def _wait(self) -> None:
        self._timer.start()

    def _plan(self) -> None:
        """Plan in a thread, once at a time."""
        if self._job is not None:
            self._again = True
            return
        viewer, dialog = self._viewer, self._dialog
        self._show_scope()
        choices = dialog.choices()
        if not choices.target:
            self._show(Shown(error="Choose where to save."))
            return
        layers = save_scope.chosen_layers(viewer, choices.which)
        if not layers:
            self._show(Shown(error="No layer is chosen."))
            return
        run = partial(
            _propose,
            [layer.as_layer_data_tuple() for layer in layers],
            choices,
            save_scope.region_of(viewer, choices),
        )
        self._asked_for = choices, layers
        self._job = Job(run, self)
        self._job.ended.connect(self._take)
        self._job.start()

    def _take(self, proposal: Proposal | None, error: Exception | None) -> None:
        """Show a plan, unless something else has been chosen meanwhile."""
        self._job = None
        if self._again or self._timer.isActive():
            self._again = False
            self._timer.start()
            return
        if proposal is None:
            shown = as_ngff_error(error or RuntimeError(), doing="planning the save")
            if shown is not error:
                _logger.error("failed while planning a save", exc_info=error)
            self._show(Shown(error=str(shown)))
            return
        choices, layers = self._asked_for
        self._show(
            Shown(
                proposal=proposal,
                questions=self._all_questions(proposal, choices),
                notes=tuple(_notes(self._viewer, proposal, layers)),
            )
        )

    def _all_questions(
        self, proposal: Proposal, choices: Choices
    ) -> tuple[Question, ...]:
        """Return the questions that are open, and those that may be answered anew."""
        self._questions |= {question.key: question for question in proposal.questions}
        open_now = {question.key for question in proposal.questions}
        wanted = open_now | set(choices.answers)
        self._questions = {k: q for k, q in self._questions.items() if k in wanted}
        return tuple(self._questions.values())

    def _show(self, shown: Shown) -> None:
        self._proposal = shown.proposal
        self._dialog.show_result(shown)

    def _save(self) -> None:
        """Begin the save that is shown."""
        proposal = self._proposal
        if proposal is None or self._job is not None or self._timer.isActive():
            return
        save_choices.remember(
            self._dialog.choices(), unfolded=self._dialog.fold.isChecked()
        )
        viewer = self._viewer
        self._dialog.accept()
        Saving(viewer, proposal.plan)


def _propose(
    layers: list[LayerData],
    choices: Choices,
    region: Region,
    tell: Callable[[float], Any],
    cancelled: Callable[[], bool],
) -> Proposal:
    return propose(
        layers,
        choices.target,
        choices.options,
        region=region,
        answers=choices.answers,
    )


def _notes(viewer: Any, proposal: Proposal, layers: list[Any]) -> Iterator[str]:
    """Give what happens to layers that show an image that is replaced."""
    for store in proposal.plan.stores:
        if store.replaced is None:
            continue
        others = save_scope.bystanders(viewer, store.target, layers)
        if others:
            names = listed(layer.name for layer in others)
            yield (
                f"{names}: shown from the image that is replaced, and not among the "
                "layers that are saved. What is not in the new image will be closed."
            )
