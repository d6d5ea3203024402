"""What the user prefers: napari's settings and ours, read and changed in one place.

Knows napari's settings; nothing of files or images. Nothing here needs Qt.

napari builds the settings of all plugins when the first one is asked for, which takes
longer than to open an image. So they are asked for where the user has ever changed
one of ours, and otherwise once the window has nothing else to do. Where there is no
window, a first change takes effect when the next image is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from napari.settings import get_plugin_settings, get_settings
from napari.utils.notifications import (
    Notification,
    notification_manager,
    show_info,
)

from napari_ngff.storage.pixels.cache import set_limit
from napari_ngff.storage.pixels.memory import machine_memory
from napari_ngff.widgets.windows import when_idle

if TYPE_CHECKING:
    from collections.abc import Callable

PLUGIN = "napari-ngff"

#: Match folders, files inside them and URLs; ``*.zarr`` would match URLs alone.
#: napari tells lower from upper case.
PATTERNS = ("*.zarr*", "*.ZARR*")

_offered: list[bool] = []
#: What follows our settings, but has not begun: nobody had changed one yet.
_waiting: list[Callable[[], None]] = []


def reading() -> Any:
    """Our own settings under Preferences > napari-ngff > Reading, live."""
    return get_plugin_settings(PLUGIN).reading


def was_changed() -> bool:
    """Whether the user ever changed a setting of ours: then napari keeps a file."""
    path = get_settings().config_path
    return path is None or (Path(path).parent / f"{PLUGIN}.yaml").exists()


def follow_cache_size() -> Callable[[], None]:
    """Bound the cache of pixels as the user prefers, now and at each change.

    Without a window, the first change that a user ever makes is followed from the
    next `follow_if_changed` on.

    Returns
    -------
    callable
        Stops following.
    """
    stops: list[Callable[[], None]] = []

    def push() -> None:
        megabytes = reading().cache_megabytes
        memory = machine_memory()
        automatic = min(memory.total // 4, memory.free // 2)
        set_limit(megabytes * 10**6 if megabytes else automatic)

    def follow() -> None:
        settings = reading()
        if settings.cache_megabytes:
            push()
        settings.events.cache_megabytes.connect(push)
        stops.append(lambda: settings.events.cache_megabytes.disconnect(push))

    def begin() -> None:
        if begin in _waiting:
            _waiting.remove(begin)
            follow()

    def stop() -> None:
        if begin in _waiting:
            _waiting.remove(begin)
        for each in stops:
            each()

    _waiting.append(begin)
    if was_changed():
        begin()
    else:
        stops.append(when_idle(begin))
    return stop


def follow_if_changed() -> None:
    """Begin to follow our settings if the user has changed one by now."""
    if _waiting and was_changed():
        for begin in tuple(_waiting):
            begin()


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
    if _offered or is_used_always() or (was_changed() and not reading().offer_default):
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


def skip_offer() -> None:
    """Offer nothing in this session, as nobody is there to answer."""
    _offered.append(True)


def _decline() -> None:
    reading().offer_default = False
