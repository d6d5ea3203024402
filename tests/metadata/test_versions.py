"""Documents of every version are read into one model, by structure."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cases.documents import (
    AXES,
    IMAGE_LABEL,
    OMERO,
    PLATE,
    WELL,
    block04,
    block05,
    image04,
    image05,
    image06,
    scene06,
    valid_documents,
)
from napari_ngff.core.limits import Limits
from napari_ngff.metadata.axes import Axis
from napari_ngff.metadata.model import (
    Acquisition,
    Channel,
    Group,
    ImageLabel,
    Plate,
    PlateWell,
    Rendering,
    Well,
    WellImage,
    Window,
)
from napari_ngff.metadata.transforms import Identity, Scale, Sequence, Translation
from napari_ngff.metadata.versions import VERSIONS, read_group

if TYPE_CHECKING:
    from pathlib import Path

    from napari_ngff.core.problems import Problem

OLD = {"multiscales": [{"datasets": [{"path": "0"}, {"path": "1"}]}]}


def kinds(group: Group, *levels: str) -> list[str]:
    wanted = levels or ("error", "warning")
    return [problem.kind for problem in group.problems if problem.level in wanted]


def problem_of(group: Group, kind: str) -> Problem:
    [found] = [problem for problem in group.problems if problem.kind == kind]
    return found


def test_the_table_has_every_version() -> None:
    """One module a version, in order."""
    assert ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.9"] == list(VERSIONS)


@pytest.mark.parametrize("document", valid_documents(), ids=json.dumps)
def test_what_is_right_has_no_problem(document: dict[str, Any]) -> None:
    """Nothing worse than an info is noted of a document that keeps to the text."""
    assert [] == kinds(read_group(document))


LEVELS = (
    ("0", Sequence((Scale((1.0, 0.5, 0.5)), Translation((0.0, 0.0, 0.0))))),
    ("1", Sequence((Scale((1.0, 1.0, 1.0)), Translation((0.0, 0.25, 0.25))))),
)


@pytest.mark.parametrize(
    ("document", "dialect"),
    [
        (image04(), "0.4"),
        (image05(), "0.5"),
        (image06(), "0.6"),
        (image06("0.9.dev1"), "0.9"),
    ],
    ids=["0.4", "0.5", "0.6", "0.9"],
)
def test_an_image_is_the_same_in_every_version(
    document: dict[str, Any], dialect: str
) -> None:
    """Axes, levels and names of one image, written in each version."""
    group = read_group(document)
    [multiscale] = group.multiscales

    assert dialect == group.dialect
    assert ("image", "mean") == (multiscale.name, multiscale.method)
    assert {"method": "numpy.mean"} == multiscale.metadata
    assert [("c", "channel", None), ("y", "space", "micrometer")] == [
        (axis.name, axis.type, axis.unit) for axis in multiscale.axes[:2]
    ]
    assert LEVELS == tuple((lv.path, lv.transform) for lv in multiscale.levels)
    assert Identity() == multiscale.transform


@pytest.mark.parametrize(
    ("document", "dialect", "version"),
    [
        ({"multiscales": [{**OLD["multiscales"][0], "version": "0.1"}]}, "0.1", "0.1"),
        ({"multiscales": [{**OLD["multiscales"][0], "version": "0.2"}]}, "0.2", "0.2"),
        (OLD, "0.2", None),
    ],
    ids=["0.1", "0.2", "absent"],
)
def test_without_axes_they_are_tczyx(
    document: dict[str, Any], dialect: str, version: str | None
) -> None:
    """0.1 and 0.2 name no axes and no sizes."""
    group = read_group(document)
    [multiscale] = group.multiscales

    assert (dialect, version) == (group.dialect, group.version)
    assert "tczyx" == "".join(axis.name for axis in multiscale.axes)
    assert [Identity(), Identity()] == [lv.transform for lv in multiscale.levels]
    assert [] == kinds(group, "error")


def test_axes_of_0_3_are_names() -> None:
    """A name says its type; one that is not t, c, z, y or x is noted."""
    entry = {**OLD["multiscales"][0], "axes": ["c", "angle", "y", "x"]}
    group = read_group({"multiscales": [{**entry, "version": "0.3"}]})

    assert "0.3" == group.dialect
    assert [("c", "channel"), ("angle", None), ("y", "space"), ("x", "space")] == [
        (axis.name, axis.type) for axis in group.multiscales[0].axes
    ]
    assert ["axis-name-unknown"] == kinds(group, "error")


def test_axes_of_0_3_must_be_there() -> None:
    """Without them they are t, c, z, y, x."""
    group = read_group({"multiscales": [{**OLD["multiscales"][0], "version": "0.3"}]})

    assert ["multiscale-axes-missing"] == kinds(group, "error")
    assert 5 == len(group.multiscales[0].axes)


def with_version(version: Any) -> dict[str, Any]:
    document = image05()
    document["ome"]["version"] = version
    return document


@pytest.mark.parametrize(
    ("document", "dialect", "found"),
    [
        (image04(version="0.4-dev-spatialdata"), "0.4", "version-not-released"),
        (image04(version="0.3"), "0.4", "version-mismatch"),
        (image04(version="0.5"), "0.4", "version-mismatch"),
        (image04(version="foo"), "0.4", "version-unknown"),
        (image04(version=0.4), "0.4", "version-invalid"),
        (image04(version=None), "0.4", "version-missing"),
        (with_version("0.5-dev-spatialdata"), "0.5", "version-not-released"),
        (with_version("0.4"), "0.5", "version-mismatch"),
        (with_version("0.6"), "0.5", "version-mismatch"),
        (with_version("7.0"), "0.5", "version-unknown"),
        (with_version(["0.5"]), "0.5", "version-invalid"),
        (with_version(None), "0.5", "version-missing"),
        (image06("0.6.dev4"), "0.6", "version-not-released"),
        (image06("0.6rc0"), "0.6", "version-not-released"),
        (image06("0.6-dev-spatialdata"), "0.6", "version-not-released"),
        (image06("0.9.dev1"), "0.9", "version-not-released"),
        (image06("0.5"), "0.6", "version-mismatch"),
        (image06("0.6rc02"), "0.6", "version-unknown"),
    ],
)
def test_structure_decides_the_version(
    document: dict[str, Any], dialect: str, found: str
) -> None:
    """Whatever the version text says, the image is read as it is written."""
    group = read_group(document)

    assert dialect == group.dialect
    assert LEVELS == tuple(
        (lv.path, lv.transform) for lv in group.multiscales[0].levels
    )
    assert found in {problem.kind for problem in group.problems}


def test_0_4_in_zarr_3_without_the_namespace_is_read() -> None:
    """Its place is an error, but the image is there."""
    group = read_group(image04(), zarr_format=3)

    assert ("0.4", 2) == (group.dialect, len(group.multiscales[0].levels))
    assert ["zarr-format"] == kinds(group)


def test_0_6_without_the_namespace_is_read() -> None:
    """Coordinate systems outside of `ome` are an error, but the image is there."""
    group = read_group(image06()["ome"])

    assert ("0.6", 2) == (group.dialect, len(group.multiscales[0].levels))
    assert ["namespace-missing"] == kinds(group)


def test_metadata_beside_an_empty_namespace_count() -> None:
    """Where `ome` holds nothing, what is beside it is read."""
    group = read_group({"ome": {"version": "0.5"}, **image04()})

    assert ("0.4", 1) == (group.dialect, len(group.multiscales))


@pytest.mark.parametrize("attributes", [{}, {"ome": {}}, {"other": 1}])
def test_a_group_without_metadata_says_nothing(attributes: dict[str, Any]) -> None:
    """It has neither blocks nor problems: it may be a mere folder."""
    group = read_group(attributes)

    expected = Group(version=None, dialect=group.dialect, loc=group.loc)
    assert replace(expected, foreign=group.foreign) == group


def test_foreign_keys_are_kept() -> None:
    """What is beside the blocks, and beside `ome`, is another program's and kept."""
    document = image05()
    document |= {"multiscales": [], "lab": {"lamp": "on"}}
    document["ome"] |= {"creator": "us"}
    old = image04() | {"lab": 3}

    group = read_group(document)
    assert ({"creator": "us"}, {"lab": {"lamp": "on"}}) == (group.extra, group.foreign)
    assert ({}, {"lab": 3}) == (read_group(old).extra, read_group(old).foreign)


