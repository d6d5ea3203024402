"""Several saves that belong together. Knows that no file system puts all in one step.

What may fail has been done for all of them before the first one is put in its place; if
then one cannot be, it is told by name which are saved, and which are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.problems import CannotSave, PartlySaved
from napari_ngff.storage.commit.telling import cannot_save

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from napari_ngff.core.problems import Problem
    from napari_ngff.storage.commit.tree import Staging


def put_all(saves: Sequence[tuple[Path, Staging]]) -> tuple[Problem, ...]:
    """Put everything in its place, one after another.

    Parameters
    ----------
    saves
        The targets, and what is staged and ready for each.

    Returns
    -------
    tuple of Problem
        What could not be tidied up.

    Raises
    ------
    CannotSave
        If the first one cannot be put in place: nothing was saved.
    PartlySaved
        If another one cannot: those before it were saved, the others were not.
    OSError
        As the first one's, to be told by its ``with`` statement.
    """
    targets = [target for target, _ in saves]
    problems: list[Problem] = []
    for index, (target, staging) in enumerate(saves):
        try:
            problems += staging.commit()
        except OSError as error:
            if not index:
                raise
            raise _partly(cannot_save(target, error), targets, index) from error
        except CannotSave as error:
            if not index:
                raise
            raise _partly(error, targets, index) from error
    return tuple(problems)


def _partly(error: CannotSave, targets: Sequence[Path], count: int) -> PartlySaved:
    """Return what to raise if the first `count` were saved, and no more."""
    advice = f"{error.advice} Saved already: {_named(targets[:count])}."
    if later := targets[count + 1 :]:
        advice += f" Not saved, either: {_named(later)}."
    return PartlySaved(
        error.target,
        error.reason,
        advice.strip(),
        saved=tuple(str(target) for target in targets[:count]),
    )


def _named(targets: Sequence[Path]) -> str:
    return ", ".join(plain(target.name) for target in targets)
