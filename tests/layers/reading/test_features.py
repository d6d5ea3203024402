"""Properties of labels as a table that napari shows."""

from __future__ import annotations

from math import isnan

import numpy as np
from napari.layers import Labels

from cases.memory import image, label, ramp
from napari_ngff.layers.read import layers_of
from napari_ngff.layers.reading.features import features_of
from napari_ngff.metadata.model import ImageLabel


def test_labels_need_not_have_the_same_properties():
    """What a label lacks is missing in its row alone."""
    properties = {1: {"area": 5, "class": "a"}, 7: {"area": 2.5}, 3: {"class": "b"}}
    columns = features_of(properties)

    assert ["index", "area", "class"] == list(columns)
    assert [1, 7, 3] == columns["index"]
    assert [5, 2.5] == columns["area"][:2]
    assert isnan(columns["area"][2])
    assert ["a", None, "b"] == list(columns["class"])


def test_naparis_status_finds_the_row():
    """Pointing at a label shows its properties, by its value."""
    block = ImageLabel(
        colors={1: (255, 0, 0, 255)}, properties={1: {"area": 5}, 2: {"area": 7}}
    )
    data = np.zeros((4, 4), dtype="uint16")
    data[2, 3] = 2
    ((pixels, meta, _),) = layers_of(label(data, block=block))
    layer = Labels(pixels, **meta)

    assert "area: 7" in layer.get_status((2, 3), world=True)["value"]


def test_labels_of_colours_and_of_properties_keep_both():
    """A label present in one and not the other loses nothing."""
    block = ImageLabel(colors={1: (255, 0, 0, 255)}, properties={2: {"area": 7}})
    *_, (pixels, meta, _) = layers_of(
        image(ramp(4, 4), labels=[label(ramp(4, 4), block=block)])
    )
    layer = Labels(pixels, **meta)

    assert [1, 0, 0, 1] == layer.colormap.map(1).tolist()
    assert [7] == layer.features["area"].tolist()
    assert [2] == layer.features["index"].tolist()


def test_any_json_is_shown():
    """Lists, objects, markup, a property called index: a table all the same."""
    properties = {
        1: {"box": [1, [2]], "index": 4, "t": "<b>x\u202e", "deep": {"a": None}},
        2: {"box": None, "ok": True},
    }
    columns = features_of(properties)
    layer = Labels(ramp(4, 4), features=columns)

    assert "[1, [2]]" == layer.features["box"][0]
    assert [False, True] == layer.features["box"].isna().tolist()
    assert [1, 2] == layer.features["index"].tolist()
    assert 4 == layer.features["index (property)"][0]
    assert "\u2039b>x" == layer.features["t"][0]
    assert '{"a": null}' == layer.features["deep"][0]
    assert [True, False] == layer.features["ok"].isna().tolist()


def test_names_that_look_alike_stay_apart():
    """Two properties whose names are shown alike are two columns."""
    columns = features_of({1: {"a": 1, "a\u200e": 2}})

    assert [[1], [1], [2]] == list(columns.values())


def test_no_properties():
    """Nothing in the file: no table."""
    assert features_of({}) is None