def test_foreign_keys_of_rdefs_are_kept() -> None:
    """They are in an object of their own."""
    document = image05()
    document["ome"]["omero"]["rdefs"]["projection"] = "normal"
    document["ome"]["omero"]["id"] = 1

    rendering = read_group(document).rendering

    assert rendering is not None
    assert {"id": 1, "rdefs": {"projection": "normal"}} == rendering.extra


@pytest.mark.parametrize("attributes", [None, 3, "ome", [], {"ome": [1]}])
def test_what_are_no_attributes_is_noted(attributes: Any) -> None:
    """Anything but an object is an error, not an exception."""
    assert ["error"] == [problem.level for problem in read_group(attributes).problems]


def test_axis_objects_keep_everything() -> None:
    """Orientation, discrete, longName and unknown keys are in the model."""
    axis = {
        "name": "x",
        "type": "space",
        "unit": "blorps",
        "discrete": False,
        "longName": "stage x",
        "orientation": {"type": "anatomical", "value": "left-to-right"},
        "vendor": [1],
    }
    group = read_group(image05(axes=[*AXES[:2], axis]))

    assert (
        Axis(
            name="x",
            type="space",
            unit="blorps",
            discrete=False,
            long_name="stage x",
            orientation={"type": "anatomical", "value": "left-to-right"},
            extra={"vendor": [1]},
        )
        == group.multiscales[0].axes[2]
    )
    assert ["axis-unit-unknown"] == kinds(group)


