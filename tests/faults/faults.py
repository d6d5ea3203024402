"""The faults that can be injected into the writer's I/O calls, by name."""

from __future__ import annotations

import errno
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

    from napari_ngff.storage.commit.files import Call

KILLED = 77
#: Kinds that end the process.
DEADLY = frozenset({"kill", "torn"})
#: Calls for which a disk needs room.
GROWING = frozenset({"create", "write", "mkdir", "link", "sync"})
#: Calls that may need some, and then find it again where they came from.
RENAMING = frozenset({"rename", "exchange"})


def _error(number: int, path: str) -> OSError:
    return OSError(number, os.strerror(number), path)


def kill(call: Call, first: bool) -> None:
    """End the process before the call, without any cleaning up."""
    os._exit(KILLED)


def torn(call: Call, first: bool) -> None:
    """End the process in the middle of a write."""
    if call.name == "write":
        os.write(call.descriptor, call.data[: len(call.data) // 2])
    os._exit(KILLED)


def full(call: Call, first: bool) -> None:
    """Let the disk be full from now on; half of a write still goes through."""
    if call.name == "write":
        os.write(call.descriptor, call.data[: len(call.data) // 2])
    if call.name in GROWING or (first and call.name in RENAMING):
        raise _error(errno.ENOSPC, call.path)


def eio(call: Call, first: bool) -> None:
    """Let this one call fail."""
    if first:
        raise _error(errno.EIO, call.path)


def gone(call: Call, first: bool) -> NoReturn:
    """Let this and every later call fail, as when a disk is pulled out."""
    raise _error(errno.EIO, call.path)


def interrupt(call: Call, first: bool) -> None:
    """Let the user press Ctrl-C."""
    if first:
        raise KeyboardInterrupt


KINDS: dict[str, Callable[[Call, bool], None]] = {
    function.__name__: function for function in (kill, torn, full, eio, gone, interrupt)
}


class Injector:
    """Counts the calls, and lets the `point`-th (from 1) meet a fault.

    With the kind ``"none"`` it only counts.
    """

    def __init__(self, kind: str, point: int) -> None:
        self.names: list[str] = []
        self._fault = KINDS.get(kind)
        self._point = point
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> None:
        with self._lock:
            self.names.append(call.name)
            number = len(self.names)
        if self._fault is not None and number >= self._point:
            self._fault(call, number == self._point)


class LineInjector:
    """Lets the user press Ctrl-C before the `point`-th line that runs in a folder."""

    def __init__(self, folder: str, point: int) -> None:
        self.lines = 0
        self._folder = folder
        self._point = point

    def __call__(self, frame: Any, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(self._folder):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self._point:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self
