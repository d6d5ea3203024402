"""Values over http: what is absent, what fails in passing, what is refused."""

from __future__ import annotations

import gzip
import pickle
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from napari_ngff.core.problems import CannotOpen, LimitExceeded, Unreadable
from napari_ngff.storage.keys import access, http, wire
from napari_ngff.storage.keys.http import HttpKeys

if TYPE_CHECKING:
    from collections.abc import Callable

Web = Any
VALUE = bytes(range(256)) * 4
LIMIT = 2**20

PASSING = {
    "408": {"status": 408},
    "425": {"status": 425},
    "429": {"status": 429, "headers": {"Retry-After": "0"}},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503, "body": b"<html>busy</html>"},
    "504": {"status": 504},
    "reset": {"reset": True},
    "short": {"body": VALUE[:100], "length": 1024},
    "nothing of it": {"body": b"", "length": 1024},
}
LASTING = {
    "401": ({"status": 401}, "refuses access (401)"),
    "403": ({"status": 403}, "refuses access (403)"),
    "400": ({"status": 400}, "answers 400"),
    "451": ({"status": 451}, "answers 451"),
    "204": ({"status": 204}, "answers 204"),
    "page": ({"body": b" <!DOCTYPE html><html>Log in</html>"}, "web page"),
    "typed page": (
        {"body": b"<body>Log in", "headers": {"Content-Type": "text/html"}},
        "web page",
    ),
    "no bucket": (
        {"status": 404, "body": b"<Error><Code>NoSuchBucket</Code></Error>"},
        "container does not exist",
    ),
    "to nowhere": ({"status": 302}, "not on the web"),
    "to a file": (
        {"status": 302, "headers": {"Location": "file:///etc/passwd"}},
        "not on the web",
    ),
    "loop": ({"status": 302, "headers": {"Location": "/x/key"}}, "redirects more"),
    "part unsaid": ({"status": 206, "body": b"x"}, "does not say which"),
    "packed": (
        {"body": b"x", "headers": {"Content-Encoding": "br"}},
        "not asked for",
    ),
}


def _reply(web: Web, key: str = "/x/key", **settings: Any) -> None:
    web.fail(key, **settings)


@pytest.fixture
def keys(web: Web) -> HttpKeys:
    """A store at /x with one value."""
    web.values["/x/key"] = VALUE
    return HttpKeys(f"{web.url}/x")


def test_a_value_is_read(keys: HttpKeys, web: Web) -> None:
    """A value is asked for once, unpacked, by the name of this program."""
    assert keys.get("key", limit=LIMIT) == VALUE

    (_, headers), *others = web.asked
    assert not others
    assert headers["accept-encoding"] == "identity"
    assert headers["user-agent"].startswith("napari-ngff/")


@pytest.mark.parametrize("status", [404, 410])
def test_absent_is_absent(keys: HttpKeys, web: Web, status: int) -> None:
    """404 and 410 say that there is no such key; so does an object store's XML."""
    assert keys.get("other", limit=LIMIT) is None
    _reply(web, status=status, body=b"<Code>NoSuchKey</Code>")
    assert keys.get("key", limit=LIMIT) is None
    assert keys.get("other", (0, 10), limit=LIMIT) is None
    assert keys.stamp("other") is None


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
@pytest.mark.usefixtures("quick")
def test_what_passes_is_tried_again(keys: HttpKeys, web: Web, fault: Any) -> None:
    """A failure that may pass is tried again, and the value comes in the end."""
    _reply(web, **fault)
    _reply(web, **fault)

    assert keys.get("key", limit=LIMIT) == VALUE
    assert len(web.asked) == 3


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
@pytest.mark.usefixtures("quick")
def test_what_does_not_pass_is_an_error(keys: HttpKeys, web: Web, fault: Any) -> None:
    """A failure that stays is an error in the end, and never an absent value."""
    web.lasting = True
    _reply(web, **fault)

    with pytest.raises(Unreadable) as caught:
        keys.get("key", limit=LIMIT)

    assert "tried 6 times" in str(caught.value)
    assert f"{web.url}/x" in str(caught.value)


@pytest.mark.parametrize(("fault", "words"), LASTING.values(), ids=LASTING.keys())
def test_what_is_refused_is_not_asked_again(
    keys: HttpKeys, web: Web, fault: Any, words: str
) -> None:
    """Refusals, pages and odd redirects are errors at once, never absent values."""
    web.lasting = True
    _reply(web, **fault)

    with pytest.raises(Unreadable, match=words.replace("(", r"\(").replace(")", r"\)")):
        keys.get("key", limit=LIMIT)

    assert len(web.asked) <= 6


