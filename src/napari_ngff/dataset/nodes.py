"""What opening a location gives: metadata and lazy pixels together.

All are frozen values. Pixels are `LazyArray`s: making a node reads no chunk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.model import Group, ImageLabel, Multiscale
    from napari_ngff.storage.lazy import LazyArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageData:
    """One multiscale image: its metadata and the arrays of its levels.

    Attributes
    ----------
    store
        Where the store is, fit to show and to keep: no credentials. Opening it again
        takes this text (a remote store's credentials are kept for the process by
        `storage.location`).
    node
        Path of the image's group inside the store; ``""`` is the root.
    index
        Which entry of ``multiscales`` this is.
    group
        The model of the whole group's attributes.
    multiscale
        That entry, its levels being those of `levels` (a level whose array cannot be
        opened is left out of both, with a problem), its axes as many as they have
        dimensions, and its own and its levels' transforms resolved (arrays given by
        ``path`` are read); the alternatives in ``edges`` are as in the file.
    levels
        The pixels, finest first; each has the shape of its array, axis order as in
        ``multiscale.axes``.
    labels
        The label images that belong to it and could be opened.
    problems
        Everything found wrong with this image, its labels' problems included.
    """

    store: str
    node: str
    index: int
    group: Group
    multiscale: Multiscale
    levels: tuple[LazyArray, ...]
    labels: tuple[LabelData, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelData:
    """A label image: an integer image with colours and properties.

    Attributes
    ----------
    name
        Its name in the ``labels`` group.
    image
        The label image itself, as pixels with geometry.
    image_label
        Its ``image-label`` block; None where the file has none.
    parent
        Node path of the image it labels; None where it is opened alone.
    """

    name: str
    image: ImageData
    image_label: ImageLabel | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayData:
    """A Zarr array without OME-Zarr metadata, opened as what it is.

    `dimension_names` are those of its Zarr v3 document (or ``_ARRAY_DIMENSIONS``).
    """

    store: str
    node: str
    array: LazyArray
    dimension_names: tuple[str | None, ...] | None = None
    problems: tuple[Problem, ...] = ()


CollectionKind: TypeAlias = Literal[
    "images", "plate", "well", "scene", "series", "group", "arrays"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionData:
    """Several things at one location.

    Attributes
    ----------
    kind
        ``images``: several ``multiscales`` entries of one group; ``plate``, ``well``,
        ``scene``, ``series`` (bioformats2raw): opened image by image; ``group``: a
        group that holds images; ``arrays``: a group of arrays.
    children
        What was opened: at most ``Limits.images_opened``.
    paths
        Node paths of all there are, opened or not. Of a plate's wells that were not
        looked into, the well's.
    problems
        Those of the collection; each child has its own.
    """

    store: str
    node: str
    kind: CollectionKind
    children: tuple[ImageData | LabelData | ArrayData, ...]
    paths: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


Node: TypeAlias = ImageData | LabelData | ArrayData | CollectionData
