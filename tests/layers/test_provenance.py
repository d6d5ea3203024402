"""What a layer remembers, and what a person is told."""

from __future__ import annotations

import copy
import json
import pickle

import pytest
from napari.layers import Layer

from cases.memory import image, label, ramp, scaled
from napari_ngff.core.problems import Problem
from napari_ngff.layers.provenance import (
    KEY,
    Provenance,
    opened_as,
    problems_of,
    sort_problems,
    with_problems,
)
from napari_ngff.layers.read import layers_of
from napari_ngff.metadata.model import ImageLabel


def problem(level="warning", kind="k", message="m", **more):
    return Problem(level=level, kind=kind, message=message, **more)


def test_the_record_is_plain():
    """JSON types only: it can be pickled, copied and written down."""
    cells = label(ramp(4, 4), block=ImageLabel(source="../../"))
    layers = layers_of(image(ramp(2, 4, 4), "cyx", node="a/b", labels=[cells]))

    for layer in layers:
        metadata = Layer.create(*layer).metadata
        assert json.loads(json.dumps(metadata)) == metadata
        assert pickle.loads(pickle.dumps(metadata)) == copy.deepcopy(metadata)


def test_a_channel_remembers_where_it_came_from():
    """Store, node, entry, channel, version, levels, axes: what saving back needs."""
    levels = [ramp(2, 8, 8), ramp(2, 4, 4)]
    record = layers_of(image(levels, "cyx", node="a/b", index=2))[1][1]["metadata"][KEY]
    expected = {
        "store": "folder/sample.ome.zarr",
        "node": "a/b",
        "index": 2,
        "kind": "image",
        "form": "channels",
        "channel": 1,
        "channel_axis": 0,
        "label": None,
        "version": "0.5",
        "dialect": "0.5",
        "levels": ["0", "1"],
        "order": [1, 2],
    }

    assert expected == {key: record[key] for key in expected}
    assert {"name": "y", "type": "space", "unit": "micrometer"} == record["axes"][1]


def test_labels_remember_their_image():
    """Name, image and source of a label image; how to edit it is said."""
    cells = label(ramp(4, 4), block=ImageLabel(source="../../"), parent="a")
    *_, (_, meta, _) = layers_of(image(ramp(4, 4), node="a", labels=[cells]))
    record = Provenance.from_metadata(meta["metadata"])

    assert ("cells", "a", "../../") == (record.label, record.parent, record.source)
    (read_only,) = (p for p in record.problems if p.kind == "labels-read-only")
    assert "info" == read_only.level
    assert "Edit Labels" in read_only.message


def test_there_and_back():
    """A record is read as it was written, keys of another version left out."""
    found = Provenance(
        store="s",
        node="n",
        order=(0, None),
        axes=({"name": "x"},),
        problems=(problem(loc=("a", 1)),),
    )
    metadata = found.to_metadata()
    metadata[KEY]["later"] = 1

    assert found == Provenance.from_metadata(metadata)


def test_each_opening_has_a_name_of_its_own():
    """All layers of one opening have the same, those of the next another."""
    source = image(ramp(2, 4, 4), "cyx", labels=[label(ramp(4, 4))])
    first, second = (
        {meta["metadata"][KEY]["opening"] for _, meta, _ in layers_of(source)}
        for _ in range(2)
    )

    assert (1, 1) == (len(first), len(second))
    assert first != second
    assert {"other": 1} == opened_as({"other": 1}, "a", "b")


@pytest.mark.parametrize(
    "change",
    [
        {"store": 5},
        {"node": None},
        {"node": []},
        {"index": "x"},
        {"index": -1},
        {"index": True},
        {"kind": {}},
        {"form": "round"},
        {"channel": 1e9},
        {"label": 3},
        {"levels": None},
        {"levels": [0]},
        {"axes": 5},
        {"axes": [{"type": "space"}]},
        {"order": ["a"]},
        {"problems": 5},
        {"problems": [{"a": 1}]},
        {"problems": [{"level": "bad", "kind": "", "message": "", "loc": []}]},
    ],
)
def test_a_record_that_others_changed_is_none(change):
    """Nobody follows it, and saving the layer does not end in an error."""
    own = Provenance(store="a", node="b").to_metadata()[KEY]

    assert Provenance.from_metadata({KEY: own}) is not None
    assert Provenance.from_metadata({KEY: {**own, **change}}) is None


@pytest.mark.parametrize("metadata", [{}, {KEY: 3}, {KEY: {}}, {"ngff": {}}])
def test_layers_of_others_have_no_record(metadata):
    """A layer that is not ours is not taken for one."""
    assert Provenance.from_metadata(metadata) is None


def test_the_worst_come_first_and_once():
    """Problems of several layers are one list."""
    first, second, third = problem("info"), problem("error"), problem()
    records = [
        Provenance(store="", node="", problems=p).to_metadata()
        for p in ((first, second), (second, third))
    ]

    assert (second, third, first) == problems_of([*records, {}])
    assert (second, third) == sort_problems([third, second], [third])


def test_problems_are_added_to_our_record_alone():
    """What else is in a layer's metadata stays; a layer of others gets nothing."""
    metadata = {"other": 1} | Provenance(store="", node="").to_metadata()
    found = with_problems(metadata, [problem()])

    assert 1 == found["other"]
    assert (problem(),) == problems_of([found])
    assert {"other": 1} == with_problems({"other": 1}, [problem()])


def test_a_level_that_napari_cannot_use_is_told():
    """Equal sizes, lost channels: left out of the layer and of its record, told."""
    levels = [ramp(2, 8, 8), ramp(2, 8, 8), ramp(1, 4, 4), ramp(2, 2, 2), ramp(2, 0, 1)]
    first, _ = layers_of(image(levels, "cyx", transform=scaled((1, 1, 1))))
    record = Provenance.from_metadata(first[1]["metadata"])

    assert [(8, 8), (2, 2)] == [level.shape for level in first[0]]
    assert ("0", "3") == record.levels
    assert ["unused-level"] * 3 == [p.kind for p in record.problems]


@pytest.mark.parametrize(
    ("shape", "axes", "told"),
    [
        ((4, 3, 2100), "zyx", True),
        ((2100, 3, 4), "zyx", True),
        ((2, 4, 3, 2100), "tzyx", True),
        ((4, 3, 2100), "tyx", False),
        ((3, 2100), "yx", False),
        ((2100, 4, 4, 4), "tzyx", False),
        ((2048, 4, 4), "zyx", False),
    ],
)
def test_volumes_too_large_for_graphics_cards(shape, axes, told):
    """A coarsest level that no 3-D texture holds is told, with the remedy."""
    pixels = ramp(*shape)
    layers = layers_of(image(pixels, axes, labels=[label(pixels, axes)]))

    for _, meta, _ in layers:
        found = problems_of([meta["metadata"]])
        assert told is ("large-for-3d" in [p.kind for p in found])
        assert not told or "Load level" in found[0].message