def test_nobody_there_is_an_error() -> None:
    """A server that cannot be reached is an error that says so."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "_FIRST_WAIT", 0.001)
        with pytest.raises(Unreadable, match="cannot be reached"):
            HttpKeys(f"http://127.0.0.1:{port}/x").get("key", limit=LIMIT)


SPANS: dict[str, tuple[tuple[int, int | None], bytes]] = {
    "middle": ((10, 20), VALUE[10:20]),
    "start": ((0, 5), VALUE[:5]),
    "to the end": ((1000, None), VALUE[1000:]),
    "last": ((-24, None), VALUE[-24:]),
    "more than all": ((-5000, None), VALUE),
    "past the end": ((1020, 5000), VALUE[1020:]),
    "beyond": ((5000, 5010), b""),
    "empty": ((10, 10), b""),
}


@pytest.mark.parametrize("ranges", ["yes", "ignored"])
@pytest.mark.parametrize(("span", "expected"), SPANS.values(), ids=SPANS.keys())
def test_spans_are_exact(
    keys: HttpKeys, web: Web, ranges: str, span: Any, expected: bytes
) -> None:
    """A span is the same whether the server takes part in it or sends everything."""
    web.ranges = ranges

    assert keys.get("key", span, limit=LIMIT) == expected


@pytest.mark.parametrize(
    ("ranges", "span", "size"),
    [
        ("yes", None, 1024),
        ("yes", (0, 10), 1024),
        ("yes", (1000, 2000), 1024),
        ("yes", (-24, None), 1024),
        ("ignored", (-24, None), 1024),
        ("ignored", (0, 2000), 1024),
        ("ignored", (0, 10), None),
    ],
)
def test_the_size_comes_with_a_part(
    keys: HttpKeys, web: Web, ranges: str, span: Any, size: int | None
) -> None:
    """How large the whole is becomes known from the one answer, or not at all."""
    web.ranges = ranges
    found = keys.sized("key", span, limit=LIMIT)

    assert found is not None
    assert size == found[1]
    assert found[0] == keys.get("key", span, limit=LIMIT)
    assert 2 == len(web.asked)
    assert keys.sized("none", span, limit=LIMIT) is None


def test_a_part_of_unstated_size_has_it_at_its_end(keys: HttpKeys, web: Web) -> None:
    """A server may leave the size out; the last bytes of a value tell it."""
    for first, span, size in [(1000, (-24, None), 1024), (0, (0, 24), None)]:
        last = first + 23
        headers = {"Content-Range": f"bytes {first}-{last}/*"}
        body = VALUE[first : last + 1]
        web.fail("/x/key", status=206, body=body, headers=headers)
        assert (body, size) == keys.sized("key", span, limit=LIMIT)


def test_another_part_than_asked_for_is_an_error(keys: HttpKeys, web: Web) -> None:
    """A part that begins elsewhere is not taken for the one that was asked for."""
    web.ranges = "wrong"

    with pytest.raises(Unreadable, match="another part"):
        keys.get("key", (10, 20), limit=LIMIT)


def test_a_span_ends_the_reading(keys: HttpKeys, web: Web) -> None:
    """Of a server that ignores ranges no more is read than the span needs."""
    web.ranges = "ignored"
    web.values["/x/key"] = bytes(8 * LIMIT)

    assert keys.get("key", (0, 16), limit=LIMIT) == bytes(16)


@pytest.mark.parametrize("stated", [True, False], ids=["stated", "unstated"])
def test_size_is_bounded(keys: HttpKeys, web: Web, stated: bool) -> None:
    """A value larger than the limit is refused, whether its size is stated or not."""
    web.values["/x/key"] = bytes(LIMIT + 1)
    if not stated:
        packed = gzip.compress(web.values["/x/key"])
        web.extra["Content-Encoding"] = "gzip"
        web.values["/x/key"] = packed

    with pytest.raises(LimitExceeded, match="key"):
        keys.get("key", limit=LIMIT)


def test_a_packed_value_is_unpacked(keys: HttpKeys, web: Web) -> None:
    """Objects kept with a content encoding are unpacked, though not asked for."""
    web.extra["Content-Encoding"] = "gzip"
    web.values["/x/key"] = gzip.compress(VALUE)

    assert keys.get("key", limit=LIMIT) == VALUE


@pytest.mark.usefixtures("quick")
def test_slow_drops_end(
    keys: HttpKeys, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that drips its answer does not hold us for ever."""
    monkeypatch.setattr(wire, "PATIENCE", 0.3)
    _reply(web, body=VALUE, wait=0.1, pieces=20)

    begun = time.monotonic()
    with pytest.raises(Unreadable):
        keys.get("key", limit=LIMIT)
    assert time.monotonic() - begun < 2.5


def test_redirects_are_followed(keys: HttpKeys, web: Web) -> None:
    """A redirect on the web is followed."""
    web.values["/y"] = b"there"
    _reply(web, status=302, headers={"Location": "/y"})

    assert keys.get("key", limit=LIMIT) == b"there"


