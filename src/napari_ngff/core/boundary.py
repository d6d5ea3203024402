"""At an error boundary: anything that was raised, as an error fit to be shown.

Knows only errors and text. Used where architecture allows catching `Exception`.
"""

from __future__ import annotations

from napari_ngff.core.names import plain, scrub
from napari_ngff.core.problems import Fault, NgffError


def as_ngff_error(error: Exception, *, doing: str) -> NgffError:
    """Return `error` if it is ours, else a `Fault` of which it is the cause.

    Parameters
    ----------
    error
        What was raised.
    doing
        What was being done, as in ``"opening cells.zarr"``; made plain here.
    """
    if isinstance(error, NgffError):
        return error
    reason = plain(scrub(f"{type(error).__name__}: {error}")).rstrip(".")
    fault = Fault(plain(doing), reason)
    fault.__cause__ = error
    return fault