@pytest.mark.parametrize(
    ("axes", "found"),
    [
        ("yx", []),
        ("tczyx", []),
        ("y", ["axis-count", "axis-count-space", "transform-length"]),
        ("ctyx", ["axis-order"]),
        ("yxc", ["axis-order"]),
        ("tcpzyx", ["axis-type-custom", "axis-count", "axis-count-other"]),
        ("ttyx", ["axis-name-duplicate", "axis-count-time"]),
        ("zxy", ["axis-order-space"]),
        ("czyxw", ["axis-count-space"]),
    ],
)
def test_rules_on_axes_of_an_image(axes: str, found: list[str]) -> None:
    """Count, types and order until 0.6; 0.9 (RFC-3) has none but the names."""
    types = {"t": "time", "c": "channel", "p": "phase"}
    units = {"time": "second", "space": "micrometer"}
    listed = []
    for name in axes:
        kind = types.get(name, "space")
        unit = {"unit": units[kind]} if kind in units else {}
        listed.append({"name": name, "type": kind, **unit})
    scale = [{"type": "scale", "scale": [1] * max(len(axes), 2)}]
    dataset = {"path": "0", "coordinateTransformations": scale}

    group = read_group(image05(axes=listed, datasets=[dataset]))

    assert found == kinds(group)
    assert len(axes) == len(group.multiscales[0].axes)


def test_any_axes_are_fine_in_0_9() -> None:
    """RFC-3: no limit on number, order and types."""
    axes = [{"name": f"p{i}", "type": "array", "unit": "second"} for i in range(7)]
    ends = {"input": {"path": "0"}, "output": {"name": "s"}}
    document = image06(
        "0.9.dev1",
        coordinateSystems=[{"name": "s", "axes": axes}],
        datasets=[
            {
                "path": "0",
                "coordinateTransformations": [
                    {"type": "scale", "scale": [1] * 7, **ends}
                ],
            }
        ],
        coordinateTransformations=None,
    )

    assert [] == kinds(read_group(document))


@pytest.mark.parametrize(
    ("orientation", "found"),
    [
        (None, []),
        ({"type": "anatomical", "value": "left-to-right"}, []),
        ({"type": "anatomical", "value": "apex-to-base"}, []),
        ({"type": "anatomical", "value": "dorsal-to-ventral"}, ["duplicate"]),
        ({"type": "anatomical", "value": "up-to-down"}, ["unknown"]),
        ({"type": "flow", "value": "left-to-right"}, ["unknown"]),
        ({}, ["unknown"]),
        ("LR", ["invalid"]),
    ],
)
def test_orientations_of_0_9(orientation: Any, found: list[str]) -> None:
    """RFC-4: 24 terms, on axes of space, one for each direction of the body."""
    first = {"type": "anatomical", "value": "ventral-to-dorsal"}
    axes = [AXES[0], {**AXES[1], "orientation": first}, AXES[2]]
    axes[2] = {**axes[2], "orientation": orientation}
    systems = [{"name": name, "axes": axes} for name in ("physical", "world")]

    group = read_group(image06("0.9.dev1", coordinateSystems=systems))

    assert [f"orientation-{name}" for name in found] * 2 == kinds(group)


