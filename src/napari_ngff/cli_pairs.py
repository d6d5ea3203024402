"""Values by name, as they are typed in a terminal: ``z=2,y=0.5``. Knows no verb."""

from __future__ import annotations

import argparse

from napari_ngff.core.names import plain


def pairs(text: str, meant: str = "a name and a value") -> dict[str, str]:
    """Return ``z=2,y=0.5`` as texts by name; of a name given twice the last one.

    Parameters
    ----------
    text
        What was typed.
    meant
        What each part should be, for who typed something else.

    Raises
    ------
    argparse.ArgumentTypeError
        If a part has no name, or no ``=`` after it.
    """
    found = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not (name and equals):
            message = f"{plain(part)!r} is not {meant}, such as z=2"
            raise argparse.ArgumentTypeError(message)
        found[name.strip()] = value.strip()
    return found
