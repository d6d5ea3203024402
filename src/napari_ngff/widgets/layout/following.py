"""Which store is shown: that of the active layer, or one that was opened.

Knows viewers and what layers remember; has stores opened in a thread, and keeps what
was found of them until they change.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.boundary import as_ngff_error
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.layers.provenance import Provenance
from napari_ngff.widgets._work import Job
from napari_ngff.widgets.active_layer import ActiveLayer

if TYPE_CHECKING:
    from napari_ngff.widgets.layout.session import Session

_READING: Final = "Reading the metadata…"
#: What was found of so many stores is kept.
_KEPT: Final = 8


class Following:
    """Has a session show the store of the viewer's active layer.

    A layer that is of no store changes nothing.

    Parameters
    ----------
    viewer
        Whose active layer is followed.
    session
        Shows the store.
    """

    def __init__(self, viewer: Any, session: Session) -> None:
        self.session = session
        self._held: OrderedDict[str, Findings] = OrderedDict()
        self._path = ""
        self._wanted = ("", 0, 0)
        self._job: Job | None = None
        self.active = ActiveLayer(viewer, self._follow)
        session.wanted_anew.connect(self.again)
        self.active.tell()

    def stop(self) -> None:
        """Follow no more."""
        self.active.stop()
        self.session.wanted_anew.disconnect(self.again)
        self._leave()

    def resume(self) -> None:
        """Follow again; what was replaced meanwhile is read anew."""
        self.active.resume()
        self.refresh()

    def refresh(self) -> None:
        """Read anew what was replaced, by this program or another one."""
        findings = self.session.findings
        if findings is not None and self._job is None and not findings.is_current:
            self.again()

    def again(self) -> None:
        """Read anew what is shown."""
        part, level = self.session.part, self.session.level
        self._held.pop(self._path, None)
        if self._path:
            node, index = (part.node, part.index) if part else ("", 0)
            self.open(self._path, node, index, level)

    def open(self, path: str, node: str = "", index: int = 0, level: int = 0) -> None:
        """Show what is at a path, whether a layer shows it or not.

        Parameters
        ----------
        path
            Of a store, an image, an array.
        node, index
            Which part of it is wanted: its path inside the store, and which entry of
            ``multiscales``; another one where there is none such.
        level
            Which level of that.
        """
        self._wanted = (node, index, level)
        if self._job is not None and path == self._path:
            return  # it is being read
        self._leave()
        self._path = path
        held = self._held.get(path)
        if held is not None and held.is_current:
            self._show(held)
            return
        self.session.show_nothing(_READING)
        job = Job(lambda _tell, _cancelled: Findings.open(path))
        job.ended.connect(partial(self._come, job, path))
        self._job = job.start()

    def _follow(self, layer: Any) -> None:
        record = Provenance.from_metadata(layer.metadata)
        if record is None:
            return
        node = record.node if record.parent is None else record.parent
        path = _joined(record.store, node)
        wanted = (record.node, record.index, 0)
        findings = self.session.findings
        if path == self._path and findings is not None and findings.is_current:
            part = _part(findings, wanted)
            if part is not None:
                self.session.show_part(part)
            return
        self.open(path, *wanted)

    def _come(
        self,
        job: Job,
        path: str,
        findings: Findings | None,
        error: Exception | None,
    ) -> None:
        if job is not self._job:
            return
        self._job = None
        if error is not None:
            told = as_ngff_error(error, doing=f"reading the metadata of {path}")
            self.session.show_nothing(str(told))
        elif findings is not None:
            self._held[path] = findings
            while len(self._held) > _KEPT:
                self._held.popitem(last=False)
            self._show(findings)

    def _show(self, findings: Findings) -> None:
        part = _part(findings, self._wanted)
        if part is None:
            self.session.show(findings)
            return
        last = max(0, len(findings.parts[part].arrays) - 1)
        self.session.show(findings, part=part, level=min(self._wanted[2], last))

    def _leave(self) -> None:
        """Wait no more for what is being read."""
        if self._job is not None:
            self._job.stop.set()
            self._job = None


def _part(findings: Findings, wanted: tuple[str, int, int]) -> int | None:
    parts = enumerate(findings.parts)
    return next((i for i, p in parts if (p.node, p.index) == wanted[:2]), None)


def _joined(store: str, node: str) -> str:
    return f"{store.rstrip('/')}/{node}" if node else store