def test_orientation_belongs_to_space() -> None:
    """A channel axis with an orientation is an error, in its place."""
    way = {"type": "anatomical", "value": "left-to-right"}
    systems = [
        {"name": "physical", "axes": [{**AXES[0], "orientation": way}, *AXES[1:]]}
    ]
    document = image06(
        "0.9.dev1", coordinateSystems=systems, coordinateTransformations=None
    )

    found = problem_of(read_group(document), "orientation-not-space")

    assert ("ome", "multiscales", 0, "coordinateSystems", 0, "axes", 0) == found.loc[
        :-1
    ]


@pytest.mark.parametrize("level", ["multiscale", "whole"])
def test_several_entries_keep_their_places(level: str) -> None:
    """An entry of which nothing can be shown is empty; those after it stay third."""
    entry = image05()["ome"]["multiscales"][0]
    bad = 7 if level == "whole" else {"name": "bad", "datasets": "0"}
    document = image05()
    document["ome"]["multiscales"] = [entry, bad, entry]

    group = read_group(document)

    assert [2, 0, 2] == [len(m.levels) for m in group.multiscales]
    assert {"multiscale-axes-missing", "multiscale-invalid"} & set(kinds(group))


def test_omero_is_read() -> None:
    """Channels and rendering defaults."""
    window = Window(start=10, end=200, min=0, max=255)

    assert (
        Rendering(
            channels=(
                Channel(label="DNA", color="0000FF", window=window, active=True),
                Channel(label="actin", color="00FF00", window=window, active=False),
            ),
            default_t=0,
            default_z=3,
            model="color",
        )
        == read_group(image05()).rendering
    )


@pytest.mark.parametrize(
    ("channel", "expected", "found"),
    [
        ({"color": "#12ab9f"}, Channel(color="12AB9F"), ["channel-color-form"]),
        ({"color": "0f8"}, Channel(color="00FF88"), ["channel-color-form"]),
        ({"color": "00ff00"}, Channel(color="00FF00"), []),
        ({"color": "green"}, Channel(), ["channel-color-invalid"]),
        ({"color": 255}, Channel(), ["channel-color-invalid"]),
        ({"label": 12}, Channel(label="12"), ["channel-label-invalid"]),
        ({"active": "yes"}, Channel(), ["channel-active-invalid"]),
        ({"hue": 1}, Channel(extra={"hue": 1}), []),
    ],
)
def test_channels_as_far_as_they_go(
    channel: dict[str, Any], expected: Channel, found: list[str]
) -> None:
    """What can be understood is, and is noted if it is not as it must be."""
    window = {"min": 0, "max": 1, "start": 0, "end": 1}
    document = image05()
    document["ome"]["omero"]["channels"] = [
        {"color": None, "window": window, **channel}
    ]

    group = read_group(document)
    read = group.rendering.channels[0] if group.rendering else None

    assert expected == Channel(
        label=read.label, color=read.color, active=read.active, extra=read.extra
    )
    missing = [] if "color" in channel else ["channel-color-missing"]
    assert sorted([*found, *missing]) == sorted(kinds(group))


@pytest.mark.parametrize(
    ("window", "expected", "found"),
    [
        (None, None, ["channel-window-missing"]),
        ({}, Window(), [f"window-{k}-missing" for k in ("start", "end", "min", "max")]),
        (
            {"start": "1", "end": 5, "min": 0, "max": 9},
            Window(end=5, min=0, max=9),
            ["window-start-invalid"],
        ),
        (
            {"start": 3, "end": 3, "min": 0, "max": 9},
            Window(start=3, end=3, min=0, max=9),
            ["window-empty"],
        ),
        (
            {"start": 5, "end": 3, "min": 0, "max": 9},
            Window(start=5, end=3, min=0, max=9),
            ["window-reversed"],
        ),
    ],
)
def test_windows_as_far_as_they_go(
    window: Any, expected: Window | None, found: list[str]
) -> None:
    """A missing window, a part of one, and one in which nothing can be seen."""
    document = image05()
    document["ome"]["omero"]["channels"] = [{"color": "FFFFFF", "window": window}]

    group = read_group(document)

    assert group.rendering is not None
    assert expected == group.rendering.channels[0].window
    assert found == kinds(group, "error", "info")


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("greyscale", "greyscale", []),
        ("grayscale", "greyscale", ["rdefs-model-unknown"]),
        ("sepia", None, ["rdefs-model-unknown"]),
        (None, None, []),
    ],
)
def test_rendering_models(text: Any, expected: Any, found: list[str]) -> None:
    """Colour or greyscale; what else is written is told."""
    document = image05()
    document["ome"]["omero"]["rdefs"]["model"] = text

    group = read_group(document)

    assert group.rendering is not None
    assert expected == group.rendering.model
    assert found == kinds(group, "error", "warning", "info")


