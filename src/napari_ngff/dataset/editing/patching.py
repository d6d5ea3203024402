"""What an edit comes to: which values of which documents change, as text and as JSON.

Knows documents before and after; nothing of who edits them, and saves nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.patch import MISSING, apply, as_json_patch
from napari_ngff.core.style import Style

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.patch import Change, Changes
    from napari_ngff.core.problems import Problem
    from napari_ngff.core.splice import Written

_SHOWN: Final = 160
#: How a document is written that was not there.
_NEW: Final = Style(
    newline="\n", unit="    ", colon=": ", comma=", ", lists=False, escaped=False
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Changes of the documents of one store.

    Attributes
    ----------
    store
        Where it is, without credentials.
    files
        By key: the bytes before and after. None: there is no such document.
    changes
        By key: the values that change, those of consolidated copies included.
    copies
        Keys whose changes are in nothing but copies of others.
    told
        What saving it told: that no history could be kept, or something was left over.
    """

    store: str
    files: Mapping[str, tuple[bytes | None, bytes | None]]
    changes: Mapping[str, Changes]
    copies: frozenset[str] = frozenset()
    told: tuple[Problem, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.files)

    @property
    def text(self) -> str:
        """The difference, a line for each value; fit to be shown."""
        lines: list[str] = []
        for key, changes in self.changes.items():
            lines.append(plain(key, limit=1024) + _fate(*self.files[key]))
            if key in self.copies:
                lines.append("  the same in its consolidated metadata")
            else:
                lines += [f"  {line(change)}" for change in changes]
        return "\n".join(lines) or "Nothing is changed."

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return a JSON patch (RFC 6902) for each document, by key."""
        return {key: as_json_patch(found) for key, found in self.changes.items()}

    @property
    def json_text(self) -> str:
        """The JSON patches as text, to be copied."""
        return json.dumps(self.to_json(), indent=2, ensure_ascii=False)


def _fate(old: bytes | None, new: bytes | None) -> str:
    """Say of a document that it is new, or that it goes."""
    return " (new)" if old is None else " (removed)" if new is None else ""


def patch_of(
    store: str,
    before: Mapping[str, Written | None],
    changes: Mapping[str, Changes],
    copies: frozenset[str] = frozenset(),
    *,
    limits: Limits = LIMITS,
) -> Patch:
    """Return the patch that changes come to.

    Parameters
    ----------
    store
        Where the documents are.
    before
        As they are written, by key, at least those that change; None: not there.
    changes
        By key.
    copies
        Keys whose changes are in nothing but copies of others.
    limits
        Bounds on the documents.
    """
    files = {}
    for key, found in changes.items():
        old = before[key]
        if old is None:
            after = _NEW.text(apply({}, found), indent="", flat=None).encode()
        else:
            after = old.spliced(found, limits=limits)
        data = None if old is None else old.data
        if after != data:
            files[key] = (data, after)
    kept = {key: changes[key] for key in files}
    return Patch(store=store, files=files, changes=kept, copies=copies)


def line(change: Change) -> str:
    """Show one change: where, what was there, what will be."""
    where = plain(change.pointer, limit=512) or "/"
    if change.old is MISSING:
        return f"+ {where}: {_value(change.new)}"
    if change.new is MISSING:
        return f"- {where}: {_value(change.old)}"
    return f"  {where}: {_value(change.old)} → {_value(change.new)}"


def _value(value: Any) -> str:
    return plain(json.dumps(value, ensure_ascii=False), limit=_SHOWN)
