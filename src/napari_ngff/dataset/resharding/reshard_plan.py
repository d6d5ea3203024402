"""A re-sharding that is not done yet, as a value: to show, to test and to carry out.

Knows what there is to say about it; not how that is found out, nor how it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.resharding.decoding import Decoding
    from napari_ngff.dataset.resharding.options import ReshardOptions
    from napari_ngff.dataset.resharding.placing import Place
    from napari_ngff.storage.inspecting.stored_as import StoredAs
    from napari_ngff.storage.keys import Keys
    from napari_ngff.storage.location import NodeDocument
    from napari_ngff.storage.resharding.arrays import Resharding

How: TypeAlias = Literal["copied", "decoded"]
Kind: TypeAlias = Literal["image", "label", "array"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """How many files some chunks are in, and their bytes.

    Attributes
    ----------
    count, nbytes
        None: not known.
    about
        Whether these are estimates.
    """

    count: int | None
    nbytes: int | None
    about: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayPlan:
    """One array, before and after. Lengths are pixels, in the axis order of the array.

    Attributes
    ----------
    node
        Its path inside the store that is made.
    axes
        Names of its axes; numbers where they have no names.
    kind
        Whether it is a level of an image, of a label image, or stands alone.
    shape, dtype
        Of the array.
    chunk, shard
        Before; no shard: a file per chunk.
    new_chunk, new_shard
        Afterwards.
    before, after
        Its files.
    how
        Whether the bytes of its chunks are copied, or pixels decoded and encoded.
    why
        Why it is decoded, a sentence without its full stop; empty where it is not.
    document
        Its ``zarr.json``.
    source, stored
        The document that it is made from, and what that says of its files.
    work
        What is done for it.
    """

    node: str
    axes: tuple[str, ...]
    kind: Kind
    shape: tuple[int, ...]
    dtype: str
    chunk: tuple[int, ...]
    shard: tuple[int, ...] | None
    new_chunk: tuple[int, ...]
    new_shard: tuple[int, ...] | None
    before: Files
    after: Files
    how: How
    why: str = ""
    document: Mapping[str, Any] = field(repr=False)
    source: NodeDocument = field(repr=False)
    stored: StoredAs = field(repr=False)
    work: Resharding | Decoding = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReshardPlan:
    """All that a re-sharding will do, or has done.

    Attributes
    ----------
    source
        The store, fit to be shown.
    node
        Which part of it: ``""`` is all.
    target
        Where it goes: the store itself if it is changed in place.
    where
        Whether that is a new place, or the store itself.
    options
        What was chosen.
    keys
        The bytes of what it is made from.
    place
        What is at the target.
    was, version
        The version of OME-Zarr before and after; empty where nothing says it.
    arrays
        Those whose chunks lie in other files afterwards.
    documents
        Every metadata document of the new store, by key; None: one that goes.
    obstacles
        Why it cannot be done; empty where it can.
    problems
        What else should be known: what is decoded, what is rounded; afterwards what
        could not be tidied up.
    memory, workers
        Bytes of memory at a time, estimated, and how many tasks run at a time.
    """

    source: str
    node: str
    target: Path
    where: Literal["new", "in-place"]
    options: ReshardOptions
    keys: Keys = field(repr=False)
    place: Place = field(repr=False)
    was: str = ""
    version: str = ""
    arrays: tuple[ArrayPlan, ...] = ()
    documents: Mapping[str, bytes | None] = field(default_factory=dict, repr=False)
    obstacles: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    memory: int = 0
    workers: int = 1

    @property
    def before(self) -> Files:
        """The files of all arrays, as they are."""
        return total(array.before for array in self.arrays)

    @property
    def after(self) -> Files:
        """The files of all arrays, as they will be."""
        return total(array.after for array in self.arrays)

    @property
    def decoded(self) -> tuple[ArrayPlan, ...]:
        """The arrays whose pixels have to be decoded."""
        return tuple(array for array in self.arrays if array.how == "decoded")

    @property
    def text(self) -> str:
        """What will be done, as lines of plain text."""
        from napari_ngff.dataset.resharding.plan_text import plan_lines

        return "\n".join(plan_lines(self))


def total(parts: Iterable[Files]) -> Files:
    """Return the sum of the files of several arrays."""
    known = tuple(parts)
    counts = [part.count for part in known if part.count is not None]
    sizes = [part.nbytes for part in known if part.nbytes is not None]
    return Files(
        count=sum(counts) if len(counts) == len(known) else None,
        nbytes=sum(sizes) if len(sizes) == len(known) else None,
        about=any(part.about for part in known),
    )