def test_no_redirect_from_public_to_private(
    keys: HttpKeys, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A public server may not send us to an address in a private network."""
    monkeypatch.setattr(wire, "is_private", lambda host: host == "localhost")
    port = web.url.rpartition(":")[2]
    target = f"http://localhost:{port}/x/key"
    _reply(web, status=302, headers={"Location": target})

    with pytest.raises(Unreadable, match="private network"):
        keys.get("key", limit=LIMIT)


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("192.168.0.1", True),
        ("169.254.169.254", True),
        ("::1", True),
        ("8.8.8.8", False),
        ("no such host.invalid", False),
    ],
)
def test_private_addresses_are_known(host: str, private: bool) -> None:
    """Loopback, link-local and private addresses are not the public internet."""
    assert wire.is_private(host) is private


def test_a_password_does_not_follow_to_another_host(web: Web) -> None:
    """What lets us in at one host is not sent to the next."""
    web.values["/y"] = b"there"
    port = web.url.rpartition(":")[2]
    target = f"http://localhost:{port}/y"
    _reply(web, "/z/key", status=302, headers={"Location": target})
    shown = access.remember(web.url.replace("//", "//ann:hunter2@") + "/z")

    assert HttpKeys(shown).get("key", limit=LIMIT) == b"there"
    assert ["authorization" in headers for _, headers in web.asked] == [True, False]


def _signed(target: str, headers: dict[str, str]) -> bool:
    del headers
    return "token=hunter2" in target


def _named(target: str, headers: dict[str, str]) -> bool:
    del target
    return headers.get("authorization") == "Basic YW5uOmh1bnRlcjI="


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [("{}/s?token=hunter2", _signed), ("ann:hunter2@", _named)],
    ids=["token", "password"],
)
def test_secrets_let_us_in_and_are_seen_nowhere(
    web: Web, typed: str, allowed: Callable[[str, dict[str, str]], bool]
) -> None:
    """A secret is sent, found again by the URL without it, and in no text at all."""
    web.allowed = allowed
    web.values["/s/key"] = VALUE
    if "{}" in typed:
        url = typed.format(web.url)
    else:
        url = web.url.replace("//", f"//{typed}") + "/s"
    keys = HttpKeys(access.remember(url))

    assert keys.get("key", limit=LIMIT) == VALUE
    again = pickle.loads(pickle.dumps(keys))
    assert again.get("key", limit=LIMIT) == VALUE
    web.allowed = lambda *_: False
    with pytest.raises(Unreadable) as caught:
        keys.get("key", limit=LIMIT)
    cause = caught.value.__cause__
    texts = (str(keys), repr(keys), keys.url, str(caught.value), repr(caught.value))
    texts += (str(pickle.dumps(keys)), repr(cause), repr(access.access_to(keys.url)))
    assert not [text for text in texts if "hunter2" in text or "YW5u" in text]


def test_what_lets_us_in_is_not_pickled() -> None:
    """Secrets stay in the process."""
    with pytest.raises(TypeError):
        pickle.dumps(access.Access(query="token=hunter2"))


def test_stamps_tell_changes(
    keys: HttpKeys, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stamp comes with the value, is not asked for again soon, and tells a change."""
    found = keys.stamped("key", limit=LIMIT)
    assert found is not None
    assert found == (VALUE, keys.stamp("key"))
    assert len(web.asked) == 1
    monkeypatch.setattr(http, "_FRESH", -1.0)
    assert keys.stamp("key") == found[1]
    assert "if-none-match" in web.asked[-1][1]
    web.values["/x/key"] = b"new"
    assert keys.stamp("key") != found[1]


def test_stamps_do_not_need_etags(
    keys: HttpKeys, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server whose ETags differ from answer to answer does not look changed."""
    found = keys.stamped("key", limit=LIMIT)
    web.extra["ETag"] = '"other"'
    monkeypatch.setattr(http, "_FRESH", -1.0)

    assert found is not None
    assert [found[1]] * 2 == [keys.stamp("key"), keys.stamp("key")]


def test_without_urllib3_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the package is missing, the error has the command that installs it."""
    monkeypatch.setitem(sys.modules, "urllib3", None)

    with pytest.raises(CannotOpen, match=r"pip install 'napari-ngff\[remote\]'"):
        HttpKeys("https://h.org/x")


def test_keys_are_quoted(web: Web) -> None:
    """Spaces, percent and question marks and any script in keys are sent as such."""
    keys = HttpKeys(f"{web.url}/x")

    assert keys.get("a b/50%/c?d=1#é", limit=LIMIT) is None
    assert web.asked[0][0] == "/x/a%20b/50%25/c%3Fd%3D1%23%C3%A9"