def test_a_bad_channel_keeps_its_place() -> None:
    """Channels correspond to positions along the channel axis."""
    document = image05()
    document["ome"]["omero"]["channels"][0] = None

    group = read_group(document)

    assert group.rendering is not None
    assert [None, "actin"] == [c.label for c in group.rendering.channels]
    assert ("ome", "omero", "channels", 0) == problem_of(group, "channel-invalid").loc


def test_little_of_omero_is_asked_for_in_0_9_and_before_0_4() -> None:
    """Of 0.9 the window's start and end; before 0.4 there is an example alone."""
    newest = image06("0.9.dev1")
    newest["ome"]["omero"]["channels"] = [{"window": {"start": 0, "end": 1}}]
    oldest = {"multiscales": OLD["multiscales"], "omero": {"channels": [{}]}}

    assert [] == kinds(read_group(newest))
    assert [] == kinds(read_group(oldest), "error")


def test_image_label_is_read() -> None:
    """Colours, properties and source."""
    document = image06()
    document["ome"]["image-label"] = IMAGE_LABEL

    assert (
        ImageLabel(
            colors={1: (255, 0, 0, 255), 2: (0, 255, 0, 128)},
            properties={1: {"area": 12.5, "class": "cell"}},
            source="../../",
        )
        == read_group(document).image_label
    )


@pytest.mark.parametrize(
    ("changes", "colors", "found"),
    [
        (
            [{"label-value": 1, "rgba": [1, 2, 3, 4]}, {"label-value": 1}],
            {},
            ["label-colors-duplicate"],
        ),
        (
            [{"label-value": 1}, {"label-value": 1, "rgba": [1, 2, 3, 4.0]}],
            {1: (1, 2, 3, 4)},
            ["label-colors-duplicate"],
        ),
        ([{"label-value": 1, "rgba": [1, 2, 3]}], {}, ["label-rgba-invalid"]),
        ([{"label-value": 1, "rgba": [1, 2, 3, 256]}], {}, ["label-rgba-invalid"]),
        ([{"label-value": 1, "rgba": "red"}], {}, ["label-rgba-invalid"]),
        ([{"label-value": 1.5}], {}, ["label-colors-label-value-invalid"]),
        ([{"label-value": 10**400}], {}, ["label-colors-label-value-invalid"]),
        ([{"label-value": True}], {}, ["label-colors-label-value-invalid"]),
        (
            [7, {"label-value": -1, "rgba": [0, 0, 0, 0]}],
            {-1: (0, 0, 0, 0)},
            ["label-colors-invalid"],
        ),
        ([], {}, ["image-label-colors-empty"]),
    ],
)
def test_bad_label_colors_are_left_out_one_by_one(
    changes: list[Any], colors: dict[int, Any], found: list[str]
) -> None:
    """The last entry of a label counts; one without a colour has none."""
    document = image06()
    document["ome"]["image-label"] = {"colors": changes}

    group = read_group(document)

    assert group.image_label is not None
    assert colors == group.image_label.colors
    assert found == kinds(group)


def test_labels_in_one_list_and_not_in_the_other_are_kept() -> None:
    """Properties and colours are independent of each other."""
    block = {"colors": [{"label-value": 1, "rgba": [1, 1, 1, 1]}]}
    block["properties"] = [{"label-value": v, "n": v} for v in (2, 3, 2)]
    document = image04()
    document["image-label"] = {**block, "version": "0.4"}

    group = read_group(document)

    assert group.image_label is not None
    assert {1} == set(group.image_label.colors)
    assert {2: {"n": 2}, 3: {"n": 3}} == group.image_label.properties
    assert ["label-properties-duplicate"] == kinds(group)


