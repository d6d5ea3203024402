"""Values in a folder: nothing but a regular file inside it is ever read."""

from __future__ import annotations

import os
import pickle
import sys
import time
import unicodedata
from typing import TYPE_CHECKING

import pytest

from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys import local
from napari_ngff.storage.keys.local import LocalKeys

if TYPE_CHECKING:
    from pathlib import Path

VALUE = bytes(range(256)) * 4
LIMIT = 2**20


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store's folder, with a value and a secret beside it."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_bytes(b"hunter2")
    folder = tmp_path / "store"
    (folder / "0" / "c").mkdir(parents=True)
    (folder / "0" / "c" / "1").write_bytes(VALUE)
    return folder


@pytest.fixture(params=["with O_NOFOLLOW", "without"])
def keys(
    folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> LocalKeys:
    """The store, also as on a system that cannot refuse links when opening."""
    if request.param == "without":
        monkeypatch.setattr(local, "_NOFOLLOW", 0)
    return LocalKeys(str(folder))


def test_a_value_is_read(keys: LocalKeys) -> None:
    """A file is a value; where there is none, there is none."""
    assert keys.get("0/c/1", limit=LIMIT) == VALUE
    assert keys.get("0/c/2", limit=LIMIT) is None
    assert keys.get("1/c/0", limit=LIMIT) is None
    assert keys.get("0/c/1", limit=len(VALUE)) == VALUE


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ((10, 20), VALUE[10:20]),
        ((1000, None), VALUE[1000:]),
        ((-24, None), VALUE[-24:]),
        ((-9999, None), VALUE),
        ((1020, 2**62), VALUE[1020:]),
        ((5000, 5010), b""),
        ((10, 10), b""),
    ],
)
def test_spans_are_cut_at_the_end(
    keys: LocalKeys, span: tuple[int, int | None], expected: bytes
) -> None:
    """A span is cut to the value's size before memory is taken."""
    assert keys.get("0/c/1", span, limit=LIMIT) == expected
    assert (expected, len(VALUE)) == keys.sized("0/c/1", span, limit=LIMIT)


def test_size_is_bounded(keys: LocalKeys, folder: Path) -> None:
    """A file larger than the limit is not read; a small span of it is."""
    with (folder / "big").open("wb") as file:
        file.truncate(2**40)

    with pytest.raises(LimitExceeded, match="'big'"):
        keys.get("big", limit=LIMIT)
    assert keys.get("big", (2**39, 2**39 + 4), limit=LIMIT) == bytes(4)


def test_a_folder_in_a_values_place_is_an_error(keys: LocalKeys) -> None:
    """A folder is not an absent value."""
    with pytest.raises(Unreadable, match="'0/c'"):
        keys.get("0/c", limit=LIMIT)


def test_a_value_in_a_folders_place_is_an_error(keys: LocalKeys) -> None:
    """Below a file nothing can be: the store is broken, the value is not absent."""
    with pytest.raises(Unreadable):
        keys.get("0/c/1/2", limit=LIMIT)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_is_an_error_at_once(keys: LocalKeys, folder: Path) -> None:
    """A pipe that nobody writes to does not make us wait."""
    os.mkfifo(folder / "0" / "c" / "2")

    begun = time.monotonic()
    with pytest.raises(Unreadable, match="a pipe"):
        keys.get("0/c/2", limit=LIMIT)
    assert time.monotonic() - begun < 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
