"""Axes' words, names, channels and labels."""

from __future__ import annotations

from typing import Any

import pytest

from cases.editing import edited, entry, lists, outcome, refused, scale, systems
from napari_ngff.core.patch import at
from napari_ngff.metadata.editing import (
    RenameAxis,
    SetAxisMember,
    SetAxisType,
    SetChannel,
    SetLabelColor,
    SetLabelProperty,
    SetMultiscaleName,
    SetRendering,
    SetUnit,
)
from napari_ngff.metadata.versions import read_group

OLD = {
    "multiscales": [{"version": "0.3", "axes": ["z", "y"], "datasets": [{"path": "0"}]}]
}


def plain(**more: Any) -> Any:
    """Return an image of 0.5 with further blocks."""
    image = lists([scale(1, 1, 1)], names="cyx")
    image["ome"] |= more
    return image


def test_an_axis_is_renamed_in_its_arrays_too() -> None:
    """0.5: the names of dimensions must be those of the axes."""
    names = (("z", "y", "x"), None, ("a", "b", "x"), ("z", "y"))
    image = lists(*([scale(1, 1, 1)] for _ in names))
    found = outcome(image, RenameAxis(axis=0, name=" depth "), dimension_names=names)
    where = ("ome", "multiscales", 0, "axes", 0, "name")
    assert [(where, "depth")] == [(c.loc, c.new) for c in found.attributes]
    assert {0: ("depth", "y", "x"), 2: ("depth", "b", "x")} == found.dimension_names


def test_an_axis_needs_a_name_of_its_own() -> None:
    """Two axes of one name are refused, and no name."""
    image = lists([scale(1, 1, 1)])
    assert "axis-name-duplicate" == refused(image, RenameAxis(axis=0, name="x")).kind
    assert "axis-name-missing" == refused(image, RenameAxis(axis=0, name=" ")).kind
    named = systems(scale(1, 1, 1))
    part = {"type": "byDimension", "transformations": [{"input_axes": ["z"]}]}
    entry(named)["coordinateTransformations"] = [part]
    assert "axis-named" == refused(named, RenameAxis(axis=0, name="d")).kind


def test_axes_of_0_3_are_names() -> None:
    """Of which five are allowed, and there is no more to say."""
    assert ["t", "y"] == entry(edited(OLD, RenameAxis(axis=0, name="t")))["axes"]
    for edit in (
        RenameAxis(axis=0, name="depth"),
        SetAxisType(axis=0, type="space"),
        SetUnit(axis=0, unit="meter"),
    ):
        assert "Upgrade" in refused(OLD, edit).message


def test_types_units_and_members_come_and_go() -> None:
    """None leaves a member out; synonyms of units are written by their name."""
    image = lists([scale(1, 1, 1)])
    found = edited(
        image,
        SetAxisType(axis=0, type=None),
        SetUnit(axis=1, unit="µm"),
        SetUnit(axis=2, unit="wavelengths"),
    )
    assert [
        {"name": "z", "unit": "micrometer"},
        {"name": "y", "type": "space", "unit": "micrometer"},
        {"name": "x", "type": "space", "unit": "wavelengths"},
    ] == entry(found)["axes"]
    long = SetAxisMember(axis=0, member="longName", value="depth")
    assert "axis-member" == refused(image, long).kind
    assert (
        "axis-member"
        == refused(image, SetAxisMember(axis=0, member="unit", value="m")).kind
    )
    endless = SetAxisMember(axis=0, member="x", value=float("inf"))
    assert "axis-member" == refused(image, endless).kind
    new = edited(systems(scale(1, 1, 1)), long)
    assert "depth" == entry(new)["coordinateSystems"][0]["axes"][0]["longName"]


def test_the_name_of_an_image() -> None:
    """It is set and left out."""
    image = lists([scale(1, 1, 1)])
    assert "nuclei" == entry(edited(image, SetMultiscaleName(name="nuclei")))["name"]
    assert "name" not in entry(edited(image, SetMultiscaleName(name=None)))
    assert "no-image" == refused({}, SetMultiscaleName(name="x")).kind


def test_a_channel_is_edited_and_others_are_not() -> None:
    """Unknown keys stay; what is edited to nothing is left out."""
    channels = [
        {"label": "a", "color": "#00ff00", "window": {"start": 1, "end": 9}, "k": 1},
        {"color": "0000FF"},
    ]
    image = plain(omero={"channels": channels, "id": 7})
    found = edited(
        image,
        SetChannel(channel=0, member="color", value="#00ff00"),
        SetChannel(channel=0, member="window.end", value=8.5),
        SetChannel(channel=0, member="label", value=None),
        SetChannel(channel=1, member="active", value=False),
        shapes=((2, 4, 4),),
    )
    assert {
        "channels": [
            {"color": "00FF00", "window": {"start": 1, "end": 8.5}, "k": 1},
            {"color": "0000FF", "active": False},
        ],
        "id": 7,
    } == found["ome"]["omero"]


def test_channels_that_nobody_described_are_made_whole() -> None:
    """A new block has a colour and a window for every channel, as 0.5 asks for."""
    found = edited(
        plain(),
        SetChannel(channel=1, member="label", value="DAPI"),
        shapes=((2, 4, 4),),
        dtype="uint8",
    )
    window = {"min": 0, "max": 255, "start": 0, "end": 255}
    assert [
        {"color": "FF00FF", "window": window},
        {"color": "00FF00", "window": window, "label": "DAPI"},
    ] == found["ome"]["omero"]["channels"]
    assert "error" not in {problem.level for problem in read_group(found).problems}


