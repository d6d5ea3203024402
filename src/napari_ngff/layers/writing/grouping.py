"""Which layers are one image, and which image labels belong to.

Knows places, shapes and where layers came from; does not know how they look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.layers.writing.origins import key_of
from napari_ngff.layers.writing.questions import Choice, Question
from napari_ngff.layers.writing.turned import EXACT
from napari_ngff.layers.writing.world import extent, spacing
from napari_ngff.metadata.axes import kind_of
from napari_ngff.metadata.display import display_order
from napari_ngff.metadata.lengths import unit_ratio

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from napari_ngff.dataset.saving.options import Version
    from napari_ngff.layers.writing.outgoing import Outgoing
    from napari_ngff.metadata.transforms import FloatArray

#: The layers that are one image or label image.
Layers: TypeAlias = tuple["Outgoing", ...]

#: Axes that an image may have until another version says otherwise.
_MOST_AXES = 5
_DIGITS = 10
ALONE = "alone"


def grouped(layers: Sequence[Outgoing], version: Version) -> list[Layers]:
    """Return the layers that become one image or label image each.

    Image layers that share shape, type, place, units and levels are its channels, in
    the order of the layers (or of their file, where it says that they lie above each
    other so), unless they come from different images of files: the
    fields of a well are no channels. Those of a file that gives each a place of its own
    are its channels where the version can say that. Labels are by themselves, but
    those that were the channels of one label image.
    """
    found: dict[Hashable, list[Outgoing]] = {}
    files: dict[Hashable, Hashable] = {}
    for layer in sorted(layers, key=lambda layer: layer.record is None):
        key = _key(layer, version)
        file = None if layer.record is None else key_of(layer.record)
        files.setdefault(key, file)
        found.setdefault((key, file or files[key]), []).append(layer)
    for together in found.values():
        together.sort(key=lambda layer: layer.position)
        if _is_as_shown(together):
            together.sort(key=_channel)
    groups: list[Layers] = []
    for together in found.values():
        whole = _is_whole(together) if together[0].kind == "labels" else True
        if len(together) > 1 and _has_own_place(together[0]):
            whole = _is_run(together)
        groups += [tuple(together)] if whole else [(layer,) for layer in together]
    return sorted(groups, key=lambda group: group[0].position)


def _key(layer: Outgoing, version: Version) -> Hashable:
    """Return what layers of one image have in common."""
    if layer.kind == "labels":
        return _file_key(layer) or layer.position
    if not _may_be_channel(layer, version):
        return layer.position
    if _has_own_place(layer):
        return (_file_key(layer) if version in EXACT else None) or layer.position
    return (
        tuple(level.shape for level in layer.placed.levels),
        layer.placed.levels[0].dtype.str,
        tuple(_rounded(matrix) for matrix in layer.placed.matrices),
        tuple((axis.name, axis.type, axis.unit) for axis in layer.axes),
    )


def _may_be_channel(layer: Outgoing, version: Version) -> bool:
    """Whether one more axis, that of channels, is allowed."""
    if layer.record is not None and layer.record.form == "channels":
        return True
    kinds = [kind_of(axis) for axis in layer.axes]
    if layer.rgb or "channel" in kinds:
        return False
    return len(kinds) < _MOST_AXES and None not in kinds


def _file_key(layer: Outgoing) -> tuple[Hashable, ...] | None:
    """Return which image of which opening a layer is a channel of."""
    record = layer.record
    if record is None or record.form != "channels" or not layer.untouched:
        return None
    return record.store, record.node, record.index, record.opening


def _has_own_place(layer: Outgoing) -> bool:
    """Whether the file gives each channel a place of its own."""
    origin = layer.origin
    if origin is None or origin.prepared.split is None or not layer.untouched:
        return False
    split = origin.prepared.split
    others = np.delete(origin.prepared.frame.linear[:, split.column], split.row)
    return bool(others.any())


def _channel(layer: Outgoing) -> int:
    return (layer.record and layer.record.channel) or 0


def _is_as_shown(together: Sequence[Outgoing]) -> bool:
    """Whether these are all channels of an image, in the order that its file says."""
    origin = together[0].origin
    rendering = origin.image.group.rendering if origin else None
    if origin is None or rendering is None or rendering.order is None:
        return False
    records = [layer.record for layer in together]
    openings = {r and (key_of(r), r.opening, r.form) for r in records}
    if len(openings) > 1 or together[0].kind == "labels":
        return False
    shown = display_order(rendering.order, origin.prepared.count)
    return tuple(map(_channel, together)) == shown


def _rounded(matrix: FloatArray) -> tuple[str, ...]:
    return tuple(f"{value + 0.0:.{_DIGITS}g}" for value in matrix.ravel().tolist())


def _is_run(together: Sequence[Outgoing]) -> bool:
    """Whether channels of a file follow each other as they do there."""
    channels = [layer.record.channel or 0 for layer in together if layer.record]
    return channels == list(range(channels[0], channels[0] + len(together)))


def _is_whole(together: Sequence[Outgoing]) -> bool:
    """Whether these are all channels of a label image, in order."""
    origin = together[0].origin
    channels = [layer.record.channel for layer in together if layer.record]
    return origin is not None and channels == list(range(origin.prepared.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """To which image each label image belongs.

    Attributes
    ----------
    parents
        The index of a label image → that of its image; None where it is by itself.
    questions
        Where that has to be asked.
    """

    parents: Mapping[int, int | None]
    questions: tuple[Question, ...] = ()


def assign(groups: Sequence[Layers], answers: Mapping[str, str]) -> Assigned:
    """Find the image of each label image.

    The one that it came from; else the first whose extent contains its own; else it
    is asked where there is one that it overlaps.

    Parameters
    ----------
    groups
        Images and label images, as `grouped` returns them.
    answers
        By the keys of questions: the position of the image among all layers, or
        ``"alone"``.
    """
    images = {i: g for i, g in enumerate(groups) if g[0].kind == "image"}
    parents: dict[int, int | None] = {}
    questions = []
    for i, group in enumerate(groups):
        if group[0].kind != "labels":
            continue
        label = group[0]
        parents[i] = _parent(label, images)
        if parents[i] is None:
            parents[i] = _first_around(label, images)
        if parents[i] is None:
            near = {k: g for k, g in images.items() if _overlap(label, g[0])}
            question = _question(label, [*near.values()])
            by_value = {str(g[0].position): k for k, g in near.items()}
            answer = answers.get(question.key)
            parents[i] = by_value.get(answer or "")
            if near and answer != ALONE and parents[i] is None:
                questions.append(question)
    return Assigned(parents=parents, questions=tuple(questions))


def _parent(label: Outgoing, images: Mapping[int, Layers]) -> int | None:
    """Return the image that a label image came with."""
    record = label.record
    if record is None or record.parent is None:
        return None
    for i, group in images.items():
        for own in (layer.record for layer in group):
            if own and (own.store, own.node) == (record.store, record.parent):
                return i
    return None


def _first_around(label: Outgoing, images: Mapping[int, Layers]) -> int | None:
    for i, group in images.items():
        if _contains(group[0], label):
            return i
    return None


def _contains(image: Outgoing, label: Outgoing) -> bool:
    sides = _shared(image, label)
    if sides is None or len(label.axes) > len(image.axes):
        return False
    low, high, own_low, own_high, slack = sides
    return bool((own_low >= low - slack).all() and (own_high <= high + slack).all())


def _overlap(label: Outgoing, group: Outgoing) -> bool:
    sides = _shared(group, label)
    if sides is None or len(label.axes) > len(group.axes):
        return False
    low, high, own_low, own_high, slack = sides
    return bool((own_low < high - slack).all() and (own_high > low + slack).all())


def _shared(image: Outgoing, label: Outgoing) -> tuple[FloatArray, ...] | None:
    """Return the extents of both along the last axes, in the image's units.

    The last is half a pixel of the image, by which things may differ; None where
    units cannot be compared.
    """
    used = min(len(image.axes), len(label.axes))
    ratios = [
        _ratio(own.unit, unit.unit)
        for own, unit in zip(label.axes[-used:], image.axes[-used:], strict=True)
    ]
    if None in ratios:
        return None
    factor = np.array(ratios, dtype=np.float64)
    low, high = extent(image.placed)
    own_low, own_high = extent(label.placed)
    matrix = image.placed.matrices[0]
    slack = np.abs(matrix[:-1, :-1]) @ np.full(len(matrix) - 1, 0.5)
    tiny = 1e-6 * spacing(matrix)
    return (
        low[-used:],
        high[-used:],
        own_low[-used:] * factor,
        own_high[-used:] * factor,
        (slack + tiny)[-used:],
    )


def _ratio(unit: str | None, other: str | None) -> float | None:
    """Return the ratio of units; what has none is drawn in those of the other."""
    return 1.0 if unit is None or other is None else unit_ratio(unit, other)


def _question(label: Outgoing, images: Sequence[Layers]) -> Question:
    name = plain(label.name, limit=80)
    choices = [
        Choice(value=str(group[0].position), text=f"With {plain(group[0].name)}")
        for group in images
    ]
    key = f"labels-image:{label.position}:{name}"
    choices.append(Choice(value=ALONE, text="As an image of their own"))
    values = [choice.value for choice in choices]
    return Question(
        key=key,
        kind="labels-image",
        layers=(label.name,),
        text=(
            f"The labels {name} reach beyond every image. With which image are they "
            "to be saved?"
        ),
        choices=tuple(choices),
        advice=f"Pass answers={{{key!r}: …}} with one of {values}.",
    )
