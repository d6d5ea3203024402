"""Which metadata are edited: those of the active layer, or of a store that was opened.

Knows viewers and what layers remember; tells the session which draft to show.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.draft import Draft
from napari_ngff.layers.provenance import Provenance
from napari_ngff.widgets._work import Job
from napari_ngff.widgets.active_layer import ActiveLayer
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.metadata.layer_draft import LayerDraft

if TYPE_CHECKING:
    from napari_ngff.widgets.metadata.session import Session

_READING = "Reading the metadata…"


class Following:
    """Has a session show the draft of the viewer's active layer.

    Parameters
    ----------
    viewer
        Whose active layer is followed.
    session
        Shows the draft.

    Attributes
    ----------
    active
        Tells which layer is active. While what is shown cannot be seen, nothing is
        read: the layer that is active when it can be seen again is followed then.
    """

    def __init__(self, viewer: Any, session: Session) -> None:
        self.viewer = bare(viewer)
        self.session = session
        self._layer: LayerDraft | None = None
        self._job: Job | None = None
        self.active = ActiveLayer(viewer, self._follow)
        self.viewer.layers.events.removed.connect(self._removed)
        session.changed.connect(self._apply)
        self.active.tell()

    def stop(self) -> None:
        """Follow no more."""
        self.active.stop()
        self.viewer.layers.events.removed.disconnect(self._removed)
        self.session.changed.disconnect(self._apply)
        self._leave()
        self._let_go()

    def open(self, path: str, index: int = 0) -> None:
        """Show the metadata of a store, whether a layer shows it or not.

        What is on the web is read in a thread.
        """
        self._leave()
        if "://" not in path:
            self._end(path, *_opened(path, index))
            return
        self.session.show_nothing(_READING)
        job = Job(lambda _tell, _cancelled: Draft.open(path, index=index))
        job.ended.connect(partial(self._come, job, path))
        self._job = job.start()

    def _leave(self) -> None:
        """Wait no more for what is being read."""
        if self._job is not None:
            self._job.stop.set()
            self._job = None

    def _come(self, job: Job, path: str, draft: Any, error: Any) -> None:
        if job is self._job:
            self._job = None
            self._end(path, draft, error)

    def _end(self, path: str, draft: Draft | None, error: Exception | None) -> None:
        self._let_go()
        if draft is not None:
            self.session.show(draft, subject="store")
            return
        if error is not None:
            told = as_ngff_error(error, doing=f"reading the metadata of {path}")
            self.session.show_nothing(str(told))

    def _follow(self, layer: Any) -> None:
        """Show what a layer is of."""
        if self._layer is not None and self._layer.layer is layer:
            return
        record = Provenance.from_metadata(layer.metadata)
        self._leave()
        if record is None or record.kind == "array":
            self._show_layer(layer)
            return
        draft = self.session.draft
        if draft is not None and draft.wishes and _is_of(draft, record):
            self._let_go()
            if draft.index != record.index:
                self.session.show_image(record.index)
            return
        self.open(path_of(record), record.index)

    def _show_layer(self, layer: Any) -> None:
        self._let_go()
        self._layer = LayerDraft(layer, self._moved)
        self.session.show(self._layer.draft, subject="layer")

    def _moved(self) -> None:
        """Show what somebody else made of the layer."""
        if self._layer is not None and self.session.subject == "layer":
            self.session.show(self._layer.draft, subject="layer")

    def _apply(self) -> None:
        """Let a layer without a store follow its draft."""
        draft = self.session.draft
        if self._layer is not None and draft is not None:
            self._layer.follow(draft)

    def _removed(self, event: Any) -> None:
        if self._layer is not None and event.value is self._layer.layer:
            self._let_go()
            if self.session.subject == "layer":
                self.session.show_nothing()

    def _let_go(self) -> None:
        if self._layer is not None:
            self._layer.forget()
            self._layer = None


def path_of(record: Provenance) -> str:
    """Return the path of the group that a layer shows."""
    store = record.store.rstrip("/")
    return f"{store}/{record.node}" if record.node else record.store


def _is_of(draft: Draft, record: Provenance) -> bool:
    stored = draft.documents
    return (stored.store, stored.node) == (record.store, record.node)


def _opened(path: str, index: int) -> tuple[Draft | None, NgffError | None]:
    try:
        return Draft.open(path, index=index), None
    except NgffError as error:
        return None, error
