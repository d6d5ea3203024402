"""Colours and properties of labels (``image-label``): what an edit changes.

Knows the lists as they are written, of which the last entry of a label counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.core.patch import MISSING, at
from napari_ngff.metadata.editing.image import Image, Outcome, is_writable, put
from napari_ngff.metadata.versions.values import integer, shown

if TYPE_CHECKING:
    from napari_ngff.core.problems import Loc, Problem
    from napari_ngff.metadata.editing.edits import SetLabelColor, SetLabelProperty

_BLOCK: Final = "image-label"
_VALUE: Final = "label-value"


def set_color(edit: SetLabelColor, image: Image) -> Outcome | Problem:
    """Return what gives a label another colour."""
    if edit.rgba is None:
        return _set(image, "colors", edit.label, "rgba", MISSING)
    numbers = [integer(number) for number in edit.rgba]
    if len(numbers) != 4 or any(n is None or not 0 <= n <= 255 for n in numbers):
        text = "A colour is four whole numbers from 0 to 255: red, green, blue and "
        return image.refusal("label-rgba-invalid", text + "opacity.")
    return _set(image, "colors", edit.label, "rgba", numbers)


def set_property(edit: SetLabelProperty, image: Image) -> Outcome | Problem:
    """Return what gives a label another property."""
    if not edit.name.strip() or edit.name == _VALUE:
        text = f"A property cannot be called {shown(edit.name)}. Choose another name."
        return image.refusal("label-property", text)
    if not is_writable(edit.value):
        text = f"{shown(edit.value)} cannot be written as JSON."
        return image.refusal("label-property", text)
    value = MISSING if edit.value is None else edit.value
    return _set(image, "properties", edit.label, edit.name, value)


def _set(
    image: Image, key: str, label: int, member: str, value: Any
) -> Outcome | Problem:
    loc: Loc = (*image.group.loc, _BLOCK)
    block = at(image.attributes, loc)
    if not isinstance(block, Mapping):
        text = "This is no label image: it has no 'image-label'."
        return image.refusal("image-label-missing", text, loc)
    if integer(label) is None:
        text = f"{shown(label)} is no value of a label: it must be a whole number."
        return image.refusal("label-value", text, loc)
    listed = block.get(key)
    entries = list(listed) if isinstance(listed, list) else []
    places = [i for i, entry in enumerate(entries) if _is_of(entry, label)]
    if places:
        place = places[-1]
        kept = {k: v for k, v in entries[place].items() if k != member}
        if value is not MISSING:
            entries[place] = {**entries[place], member: value}
        elif kept.keys() <= {_VALUE}:
            del entries[place]
        else:
            entries[place] = kept
    elif value is not MISSING:
        entries.append({_VALUE: label, member: value})
    if entries == listed or (not entries and listed is None):
        return Outcome()
    # A list must not be empty.
    changed = put(image.attributes, (*loc, key), entries or MISSING)
    return Outcome(attributes=changed)


def _is_of(entry: Any, label: int) -> bool:
    return isinstance(entry, Mapping) and integer(entry.get(_VALUE)) == label
