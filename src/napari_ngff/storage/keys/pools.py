"""Connections to web servers: straight, or through a proxy of the environment.

Knows the variables http_proxy, https_proxy, all_proxy and no_proxy, in either case; a
proxy's password is kept by the process alone. Knows nothing of what is asked for.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

import urllib3

_POOLS: Final = 16
_NAMES: Final = ("http_proxy", "https_proxy", "all_proxy")


def pool_for(url: str) -> urllib3.PoolManager:
    """Return the connections by which a URL is reached.

    Raises
    ------
    urllib3.exceptions.HTTPError
        If the proxy is of a kind that there is no way to.
    """
    proxy = _proxy_for(url)
    return _through(os.getpid(), proxy) if proxy else _direct(os.getpid())


@cache
def _direct(process: int) -> urllib3.PoolManager:
    """Return the connections of a process (a fork must not use its parent's)."""
    del process
    return urllib3.PoolManager(num_pools=_POOLS, maxsize=_POOLS, retries=False)


@cache
def _through(process: int, proxy: str) -> urllib3.ProxyManager:
    del process
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    user, found, host = parts.netloc.rpartition("@")
    headers = urllib3.make_headers(proxy_basic_auth=unquote(user)) if found else None
    url = urlunsplit((parts.scheme, host, "", "", ""))
    return urllib3.ProxyManager(
        url, num_pools=_POOLS, maxsize=_POOLS, retries=False, proxy_headers=headers
    )


def _proxy_for(url: str) -> str:
    """Return the URL of the proxy that the environment names for a URL, or nothing."""
    if not any(os.environ.get(n) or os.environ.get(n.upper()) for n in _NAMES):
        return ""
    # Slow to import, and seldom needed.
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    host = parts.netloc.rpartition("@")[2]
    return "" if proxy and proxy_bypass(host) else proxy
