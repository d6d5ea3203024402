"""How long something still takes, in words."""

from __future__ import annotations

import pytest

from napari_ngff.widgets.saving.time_left import in_words, time_left


@pytest.mark.parametrize(
    ("elapsed", "fraction", "text"),
    [
        (1.0, 0.5, ""),
        (10.0, 0.001, ""),
        (10.0, 1.0, ""),
        (10.0, 0.5, "about 10 seconds left"),
        (60.0, 0.25, "about 3 minutes left"),
    ],
)
def test_it_is_told_once_it_can_be(elapsed, fraction, text):
    """Nothing is guessed from too little, nor said at the end."""
    assert text == time_left(elapsed, fraction)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.1, "1 second"), (89, "89 seconds"), (91, "2 minutes"), (7300, "2 hours")],
)
def test_as_a_person_would_say_it(seconds, text):
    """No digits that mean nothing."""
    assert text == in_words(seconds)
