"""Whether the process that saves still lives."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import psutil
import pytest

from napari_ngff.storage.commit import owners
from napari_ngff.storage.commit.owners import (
    fate,
    read_owner,
    started,
    this_process,
    write_owner,
)

HERE = this_process("cells.ome.zarr")


def test_this_process_lives():
    """It would be strange otherwise."""
    assert "alive" == fate(HERE)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"started": HERE.started - 60}, "dead"),
        ({"boot": "another run of this machine"}, "dead"),
        ({"host": "elsewhere"}, "unknown"),
        ({"machine": "another of this name", "boot": "another"}, "unknown"),
        ({"space": "pid:[1]"}, "unknown"),
        ({"host": "elsewhere", "boot": "another"}, "unknown"),
    ],
)
def test_others(change, expected):
    """A number that was used again, an earlier run, another machine or container."""
    assert expected == fate(replace(HERE, **change))


@pytest.mark.parametrize("text", [None, b"", b"\n"])
def test_a_machine_without_a_number(text, tmp_path, monkeypatch, unknown_machine):
    """Where the system has none, its name tells it from others, and the run of it."""
    place = tmp_path / "machine-id"
    if text is not None:
        place.write_bytes(text)
    monkeypatch.setattr(owners, "_MACHINE", (place,))
    here = this_process("a")

    assert "" == here.machine
    assert "alive" == fate(here)
    assert "dead" == fate(replace(here, boot="another run of this machine"))


def test_the_number_of_a_machine_is_not_shown(tmp_path, monkeypatch, unknown_machine):
    """It is told by a digest of it, which is the same each time."""
    (tmp_path / "machine-id").write_bytes(b"0123456789abcdef\n")
    places = (tmp_path / "nothing", tmp_path / "machine-id")
    monkeypatch.setattr(owners, "_MACHINE", places)
    first = owners.this_machine()
    owners.this_machine.cache_clear()
    (tmp_path / "machine-id").write_bytes(b"fedcba9876543210\n")

    assert 32 == len(first)
    assert "0123456789abcdef" not in first
    assert first != owners.this_machine()


@pytest.fixture
def unknown_machine():
    """What is known of this machine is forgotten, before and after."""
    if sys.platform in {"win32", "darwin"}:
        pytest.skip("this system keeps the number elsewhere")
    owners.this_machine.cache_clear()
    yield
    owners.this_machine.cache_clear()


def test_a_process_that_ended():
    """Also before its parent has taken note."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1) as child:
        owner = replace(HERE, pid=child.pid, started=started(child.pid))
        before = fate(owner)
        child.stdin.close()
        if sys.platform != "win32":
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            assert "dead" == fate(owner)

    assert "alive" == before
    assert "dead" == fate(owner)


def test_a_process_that_hides(monkeypatch):
    """What may not be looked at may live."""

    def refuse(pid=None):
        if pid is not None:
            raise psutil.AccessDenied(pid)
        return psutil_process()

    psutil_process = psutil.Process
    monkeypatch.setattr(owners.psutil, "Process", refuse)

    assert "unknown" == fate(HERE)


def test_a_clock_that_is_set(monkeypatch):
    """A save that goes on meanwhile is not taken for a dead one's."""
    if not os.path.exists("/proc/self/stat"):
        pytest.skip("this system tells by the clock when a process began")
    create_time = psutil.Process.create_time
    monkeypatch.setattr(
        owners.psutil.Process, "create_time", lambda self: create_time(self) + 3600
    )

    assert "alive" == fate(HERE)


def test_a_process_that_is_not_shown(monkeypatch):
    """Where those of other people are hidden, it may live nevertheless."""

    def hide(pid):
        raise psutil.NoSuchProcess(pid)

    monkeypatch.setattr(owners, "started", hide)
    known = replace(HERE)

    monkeypatch.setattr(owners, "this_process", lambda name: known)
    assert "unknown" == fate(HERE)


def test_an_owner_is_read_as_written(tmp_path):
    """And no other file is left."""
    write_owner(tmp_path / "owner.json", HERE)

    assert HERE == read_owner(tmp_path / "owner.json")
    assert ["owner.json"] == os.listdir(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"pid": "1"}',
        b"[" * 4000,
        b'{"pid": true, "started": 1.0, "host": "", "boot": "", "space": "", '
        b'"name": ""}',
        b'{"pid": 1, "started": 1.0, "host": "", "boot": "", "space": "", "name": "", '
        b'"more": 1}',
        b'{"pid": 1, "started": 1.0, "host": "", "boot": "", "space": "", "name": "", '
        b'"machine": 1}',
        b'{"pid": -5, "started": 1.0, "host": "", "boot": "", "space": "", "name": ""}',
        b'{"pid": 99999999999999999999, "started": 1.0, "host": "", "boot": "", '
        b'"space": "", "name": ""}',
    ],
)
def test_what_is_no_owner(text, tmp_path):
    """A file of this name may hold anything."""
    (tmp_path / "owner.json").write_bytes(text)

    assert read_owner(tmp_path / "owner.json") is None


def test_no_owner(tmp_path):
    """There may be none, nor a folder for it."""
    (tmp_path / "file").touch()

    assert read_owner(tmp_path / "owner.json") is None
    assert read_owner(tmp_path / "file/owner.json") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    """It is an error at once."""
    os.mkfifo(tmp_path / "owner.json")

    with pytest.raises(OSError, match="a file is expected"):
        read_owner(tmp_path / "owner.json")
