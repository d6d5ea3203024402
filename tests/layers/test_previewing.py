"""How layers look while metadata is edited."""

import numpy as np
import pytest

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.dataset.draft import Draft
from napari_ngff.layers.previewing import changed, concerns, shown
from napari_ngff.layers.provenance import Provenance
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisType,
    SetChannel,
    SetLabelColor,
    SetMultiscaleName,
    SetUnit,
)

OMERO = {
    "channels": [
        {"label": "DAPI", "color": "0000FF", "window": {"start": 5, "end": 90}},
        {"label": "GFP", "active": False},
    ]
}
LABELS = {"cells": {"axes": "zyx", "shape": (4, 16, 16), "scale": (2, 0.5, 0.25)}}
ROTATED = [{"type": "rotation", "rotation": [[0, -1, 0], [1, 0, 0], [0, 0, 1]]}]
STORES = {
    "0.4": {"omero": OMERO, "scale": (1, 2, 0.5, 0.25), "labels": LABELS},
    "0.1": {"version": "0.1"},
    "0.3": {"version": "0.3", "axes": ["c", "z", "y", "x"]},
    "0.5": {"version": "0.5", "translation": (0, 7, -3, 0.5), "labels": LABELS},
    "0.6": {"version": "0.6", "omero": OMERO},
    "whole": {
        "multiscale_transforms": [
            {"type": "scale", "scale": [1, 3, 3, 3]},
            {"type": "translation", "translation": [0, 1, 2, 3]},
        ],
    },
    "turned": {"version": "0.6", "axes": "zyx", "shape": (4, 16, 8), "levels": 1},
    "last": {"axes": "yxc", "shape": (16, 8, 3), "dtype": "uint8", "levels": 1},
    "time": {"axes": "xyt", "shape": (16, 8, 3), "levels": 1},
    "line": {"axes": "x", "shape": (16,), "levels": 1},
    "many": {"shape": (2, 70, 8, 8), "axes": ["angle", "c", "y", "x"], "levels": 1},
}


def records(path):
    """Return what each layer remembers, its keywords, and the type of its pixels."""
    for data, meta, _ in read_layers(path):
        first = data[0] if isinstance(data, list) else data
        yield Provenance.from_metadata(meta["metadata"]), meta, first.dtype


@pytest.mark.parametrize("name", STORES)
def test_what_is_not_edited_looks_as_when_it_is_opened(tmp_path, name):
    """Each layer, in all that the file says of it; also where a label is edited."""
    options = dict(STORES[name])
    if name == "turned":
        options["transforms"] = [ROTATED]
    path = build_image(tmp_path / "a.zarr", **options)
    for record, meta, dtype in records(path):
        draft = Draft.open(path / record.node if record.node else path)

        found = shown(draft, record, dtype)

        assert concerns(draft, record)
        for key, value in found.look.items():
            if key in ("scale", "translate", "affine") and key not in meta:
                wanted = {"scale": 1, "translate": 0, "affine": np.eye(len(value))}
                np.testing.assert_array_equal(
                    value, np.broadcast_to(wanted[key], np.shape(value))
                )
            elif key == "name":
                assert meta[key].startswith(value)
            else:
                np.testing.assert_equal(meta[key], value)
        assert record == found.record


def test_what_is_edited_is_what_changes(tmp_path):
    """Units, names and colours, each in the layers that they are of."""
    path = build_image(tmp_path / "a.zarr", **STORES["0.4"])
    draft = Draft.open(path)
    now = draft.edited(
        SetUnit(axis=2, unit="nanometer"),
        RenameAxis(axis=3, name="across"),
        SetChannel(channel=1, member="label", value="RFP"),
        SetChannel(channel=1, member="window.start", value=1),
        SetChannel(channel=1, member="window.end", value=2),
        SetChannel(channel=0, member="color", value="FF0000"),
    )
    assert () == now.refused
    found = {
        meta["name"]: changed(shown(draft, record, dtype), shown(now, record, dtype))
        for record, meta, dtype in records(path)
    }

    place = {
        "units": ("micrometer", "nanometer", "micrometer"),
        "axis_labels": ("z", "y", "across"),
    }
    assert {**place, "colormap": "red"} == found["DAPI"]
    assert {**place, "name": "RFP", "contrast_limits": (1.0, 2.0)} == found["GFP"]
    assert {} == found["cells"]


def test_labels_show_their_colours_and_the_units_of_their_image(tmp_path):
    """A label image without units has those of the image that is edited."""
    axes = [{"name": n, "type": "space"} for n in "zyx"]
    labels = {"cells": {**LABELS["cells"], "axes": axes}}
    path = build_image(tmp_path / "a.zarr", version="0.5", labels=labels)
    image, label = Draft.open(path), Draft.open(path / "labels" / "cells")
    (record, _, dtype) = list(records(path))[-1]

    far = [SetUnit(axis=a, unit="meter") for a in (1, 2, 3)]
    now = image.edited(*far)
    red = label.edited(SetLabelColor(label=1, rgba=(255, 0, 0, 255)))

    assert {"units": ("meter",) * 3} == changed(
        shown(image, record, dtype), shown(now, record, dtype)
    )
    colormap = changed(shown(label, record, dtype), shown(red, record, dtype))
    assert ["colormap"] == list(colormap)
    assert (1.0, 0.0, 0.0, 1.0) == colormap["colormap"][1]


def test_what_would_be_no_such_layer_is_not_shown(tmp_path):
    """The axis of channels is none any more: that shows when it is opened again."""
    path = build_image(tmp_path / "a.zarr", levels=1)
    draft = Draft.open(path)
    now = draft.edited(SetAxisType(axis=0, type="time"), RenameAxis(axis=0, name="t"))
    (record, _, dtype), *_ = records(path)

    assert shown(draft, record, dtype) is not None
    assert shown(now, record, dtype) is None


def test_an_axis_of_another_kind_stays_where_the_layer_has_it(tmp_path):
    """The numbers go along with the axes that the layer has."""
    path = build_image(
        tmp_path / "a.zarr", axes="tyx", shape=(3, 8, 9), scale=(5, 2, 1), levels=1
    )
    draft = Draft.open(path)
    ((record, _, dtype),) = records(path)
    now = draft.edited(SetAxisType(axis=1, type="time"), SetUnit(axis=1, unit="second"))
    now = now.edited(SetAxisType(axis=0, type="space"), SetUnit(axis=0, unit="meter"))

    found = shown(now, record, dtype).look

    assert (5, 2, 1) == found["scale"]
    assert ("meter", "second", "micrometer") == found["units"]


def test_only_layers_of_what_is_edited_are_concerned(tmp_path):
    """Not those of another store or of another entry; labels with their image."""
    path = build_image(tmp_path / "a.zarr", labels=LABELS)
    other = build_image(tmp_path / "b.zarr")
    draft = Draft.open(path).edited(SetMultiscaleName(name="x"))
    mine, labels = next(records(path))[0], list(records(path))[-1][0]

    assert concerns(draft, mine)
    assert concerns(draft, labels)
    assert not concerns(Draft.open(path / "labels" / "cells"), mine)
    assert not concerns(draft, next(records(other))[0])
    assert not concerns(draft.showing(1), mine)
