"""Two folders change places in one step, or it is said that they cannot."""

from __future__ import annotations

import errno
import sys

import pytest

from napari_ngff.storage.commit import exchange as module
from napari_ngff.storage.commit.exchange import CANNOT, exchange, rename_new

HERE = sys.platform in {"linux", "darwin"}
needs_flags = pytest.mark.skipif(not HERE, reason="no such rename on this system")


@pytest.fixture(params=["here", "elsewhere"])
def system(request, monkeypatch):
    """The system that this is, and one whose renames have no flags."""
    if request.param == "elsewhere":
        monkeypatch.setattr(module, "_function", lambda: None)


def two(folder):
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / name / name).write_bytes(b"")
    return str(folder / "a"), str(folder / "b")


@needs_flags
def test_folders_change_places(tmp_path):
    """With all that is in them."""
    exchange(*two(tmp_path))

    assert [tmp_path / "a/b"] == list((tmp_path / "a").iterdir())
    assert [tmp_path / "b/a"] == list((tmp_path / "b").iterdir())


@needs_flags
def test_what_is_missing_is_told(tmp_path):
    """It is not a matter of the file system."""
    first, second = two(tmp_path)

    with pytest.raises(FileNotFoundError):
        exchange(first, second + "x")


@pytest.mark.parametrize("platform", ["win32", "freebsd14"])
def test_other_systems_cannot(platform, tmp_path, monkeypatch):
    """So that the caller takes the other way."""
    monkeypatch.setattr(module.sys, "platform", platform)
    module._function.cache_clear()
    first, second = two(tmp_path)
    try:
        with pytest.raises(OSError, match=r".") as error:
            exchange(first, second)
    finally:
        monkeypatch.undo()
        module._function.cache_clear()

    assert error.value.errno in CANNOT
    assert (tmp_path / "a/a").exists()


def test_an_old_library_cannot(tmp_path, monkeypatch):
    """One that lacks the function is like a system that does."""
    monkeypatch.setattr(module.ctypes, "CDLL", lambda *args, **options: object())

    assert module._renameat2() is None
    assert module._renamex_np() is None


@pytest.mark.usefixtures("system")
def test_a_new_name_is_new(tmp_path):
    """A folder is renamed."""
    first, _ = two(tmp_path)

    rename_new(first, str(tmp_path / "c"))

    assert (tmp_path / "c/a").exists()


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_nothing_is_replaced(kind, tmp_path):
    """Whatever is there, be it an empty folder or a link that leads nowhere."""
    first, _ = two(tmp_path)
    there = tmp_path / "c"
    {
        "folder": there.mkdir,
        "file": there.touch,
        "link": lambda: there.symlink_to("nowhere"),
    }[kind]()

    with pytest.raises(FileExistsError) as error:
        rename_new(first, str(there))
    assert error.value.errno == errno.EEXIST
    assert (tmp_path / "a/a").exists()


def test_the_function_of_macos(monkeypatch):
    """It takes two paths and a flag, and other numbers for the flags."""
    calls = []

    class Library:
        def __init__(self, *args, **options):
            self.renamex_np = Function()

    class Function:
        def __call__(self, *arguments):
            calls.append(arguments)
            return 0

    monkeypatch.setattr(module.ctypes, "CDLL", Library)
    call = module._renamex_np()

    assert 0 == call("exclusive", b"a", b"b") == call("exchange", b"c", b"d")
    assert [(b"a", b"b", 4), (b"c", b"d", 2)] == calls
