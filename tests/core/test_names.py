"""The one gate for paths, the one sieve for shown text, the one scrubber of URLs."""

from __future__ import annotations

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.core.limits import LIMITS
from napari_ngff.core.names import check_path, join, plain, scrub, sentence
from napari_ngff.core.problems import UnsafePath

UNSAFE = {
    "parent": "..",
    "parent below": "a/../../b",
    "parent with a space": "a/.. /b",
    "only dots": "a/.../b",
    "here": "./a",
    "only here": ".",
    "empty": "",
    "empty segment": "a//b",
    "trailing slash": "a/",
    "absolute": "/etc/passwd",
    "percent": "%2e%2e/x",
    "percent upper": "a/%2E%2E/b",
    "percent slash": "%2fetc",
    "percent twice": "%252e%252e/x",
    "percent over and over": "%25252525252e%25252525252e",
    "percent backslash": "a%5c..%5cb",
    "percent NUL": "a%00",
    "backslash": "..\\x",
    "inner backslash": "a\\b",
    "drive": "C:/x",
    "stream": "a:b",
    "scheme": "file:///etc/passwd",
    "web": "https://example.org/x",
    "NUL": "a\0b",
    "newline": "a\nb",
    "escape": "a\x1b[2J",
    "line separator": "a\u2028b",
    "bidi": "a\u202egnp.zarr",
    "isolate": "\u2066a",
    "surrogate": "a\ud800",
    "long": "a" * 1025,
    "deep": "/".join("a" * 33),
    "number": 3,
    "none": None,
    "list": ["a"],
    "bytes": b"a",
}


@pytest.mark.parametrize("path", UNSAFE.values(), ids=UNSAFE.keys())
def test_unsafe_paths_are_refused(path: object) -> None:
    """A path that leads, or may lead, out of its store is refused in any guise."""
    with pytest.raises(UnsafePath) as caught:
        check_path(path)

    shown = str(caught.value)
    assert len(shown) < 300
    assert plain(shown, limit=300) == shown
    assert str(pickle.loads(pickle.dumps(caught.value))) == shown


@pytest.mark.parametrize(
    "path",
    ["0", "labels/cells", "A/1/0", "my label", "50%", "é", "细胞", "a..b", ".hidden"],
)
def test_harmless_paths_are_followed(path: str) -> None:
    """Spaces, dots inside names, percent signs and any script are no danger."""
    assert path == check_path(path)


def test_a_path_is_in_normal_form_c() -> None:
    """One name spelt in two ways is one path."""
    assert "é" == check_path(unicodedata.normalize("NFD", "é"))


def test_join_checks_the_whole() -> None:
    """The limits hold for what the node and the path come to together."""
    assert "a/b/c" == join("a", "b/c")
    assert "b" == join("", "b")
    with pytest.raises(UnsafePath):
        join("a/" * 20 + "a", "b/" * 20 + "b")
    with pytest.raises(UnsafePath):
        join("a", "../b")


@given(st.text())
def test_what_passes_stays_inside(text: str) -> None:
    """Whatever passes the gate is relative, and has no segment that leads upwards."""
    try:
        path = check_path(text)
    except UnsafePath:
        return

    segments = path.split("/")
    assert not {"", ".", ".."} & set(segments)
    assert not set("\\:\0") & set(path)
    assert path == check_path(path)


@given(st.text(max_size=2000) | st.integers() | st.lists(st.text()))
def test_plain_is_fit_to_show(value: object) -> None:
    """Shown text is short, has no mark-up and nothing that moves its neighbours."""
    shown = plain(value)

    assert len(shown) <= LIMITS.text_chars
    assert not set("<\0\n\r\t\x1b\u202e\u2066") & set(shown)
    shown.encode()


def test_plain_cuts_and_says_so() -> None:
    """A text that is too long ends in an ellipsis; one that fits stays whole."""
    assert "abc…" == plain("abcdef", limit=4)
    assert "abcd" == plain("abcd", limit=4)
    assert "x" * 255 + "…" == plain("x" * 10**6)
    assert "\u2039img src='x'>" == plain("<img src='x'>")
    assert "a b" == plain("a\nb")


@pytest.mark.parametrize("end", [".", "?", "!", "…"])
def test_a_sentence_ends_once(end: str) -> None:
    """What has an end is left as it is; a clause gets a full stop."""
    assert f"Why{end}" == sentence(f"Why{end}")
    assert "it is damaged." == sentence("it is damaged")


SECRET = "hunter2"
URLS = {
    f"https://ann:{SECRET}@h.org/x.zarr": "https://h.org/x.zarr",
    f"https://{SECRET}@h.org/x.zarr": "https://h.org/x.zarr",
    f"https://h.org/x.zarr?token={SECRET}": "https://h.org/x.zarr",
    f"https://h.org/x.zarr?id=5&sig={SECRET}": "https://h.org/x.zarr?id=5",
    f"https://h.org/x.zarr?X-Amz-Signature={SECRET}&v=2": "https://h.org/x.zarr?v=2",
    f"https://h.org/x.zarr?X-Amz-Credential={SECRET}": "https://h.org/x.zarr",
    f"https://h.org/x.zarr?api_key={SECRET}": "https://h.org/x.zarr",
    f"https://h.org/x.zarr?access_token={SECRET}#{SECRET}": "https://h.org/x.zarr",
    f"https://h.org/x.zarr?a={SECRET * 4}": "https://h.org/x.zarr",
    f"https://u:{SECRET}@[::1/x": "https://[::1/x",
    f"Cannot open https://u:{SECRET}@h.org/x?token={SECRET} now": (
        "Cannot open https://h.org/x now"
    ),
}


@pytest.mark.parametrize(("url", "shown"), URLS.items())
def test_scrub_removes_secrets(url: str, shown: str) -> None:
    """Users, passwords, tokens and signatures are gone; the rest stays."""
    assert shown == scrub(url)
    assert shown == scrub(shown)
    assert SECRET not in scrub(url)


@pytest.mark.parametrize("text", ["/data/x@y.zarr", "C:\\x", "x?token=1", ""])
def test_scrub_leaves_paths_alone(text: str) -> None:
    """A local path is not a URL, whatever is in its name."""
    assert text == scrub(text)
