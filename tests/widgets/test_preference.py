"""Preferences take effect, and are not asked for where they have their default."""

from __future__ import annotations

import pytest
from napari.settings import get_plugin_settings, get_settings

from napari_ngff.storage.pixels.cache import CACHE, set_limit
from napari_ngff.widgets import preference


@pytest.fixture(autouse=True)
def limit():
    """Begin with a known limit and no settings, and give the limit back."""
    file = preference.Path(get_settings().config_path).parent / "napari-ngff.yaml"
    file.unlink(missing_ok=True)
    before = CACHE.limit
    set_limit(12345)
    yield
    set_limit(before)
    file.unlink(missing_ok=True)


@pytest.fixture
def changed():
    """Let the user have changed one of our settings."""
    settings = get_plugin_settings("napari-ngff")
    settings.reading.cache_megabytes = 7
    settings.save()
    yield settings
    settings.reset()


def test_settings_that_never_changed_are_not_built(monkeypatch):
    """While everything has its default, opening an image does not ask napari."""
    monkeypatch.setattr(preference, "reading", None)
    preference.follow_cache_size()()
    preference.offer_always()

    assert 12345 == CACHE.limit


def test_the_size_of_the_cache_is_the_preference(changed):
    """A size that was chosen holds at once, and so does each change of it."""
    stop = preference.follow_cache_size()
    chosen = CACHE.limit
    changed.reading.cache_megabytes = 8
    followed = CACHE.limit
    stop()
    changed.reading.cache_megabytes = 9

    assert (7_000_000, 8_000_000, 8_000_000) == (chosen, followed, CACHE.limit)


def test_a_first_change_is_followed_in_a_window(qtbot):
    """With a window, changes are followed as soon as it has nothing else to do."""
    stop = preference.follow_cache_size()
    qtbot.wait(10)
    settings = get_plugin_settings("napari-ngff")
    settings.reading.cache_megabytes = 8
    followed = CACHE.limit
    stop()
    settings.reset()

    assert 8_000_000 == followed


def test_a_first_change_is_followed_from_the_next_opening_on(monkeypatch):
    """Without a window, a script that changes the size gets it with its next image."""
    monkeypatch.setattr(preference, "when_idle", lambda _: lambda: None)
    stop = preference.follow_cache_size()
    preference.follow_if_changed()
    before = CACHE.limit
    settings = get_plugin_settings("napari-ngff")
    settings.reading.cache_megabytes = 8
    settings.save()
    preference.follow_if_changed()
    begun = CACHE.limit
    settings.reading.cache_megabytes = 9
    followed = CACHE.limit
    stop()
    settings.reset()

    assert (12345, 8_000_000, 9_000_000) == (before, begun, followed)


def test_what_never_began_can_be_stopped(changed, monkeypatch):
    """After a stop, nothing is followed at the next opening."""
    monkeypatch.setattr(preference, "was_changed", lambda: False)
    preference.follow_cache_size()()
    monkeypatch.setattr(preference, "was_changed", lambda: True)
    preference.follow_if_changed()

    assert 12345 == CACHE.limit
