"""The web server of the storage tests, for hostile servers too."""

from storage.conftest import quick, web

__all__ = ["quick", "web"]
