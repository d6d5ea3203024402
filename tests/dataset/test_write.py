"""What is saved and read again is what it was, in every version and container."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from cases.memory import axis, image, label, ramp, scaled
from cases.saved import check_levels, differences, save, seen
from cases.table import IMAGES
from napari_ngff import read, validate
from napari_ngff.core.problems import StoreChanged
from napari_ngff.dataset.saving.options import VERSIONS, SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.write import execute
from napari_ngff.metadata.axes import kind_of
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation
from napari_ngff.metadata.model import Channel, ImageLabel, Rendering, Window
from napari_ngff.metadata.transforms import Affine
from napari_ngff.storage.chunks.compression import LEVELS, Compression

if TYPE_CHECKING:
    from pathlib import Path

    from cases.case import Case
    from napari_ngff.dataset.nodes import ImageData

UNKNOWN_PLACE = "transform"
FILLED = "channel-filled"


def forbidden(case: ImageData, version: str) -> bool:
    """Whether the version has no place for an image: its axes, or where it is."""
    kinds = [kind_of(axis) for axis in case.multiscale.axes]
    others = [kind for kind in kinds if kind not in ("space", "time")]
    fits = 2 <= len(kinds) <= 5 and 2 <= kinds.count("space") <= 3
    fits = fits and kinds.count("time") <= 1 and len(others) <= 1
    matrix = level_matrix(case.multiscale, 0)
    square = matrix is not None and len(matrix) == len(kinds) + 1
    turned = square and scale_and_translation(matrix) is None
    return not fits or (turned and version != "0.6")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", IMAGES, ids=lambda case: case.name)
def test_every_case_is_read_again_as_it_was(
    case: Case, version: Any, tmp_path: Path
) -> None:
    """Pixels, place, units, names, looks, labels and foreign keys of each case."""
    before = read(case.build(tmp_path / "in.zarr"))
    target = tmp_path / "out.ome.zarr"
    plan = make_plan([before], target, SaveOptions(version=version))
    assert forbidden(before, version) == bool(plan.obstacles)
    if plan.obstacles:
        return

    execute(plan)

    after = read(target)
    kinds = {problem.kind for problem in plan.problems}
    expected, found = seen(before), seen(after)
    if UNKNOWN_PLACE in kinds:
        expected |= {"units": found["units"], "matrix": found["matrix"]}
    if FILLED in kinds:
        expected |= {"channels": found["channels"]}
    assert [] == differences(expected, found)
    check_levels(after)
    assert [] == [p for p in after.problems if p.level == "error"]
    assert [] == [p for p in validate(target).problems if p.level == "error"]


@pytest.mark.parametrize("version", ["0.5", "0.6"])
def test_one_file_is_as_good_as_a_folder(version: Any, tmp_path: Path) -> None:
    """An .ozx file holds the same image, by the rules of RFC-9."""
    before = image(
        ramp(2, 40, 50), "cyx", transform=scaled((1, 0.5, 0.5)), name="cells"
    )

    after = save(before, tmp_path / "cells.ozx", version=version)

    assert [] == differences(seen(before), seen(after))
    with zipfile.ZipFile(tmp_path / "cells.ozx") as archive:
        members = archive.infolist()
        comment = json.loads(archive.comment)
    assert "zarr.json" == members[0].filename
    assert {zipfile.ZIP_STORED} == {member.compress_type for member in members}
    assert version == comment["ome"]["version"]
    names = [member.filename.endswith("zarr.json") for member in members]
    assert sorted(names, reverse=True) == names


@pytest.mark.parametrize("kind", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"])
@pytest.mark.parametrize("version", VERSIONS)
def test_integers_of_any_width(kind: str, version: Any, tmp_path: Path) -> None:
    """The least and the greatest number of each type come back."""
    limits = np.iinfo(kind)
    array = np.full((9, 7), limits.min, kind)
    array[::2] = limits.max

    after = save(image(array), tmp_path / "a.zarr", version=version)

    assert np.array_equal(array, np.asarray(after.levels[0]))
    assert np.dtype(kind) == after.levels[0].dtype


@pytest.mark.parametrize("kind", ["f2", "f4", "f8", "?", ">u2", ">f4"])
@pytest.mark.parametrize("version", VERSIONS)
def test_other_types(kind: str, version: Any, tmp_path: Path) -> None:
    """Floats with NaN and infinity, booleans, and foreign byte orders come back."""
    array = np.arange(63).reshape(9, 7).astype(kind)
    if array.dtype.kind == "f":
        array[0, :3] = np.nan, np.inf, -0.0

    after = save(image(array), tmp_path / "a.zarr", version=version)

    found = np.asarray(after.levels[0])
    assert array.dtype.newbyteorder("=") == found.dtype
    assert array.astype(found.dtype).tobytes() == found.tobytes()


@pytest.mark.parametrize("kind", ["c8", "c16", "M8[s]", "S3"])
def test_types_that_cannot_be_saved_are_refused(kind: str, tmp_path: Path) -> None:
    """Complex numbers, dates and texts: the plan says what to do instead."""
    before = image(np.zeros((4, 4), kind))

    plan = make_plan([before], tmp_path / "a")

    assert ["pixels"] == [problem.kind for problem in plan.obstacles]


@pytest.mark.parametrize("name", sorted(LEVELS))
@pytest.mark.parametrize("version", VERSIONS)
def test_every_compression(name: Any, version: Any, tmp_path: Path) -> None:
    """Whatever packs the chunks, the pixels are the same."""
    before = image(ramp(30, 40))

    after = save(
        before,
        tmp_path / "a.zarr",
        version=version,
        compression=Compression(name=name),
        chunks={"y": 8, "x": 8},
        check="all",
    )

    assert [] == differences(seen(before)["pixels"], seen(after)["pixels"])


def test_labels_have_as_many_levels_as_their_image(tmp_path: Path) -> None:
    """Colours, properties and source of labels come back, with the right levels."""
    block = ImageLabel(
        colors={1: (255, 0, 0, 255), 7: (0, 255, 0, 128)},
        properties={1: {"area": 3, "class": "a"}, 7: {"area": 4.5}},
    )
    inside = label(
        np.repeat([[0, 1, 7]], 900, axis=0).repeat(300, axis=1).astype("u4"),
        "yx",
        name="cells",
        block=block,
        transform=scaled((0.5, 0.5)),
    )
    before = image(
        ramp(2, 900, 900),
        "cyx",
        transform=scaled((1, 0.5, 0.5)),
        labels=[inside],
    )

    after = save(before, tmp_path / "a.zarr", levels=4)

    assert [4, 4] == [len(after.levels), len(after.labels[0].image.levels)]
    assert block.colors == dict(after.labels[0].image_label.colors)
    assert block.properties == dict(after.labels[0].image_label.properties)
    assert "../../" == after.labels[0].image_label.source
    values = [set(np.unique(level)) for level in after.labels[0].image.levels]
    assert [{0, 1, 7}] * 4 == values


def test_an_affine_is_exact_in_06(tmp_path: Path) -> None:
    """A turned image is where it was: by a coordinate system of its own."""
    turn = Affine(((0.0, -0.5, 10.0), (0.5, 0.0, 20.0)))
    before = image(ramp(20, 30), transform=turn)

    after = save(before, tmp_path / "a.zarr", version="0.6")

    assert [] == differences(seen(before)["matrix"], seen(after)["matrix"], "matrix")


@pytest.mark.parametrize("affine", ["resample", "drop"])
def test_an_affine_that_a_version_lacks(affine: Any, tmp_path: Path) -> None:
    """In 0.5 it is resampled or left out as asked for, and told as a loss."""
    turn = Affine(((0.0, -0.5, 10.0), (0.5, 0.0, 20.0)))
    options = SaveOptions(affine=affine)

    plan = make_plan([image(ramp(20, 30), transform=turn)], tmp_path / "a", options)

    assert () == plan.obstacles
    assert ["affine"] == [problem.kind for problem in plan.losses]
    [path] = execute(plan)
    after = read(path)
    matrix = level_matrix(after.multiscale, 0)
    assert scale_and_translation(matrix) is not None
    if affine == "resample":  # a quarter turn moves pixels and changes none
        assert np.array_equal(ramp(20, 30)[:, ::-1].T, np.asarray(after.levels[0]))


def test_an_image_that_runs_backwards_is_turned_round(tmp_path: Path) -> None:
    """A negative scale is no scale: pixels and offset say the same."""
    before = image(ramp(4, 5), transform=scaled((-0.5, 2.0), (10.0, 3.0)))

    after = save(before, tmp_path / "a.zarr")

    assert np.array_equal(ramp(4, 5)[::-1], np.asarray(after.levels[0]))
    found = scale_and_translation(level_matrix(after.multiscale, 0))
    assert ((0.5, 2.0), (8.5, 3.0)) == found


def test_axes_are_put_in_order(tmp_path: Path) -> None:
    """Channels last, as in pictures, come before space: the image is the same."""
    array = ramp(6, 7, 3)

    after = save(image(array, "yxc"), tmp_path / "a.zarr")

    assert ["c", "y", "x"] == [a.name for a in after.multiscale.axes]
    assert np.array_equal(array.transpose(2, 0, 1), np.asarray(after.levels[0]))


def test_limits_that_nobody_stated_are_measured(tmp_path: Path) -> None:
    """A channel with a name alone is shown by the range of its pixels."""
    array = np.stack([np.full((8, 8), 7), np.arange(64).reshape(8, 8)]).astype("u2")
    names = Rendering(channels=(Channel(label="flat"), Channel(label="ramp")))

    after = save(image(array, "cyx", rendering=names), tmp_path / "a.zarr")

    flat, slope = after.group.rendering.channels
    assert ("flat", "ramp") == (flat.label, slope.label)
    assert Window(start=0, end=63, min=0, max=65535) == slope.window
    assert Window(start=0, end=65535, min=0, max=65535) == flat.window


def test_every_group_has_its_document(tmp_path: Path) -> None:
    """In format 2 and 3 each folder of the store is a node; nothing else is there."""
    inside = label(np.ones((40, 40), "u1"), name="cells")
    both = image(ramp(40, 40), labels=[inside])
    for version, names in (("0.4", {".zgroup", ".zattrs"}), ("0.5", {"zarr.json"})):
        store = tmp_path / f"{version}.zarr"
        save(both, store, version=version)
        groups = [store, store / "labels", store / "labels" / "cells"]
        for group in groups:
            assert names == {path.name for path in group.iterdir() if path.is_file()}
        for array in (store / "0", store / "labels" / "cells" / "0"):
            marker = {"0.4": ".zarray", "0.5": "zarr.json"}[version]
            assert (array / marker).is_file()


def test_dimension_names_are_those_of_the_axes(tmp_path: Path) -> None:
    """The `dimension_names` … MUST match the axes" (0.5), on every level."""
    save(image(ramp(2, 900, 900), "cyx"), tmp_path / "a.zarr")

    documents = sorted((tmp_path / "a.zarr").glob("*/zarr.json"))
    assert len(documents) > 1
    for document in documents:
        assert ["c", "y", "x"] == json.loads(document.read_text())["dimension_names"]


