"""Whether what a script passes to `write` is what it must be, before anything is done.

Knows the arguments that are no `SaveOptions`, which judges the others itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from napari_ngff.dataset.saving.options import wrong

_RIGHT: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "path": (
        lambda v: isinstance(v, (str, os.PathLike)) and bool(os.fspath(v)),
        "a path",
    ),
    "overwrite": (lambda v: isinstance(v, (bool, np.bool)), "True or False"),
    "answers": (
        lambda v: v is None or isinstance(v, Mapping),
        "answers by the keys of questions, or None",
    ),
    "scheduler": (
        lambda v: v is None or (hasattr(v, "submit") and hasattr(v, "gather")),
        "a Client of dask.distributed, or None",
    ),
    "progress": (callable, "a function of the fraction that is done"),
    "cancelled": (callable, "a function that says whether to stop"),
}


def check_arguments(**given: Any) -> None:
    """Refuse arguments that would fail late, or mean the opposite of what was meant.

    Parameters
    ----------
    **given
        Any of ``path``, ``overwrite``, ``answers``, ``scheduler``, ``progress`` and
        ``cancelled``.

    Raises
    ------
    ValueError
        It says which argument, and what it must be.
    """
    for name, value in given.items():
        is_right, right = _RIGHT[name]
        if not is_right(value):
            raise ValueError(wrong(name, value, right))
