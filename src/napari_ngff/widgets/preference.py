"""What the user prefers: napari's settings and ours, read and changed in one place.

Knows napari's settings; nothing of files or images. Nothing here needs Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from napari.settings import get_plugin_settings, get_settings
from napari.utils.notifications import (
    Notification,
    notification_manager,
    show_info,
)

from napari_ngff.storage.cache import set_limit
from napari_ngff.storage.memory import machine_memory

if TYPE_CHECKING:
    from collections.abc import Callable

PLUGIN = "napari-ngff"

#: Match folders, files inside them and URLs; ``*.zarr`` would match URLs alone.
#: napari tells lower from upper case.
PATTERNS = ("*.zarr*", "*.ZARR*")

_offered: list[bool] = []


def reading() -> Any:
    """Our own settings under Preferences > napari-ngff > Reading, live."""
    return get_plugin_settings(PLUGIN).reading


def follow_cache_size() -> Callable[[], None]:
    """Bound the cache of pixels as the user prefers, now and at each change.

    Returns
    -------
    callable
        Stops following.
    """
    settings = reading()

    def push() -> None:
        megabytes = settings.cache_megabytes
        memory = machine_memory()
        automatic = min(memory.total // 4, memory.free // 2)
        set_limit(megabytes * 10**6 if megabytes else automatic)

    if settings.cache_megabytes:
        push()
    settings.events.cache_megabytes.connect(push)
    return lambda: settings.events.cache_megabytes.disconnect(push)


def is_used_always() -> bool:
    """Whether napari opens every ``.zarr`` with this plugin without asking."""
    chosen = get_settings().plugins.extension2reader
    return any(chosen.get(pattern) == PLUGIN for pattern in PATTERNS)


def use_always() -> None:
    """Have napari open every ``.zarr`` with this plugin, without asking.

    Preferences of the user's own for single folders stay as they are.
    """
    plugins = get_settings().plugins
    ours = dict.fromkeys(PATTERNS, PLUGIN)
    plugins.extension2reader = {**plugins.extension2reader, **ours}
    reading().offer_default = False


def use_always_and_say_so() -> None:
    """Do as `use_always`, and confirm it in a notification."""
    use_always()
    show_info("napari opens every .zarr with napari-ngff from now on.")


def offer_always() -> None:
    """Offer `use_always`, once a session, until it is taken or declined."""
    if _offered or is_used_always() or not reading().offer_default:
        return
    _offered.append(True)
    notification_manager.dispatch(
        Notification(
            "Open every .zarr with napari-ngff?",
            "info",
            actions=(
                ("Always", lambda _: use_always_and_say_so()),
                ("Don't ask again", lambda _: _decline()),
            ),
        )
    )


def _decline() -> None:
    reading().offer_default = False
