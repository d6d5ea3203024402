"""What must hold for any store that is opened, however hostile; one judge for all.

Nothing outside the store is read, nothing hangs, memory stays bounded, only our own
errors are raised, and every text that may be shown is fit to be shown.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
import time
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.core.problems import ChunkReadError, Fault, NgffError, StoreChanged
from napari_ngff.dataset.validate import validate
from napari_ngff.layers.read import read_layers
from napari_ngff.storage.pixels.cache import CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

#: Text and pixels of the store next door, which no case may bring to light.
SECRET = "SECRET-OF-THE-NEIGHBOUR"
SECRET_PIXEL = 54_321

CPU_SECONDS = 5.0
WALL_SECONDS = 20.0
MEMORY_BYTES = 200 * 2**20
TEXT_CHARS = 4096
_CORNER = 16
_WHOLE = 2**20


class Hung(BaseException):
    """Something took too long; nothing that catches exceptions may catch this."""


_Opened: TypeAlias = "dict[tuple[str, bool], None]"

_opened: _Opened | None = None


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    """Note every file that is opened while a store is judged."""
    if _opened is None or event not in ("open", "os.listdir", "os.scandir"):
        return
    path = arguments[0]
    if not isinstance(path, (str, bytes)):
        return
    flags = arguments[2] if len(arguments) > 2 else 0
    _opened[os.fsdecode(path), bool((flags or 0) & _NOFOLLOW)] = None


def _real(path: str, *, itself: bool) -> str:
    """Return where a path leads; `itself`: a link at its end is not followed."""
    if not itself:
        return os.path.realpath(path)
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
sys.addaudithook(_audit)


@dataclass(slots=True, kw_only=True)
class Seen:
    """What came of opening a store.

    `reads` holds for each level of each layer its corner, or the error in its place.
    """

    error: NgffError | None = None
    layers: list[Any] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    reads: list[npt.NDArray[Any] | NgffError] = field(default_factory=list)
    checked: Any = None

    @property
    def kinds(self) -> set[str]:
        """The kinds of all problems."""
        return {problem["kind"] for problem in self.problems}

    @property
    def texts(self) -> list[str]:
        """Everything that may be shown to a person."""
        found = [str(self.error)] if self.error else []
        found += [problem["message"] for problem in self.problems]
        found += [str(read) for read in self.reads if isinstance(read, NgffError)]
        for _, meta, _ in self.layers:
            found += [meta["name"], *meta.get("axis_labels", ())]
            found += [str(unit) for unit in meta.get("units", ())]
            for name, column in (meta.get("features") or {}).items():
                found += [name, *(cell for cell in column if isinstance(cell, str))]
        if isinstance(self.checked, NgffError):
            found.append(str(self.checked))
        elif self.checked is not None:
            found += [problem.message for problem in self.checked.problems]
        return found


def pixels_of(data: Any) -> list[Any]:
    """Return the levels of a layer's data."""
    return data if isinstance(data, list) else [data]


def judge(path: Path | str, *, inside: Path | None = None) -> Seen:
    """Open a store, read from every level of every layer, and check all promises.

    Parameters
    ----------
    path
        What is opened.
    inside
        The only place in which files may be read; its neighbours are out of bounds.
    """
    seen = Seen()
    CACHE.clear()
    with _bounds() as opened:
        _look(path, seen)
    assert not isinstance(seen.error, Fault)
    assert "unexpected-error" not in seen.kinds, _messages(seen, "unexpected-error")
    if inside is not None:
        _check_opened(opened, inside)
    for text in seen.texts:
        check_text(text)
    assert SECRET not in repr((seen.layers, seen.problems, seen.texts))
    for read in seen.reads:
        assert isinstance(read, NgffError) or not (read == SECRET_PIXEL).any()
    return seen


def _look(path: Path | str, seen: Seen) -> None:
    try:
        seen.layers = read_layers(path)
    except NgffError as error:
        seen.error = error
    for data, meta, _ in seen.layers:
        seen.problems += meta["metadata"]["napari_ngff"]["problems"]
        for level in pixels_of(data):
            seen.reads.append(_corner(level))
    try:
        seen.checked = validate(path)
        seen.checked.to_json()
    except NgffError as error:
        seen.checked = error


def _corner(level: Any) -> npt.NDArray[Any] | NgffError:
    """Read a level whole if it is small, else its first corner."""
    if level.size > _WHOLE:
        level = level[tuple(slice(0, _CORNER) for _ in level.shape)]
    try:
        return np.asarray(level)
    except (ChunkReadError, StoreChanged) as error:
        return error


def _messages(seen: Seen, kind: str) -> list[str]:
    return [p["message"] for p in seen.problems if p["kind"] == kind]


def check_text(text: str) -> None:
    """Fail for a text that a widget could misread or that is endlessly long."""
    assert len(text) <= TEXT_CHARS, f"{len(text)} characters: {text[:200]!r}"
    bad = {c for c in text if unicodedata.category(c) in {"Cc", "Cs", "Cf"}}
    assert not bad - {"\u200c", "\u200d"}, f"{bad} in {text!r}"
    assert not re.search(r"<\s*[a-zA-Z/!]", text), f"markup in {text!r}"


def _check_opened(opened: _Opened, inside: Path) -> None:
    """Fail where a file beside the store was opened; an absent one does not count."""
    root = os.path.realpath(inside)
    around = os.path.realpath(inside.parent.parent)
    for named, itself in opened:
        path = _real(named, itself=itself)
        if path.startswith(around) and os.path.exists(path):
            below = path == root or path.startswith(root + os.sep)
            assert below, f"{path} was opened, which is not in {root}"


@contextmanager
def _bounds() -> Iterator[_Opened]:
    """Hold what is done to the limits on time and memory; note the files opened."""
    global _opened
    before = _reset_peak()
    begun = time.process_time()
    opened: _Opened = {}
    with _alarm():
        _opened = opened
        try:
            yield opened
        finally:
            _opened = None
    used = time.process_time() - begun
    assert used < CPU_SECONDS, f"{used:.1f} s"
    grown = _peak() - before
    assert grown < MEMORY_BYTES, f"{grown / 2**20:.0f} MiB"


@contextmanager
def _alarm() -> Iterator[None]:
    """Break off what hangs, where the system can do so."""
    main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not main:
        yield
        return

    def stop(*_: object) -> None:
        message = f"not done after {WALL_SECONDS} seconds"
        raise Hung(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _reset_peak() -> int:
    """Begin to measure this process's peak of memory; return what it has now."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return sys.maxsize  # not Linux: the peak is not measured
    return _peak()


def _peak() -> int:
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", text)
    return int(found[1]) * 1024 if found else 0
