"""Changes put into the bytes of a JSON document; what they do not name stays.

Knows how JSON is written: what is new looks like its surroundings. White space, the
order of members, the text of numbers and strings, a byte order mark, ends of lines:
all is kept to the byte where no change is.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from napari_ngff.core.document import check_size, is_deeper, parse, too_deep
from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.patch import MISSING, Change, apply, same
from napari_ngff.core.spans import Branch, Entry, Leaf, split, text_of, value_of
from napari_ngff.core.style import Style, style_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from napari_ngff.core.spans import Piece

_BOM: Final = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Written:
    """A document as it is written, to be changed again and again.

    What was looked into for one change is not looked for again for the next one.

    Attributes
    ----------
    data
        Its bytes.
    value
        What they say, as `core.document.parse` reads it.
    """

    data: bytes
    value: Any
    _tree: Branch = field(repr=False)
    _style: Style = field(repr=False)

    @classmethod
    def of(cls, data: bytes, value: Any) -> Self:
        """Return a document of bytes, of which is known what they say."""
        text = data.removeprefix(_BOM).decode("utf-8")
        before, leaf, after = split(text, value)
        tree = Branch("[]", [Entry(before, leaf, after)])
        return cls(data=data, value=value, _tree=tree, _style=style_of(text))

    def spliced(self, changes: Sequence[Change], *, limits: Limits = LIMITS) -> bytes:
        """Return its bytes with changes made; see `splice`."""
        if not changes:
            return self.data
        wanted = apply(self.value, changes)
        tree = Branch("[]", [*self._tree.entries])
        for change in changes:
            _make(tree, change, self._style)
        [entry] = tree.entries
        text = entry.before + text_of(entry.value) + entry.after
        mark = _BOM if self.data.startswith(_BOM) else b""
        result = mark + text.encode("utf-8")
        check_size(result, limits=limits)
        if any(_is_deep(change, limits) for change in changes):
            raise too_deep(limits)
        if not same(value_of(entry.value), wanted):
            message = "the changes cannot be put into this document"
            raise ValueError(message)
        return result


def _is_deep(change: Change, limits: Limits) -> bool:
    return is_deeper(change.new, max(0, limits.document_depth - len(change.loc)))


def splice(data: bytes, changes: Sequence[Change], *, limits: Limits = LIMITS) -> bytes:
    """Return a document with changes made, one after the other.

    Parameters
    ----------
    data
        A JSON document that `core.document.parse` reads.
    changes
        What is to be changed. Numbers are written so that reading gives the same
        double. Of repeated keys the last one counts and is changed; where one is
        removed, all of them are.
    limits
        Bounds on the document.

    Returns
    -------
    bytes
        The document; `data` itself where there are no changes.

    Raises
    ------
    DocumentError
        If the document cannot be read, or would be beyond the limits.
    ValueError
        If a change does not fit it, or a new value cannot be said in JSON.
    """
    if not changes:
        return data
    value, _ = parse(data, limits=limits)
    return Written.of(data, value).spliced(changes, limits=limits)


def _leaf(text: str) -> Leaf:
    """Return a new value as it is written, read from that."""
    return Leaf(text, parse(text.encode("utf-8"))[0])


def _make(tree: Branch, change: Change, style: Style) -> None:
    """Make one change; `tree` is an array with the document as its only item."""
    loc = (0, *change.loc)
    holder, indent = tree, ""
    for part in loc[:-1]:
        place = _found(holder, part)
        entry = holder.entries[place]
        indent = _indent(entry, indent)
        inside = entry.value
        if isinstance(inside, Leaf):
            inside = inside.look_into()
            holder.entries[place] = entry._replace(value=inside)
        holder = inside
    last = loc[-1]
    if change.new is MISSING:
        _remove(holder, last)
    elif change.old is MISSING:
        _insert(holder, last, change.new, style, indent)
    else:
        place = _found(holder, last)
        entry = holder.entries[place]
        flat = _is_flat(holder, entry.value)
        leaf = _leaf(style.text(change.new, indent=_indent(entry, indent), flat=flat))
        holder.entries[place] = entry._replace(value=leaf)


def _found(holder: Branch, part: str | int) -> int:
    index = holder.find(part)
    if index is None:
        message = f"there is no {part!r} in it"
        raise ValueError(message)
    return index


def _indent(entry: Entry, outer: str) -> str:
    """Return what the line begins with that an entry stands in."""
    lines = re.split(r"[\r\n]", entry.before)
    return lines[-1] if len(lines) > 1 else outer


def _breaks(entry: Entry) -> bool:
    return "\n" in entry.before or "\r" in entry.before


def _is_flat(holder: Branch, old: Piece | None = None) -> bool | None:
    """Tell whether a value is written in one line; None where that is not seen."""
    if old is not None:
        text = text_of(old)
        if text[0] in "{[" and text[1:-1].strip():
            return "\n" not in text and "\r" not in text
    siblings = [entry for entry in holder.entries if entry.value is not old]
    if siblings and not any(map(_breaks, holder.entries)):
        return True
    return None


def _insert(
    holder: Branch, part: str | int, new: Any, style: Style, indent: str
) -> None:
    entries = holder.entries
    if not entries:
        entries.append(_lone(part, new, style, indent))
        return
    index = part if isinstance(part, int) else len(entries)
    first, last = entries[0], entries[-1]
    between = entries[1].before if len(entries) > 1 else _between(first, style)
    entry = Entry(
        before=between if index else first.before,
        name=style.name(part) if isinstance(part, str) else "",
        key=part if isinstance(part, str) else "",
        value=_leaf(
            style.text(new, indent=_indent(first, indent), flat=_is_flat(holder))
        ),
        after=first.after if len(entries) > 1 else "",
    )
    if index == 0:
        entries[0] = first._replace(before=between)
    if index == len(entries):
        entries[-1] = entries[-1]._replace(after=entry.after)
        entry = entry._replace(after=last.after)
    entries.insert(index, entry)


def _between(first: Entry, style: Style) -> str:
    """Return the white space after a comma, where there is one entry so far."""
    return first.before if _breaks(first) else style.comma.partition(",")[2]


def _lone(part: str | int, new: Any, style: Style, indent: str) -> Entry:
    """Return the first entry of an object or array that was empty."""
    item = isinstance(part, int) and style.lists and not isinstance(new, (dict, list))
    if item or not style.newline:
        before = after = inner = ""
    else:
        inner = indent + style.unit
        before, after = style.newline + inner, style.newline + indent
    return Entry(
        before=before,
        name=style.name(part) if isinstance(part, str) else "",
        key=part if isinstance(part, str) else "",
        value=_leaf(style.text(new, indent=inner, flat=None)),
        after=after,
    )


def _remove(holder: Branch, part: str | int) -> None:
    """Take an entry away; a key that is repeated, with all that repeat it."""
    index: int | None = _found(holder, part)
    while index is not None:
        entries = holder.entries
        gone = entries.pop(index)
        if entries and index == 0:
            entries[0] = entries[0]._replace(before=gone.before)
        if entries and index == len(entries):
            entries[-1] = entries[-1]._replace(after=gone.after)
        index = holder.find(part) if isinstance(part, str) else None
