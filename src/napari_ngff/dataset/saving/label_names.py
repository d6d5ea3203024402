"""What the folders of label images are called, so that they can be copied anywhere.

Knows names; touches no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.core.names import plain
from napari_ngff.core.portable import fault_of, portable, unique
from napari_ngff.dataset.reading.reading import note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.problems import Problem

_ALIKE = "another name differs from it in capitals alone"


def saved_names(
    names: Sequence[str], *, node: str
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the name of each label image in its store, and which are not as they were.

    Parameters
    ----------
    names
        What they are called, paths below ``labels``.
    node
        The image's group, for the words.

    Returns
    -------
    names, problems
        A name that some file system does not take is made one that all do; one that
        occurs before, capitals or not, gets a number.
    """
    fit = ["/".join(map(_fit, name.split("/"))) for name in names]
    saved = unique(fit)
    problems = []
    for name, now in zip(names, saved, strict=True):
        if name == now:
            continue
        reasons = [reason for part in name.split("/") if (reason := fault_of(part))]
        text = f"The labels '{plain(name)}' are saved as '{plain(now)}': "
        text += reasons[0] if reasons else _ALIKE
        problems.append(note("warning", "label-name", text, node=node))
    return saved, tuple(problems)


def _fit(part: str) -> str:
    return portable(part, "labels") if fault_of(part) else part
