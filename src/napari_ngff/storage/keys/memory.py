"""Keys whose values are in memory: a store that is nowhere but in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from napari_ngff.storage.keys import clip

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from napari_ngff.storage.keys import Span


class MemoryKeys:
    """Values by key; see `storage.keys.Keys`.

    Parameters
    ----------
    url
        What stands for its address. It cannot be opened.
    values
        The values, by key.
    """

    remote = False

    def __init__(self, url: str, values: Mapping[str, bytes]) -> None:
        self.url = url
        self._values = dict(values)

    def get(self, key: str, span: Span | None = None, *, limit: int) -> bytes | None:
        """Return a value; see `Keys.get`."""
        found = self.sized(key, span, limit=limit)
        return None if found is None else found[0]

    def sized(
        self, key: str, span: Span | None = None, *, limit: int
    ) -> tuple[bytes, int | None] | None:
        """Return a value and its size; see `Keys.sized`."""
        del limit  # what is in memory is small enough to be there
        if key not in self._values:
            return None
        data = self._values[key]
        start, size = clip(span, len(data))
        return data[start : start + size], len(data)

    def stamped(self, key: str, *, limit: int) -> tuple[bytes, Hashable] | None:
        """Return a value and its stamp; see `Keys.stamped`."""
        data = self.get(key, limit=limit)
        return None if data is None else (data, self.stamp(key))

    def stamp(self, key: str) -> Hashable:
        """Return what changes when a value does; see `Keys.stamp`."""
        return self._values.get(key)

    def folders(self, prefix: str) -> tuple[str, ...] | None:
        """Return the names of folders; see `Keys.folders`."""
        below = (key[len(prefix) :] for key in self._values if key.startswith(prefix))
        return tuple(dict.fromkeys(k.partition("/")[0] for k in below if "/" in k))

    def files(self, prefix: str) -> Iterator[tuple[str, int | None]]:
        """Give every value below a prefix and its size; see `Keys.files`."""
        for key, value in self._values.items():
            if key.startswith(prefix):
                yield key, len(value)