@pytest.mark.parametrize(
    ("value", "expected", "found"),
    [
        (["a", "b/c"], ("a", "b/c"), []),
        ([], (), []),
        ("a", ("a",), ["group-labels-invalid"]),
        (
            ["a", 3, None, "", "a"],
            ("a",),
            3 * ["labels-invalid"] + ["labels-duplicate"],
        ),
        (5, None, ["group-labels-invalid"]),
    ],
)
def test_lists_of_labels(value: Any, expected: Any, found: list[str]) -> None:
    """What is no path is left out."""
    group = read_group(block05("labels", value))

    assert expected == group.labels
    assert found == kinds(group)


def test_series_and_layout_are_read() -> None:
    """The two documents of bioformats2raw."""
    series = read_group(block05("series", ["0", "1"]))
    layout = read_group({"bioformats2raw.layout": 3})
    other = read_group({"bioformats2raw.layout": 4})

    assert (("0", "1"), 3) == (series.series, layout.bioformats2raw)
    assert [] == kinds(layout)
    assert ["layout-unknown"] == kinds(other)


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_a_plate_is_read(version: str) -> None:
    """Rows, columns, wells and acquisitions."""
    document = block05 if version == "0.5" else block04

    assert (
        Plate(
            name="test",
            rows=("A", "B"),
            columns=("1", "2"),
            wells=(
                PlateWell(path="A/1", row_index=0, column_index=0),
                PlateWell(path="B/2", row_index=1, column_index=1),
            ),
            acquisitions=(
                Acquisition(
                    id=0,
                    name="first",
                    description="with the lamp on",
                    maximum_field_count=2,
                    start_time=1_343_731_272,
                    end_time=1_343_737_645,
                ),
            ),
            field_count=2,
        )
        == read_group(document("plate", PLATE)).plate
    )


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"rows": [{"name": "A"}, {"name": "a"}]}, ["row-name-case", "well-path"]),
        ({"rows": None}, ["plate-rows-missing"]),
        ({"wells": [{"path": "A/2", "rowIndex": 1, "columnIndex": 1}]}, ["well-index"]),
        ({"wells": [{"path": "A/1", "rowIndex": 9, "columnIndex": 9}]}, ["well-index"]),
        (
            {"wells": [{"path": "1/A", "rowIndex": 0, "columnIndex": 0}]},
            ["well-path-swapped"],
        ),
        ({"wells": ["A/1"]}, ["well-invalid"]),
        ({"wells": []}, ["plate-wells-empty"]),
        ({"name": 3}, ["plate-name-invalid"]),
        ({"acquisitions": [{"id": 0}, {"id": 0}]}, ["acquisition-id-duplicate"]),
    ],
)
def test_rules_on_plates(changes: dict[str, Any], found: list[str]) -> None:
    """Each broken rule has its problem, and what is left is kept."""
    group = read_group(block05("plate", {**PLATE, **changes}))

    assert group.plate is not None
    ours = [k for k in kinds(group) if not k.startswith("acquisition-") or k in found]
    assert found == ours


def test_wells_before_0_4_are_paths() -> None:
    """Rows and columns by index came with 0.4."""
    wells = [{"path": "A/1"}]
    plate = {**PLATE, "wells": wells, "version": "0.2"}

    assert [] == kinds(read_group({"plate": plate}))


def test_a_well_is_read() -> None:
    """Fields of view with their acquisition; paths as the version allows."""
    images = [*WELL["images"], {"path": "3_a-b.c"}, {"path": "__x"}, {"path": "0"}, {}]
    group = read_group(block05("well", {"images": images}, "0.6"))
    older = read_group(block05("well", {"images": images[2:3]}, "0.5"))

    assert (
        Well(
            images=(
                WellImage(path="0", acquisition=0),
                WellImage(path="1", acquisition=0),
                WellImage(path="3_a-b.c"),
                WellImage(path="__x"),
            )
        )
        == group.well
    )
    unfit, twice, missing = (
        "well-image-path-unfit",
        "well-image-path-duplicate",
        "well-image-path-missing",
    )
    assert [unfit, twice, missing] == kinds(group)
    assert [unfit] == kinds(older)


