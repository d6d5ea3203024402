"""The files that layers came from, read again before the layers are saved.

Knows how to find an image by what a layer remembers, and whether it is still what it
was; does not know what is saved of it. Reads no pixels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.nodes import CollectionData, ImageData, LabelData
from napari_ngff.dataset.read import read
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.reading.images import Prepared, prepare
from napari_ngff.layers.reading.labels import prepare_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from napari_ngff.dataset.nodes import Node
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.reading.space import Placement
    from napari_ngff.metadata.model import ImageLabel

#: Store, node and index of an image, as `Provenance` has them.
OriginKey: TypeAlias = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An image or label image of a file, as it is there now.

    Attributes
    ----------
    image
        What the file says.
    prepared
        What its layers have in common when it is opened.
    image_label
        Colours and properties of a label image.
    """

    image: ImageData
    prepared: Prepared
    image_label: ImageLabel | None = None

    def placement(self, record: Provenance) -> Placement:
        """Return where the layer with this record was when it was opened."""
        split = self.prepared.split
        if record.form == "channels" and split is not None:
            return self.prepared.place(replace(split, index=record.channel))
        return self.prepared.place(split if record.form == "rgb" else None)

    def fits(self, record: Provenance) -> bool:
        """Whether the file still says of its axes and levels what it said."""
        multiscale = self.image.multiscale
        split = self.prepared.split
        now = tuple((a.name, a.type, a.unit) for a in multiscale.axes)
        then = tuple((a["name"], a.get("type"), a.get("unit")) for a in record.axes)
        paths = {level.path for level in multiscale.levels}
        if now != then or not set(record.levels) <= paths:
            return False
        if record.form in ("channels", "rgb") and split is None:
            return False
        return record.channel is None or record.channel < self.prepared.count


def key_of(record: Provenance) -> OriginKey:
    """Return by what the origin of a layer is found."""
    return record.store, record.node, record.index


def origins_of(node: Node) -> dict[OriginKey, Origin]:
    """Return every image and label image of what was read, by where it is."""
    found: dict[OriginKey, Origin] = {}
    for origin in _origins(node):
        image = origin.image
        found.setdefault((image.store, image.node, image.index), origin)
    return found


def _origins(node: Node) -> Iterator[Origin]:
    """Prepare what can be shown, labels with their image."""
    match node:
        case CollectionData():
            for child in node.children:
                yield from _origins(child)
        case LabelData():
            yield _of_label(node, None)
        case ImageData():
            prepared = prepare(node)
            yield Origin(image=node, prepared=prepared)
            for label in node.labels:
                yield _of_label(label, prepared)


def _of_label(label: LabelData, image: Prepared | None) -> Origin:
    return Origin(
        image=label.image,
        prepared=prepare_label(label, image),
        image_label=label.image_label,
    )


def read_origins(
    layers: Sequence[LayerData], *, limits: Limits = LIMITS
) -> dict[OriginKey, Origin]:
    """Read again what layers came from.

    Parameters
    ----------
    layers
        As `layers.write.to_images` takes them; those that remember nothing, and those
        whose file is gone or cannot be read any more, are left out.
    limits
        What a file may ask for.
    """
    found: dict[OriginKey, Origin] = {}
    tried: set[tuple[str, str]] = set()
    for _, meta, _ in layers:
        record = Provenance.from_metadata(meta.get("metadata") or {})
        if record is None or record.kind == "array" or key_of(record) in found:
            continue
        node = record.node if record.parent is None else record.parent
        if (record.store, node) in tried:
            continue
        tried.add((record.store, node))
        try:
            opened = origins_of(read(_path(record.store, node), limits=limits))
        except NgffError:
            continue  # Then there is only what the layers themselves remember.
        found = opened | found
    return found


def _path(store: str, node: str) -> str:
    return f"{store.rstrip('/')}/{node}" if node else store
