"""The garbage collector is paused for a moment, and no longer."""

from __future__ import annotations

import gc

import pytest

from napari_ngff.core.collecting import paused


@pytest.fixture(autouse=True)
def collecting():
    """Leave the collector as it is outside."""
    yield
    gc.enable()


def test_nothing_is_collected_for_a_moment():
    """It is off within, and on again afterwards, also where something fails."""
    seen = []

    def fail():
        with paused():
            seen.append(gc.isenabled())
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert [False] == seen
    assert gc.isenabled()


def test_what_was_made_is_old():
    """It is of the oldest generation, unless something was frozen, which stays so.

    Python 3.12 freezes some objects of its own when it starts.
    """
    frozen = gc.get_freeze_count()
    with paused():
        made = [object]

    if not frozen:
        assert any(made is each for each in gc.get_objects(generation=2))
    assert frozen == gc.get_freeze_count()


def test_what_was_off_stays_off():
    """Whoever has switched it off is not overruled, nor is a pause within another."""
    gc.disable()
    with paused(), paused():
        pass

    assert not gc.isenabled()


def test_a_function_runs_without_collecting():
    """As a decorator it covers each call of a function."""
    seen = []

    @paused()
    def act():
        seen.append(gc.isenabled())

    act()
    act()

    assert [False, False] == seen
    assert gc.isenabled()
