"""Bytes by key: what every place that holds a store can do, and nothing about Zarr.

A `Keys` object is read-only, thread-safe and picklable. Each place is one module:
`local` (a folder), `archive` (a .zip or .ozx file), `http` (a web server or bucket).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

Span: TypeAlias = tuple[int, int | None]
"""Bytes ``[start, stop)`` of a value; stop None: to its end; ``(-n, None)``: last n."""


class Keys(Protocol):
    """Read-only bytes by key. Keys are relative, parted by ``/``, already checked."""

    @property
    def url(self) -> str:
        """Where it is: fit to show, and to open it again in this process."""

    @property
    def remote(self) -> bool:
        """Whether a read takes a round trip over a network."""

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return the value of a key, or a span of it.

        Parameters
        ----------
        key
            Which value.
        span
            Which bytes of it; they are cut at its end. None: all.
        limit
            How many bytes at most.

        Returns
        -------
        bytes or None
            None only where it is proven that there is no such key.

        Raises
        ------
        Unreadable
            If it is there, or may be there, and cannot be read.
        LimitExceeded
            If it has more bytes than `limit`.
        """

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int | None] | None:
        """Return what `get` does, and how many bytes the whole value has.

        That takes no further round trip. None in its place: it does not become known.
        """

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return the value of a key and its stamp from before it was read; see `get`.

        For documents: where a read takes a round trip, this one is enough for both.
        """

    def stamp(self, key: str) -> Hashable:
        """Return what changes when the value changes; None where there is none.

        Raises
        ------
        Unreadable
            If that cannot be found out.
        """

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of the folders directly below a prefix, or None.

        `prefix` is empty or ends with ``/``. None: this place cannot be listed.

        Raises
        ------
        Unreadable
            If it could be listed, but not now.
        """

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]] | None:
        """Give every file below a prefix, and how many bytes it has, as they are found.

        Parameters
        ----------
        prefix
            Empty, or ending with ``/``.

        Returns
        -------
        iterator or None
            Of keys in no order, and sizes; None in place of a size: what is there
            cannot be read as a file. None: this place cannot be listed.

        Raises
        ------
        Unreadable
            While it is iterated: if it could be listed, but not now.
        """


def clip(span: Span | None, size: int) -> tuple[int, int]:
    """Return the first byte and the number of bytes of a span of `size` bytes."""
    if span is None:
        return 0, size
    start, stop = span
    start = max(0, size + start) if start < 0 else min(start, size)
    stop = size if stop is None else min(stop, size)
    return start, max(0, stop - start)