def test_several_images_go_beside_each_other(tmp_path: Path) -> None:
    """Each gets a store of its own, named after it; names never collide."""
    images = [image(ramp(4, 4), name=name) for name in ("a/b", "A_B", None)]

    paths = execute(make_plan(images, tmp_path / "all"))

    names = ["all_a_b.ome.zarr", "all_A_B_2.ome.zarr", "all_2.ome.zarr"]
    assert names == [path.name for path in paths]
    assert all(np.array_equal(ramp(4, 4), read(path).levels[0]) for path in paths)


@pytest.mark.parametrize("version", VERSIONS)
def test_several_images_become_a_series(version: Any, tmp_path: Path) -> None:
    """One store by the layout of bioformats2raw, images in their order."""
    images = [
        image(ramp(4, 4), name="first"),
        image(ramp(2, 5, 6), "cyx", name="second"),
    ]
    options = SaveOptions(version=version, several="series")

    [path] = execute(make_plan(images, tmp_path / "all.zarr", options))

    found = read(path)
    assert "series" == found.kind
    assert ["first", "second"] == [c.multiscale.name for c in found.children]
    assert (path / "OME" / "METADATA.ome.xml").read_bytes().startswith(b"<?xml")
    assert [] == [p for p in validate(path).problems if p.level == "error"]


