"""How long something will still take, in words. Pure: it is told the time."""

from __future__ import annotations

_PATIENCE_S = 2.0
_ENOUGH = 0.02
_MINUTE, _HOUR = 60, 3600
_MANY = 90


def time_left(elapsed: float, fraction: float) -> str:
    """Return how long the rest will take, as far as that can be said.

    Parameters
    ----------
    elapsed
        Seconds since it began.
    fraction
        Which part is done, from 0 to 1.

    Returns
    -------
    str
        ``"about 3 minutes left"``; empty while too little is done to tell.
    """
    if elapsed < _PATIENCE_S or not _ENOUGH <= fraction < 1:
        return ""
    return f"about {in_words(elapsed * (1 - fraction) / fraction)} left"


def in_words(seconds: float) -> str:
    """Return a time as a person would say it: ``"5 seconds"``, ``"2 minutes"``."""
    if seconds < _MANY:
        return _counted(max(round(seconds), 1), "second")
    if seconds < _MANY * _MINUTE:
        return _counted(round(seconds / _MINUTE), "minute")
    return _counted(round(seconds / _HOUR), "hour")


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'s' * (number != 1)}"
