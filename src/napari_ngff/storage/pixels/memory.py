"""How much memory there is, and the most that one operation may take.

Knows the machine; does not know arrays or caches.
"""

from __future__ import annotations

from dataclasses import dataclass

from napari_ngff.core.problems import TooLargeForMemory

UNCHECKED_BYTES = 64 * 2**20
"""Less than this is not worth asking the machine about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Bytes of memory of this machine: all there is, and what is free now."""

    total: int
    free: int


@dataclass(slots=True)
class _Setting:
    """The limit that was set; None: by what is free."""

    limit: int | None = None


_SETTING = _Setting()


def machine_memory() -> Memory:
    """Ask the machine how much memory it has."""
    import psutil

    now = psutil.virtual_memory()
    return Memory(total=now.total, free=now.available)


def set_operation_limit(nbytes: int | None) -> None:
    """Bound what one operation may hold; None: three quarters of what is free."""
    _SETTING.limit = nbytes


def operation_limit() -> int:
    """Return the most bytes that one operation may hold now."""
    if _SETTING.limit is not None:
        return _SETTING.limit
    return machine_memory().free * 3 // 4


def check_fits(what: str, nbytes: int) -> None:
    """Refuse an operation that needs too much memory.

    Parameters
    ----------
    what
        The operation, as the subject of a sentence.
    nbytes
        Bytes that it needs.

    Raises
    ------
    TooLargeForMemory
        If that is more than allowed.
    """
    if nbytes <= UNCHECKED_BYTES and _SETTING.limit is None:
        return
    limit = operation_limit()
    if nbytes > limit:
        raise TooLargeForMemory(what=what, nbytes=nbytes, limit=limit)
