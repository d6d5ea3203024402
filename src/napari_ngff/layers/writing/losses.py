"""What of a layer OME-Zarr has no place for, one sentence each.

Knows the state of napari's layers and which of it is only how a viewer draws; does
not know versions of the format, whose losses `metadata.writing` tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from napari_ngff.core.names import plain
from napari_ngff.core.problems import Level, Problem
from napari_ngff.layers.provenance import KEY
from napari_ngff.layers.writing.world import layer_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from napari_ngff.layers.reading.pictures import LayerData

    Test: TypeAlias = Callable[[Any], bool]

_SAVED = ("image", "labels")
_LISTED = 5
_NAME_LETTERS = 80


def loss(
    name: str, kind: str, message: str, level: Level = "warning", brief: str = ""
) -> Problem:
    """Return a problem of a layer.

    Parameters
    ----------
    name
        Of the layer.
    kind
        Of the problem.
    message
        What is lost, a sentence without the layer's name, which is the problem's node.
    level
        ``"error"``: nothing can be saved with this layer among the others;
        ``"warning"``: it, or something of it, is not saved; ``"info"``: worth knowing.
    brief
        The same in a few words.
    """
    shown = plain(name, limit=_NAME_LETTERS)
    return Problem(level=level, kind=kind, message=message, node=shown, brief=brief)


def unsaved(layer: LayerData) -> Problem | None:
    """Return why a layer cannot be saved at all; None where it can."""
    data, state, kind = layer
    name = str(state.get("name") or kind)
    if kind not in _SAVED:
        text = f"The layer is not saved: OME-Zarr holds images and labels, not {kind}."
        return loss(name, "layer-not-saved", text, brief=f"{kind} are not saved")
    reason = _unfit(data[0] if state.get("multiscale") else data, state)
    if not reason:
        return None
    return loss(name, "layer-unfit", f"The layer cannot be saved: {reason}.", "error")


def _unfit(pixels: Any, state: Mapping[str, Any]) -> str:
    """Return what keeps pixels from being saved, or nothing."""
    dtype, shape = np.dtype(pixels.dtype), tuple(pixels.shape)
    if dtype.kind == "c":
        return (
            "OME-Zarr holds no complex numbers. Save the magnitude and the phase, or "
            "the real and the imaginary part, as layers of their own, without this one"
        )
    if dtype.kind not in "biuf" or dtype.itemsize > np.dtype(np.float64).itemsize:
        return f"OME-Zarr holds no pixels of type {dtype}"
    if 0 in shape:
        return f"its shape is {shape}, so it has no pixels"
    matrix = layer_matrix(state, len(shape) - bool(state.get("rgb")))
    if not np.isfinite(matrix).all() or not np.linalg.det(matrix):
        return "its transformation has no inverse"
    return ""


def _is_number(expected: float) -> Test:
    return lambda value: bool(np.isclose(float(value), expected, atol=1e-6))


def _is_word(*words: str) -> Test:
    return lambda value: str(getattr(value, "value", value)) in words


def _is_empty(value: Any) -> bool:
    return not len(value)


#: What of a layer's state is drawn otherwise when it is opened again: the state's
#: key, the test that it is as usual, and what to say. Of image layers and of labels.
_STATE: Mapping[str, Sequence[tuple[str, str, Test, str]]] = {
    "image": (
        ("gamma", "gamma", _is_number(1), "Its gamma of {value:.3g} is not saved."),
        (
            "blending",
            "blending",
            _is_word("translucent", "additive", "translucent_no_depth"),
            "Its blending '{value}' is not saved.",
        ),
        (
            "opacity",
            "opacity",
            _is_number(1),
            "Its opacity of {value:.3g} is not saved.",
        ),
        (
            "rendering",
            "rendering",
            _is_word("mip"),
            "Its rendering in 3-D, '{value}', is not saved.",
        ),
    ),
    "labels": (
        (
            "opacity",
            "opacity",
            _is_number(0.7),
            "Its opacity of {value:.3g} is not saved.",
        ),
        (
            "blending",
            "blending",
            _is_word("translucent"),
            "Its blending '{value}' is not saved.",
        ),
        ("visible", "hidden", bool, "That it is hidden is not saved."),
    ),
}
_BOTH: Sequence[tuple[str, str, Test, str]] = (
    (
        "experimental_clipping_planes",
        "clipping-planes",
        _is_empty,
        "Its clipping planes are not saved.",
    ),
)


def state_losses(name: str, kind: str, state: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what of the way in which a layer is drawn is not saved.

    Pixels and places are not lost with it: all are of level ``"info"``, but gamma and
    blending, without which an image looks otherwise.
    """
    found = []
    for key, what, usual, text in (*_STATE[kind], *_BOTH):
        value = state.get(key)
        if value is None or usual(value):
            continue
        level: Level = "warning" if key in ("gamma", "blending") else "info"
        shown = text.format(value=getattr(value, "value", value))
        found.append(loss(name, f"{what}-not-saved", shown, level))
    return (*found, *_metadata_losses(name, state.get("metadata") or {}))


def _metadata_losses(name: str, metadata: Mapping[str, Any]) -> tuple[Problem, ...]:
    foreign = [plain(str(key), limit=40) for key in metadata if key != KEY]
    if not foreign:
        return ()
    listed = ", ".join(foreign[:_LISTED])
    more = f" and {len(foreign) - _LISTED} more" if len(foreign) > _LISTED else ""
    text = f"Its metadata ({listed}{more}) is not saved: OME-Zarr has no place for it."
    return (loss(name, "layer-metadata-not-saved", text, "info"),)