class TestLinks:
    """Symbolic links may lead about inside a store, and not out of it."""

    @pytest.mark.parametrize("target", ["/dev/zero", "../../../secret/key"])
    def test_a_link_to_a_file_outside(
        self, keys: LocalKeys, folder: Path, target: str
    ) -> None:
        """A value that is a link to a file or device outside is refused."""
        (folder / "0" / "c" / "2").symlink_to(target)

        with pytest.raises(Unreadable, match="leads out"):
            keys.get("0/c/2", limit=LIMIT)

    def test_a_link_to_a_folder_outside(self, keys: LocalKeys, folder: Path) -> None:
        """So is one below a folder that is a link."""
        (folder / "1").symlink_to("../secret")

        with pytest.raises(Unreadable, match="leads out"):
            keys.get("1/key", limit=LIMIT)
        with pytest.raises(Unreadable, match="leads out"):
            keys.get("1/none", limit=LIMIT)

    def test_a_link_further_down(self, keys: LocalKeys, folder: Path) -> None:
        """So is one where the folders above it were read from before, by a link too."""
        (folder / "1").symlink_to("0")
        (folder / "0" / "c" / "d").symlink_to("../../../secret")

        assert keys.get("1/c/1", limit=LIMIT) == VALUE
        for key in "0/c/d/key", "1/c/d/key", "1/c/d/none/key":
            with pytest.raises(Unreadable, match="leads out"):
                keys.get(key, limit=LIMIT)

    @pytest.mark.parametrize(
        "key", ["../secret/key", "0/../../secret/key", "0/c/../../../secret/./key"]
    )
    def test_a_way_out_without_a_link(self, keys: LocalKeys, key: str) -> None:
        """A key that goes up and out is refused, whoever lets it come this far."""
        with pytest.raises(Unreadable, match="leads out"):
            keys.get(key, limit=LIMIT)

    def test_a_link_to_nothing(self, keys: LocalKeys, folder: Path) -> None:
        """Data that were not fetched are an error, not absent."""
        (folder / "0" / "c" / "2").symlink_to("../../.kept/2")
        with pytest.raises(Unreadable, match="leads to nothing"):
            keys.get("0/c/2", limit=LIMIT)

    @pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links are not told")
    def test_a_folder_that_is_a_link_to_nothing(self, folder: Path) -> None:
        """So is all that would be below it."""
        (folder / "1").symlink_to("kept")
        with pytest.raises(Unreadable, match="leads to nothing"):
            LocalKeys(str(folder)).get("1/c/2", limit=LIMIT)

    def test_a_neighbour_with_the_same_beginning(
        self, keys: LocalKeys, folder: Path
    ) -> None:
        """A folder whose name begins like the store's is outside too."""
        other = folder.with_name("store-2")
        other.mkdir()
        (other / "key").write_bytes(b"x")
        (folder / "1").symlink_to(other)

        with pytest.raises(Unreadable, match="leads out"):
            keys.get("1/key", limit=LIMIT)

    def test_links_inside(self, keys: LocalKeys, folder: Path) -> None:
        """Links that stay inside are followed."""
        (folder / "0" / "c" / "2").symlink_to("1")
        (folder / "1").symlink_to("0")

        assert keys.get("0/c/2", limit=LIMIT) == VALUE
        assert keys.get("1/c/1", limit=LIMIT) == VALUE

    def test_links_out_where_allowed(self, folder: Path) -> None:
        """With the limit raised, links may lead anywhere."""
        (folder / "1").symlink_to("../secret")

        found = LocalKeys(str(folder), links="anywhere").get("1/key", limit=LIMIT)

        assert found == b"hunter2"

    def test_a_store_that_is_a_link(self, folder: Path) -> None:
        """The store itself may be reached by a link."""
        link = folder.with_name("link")
        link.symlink_to(folder)

        assert LocalKeys(str(link)).get("0/c/1", limit=LIMIT) == VALUE
        assert LocalKeys(str(link)) == LocalKeys(str(folder))

    def test_a_loop(self, keys: LocalKeys, folder: Path) -> None:
        """A link to itself is an error, not an absent value."""
        (folder / "0" / "c" / "2").symlink_to("2")

        with pytest.raises(Unreadable):
            keys.get("0/c/2", limit=LIMIT)


@pytest.mark.skipif(sys.platform == "win32", reason="has no O_NOFOLLOW")
def test_a_new_folder_is_looked_at_alone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a plane in folders of its own, those above it are not looked at again."""
    for plane in "23":
        (folder / "0" / "c" / plane / "0").mkdir(parents=True)
        (folder / "0" / "c" / plane / "0" / "0").write_bytes(VALUE)
    keys = LocalKeys(str(folder))
    keys.get("0/c/2/0/0", limit=LIMIT)
    asked: list[str] = []
    lstat = os.lstat
    monkeypatch.setattr(os, "lstat", lambda path: (asked.append(path), lstat(path))[1])

    assert keys.get("0/c/3/0/0", limit=LIMIT) == VALUE
    assert asked == [str(folder / "0" / "c" / "3"), str(folder / "0" / "c" / "3" / "0")]


def test_a_store_that_went_away_is_an_error(keys: LocalKeys, folder: Path) -> None:
    """When a disk is gone its values are not absent."""
    folder.rename(folder.with_name("elsewhere"))

    with pytest.raises(Unreadable, match="no longer there"):
        keys.get("0/c/2", limit=LIMIT)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="no refusal for this user"
)
def test_permissions_are_an_error(keys: LocalKeys, folder: Path) -> None:
    """A file that may not be read is not absent."""
    (folder / "0" / "c" / "1").chmod(0)

    with pytest.raises(Unreadable, match="permission"):
        keys.get("0/c/1", limit=LIMIT)


def test_io_errors_are_errors(keys: LocalKeys, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is not an absent value."""

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fail)
    with pytest.raises(Unreadable, match="input/output error"):
        keys.get("0/c/1", limit=LIMIT)


