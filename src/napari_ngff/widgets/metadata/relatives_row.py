"""Whether the same edits are made to labels, and to the other images of a collection.

Tells the session which groups are edited together; knows no edits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qtpy.QtWidgets import QWidget

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.editing.relatives import labels_of, siblings_of
from napari_ngff.widgets.metadata.forms import check_box, form, put_in

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.widgets.metadata.look import Colors
    from napari_ngff.widgets.metadata.session import Session

_LABELS: Final = ("its label image", "its {} label images")
_SIBLINGS: Final = ("the image beside it", "the {} images beside it")


class RelativesRow(QWidget):  # type: ignore[misc]
    """Boxes to check, where there are relatives.

    Parameters
    ----------
    session
        Holds the draft.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._of: tuple[str, str] | None = None
        self._labels: tuple[str, ...] = ()
        self._siblings: tuple[str, ...] = ()
        self.labels = check_box("", "What is said of axes is said of them too")
        self.siblings = check_box(
            "",
            "The other images of this plate, well or series: what is said of axes, "
            "pixel sizes and channels is said of them too",
        )
        boxes = form(self.labels, self.siblings, spacing=2)
        boxes.changed.connect(self._include)
        put_in(self, boxes)
        session.changed.connect(self.render_)
        self.render_()

    def show_colors(self, colors: Colors) -> None:
        """Have no colours of its own."""

    def render_(self) -> None:
        """Offer the relatives that there are."""
        draft = self.session.draft if self.session.subject == "store" else None
        if draft is None:
            self._of = None
            self.setVisible(False)
            return
        stored = draft.documents
        if self._of != (stored.store, stored.node):
            self._of = (stored.store, stored.node)
            self._find(draft)
        for box, nodes, texts in (
            (self.labels, self._labels, _LABELS),
            (self.siblings, self._siblings, _SIBLINGS),
        ):
            one, many = texts
            named = one if len(nodes) == 1 else many.format(len(nodes))
            box.text = f"Edit {named} too"
            box.visible = bool(nodes)
            with box.changed.blocked():
                box.value = bool(nodes) and set(nodes) <= set(draft.included)
        self.setVisible(bool(self._labels or self._siblings))

    def _find(self, draft: Draft) -> None:
        stored = draft.documents
        self._labels = self._siblings = ()
        if draft.multiscale is None or stored.location.keys.remote:
            return  # looking for them takes many round trips, and none can be saved
        try:
            self._labels = labels_of(stored.location, stored.node)
            self._siblings = siblings_of(stored.location, stored.node)
        except NgffError:
            return  # what is wrong there is told when it is opened

    def _include(self) -> None:
        draft = self.session.draft
        if draft is None:
            return
        siblings = self._siblings if self.siblings.value else ()
        nodes = list(siblings)
        try:
            if self.labels.value:
                nodes += self._labels
                for node in siblings:
                    nodes += labels_of(draft.documents.location, node)
            self.session.include(*dict.fromkeys(nodes))
        except NgffError as error:
            self.session.say(str(error))
