"""Files on the web, read in parts: few requests, bounded, and never of two states."""

from __future__ import annotations

import pickle
import random
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest

from napari_ngff.core.problems import LimitExceeded, Unreadable
from napari_ngff.storage.keys import web_file
from napari_ngff.storage.keys.archive import ZipKeys
from napari_ngff.storage.keys.central import BadArchive
from napari_ngff.storage.keys.web_file import WebFile

Web = Any
BYTES = random.Random(0).randbytes(2**20)
MOST = 2**21
LIMIT = 2**22


def opened(web: Web, content: bytes = BYTES, most: int = MOST) -> WebFile:
    """Serve a file and open it."""
    web.values["/a b.zip".replace(" ", "%20")] = content
    return WebFile(f"{web.url}/a%20b.zip", most=most)


def archive(values: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Make an archive."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, value in values.items():
            file.writestr(name, value)
    return buffer.getvalue()


def test_parts_are_exact(web: Web) -> None:
    """Any part is what it is, near the end, across blocks, and for eight threads."""
    file = opened(web)
    assert len(BYTES) == file.size
    assert 1 == len(web.asked)
    parts = [(0, 1), (0, 70_000), (65_530, 20), (2**20 - 9, 9), (0, 2**20), (5, 0)]
    parts += [(i * 9973, 4000) for i in range(90)]
    with ThreadPoolExecutor(8, "napari-ngff-test") as pool:
        found = list(pool.map(lambda part: file.read(*part), parts))

    assert [BYTES[a : a + n] for a, n in parts] == found


def test_neighbours_take_one_request(web: Web) -> None:
    """Small reads near to each other ask once, those near the end not at all."""
    file = opened(web)
    for start in range(0, 60_000, 100):
        file.read(start, 100)
    assert 2 == len(web.asked)
    file.read(file.size - 2**17, 2**17)
    assert 2 == len(web.asked)


@pytest.mark.parametrize("outside", [(2**20, 1), (-1, 5), (0, 2**21)])
def test_parts_outside_are_refused(web: Web, outside: tuple[int, int]) -> None:
    """What an archive says of members beyond its end is not asked for."""
    file = opened(web)
    with pytest.raises(BadArchive, match="cut short"):
        file.read(*outside)
    assert 1 == len(web.asked)


@pytest.mark.parametrize("ranges", ["no suffix", "suffix ignored"])
def test_servers_that_do_not_count_from_the_end(web: Web, ranges: str) -> None:
    """The size is asked for first, or learned from what is too much."""
    web.ranges = ranges
    file = opened(web, most=2**19)

    assert BYTES[1000:1010] == file.read(1000, 10)
    assert BYTES[-10:] == file.read(2**20 - 10, 10)


def test_a_server_without_parts(web: Web) -> None:
    """A small file is read whole and once; of a large one it is said what to do."""
    web.ranges = "ignored"
    file = opened(web)
    assert BYTES[1000:1010] == file.read(1000, 10)
    assert file.identity == file.present()
    assert 1 == len(web.asked)

    with pytest.raises(LimitExceeded, match=r"no parts.*Download it"):
        opened(web, most=2**19)


def test_no_file_is_an_error(web: Web) -> None:
    """Where nothing is, it is said; an empty file is no archive."""
    with pytest.raises(Unreadable, match="nothing at this address"):
        WebFile(f"{web.url}/none.zip", most=MOST)
    with pytest.raises(Unreadable):
        ZipKeys(opened(web, b""), limit=LIMIT)


@pytest.mark.parametrize("same_size", [True, False])
def test_a_file_that_is_replaced_is_noticed(
    web: Web, monkeypatch: pytest.MonkeyPatch, same_size: bool
) -> None:
    """No two states are mixed, and the present identity is another."""
    file = opened(web)
    other = BYTES[:-5] + b"other" if same_size else BYTES + b"more"
    web.values["/a%20b.zip"] = other
    assert file.identity == file.present()
    monkeypatch.setattr(web_file, "_FRESH", -1.0)

    assert file.identity != file.present()
    if not same_size:
        with pytest.raises(BadArchive, match="replaced"):
            file.read(0, 100)
    web.values["/a%20b.zip"] = BYTES
    assert file.identity == file.present()
    web.asked.clear()
    assert file.identity == file.present()


def test_it_can_be_pickled(web: Web) -> None:
    """Another process opens it again by its URL."""
    keys = ZipKeys(opened(web, archive({"a/key": b"value"})), limit=LIMIT).below("a/")
    again = pickle.loads(pickle.dumps(keys))

    assert again == keys
    assert keys.remote
    assert b"value" == again.get("key", limit=LIMIT)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_take_few_requests(web: Web, method: int) -> None:
    """The directory comes with the end; a large member takes one request."""
    values = {"big": BYTES, "zarr.json": b"{}", "0/zarr.json": b"{ }", "c/0": BYTES}
    keys = ZipKeys(opened(web, archive(values, method), 2**23), limit=LIMIT)
    assert 1 == len(web.asked)

    assert BYTES == keys.get("big", limit=LIMIT)
    assert 2 == len(web.asked)
    assert b"{}" == keys.get("zarr.json", limit=LIMIT)
    assert b"{ }" == keys.get("0/zarr.json", limit=LIMIT)
    assert 3 == len(web.asked)
    assert keys.get("none", limit=LIMIT) is None
    assert BYTES[-20:] == keys.get("c/0", (-20, None), limit=LIMIT)
    assert keys.stamp("big") is not None
    assert len(web.asked) <= 4 + 1


@pytest.mark.usefixtures("quick")
def test_failures_name_the_member(web: Web) -> None:
    """A server that fails in the middle is an error, never an absent member."""
    keys = ZipKeys(opened(web, archive({"key": BYTES, "b": BYTES})), limit=LIMIT)
    web.lasting = True
    for status in (403, 404, 500):
        web.faults.clear()
        web.fail("/a%20b.zip", status=status)
        with pytest.raises(Unreadable, match="'key'") as caught:
            keys.get("key", limit=LIMIT)
        assert not caught.value.forbidden