def test_short_reads_are_continued(
    keys: LocalKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system may give less than was asked for at a time."""
    whole = os.read
    monkeypatch.setattr(os, "read", lambda file, size: whole(file, min(size, 100)))

    assert keys.get("0/c/1", limit=LIMIT) == VALUE


def test_a_file_that_shrinks_is_an_error(
    keys: LocalKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is cut while it is read is not handed on."""
    monkeypatch.setattr(os, "read", lambda *_: b"")

    with pytest.raises(Unreadable, match="shorter"):
        keys.get("0/c/1", limit=LIMIT)


def test_names_in_either_normal_form_are_found(folder: Path) -> None:
    """Paths are in form C; a file written in form D is found all the same."""
    name = unicodedata.normalize("NFD", "é")
    (folder / name).mkdir()
    (folder / name / "key").write_bytes(b"x")

    assert LocalKeys(str(folder)).get("é/key", limit=LIMIT) == b"x"


def test_stamps_tell_changes(keys: LocalKeys, folder: Path) -> None:
    """A stamp is the same until the file is replaced; absent files have none."""
    stamp = keys.stamp("0/c/1")
    assert stamp == keys.stamp("0/c/1")
    assert keys.stamped("0/c/1", limit=LIMIT) == (VALUE, stamp)
    assert keys.stamp("0/c/9") is None
    assert keys.stamped("0/c/9", limit=LIMIT) is None
    new = folder / "new"
    new.write_bytes(VALUE)
    new.replace(folder / "0" / "c" / "1")
    assert keys.stamp("0/c/1") not in (None, stamp)


def test_folders_are_listed(keys: LocalKeys) -> None:
    """The folders directly below a prefix; none where there is none."""
    assert keys.folders("") == ("0",)
    assert keys.folders("0/") == ("c",)
    assert keys.folders("0/c/") == ()
    assert keys.folders("9/") == ()


def test_it_can_be_pickled(folder: Path) -> None:
    """Another process reads the same, under the same rules."""
    keys = LocalKeys(str(folder), links="anywhere")
    again = pickle.loads(pickle.dumps(keys))

    assert again == keys
    assert hash(again) == hash(keys)
    assert repr(again) == repr(keys)
    assert again.get("0/c/1", limit=LIMIT) == VALUE


def test_files_are_listed_with_their_sizes(folder: Path, keys: LocalKeys) -> None:
    """All below a folder; what is no file, or leads out, has no size."""
    (folder / "0" / "zarr.json").write_bytes(b"{}")
    assert {("0/c/1", 1024), ("0/zarr.json", 2)} == set(keys.files(""))
    assert [("0/c/1", 1024)] == list(keys.files("0/c/"))
    assert [] == list(keys.files("1/"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has neither pipes nor links")
def test_what_is_no_file_is_listed_without_a_size(folder: Path) -> None:
    """Pipes, links that lead out or nowhere, and circles, which come to an end."""
    os.mkfifo(folder / "pipe")
    (folder / "out").symlink_to(folder.parent / "secret" / "key")
    (folder / "nowhere").symlink_to(folder / "gone")
    (folder / "in").symlink_to(folder / "0" / "c" / "1")
    (folder / "inside").symlink_to(folder / "0")
    (folder / "outside").symlink_to(folder.parent / "secret")
    found = dict(LocalKeys(str(folder)).files(""))

    assert {"pipe", "out", "nowhere", "outside"} == {
        k for k, n in found.items() if n is None
    }
    assert {"0/c/1", "in", "inside/c/1"} == {k for k, n in found.items() if n}
    anywhere = dict(LocalKeys(str(folder), links="anywhere").files(""))
    assert 7 == anywhere["out"] == anywhere["outside/key"]
    (folder / "0" / "circle").symlink_to(folder)
    assert list(LocalKeys(str(folder)).files("0/"))