def test_a_new_window_has_the_measured_limits_in_that_of_the_type() -> None:
    """What is not measured is told, and spans the type."""
    known: dict[str, Any] = {"shapes": ((2, 4, 4),), "dtype": "uint16"}
    edit = SetChannel(channel=1, member="label", value="DAPI")
    found = edited(plain(), edit, limits={1: (7, 90)}, **known)
    assert [
        {"min": 0, "max": 65535, "start": 0, "end": 65535},
        {"min": 0, "max": 65535, "start": 7, "end": 90},
    ] == [channel["window"] for channel in found["ome"]["omero"]["channels"]]
    assert (0,) == outcome(plain(), edit, limits={1: (7, 90)}, **known).windows
    assert () == outcome(found, edit, **known).windows
    first = SetRendering(member="defaultZ", value=1)
    assert (0, 1) == outcome(plain(), first, **known).windows


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("start", 10, (0, 65535, 10, 90)),
        ("start", 100, (0, 65535, 100, 65535)),
        ("end", 3, (0, 65535, 0, 3)),
        ("end", 70000, (0, 70000, 7, 70000)),
        ("min", -5, (-5, 65535, -5, 90)),
        ("max", 80, (0, 80, 7, 80)),
    ],
)
def test_a_first_window_is_whole(member: str, value: float, expected: Any) -> None:
    """The ends that nobody said are those of the pixels where that is a window."""
    image = plain(omero={"channels": [{"color": "FFFFFF"}]})
    edit = SetChannel(channel=0, member=f"window.{member}", value=value)
    known: dict[str, Any] = {"shapes": ((1, 4, 4),), "dtype": "uint16"}
    found = edited(image, edit, limits={0: (7, 90)}, **known)
    (channel,) = found["ome"]["omero"]["channels"]
    assert (
        dict(zip(("min", "max", "start", "end"), expected, strict=True))
        == channel["window"]
    )
    assert (0,) == outcome(image, edit, **known).windows
    bare = edited(image, edit, shapes=((1, 4, 4),), dtype="float32")
    assert {member: value} == bare["ome"]["omero"]["channels"][0]["window"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("color", "red"),
        ("color", "00FF0"),
        ("active", 1),
        ("window.start", float("nan")),
        ("window.start", "1"),
        ("window", 1),
        ("label", 3),
    ],
)
def test_values_of_channels_that_do_not_fit(member: str, value: Any) -> None:
    """They are refused, in words that say what fits."""
    found = refused(plain(), SetChannel(channel=0, member=member, value=value))
    assert found.kind in ("channel-value", "channel-member")
    many = SetChannel(channel=2, member="label", value="x")
    assert "channel-unknown" == refused(plain(), many, shapes=((2, 4, 4),)).kind


def test_what_is_shown_first() -> None:
    """The first plane and the model, in rdefs."""
    found = edited(
        plain(omero={"channels": [], "rdefs": {"projection": "x"}}),
        SetRendering(member="defaultZ", value=3),
        SetRendering(member="model", value="greyscale"),
    )
    assert {"projection": "x", "defaultZ": 3, "model": "greyscale"} == at(
        found, ("ome", "omero", "rdefs")
    )
    gone = edited(found, SetRendering(member="defaultZ", value=None))
    assert "defaultZ" not in gone["ome"]["omero"]["rdefs"]
    bad = SetRendering(member="defaultZ", value=-1)
    assert "rendering-value" == refused(plain(), bad).kind
    assert () == outcome(plain(), SetRendering(member="model", value=None)).attributes


def test_labels_get_colours_and_properties() -> None:
    """The last entry of a label counts; an entry that says nothing is left out."""
    block = {
        "colors": [
            {"label-value": 1, "rgba": [0, 0, 0, 0]},
            {"label-value": 1, "rgba": [1, 1, 1, 1], "k": 1},
            {"label-value": 2, "rgba": [9, 9, 9, 9]},
        ],
        "properties": [{"label-value": 1, "area": 5}],
    }
    found = edited(
        plain(**{"image-label": block}),
        SetLabelColor(label=1, rgba=(255, 0, 0, 255)),
        SetLabelColor(label=2, rgba=None),
        SetLabelColor(label=3, rgba=(1, 2, 3, 4)),
        SetLabelProperty(label=1, name="area", value=None),
        SetLabelProperty(label=4, name="class", value="cell"),
    )
    assert {
        "colors": [
            {"label-value": 1, "rgba": [0, 0, 0, 0]},
            {"label-value": 1, "rgba": [255, 0, 0, 255], "k": 1},
            {"label-value": 3, "rgba": [1, 2, 3, 4]},
        ],
        "properties": [{"label-value": 4, "class": "cell"}],
    } == found["ome"]["image-label"]
    for edit in (
        SetLabelColor(label=1, rgba=(256, 0, 0, 0)),
        SetLabelProperty(label=1, name="label-value", value=1),
        SetLabelProperty(label=1, name="x", value=float("nan")),
        SetLabelProperty(label=1, name="x", value=object()),
    ):
        refused(plain(**{"image-label": block}), edit)
    none = SetLabelColor(label=1, rgba=(1, 1, 1, 1))
    assert "image-label-missing" == refused(plain(), none).kind
