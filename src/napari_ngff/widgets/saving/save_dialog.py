"""The save dialog: one page, sensible without a change, with the plan beneath.

Paints what can be chosen and what it leads to, and gives the choices back. It computes
nothing and saves nothing: `save_command` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from napari_ngff.dataset.saving.options import VERSIONS
from napari_ngff.dataset.saving.targets import FILE, FOLDER, split
from napari_ngff.widgets.saving import save_choices, save_words
from napari_ngff.widgets.saving.save_choices import Choices
from napari_ngff.widgets.saving.save_dialog_plan import PlanTable, Questions, Report
from napari_ngff.widgets.saving.save_dialog_rows import (
    Combo,
    RegionRow,
    TargetRow,
    label,
    tip,
)
from napari_ngff.widgets.saving.save_dialog_storage import Fold, StorageSection
from napari_ngff.widgets.saving.save_shown import Shown, axes_of, report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from napari_ngff.dataset.saving.options import OnAffine
    from napari_ngff.layers.writing.questions import Question
    from napari_ngff.widgets.saving.save_choices import Remembered
    from napari_ngff.widgets.saving.save_scope import Scope

_CONTAINERS = (("directory", "Folder"), ("ozx", "One file (.ozx)"))
_SEVERAL = (("beside", "Side by side, one each"), ("series", "Together in one"))
_OLD_LABELS = (
    ("keep", "Move to the new image"),
    ("drop", "Delete with the old image"),
)
_AFFINE: Mapping[str, OnAffine] = {"resample": "resample", "drop": "drop"}
_WIDTH, _HEIGHT = 720, 660
_MARGIN = 60


class SaveDialog(QDialog):  # type: ignore[misc]
    """Ask what of the layers to save, where to and how.

    Parameters
    ----------
    target
        The place that is proposed.
    last
        What was chosen the last time.
    parent
        The window it belongs to.

    Attributes
    ----------
    changed
        Signal: something else was chosen; what it leads to is not known any more.
    wanted
        Signal: what is shown is to be saved.
    """

    changed = Signal()
    wanted = Signal()

    def __init__(
        self, target: str, last: Remembered, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save As OME-Zarr")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._base = last.options
        self._answers: dict[str, str] = {}
        self._shown = Shown()
        self._fresh = False
        self.target, self.region = TargetRow(), RegionRow()
        self.which, self.version, self.container = Combo(), Combo(), Combo()
        self.several, self.old_labels = Combo(), Combo()
        self.questions = Questions()
        self.storage = StorageSection()
        self.fold = Fold("Pyramid and storage", self.storage)
        self.plan, self.report = PlanTable(), Report()
        self.summary = label()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save = self.buttons.addButton(
            "Save", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._fill(last)
        self._arrange()
        self.target.line.setText(target)
        self.fold.setChecked(last.unfolded)
        self._follow_suffix()
        self._connect()
        self._fit_screen()
        self._render()

    def choices(self) -> Choices:
        """Return what is chosen."""
        options = replace(
            self._base,
            version=self.version.currentData(),
            container=self.container.currentData(),
            several=self.several.currentData(),
            old_labels=self.old_labels.currentData(),
            affine=_AFFINE.get(self._answers.get("affine", ""), "raise"),
            existing="replace",
        )
        return Choices(
            target=self.target.text(),
            which=self.which.currentData() or "all",
            area=self.region.area.currentData() or save_choices.WHOLE,
            current=self.region.current(),
            replace=self.target.replace.isChecked(),
            options=self.storage.options(options),
            answers=dict(self._answers),
        )

    def propose(self, last: Remembered) -> None:
        """Choose which layers are saved, and the version."""
        self.which.choose(last.which)
        self.version.choose(last.options.version)

    def show_scope(self, scope: Scope) -> None:
        """Paint what there is to choose from."""
        every = scope.counts["all"]
        self.which.fill(
            [
                ("all", f"All layers ({every})"),
                ("visible", f"Visible layers ({scope.counts['visible']} of {every})"),
                (
                    "selected",
                    f"Selected layers ({scope.counts['selected']} of {every})",
                ),
            ]
        )
        areas = [(save_choices.WHOLE, "The whole picture")]
        if scope.flat:
            areas.append((save_choices.VIEW, "What the canvas shows"))
        areas += [(name, f"Rectangle in {name}") for name in scope.rectangles]
        self.region.show_areas(areas)
        self.region.show_sliders(scope.sliders)

    def show_result(self, shown: Shown) -> None:
        """Paint what the choices lead to."""
        self._shown, self._fresh = shown, True
        self._render()

    def forget(self) -> None:
        """Save nothing until it is known what the choices lead to now."""
        self._fresh = False
        self._render_save()

    def _fill(self, last: Remembered) -> None:
        options = last.options
        words = save_words.VERSION_WORDS
        self.version.fill([(v, words[v]) for v in VERSIONS], options.version)
        self.container.fill(_CONTAINERS, options.container or "directory")
        self.several.fill(_SEVERAL, options.several)
        self.old_labels.fill(_OLD_LABELS)
        self.which.fill([(last.which, "")])
        self.region.area.fill([(save_choices.WHOLE, "")])
        self.storage.set_options(options)

    def _arrange(self) -> None:
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(
            QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow
        )
        rows: Sequence[tuple[str, QWidget, str]] = (
            ("Save to:", self.target, ""),
            ("Layers:", self.which, "which"),
            ("Region:", self.region, ""),
            ("Version:", self.version, "version"),
            ("As:", self.container, "container"),
            ("Several images:", self.several, "several"),
            ("Old labels:", self.old_labels, "old_labels"),
        )
        for title, widget, name in rows:
            self.form.addRow(title, widget)
            if name:
                tip(widget, name)
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setSpacing(10)
        inside.addLayout(self.form)
        for widget in (self.questions, self.fold, self.storage):
            inside.addWidget(widget)
        inside.addWidget(self.plan, 1)
        inside.addWidget(self.report)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll.setWidget(page)
        bottom = QHBoxLayout()
        bottom.addWidget(self.summary, 1)
        bottom.addWidget(self.buttons)
        layout = QVBoxLayout(self)
        layout.addWidget(self.scroll, 1)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self.target.line.textChanged.connect(self._follow_suffix)
        self.container.currentIndexChanged.connect(self._follow_container)
        self.target.changed.connect(self._change)
        for combo in (self.version, self.several, self.old_labels):
            combo.currentIndexChanged.connect(self._change)
        self.which.currentIndexChanged.connect(self._change_layers)
        self.region.changed.connect(self._change_layers)
        self.storage.changed.connect(self._change)
        self.questions.answered.connect(self._answer)
        self.buttons.accepted.connect(self._want)
        self.buttons.rejected.connect(self.reject)

    def _change(self) -> None:
        self.forget()
        self.changed.emit()

    def _change_layers(self) -> None:
        """Other layers raise other questions."""
        self._answers.clear()
        self._change()

    def _answer(self, question: Question, value: str) -> None:
        if question.kind == "affine" and value in VERSIONS:
            self.version.choose(value)
            return
        self._answers[question.key] = value
        self._change()

    def _follow_suffix(self) -> None:
        """Let the container be what the target's suffix says."""
        suffix = split(self.target.text())[1].lower()
        if suffix:
            blocked = self.container.blockSignals(True)
            self.container.choose("ozx" if suffix == FILE else "directory")
            self.container.blockSignals(blocked)

    def _follow_container(self) -> None:
        """Let the target have the suffix of the container."""
        name, suffix = split(self.target.text())
        wanted = FILE if self.container.currentData() == "ozx" else FOLDER
        if name and suffix:
            self.target.line.setText(name + wanted)
        self._change()

    def _want(self) -> None:
        if self.save.isEnabled():
            self.wanted.emit()

    def _fit_screen(self) -> None:
        """Be as large as is useful, and no larger than the screen."""
        screen = self.screen().availableGeometry()
        room = self.scroll.verticalScrollBar().sizeHint().width()
        self.scroll.setMinimumWidth(self.storage.sizeHint().width() + 2 * room)
        self.resize(
            min(_WIDTH, screen.width() - _MARGIN),
            min(_HEIGHT, screen.height() - _MARGIN),
        )

    def _render(self) -> None:
        shown, proposal = self._shown, self._shown.proposal
        replaced = proposal is not None and any(
            store.replaced is not None and not store.foreign
            for store in proposal.plan.stores
        )
        lines = save_words.targets(proposal) if proposal else []
        self.target.say(lines, replaces=replaced)
        self.questions.show_questions(shown.questions, self._answers)
        images = sum(len(s.images) for s in proposal.plan.stores) if proposal else 0
        self._show_row(self.several, shows=images > 1)
        self._show_row(self.old_labels, shows=bool(proposal and proposal.dropped))
        self.report.show_parts(report(shown))
        if proposal is not None:
            self.plan.show_plan(proposal.plan)
            self.storage.show_axes(
                axes_of(proposal.plan), save_words.cost(proposal.plan)
            )
            self.storage.heed_version(proposal.plan.options.version)
        self._render_save()

    def _render_save(self) -> None:
        proposal = self._shown.proposal
        ready = (
            self._fresh
            and proposal is not None
            and bool(proposal.plan.stores)
            and not proposal.plan.obstacles
            and not proposal.questions
        )
        unasked = not self.target.replace.isHidden()
        if unasked and not self.target.replace.isChecked():
            ready = False
        self.save.setEnabled(ready)
        if not self._fresh:
            self.summary.setText("Looking…")
        elif proposal is None:
            self.summary.setText("")
        else:
            lost = len(list(save_words.losses(proposal.plan)))
            told = f"\nNot saved as it is: {lost}, see above." if lost else ""
            self.summary.setText(save_words.summary(proposal.plan) + told)

    def _show_row(self, widget: QWidget, *, shows: bool) -> None:
        self.form.labelForField(widget).setVisible(shows)
        widget.setVisible(shows)