dtypes = st.sampled_from(["u1", "i2", "u2", "i4", "u8", "f2", "f4", "f8", "?"])
sizes = st.floats(1e-6, 1e6) | st.integers(1, 1000).map(float)
offsets = st.floats(-1e9, 1e9)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
    ),
    max_leaves=6,
)
foreign = st.dictionaries(names.map("my-{}".format), json_values, max_size=3)


@st.composite
def images(draw: st.DrawFn) -> ImageData:
    """An image of any axes, place, units, looks and foreign keys, perhaps labelled."""
    axes = draw(
        st.sampled_from(["yx", "zyx", "cyx", "tyx", "tcyx", "tzyx", "czyx", "tcyx"])
    )
    lengths = tuple(draw(st.integers(1, 6 if a in "tcz" else 40)) for a in axes)
    array = draw(
        npst.arrays(np.dtype(draw(dtypes)), lengths, fill=st.nothing())
        if np.prod(lengths) < 64
        else st.builds(ramp, *map(st.just, lengths), dtype=dtypes)
    )
    units = st.sampled_from([None, "micrometer", "nanometer", "second", "my unit"])
    count = lengths[axes.index("c")] if "c" in axes else 1
    windows = st.builds(
        lambda numbers: Window(
            min=numbers[0], start=numbers[1], end=numbers[2], max=numbers[3]
        ),
        st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4, unique=True).map(sorted),
    )
    channel = st.builds(
        Channel,
        label=st.none() | names,
        color=st.from_regex(r"[0-9A-F]{6}", fullmatch=True),
        window=windows,
        active=st.none() | st.booleans(),
        extra=foreign,
    )
    made = image(
        array,
        [axis(a, unit=draw(units) if a != "c" else None) for a in axes],
        transform=scaled([draw(sizes) for _ in axes], [draw(offsets) for _ in axes]),
        rendering=draw(
            st.none()
            | st.builds(
                Rendering,
                channels=st.tuples(*[channel] * count),
                model=st.sampled_from([None, "color", "greyscale"]),
            )
        ),
        name=draw(st.none() | names),
        extra=draw(foreign),
    )
    return replace(made, group=replace(made.group, foreign=draw(foreign)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(before=images(), version=st.sampled_from(VERSIONS), more=st.data())
def test_any_image_is_read_again_as_it_was(
    before: ImageData,
    version: Any,
    more: st.DataObject,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever pixels, place, units, looks and keys there are, they come back."""
    folder = tmp_path_factory.mktemp("any")
    draw = more.draw
    suffix = draw(st.sampled_from([".zarr"] if version == "0.4" else [".zarr", ".ozx"]))
    chunks = {
        a.name: draw(st.integers(1, 50))
        for a in before.multiscale.axes
        if draw(st.booleans())
    }
    after = save(
        before,
        folder / f"a{suffix}",
        version=version,
        chunks=chunks,
        shards=draw(st.sampled_from([{}, "none", {"y": 16, "x": 16}])),
        levels=draw(st.none() | st.integers(1, 5)),
        method=draw(st.sampled_from(["mean", "strided"])),
    )

    expected = seen(before)
    expected["name"] = expected["name"] or "a"
    assert [] == differences(expected, seen(after))
    check_levels(after)


def counted_reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each task that decodes pixels, and each that copies files."""
    from napari_ngff.storage.pyramids import running

    seen: list[str] = []
    run = running.run

    def noting(task: Any, *arguments: Any) -> Any:
        seen.append(type(task).__name__)
        return run(task, *arguments)

    monkeypatch.setattr(running, "run", noting)
    return seen


@pytest.mark.parametrize("suffix", [".zarr", ".ozx"])
def test_right_levels_are_copied(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What we stored in the same way is not decoded: the files are the same."""
    before = save(image(ramp(2, 900, 900), "cyx"), tmp_path / "a.zarr", levels=3)
    tasks = counted_reads(monkeypatch)

    after = save(before, tmp_path / f"b{suffix}", levels=3, version="0.6")

    assert {"CopyTask"} == set(tasks)
    for level, again in zip(before.levels, after.levels, strict=True):
        assert np.array_equal(level, again)
    check_levels(after)


@pytest.mark.parametrize(
    "change",
    [
        {"chunks": {"y": 64}},
        {"compression": Compression(name="zstd")},
        {"method": "strided"},
        {"levels": 2},
        {"version": "0.4"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_levels_are_made_anew(
    change: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other chunks, packing, method, number, format: pixels are read."""
    before = save(image(ramp(2, 900, 900), "cyx"), tmp_path / "a.zarr", levels=3)
    tasks = counted_reads(monkeypatch)

    after = save(before, tmp_path / "b.zarr", **({"levels": 3} | change))

    assert {"PixelTask"} == set(tasks)
    assert np.array_equal(before.levels[0], after.levels[0])


def test_levels_of_others_are_made_anew(tmp_path: Path) -> None:
    """A pyramid of which nobody knows how it was made is not trusted."""
    from cases.build import build_image

    before = read(build_image(tmp_path / "a.zarr", method="first"))

    plan = make_plan([before], tmp_path / "b", SaveOptions(levels=2))

    assert () == plan.stores[0].images[0].stored


def test_levels_that_changed_meanwhile_are_not_copied(tmp_path: Path) -> None:
    """Old metadata never goes with new files."""
    target = tmp_path / "a.zarr"
    before = save(image(ramp(70, 90)), target, levels=2)
    plan = make_plan([before], tmp_path / "b", SaveOptions(levels=2))
    save(image(ramp(70, 90) + 1), target, levels=2, existing="replace")

    with pytest.raises(StoreChanged):
        execute(plan)

    assert not (tmp_path / "b.ome.zarr").exists()
