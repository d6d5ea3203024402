"""Proxies that the environment names are used, and nothing is imported without one."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from napari_ngff.core.problems import Unreadable
from napari_ngff.storage.keys import pools
from napari_ngff.storage.keys.http import HttpKeys

Web = Any
STORE = "http://store.invalid/x"
LIMIT = 2**20


@pytest.fixture
def proxied(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """A server that answers as a proxy does: it is asked for whole URLs."""
    web.values["/x/key"] = b"value"
    address = web.url.removeprefix("http://")
    monkeypatch.setenv("HTTP_PROXY", f"http://ann:hunter%202@{address}")
    yield web
    pools.pool_for(STORE).clear()


def test_the_proxy_of_the_environment_is_used(proxied: Web) -> None:
    """A host that cannot be found from here is reached through the proxy, let in."""
    assert b"value" == HttpKeys(STORE).get("key", limit=LIMIT)

    [(target, headers)] = proxied.asked
    assert "http://store.invalid/x/key" == target
    assert "Basic YW5uOmh1bnRlciAy" == headers["proxy-authorization"]


@pytest.mark.parametrize("name", ["http_proxy", "ALL_PROXY", "all_proxy"])
def test_every_name_of_the_variable(
    web: Web, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The variables count in either case; a proxy may be named without a scheme."""
    web.values["/x/key"] = b"value"
    monkeypatch.setenv(name, web.url.removeprefix("http://"))

    assert b"value" == HttpKeys(STORE).get("key", limit=LIMIT)
    pools.pool_for(STORE).clear()


def test_hosts_that_need_no_proxy(
    proxied: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no_proxy names is reached straight; what is for https is for https."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,.example.org")
    assert b"value" == HttpKeys(f"{proxied.url}/x").get("key", limit=LIMIT)
    assert "/x/key" == proxied.asked[0][0]
    assert "proxy-authorization" not in proxied.asked[0][1]

    assert pools.pool_for("https://store.invalid/x") is pools.pool_for(proxied.url)
    pools.pool_for(proxied.url).clear()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://u:hunter2@127.0.0.1:{}", "proxy .* cannot be reached"),
        ("gopher://u:hunter2@127.0.0.1:{}", "no http"),
    ],
)
def test_a_proxy_that_fails_is_told(
    monkeypatch: pytest.MonkeyPatch, web: Web, proxy: str, words: str
) -> None:
    """It is said that it is the proxy, and its password is not."""
    import socket

    del web
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("http_proxy", proxy.format(port))

    with pytest.raises(Unreadable, match=words) as caught:
        HttpKeys(STORE).get("key", limit=LIMIT)
    assert "hunter2" not in str(caught.value) + repr(caught.value.__cause__)


def test_without_a_proxy_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads the settings of proxies is slow to import."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    program = (
        "import sys; from napari_ngff.storage.keys import pools\n"
        "before = 'urllib.request' in sys.modules\n"
        "pools.pool_for('http://h.org')\n"
        "print(before, 'urllib.request' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, capture_output=True, text=True, check=True)

    before, after = found.stdout.split()
    assert before == after
