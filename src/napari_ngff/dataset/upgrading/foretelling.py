"""What a version will call wrong and the one before did not, looked at before it is so.

Knows how to check a store as if its documents were others already; the rules are those
of `validate`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from napari_ngff.core.names import sentence
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.validate import problems_at
from napari_ngff.storage.edited import EditedLocation
from napari_ngff.storage.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.core.problems import Problem
    from napari_ngff.metadata.writing import WriteVersion
    from napari_ngff.storage.keys import Keys


def called_wrong(
    keys: Keys,
    documents: Mapping[str, tuple[bytes | None, bytes | None]],
    version: WriteVersion,
    limits: Limits,
) -> Iterator[Problem]:
    """Yield what will be an error, and is none now.

    Parameters
    ----------
    keys
        The store.
    documents
        What is there and what is to be, by key; None: nothing.
    version
        Which version that makes it.
    limits
        Bounds on what is read.
    """
    before = Location(keys, "", limits=limits)
    known = {(p.kind, p.node) for p in _errors(before)}
    after = EditedLocation(
        Location(keys, "", limits=limits),
        {key.rpartition("/")[0] for key in documents},
        {key: new for key, (_, new) in documents.items()},
    )
    for problem in _errors(after):
        if (problem.kind, problem.node) not in known:
            text = f"{sentence(problem.message)} In version {version} this is an error."
            yield replace(problem, level="warning", message=text)


def _errors(location: Location) -> list[Problem]:
    try:
        return [p for p in problems_at(location) if p.level == "error"]
    except CannotOpen:
        return []  # a folder that no document tells of