def test_a_scene_is_read() -> None:
    """Systems, and edges with their ends."""
    scene = read_group(scene06()).scene

    assert scene is not None
    assert ["world"] == [system.name for system in scene.coordinate_systems]
    assert [
        ("tile_0", "physical", None, "world"),
        ("tile_1", "physical", None, "world"),
    ]
    assert [
        (e.input.path, e.input.name, e.output.path, e.output.name) for e in scene.edges
    ] == [("tile_0", "physical", None, "world"), ("tile_1", "physical", None, "world")]
    assert Translation((0.0, 0.0, 348.0)) == scene.edges[1].transform


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            {"coordinateTransformations": None},
            "group-coordinate-transformations-missing",
        ),
        ({"coordinateSystems": []}, "coordinate-system-unknown"),
        (
            {
                "coordinateTransformations": [
                    {
                        "type": "identity",
                        "input": {"path": "tile_0"},
                        "output": {"name": "world"},
                    }
                ]
            },
            "endpoint-name-missing",
        ),
        (
            {
                "coordinateSystems": [
                    {"name": "world", "axes": AXES},
                    {"name": "alone", "axes": AXES},
                ]
            },
            "graph-not-connected",
        ),
    ],
)
def test_rules_on_scenes(change: dict[str, Any], found: str) -> None:
    """A scene joins systems that are there, into one graph."""
    assert found in kinds(read_group(scene06(**change)))


def test_a_group_may_be_several_things() -> None:
    """A plate written by bioformats2raw; an image that is a label."""
    plate = {"plate": {**PLATE, "version": "0.4"}, "bioformats2raw.layout": 3}
    group = read_group(plate)

    assert (3, True) == (group.bioformats2raw, group.plate is not None)


@pytest.mark.parametrize(
    ("key", "limit", "count"),
    [("levels", 5, 5), ("channels", 6, 6), ("labels", 2, 2), ("wells", 3, 3)],
)
def test_limits_hold(key: str, limit: int, count: int) -> None:
    """Of too many only the first are read, and that is told."""
    level = image05()["ome"]["multiscales"][0]["datasets"][0]
    document = image05(datasets=[{**level, "path": str(i)} for i in range(100)])
    document["ome"]["omero"]["channels"] = 100 * OMERO["channels"]
    document["ome"]["labels"] = [str(i) for i in range(100)]
    document["ome"]["plate"] = {**PLATE, "wells": 100 * PLATE["wells"]}

    group = read_group(document, limits=Limits(**{key: limit}))

    assert group.rendering is not None
    assert group.plate is not None
    sizes = {
        "levels": len(group.multiscales[0].levels),
        "channels": len(group.rendering.channels),
        "labels": len(group.labels or ()),
        "wells": len(group.plate.wells),
    }
    assert count == sizes[key]
    assert "limit-exceeded" in kinds(group)


def test_problems_are_bounded_and_the_worst_is_told() -> None:
    """More than the limit become one, as bad as the worst of them."""
    document = block05("labels", [0] * 200)

    group = read_group(document, limits=Limits(problems=10))

    assert 11 == len(group.problems)
    assert ("error", "too-many-problems") == (
        group.problems[-1].level,
        group.problems[-1].kind,
    )


def test_locations_name_node_and_place() -> None:
    """A problem says in which group it is, and where in its attributes."""
    document = image05()
    document["ome"]["multiscales"][0]["datasets"][1]["path"] = None

    found = problem_of(read_group(document, node="a/b"), "dataset-path-missing")

    assert ("a/b", "/ome/multiscales/0/datasets/1") == (found.node, found.pointer)


def test_groups_can_be_pickled() -> None:
    """The model is plain values."""
    group = read_group(image06())

    assert group == pickle.loads(pickle.dumps(group))


def test_real_stores_read_as_they_are(stores: Path) -> None:
    """Versions of stores that other tools wrote."""

    def read(path: str) -> Group:
        document = json.loads((stores / path).read_text("utf-8"))
        return read_group(document.get("attributes", document))

    found = {
        path: (group.dialect, group.version)
        for path in (
            "omezarrpy_v01/.zattrs",
            "omezarrpy_v02/.zattrs",
            "mobie_mri_stack/mri-stack.ome.zarr/.zattrs",
            "neuroglancer_ome_zarr/simple_0.5/zarr.json",
            "neuroglancer_ome_zarr/all_0.6/basic/scale.zarr/zarr.json",
            "rfc5_examples_2d_metadata/basic/scale.zarr/zarr.json",
        )
        for group in [read(path)]
    }

    assert [
        ("0.1", "0.1"),
        ("0.2", "0.2"),
        ("0.4", "0.4"),
        ("0.5", "0.5"),
        ("0.6", "0.6.dev1"),
        ("0.6", "0.6.dev4"),
    ] == list(found.values())
