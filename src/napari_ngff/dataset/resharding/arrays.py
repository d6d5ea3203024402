"""What becomes of one array: whether its chunks can be copied, its document, its files.

Knows the array as it is and what is wished; writes nothing. What stands in the way is
told as a `Problem` of the level "error", never raised.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded, NgffError
from napari_ngff.dataset.inspecting.quantities import count_words
from napari_ngff.dataset.reading.reading import note
from napari_ngff.dataset.resharding.cells import cells
from napari_ngff.dataset.resharding.decoding import decoding_of, document_of
from napari_ngff.dataset.resharding.reshard_plan import ArrayPlan, Files
from napari_ngff.dataset.saving.estimate import ratio_of
from napari_ngff.storage.chunks.compression import (
    DEFAULT_COMPRESSION,
    Compression,
    from_v2,
    from_v3,
    v3_codecs,
)
from napari_ngff.storage.inspecting.codec_words import short_name
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.inspecting.stored_as import stored_as
from napari_ngff.storage.resharding.arrays import resharding_of
from napari_ngff.storage.resharding.counting import expected
from napari_ngff.storage.resharding.documents import chunk_form, resharded
from napari_ngff.storage.resharding.possible import why_decoded

if TYPE_CHECKING:
    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Level, Problem
    from napari_ngff.dataset.resharding.cells import Cells
    from napari_ngff.dataset.resharding.finding import Found
    from napari_ngff.dataset.resharding.options import ReshardOptions
    from napari_ngff.storage.inspecting.budget import Watch
    from napari_ngff.storage.inspecting.scan import LevelScan
    from napari_ngff.storage.location import Location, NodeDocument
    from napari_ngff.storage.resharding.arrays import Resharding

#: Codecs that turn pixels into bytes, or turn axes: what follows them compresses.
_BEFORE_BYTES = ("transpose", "bytes")


@dataclass(slots=True, kw_only=True)
class ArrayPlanner:
    """Plans array after array of one store.

    Attributes
    ----------
    location
        The store.
    options
        What is wished.
    problems
        What was found on the way; errors stand in the way.
    """

    location: Location
    options: ReshardOptions
    problems: list[Problem] = field(default_factory=list)

    def plan(self, found: Found, watch: Watch) -> ArrayPlan | None:
        """Return what becomes of an array; None where that is not possible."""
        try:
            document = self.location.document(found.node.path)
            if document is None:
                self._refuse(found, "it is not there any more")
                return None
            document = self.location.complete(document)
            limits = self.location.limits
            level = StoredLevel(self.location.keys, document, limits)
            scan = level.scan(watch=watch)
        except (DocumentError, LimitExceeded) as error:
            self._refuse(found, _reason(error))
            return None
        if self._is_damaged(found, scan):
            return None
        self._tell_beyond(found, scan)
        cut = self._cut(found, level)
        try:
            return self._made(found, document, level, scan, cut)
        except _Impossible as error:
            self._refuse(found, str(error))
            return None

    def _refuse(self, found: Found, text: str) -> None:
        self._note("error", "not-resharded", found, text)

    def _note(self, level: Level, kind: str, found: Found, text: str) -> None:
        self.problems.append(
            note(level, kind, plain(text, limit=1024), node=found.node.path)
        )

    def _is_damaged(self, found: Found, scan: LevelScan) -> bool:
        bad = [look for look in scan.looks if look.fault]
        if bad:
            key = scan.stored.keys.key(bad[0].place)
            more = f" ({len(bad) - 1} more are, too)" if len(bad) > 1 else ""
            text = f"the file {key} is damaged or cannot be read{more}: {bad[0].fault}."
            self._refuse(found, f"{text} 'napari-ngff inspect --check' says more")
        return bool(bad)

    def _tell_beyond(self, found: Found, scan: LevelScan) -> None:
        count = sum(each.kind == "beyond" for each in scan.strangers)
        if count:
            text = f"{count_words(count, 'file')} beyond its end are left out: nobody"
            self._note("info", "beyond", found, f"{text} reads them")

    def _cut(self, found: Found, level: StoredLevel) -> Cells:
        stored = level.stored
        cut = cells(found.axes, stored.shape, stored.chunk, stored.shard, self.options)
        if cut.rounded and cut.shard is not None:
            lengths = dict(zip(found.axes, cut.shard, strict=True))
            longer = ", ".join(f"{name}={lengths[name]}" for name in cut.rounded)
            text = f"A shard is a whole number of chunks: it is made {longer}"
            self._note("info", "rounded", found, text)
        return cut

    def _made(
        self,
        found: Found,
        document: NodeDocument,
        level: StoredLevel,
        scan: LevelScan,
        cut: Cells,
    ) -> ArrayPlan:
        common: dict[str, Any] = {
            "node": found.node.path,
            "axes": found.axes,
            "kind": found.kind,
            "shape": level.stored.shape,
            "dtype": level.stored.dtype,
            "chunk": level.stored.chunk,
            "shard": level.stored.shard,
            "before": _before(scan),
            "source": document,
            "stored": level.stored,
        }
        why = self._why(found, document, cut)
        if why is not None:
            return self._decoded(found, document, cut, why, common)
        work, target = self._copying(found, document, cut)
        return ArrayPlan(
            **common,
            new_chunk=cut.chunk,
            new_shard=cut.shard,
            after=_after(scan, work),
            how="copied",
            document=target,
            work=work,
        )

    def _copying(
        self, found: Found, document: NodeDocument, cut: Cells
    ) -> tuple[Resharding, dict[str, Any]]:
        """Return how the chunks of an array are copied, and its new document."""
        metadata, zarr_format = document.metadata, document.zarr_format
        limits, node = self.location.limits, found.node.path
        try:
            target = resharded(
                metadata,
                zarr_format,
                shard=cut.shard,
                index_location=self.options.index,
                dimension_names=found.stated,
                attributes=document.attributes if zarr_format == 2 else None,
                limits=limits,
            )
        except LimitExceeded as error:
            raise _Impossible(f"{_reason(error)}. Choose smaller shards") from error
        work = resharding_of(
            self.location.keys,
            node,
            metadata,
            zarr_format,
            target,
            node=node,
            order=self.options.order,
            limits=limits,
        )
        return work, target

    def _why(self, found: Found, document: NodeDocument, cut: Cells) -> str | None:
        """Return why an array must be decoded; None: it need not be."""
        metadata, zarr_format = document.metadata, document.zarr_format
        limits = self.location.limits
        try:
            form = chunk_form(metadata, zarr_format, limits=limits)
        except (DocumentError, LimitExceeded) as error:
            return _reason(error)
        wished = resharded(metadata, zarr_format, shard=None, limits=limits)
        wished["chunk_grid"]["configuration"]["chunk_shape"] = list(cut.chunk)
        compression = self.options.compression
        if compression is not None:
            kept = [c for c in form.codecs if short_name(c) in _BEFORE_BYTES]
            itemsize = stored_as(metadata, zarr_format, limits).itemsize
            wished["codecs"] = [*kept, *v3_codecs(compression, itemsize)]
        return why_decoded(metadata, zarr_format, wished, limits=limits)

    def _decoded(
        self,
        found: Found,
        document: NodeDocument,
        cut: Cells,
        why: str,
        common: dict[str, Any],
    ) -> ArrayPlan:
        try:
            pixels = self.location.array(document)
            decoding = decoding_of(
                pixels,
                node=found.node.path,
                chunk=cut.chunk,
                shard=cut.shard,
                compression=self._compression(found, document),
                order=self.options.order,
            )
            nbytes = ratio_of(decoding.layout, pixels) * decoding.nbytes
        except (NgffError, ValueError) as error:
            text = f"It would have to be decoded, and cannot be. {why}. "
            raise _Impossible(text + _reason(error)) from error
        names = document.metadata.get("dimension_names") or found.stated or ()
        self._note("info", "decoded", found, f"Its pixels are encoded anew. {why}")
        [planned] = decoding.pyramid.levels
        if planned.shard is not None and self.options.index == "start":
            text = "What is encoded anew has its index at the end of each shard"
            self._note("warning", "index-at-end", found, text)
        return ArrayPlan(
            **common,
            new_chunk=planned.chunk,
            new_shard=planned.shard,
            after=Files(count=decoding.files, nbytes=int(nbytes), about=True),
            how="decoded",
            why=why,
            document=document_of(decoding, names=names, attributes=document.attributes),
            work=decoding,
        )

    def _compression(self, found: Found, document: NodeDocument) -> Compression:
        if self.options.compression is not None:
            return self.options.compression
        known = _compression_of(document, self.location.limits)
        if known is None:
            text = f"Its compression is not written here. {DEFAULT_COMPRESSION.name} "
            self._note("info", "compression", found, f"{text}takes its place")
        return known or DEFAULT_COMPRESSION


def _before(scan: LevelScan) -> Files:
    about = scan.sampled and not scan.listed
    return Files(count=scan.files, nbytes=scan.nbytes, about=about)


def _after(scan: LevelScan, work: Resharding) -> Files:
    found = expected(scan, work.target)
    return Files(count=found.files, nbytes=found.nbytes, about=not found.exact)


class _Impossible(Exception):
    """An array cannot be what it is wished to be; the reason in words."""


def _compression_of(document: NodeDocument, limits: Limits) -> Compression | None:
    if document.zarr_format == 2:
        compressor = document.metadata.get("compressor")
        known = compressor is None or isinstance(compressor, dict)
        return from_v2(compressor) if known else None
    try:
        codecs = chunk_form(document.metadata, 3, limits=limits).codecs
    except (DocumentError, LimitExceeded):
        return None
    after = [codec for codec in codecs if short_name(codec) not in _BEFORE_BYTES]
    return from_v3([codec for codec in after if isinstance(codec, dict)])


def _reason(error: Exception) -> str:
    problems = getattr(error, "problems", ())
    text = "; ".join(problem.message for problem in problems) or str(error)
    return plain(text, limit=1024).rstrip(".")
