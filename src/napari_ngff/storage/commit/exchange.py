"""Renames that the standard library lacks: exchange two, and never replace.

Knows the C library of Linux and macOS; elsewhere says that it cannot.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Error numbers that mean: not here, whatever the paths. Any other is about the paths.
CANNOT = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})

_AT_FDCWD = -100
_LINUX: Final = {"exclusive": 1, "exchange": 2}
_MACOS: Final = {"exclusive": 4, "exchange": 2}


def exchange(first: str, second: str) -> None:
    """Let two files or folders change places in one step.

    Raises
    ------
    OSError
        With a number in `CANNOT` if the system or the file system has no such step.
    """
    _call("exchange", first, second)


def rename_new(source: str, target: str) -> None:
    """Rename to a name that must not exist.

    Where there is no such step, looks first: another program may come between, which
    is then told apart by `os.rename` only for folders and on Windows.

    Raises
    ------
    FileExistsError
        If there is something at `target`.
    """
    try:
        _call("exclusive", source, target)
    except OSError as error:
        if error.errno not in CANNOT:
            raise
        if os.path.lexists(target):
            reason = os.strerror(errno.EEXIST)
            raise FileExistsError(errno.EEXIST, reason, target) from error
        os.rename(source, target)


def _call(flag: str, first: str, second: str) -> None:
    function = _function()
    if function is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), second)
    ctypes.set_errno(0)
    if function(flag, os.fsencode(first), os.fsencode(second)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), first, None, second)


@cache
def _function() -> Callable[[str, bytes, bytes], int] | None:
    """Return what renames with a flag; None where the system has none."""
    find = _SYSTEMS.get(sys.platform)
    return None if find is None else find()


def _renameat2() -> Callable[[str, bytes, bytes], int] | None:
    found = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if found is None:
        return None
    at, name = ctypes.c_int, ctypes.c_char_p
    found.argtypes = [at, name, at, name, ctypes.c_uint]
    found.restype = ctypes.c_int

    def call(flag: str, first: bytes, second: bytes) -> int:
        code: int = found(_AT_FDCWD, first, _AT_FDCWD, second, _LINUX[flag])
        return code

    return call


def _renamex_np() -> Callable[[str, bytes, bytes], int] | None:
    found = getattr(ctypes.CDLL(None, use_errno=True), "renamex_np", None)
    if found is None:
        return None
    found.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_uint]
    found.restype = ctypes.c_int

    def call(flag: str, first: bytes, second: bytes) -> int:
        code: int = found(first, second, _MACOS[flag])
        return code

    return call


_SYSTEMS: Final = {"linux": _renameat2, "darwin": _renamex_np}
