"""Who is saving: which process of which machine, and whether it still lives.

Knows processes and a small JSON file; nothing of what they save.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import psutil

from napari_ngff.storage.commit import files

Fate: TypeAlias = Literal["alive", "dead", "unknown"]

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_SPACE: Final = Path("/proc/self/ns/pid")
#: Where Linux keeps a number that no two installed systems share.
_MACHINE: Final = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))
_SIZE: Final = 4096
_PIDS: Final = 2**32
#: By how much the start of one process may seem to differ: by rounding, or, where it is
#: told by a clock, because that is set meanwhile.
_SLACK: Final = 2.0
#: Which number behind the name of a process is when it started, in ticks since boot.
_TICKS: Final = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process that saves.

    Attributes
    ----------
    pid, started
        The process, and when it began: numbers are used again. On Linux in ticks since
        the system was started, for the clock may be set while an image is saved;
        elsewhere in seconds since 1970.
    host, boot, space
        The machine's name, which of its runs, and which container's numbers they are.
    name
        The last part of the target's path.
    machine
        What tells the machine from others of its name; empty where the system has no
        such thing.
    """

    pid: int
    started: float
    host: str
    boot: str
    space: str
    name: str
    machine: str = ""


def this_process(name: str) -> Owner:
    """Return the owner of a save to `name` that this process begins."""
    boot = _BOOT.read_text("ascii").strip() if _BOOT.exists() else ""
    return Owner(
        pid=os.getpid(),
        started=started(os.getpid()),
        host=platform.node(),
        boot=boot,
        space=os.readlink(_SPACE) if _SPACE.exists() else "",
        name=name,
        machine=this_machine(),
    )


@cache
def this_machine() -> str:
    """Return what tells this machine from others of its name; empty if nothing does.

    Names are no proof: many machines are called ``localhost`` or ``raspberrypi``. It is
    a digest, since the number itself should not be shown to others (machine-id(5)).
    """
    with suppress(OSError):
        if found := _machine_number().strip():
            return blake2b(found, digest_size=16, key=b"napari-ngff").hexdigest()
    return ""


def _machine_number() -> bytes:
    """Return the number that the system was given when it was installed, or made.

    Raises
    ------
    OSError
        If it has none, or does not tell.
    """
    if sys.platform == "win32":
        import winreg

        place = r"SOFTWARE\Microsoft\Cryptography"
        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place, 0, access) as key:
            found = str(winreg.QueryValueEx(key, "MachineGuid")[0]).encode()
    elif sys.platform == "darwin":
        number, wait = ctypes.create_string_buffer(16), (ctypes.c_long * 2)(1, 0)
        failed = ctypes.CDLL(None).gethostuuid(number, wait)
        found = b"" if failed else number.raw
    else:
        path = next((path for path in _MACHINE if path.exists()), None)
        found = b"" if path is None else path.read_bytes()
    return found


def fate(owner: Owner) -> Fate:
    """Tell whether an owner lives; ``unknown`` if it is, or was, on another machine."""
    here = this_process(owner.name)
    if (owner.host, owner.machine) != (here.host, here.machine):
        return "unknown"
    if owner.boot != here.boot:
        return "dead"
    if owner.space != here.space:
        return "unknown"
    try:
        same = abs(started(owner.pid) - owner.started) < _SLACK
        zombie = same and psutil.Process(owner.pid).status() == "zombie"
        return "alive" if same and not zombie else "dead"
    except psutil.NoSuchProcess:
        # There may be one that is not shown: other people's, where these are hidden.
        return "unknown" if psutil.pid_exists(owner.pid) else "dead"
    except psutil.AccessDenied:
        return "unknown"


def started(pid: int) -> float:
    """Return when a process began, to tell it from others of its number.

    Raises
    ------
    psutil.Error
        If there is none, or it may not be looked at.
    """
    try:
        text = Path(f"/proc/{pid}/stat").read_bytes()
        return float(text.rpartition(b")")[2].split()[_TICKS])
    except (OSError, IndexError):
        found: float = psutil.Process(pid).create_time()
        return found


def write_owner(path: Path, owner: Owner) -> None:
    """Say in a file who saves here, wholly or not at all."""
    part = path.with_suffix(".part")
    data = memoryview(json.dumps(asdict(owner)).encode())
    descriptor = files.create(part)
    try:
        while data:
            data = data[files.write(descriptor, data, part) :]
        files.sync(descriptor, part)
    finally:
        files.close(descriptor, part)
    files.rename_new(part, path)
    files.sync_folder(path.parent)


def read_owner(path: Path) -> Owner | None:
    """Return the owner that a file names; None if there is none, or none that is ours.

    Raises
    ------
    OSError
        If it is there and cannot be read.
    """
    try:
        descriptor = files.open_to_read(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        data = files.read(descriptor, _SIZE, path)
    finally:
        files.close(descriptor, path)
    try:
        return _owner(json.loads(data))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _owner(found: Any) -> Owner | None:
    names = ("host", "boot", "space", "name")
    texts = all(isinstance(found[k], str) for k in names)
    texts = texts and isinstance(found.get("machine", ""), str)
    numbers = type(found["pid"]) is int and isinstance(found["started"], float)
    numbers = numbers and 0 < found["pid"] < _PIDS
    return Owner(**found) if texts and numbers else None
