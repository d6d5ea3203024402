"""A plan says all that a save will do, before it does it."""

from __future__ import annotations

import os
import pickle
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.memory import axis, image, label, lazy, ramp, scaled
from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.dataset.saving.plan import make_plan
from napari_ngff.dataset.saving.plan_text import plan_lines, size
from napari_ngff.dataset.write import execute
from napari_ngff.metadata.axes import Axis
from napari_ngff.storage.lazy import LazyArray

if TYPE_CHECKING:
    from pathlib import Path


class Endless:
    """Pixels that nobody may read: a plan must not."""

    shape = (3, 2, 64, 4096, 4096)
    dtype = np.dtype("u2")
    chunks = (1, 1, 1, 512, 512)
    identity = "endless"

    def read(self, box: Any) -> Any:
        raise AssertionError("a plan reads no pixels")


def huge() -> Any:
    return image(
        LazyArray(Endless()),
        "tczyx",
        transform=scaled((1, 1, 2, 0.5, 0.5)),
        name="huge",
    )


def test_a_plan_reads_no_pixels_and_writes_nothing(tmp_path: Path) -> None:
    """However large the image is, there is an answer at once."""
    plan = make_plan([huge()], tmp_path / "a")

    assert () == plan.obstacles
    assert [] == list(tmp_path.iterdir())
    [store] = plan.stores
    pyramid = store.images[0].pyramid
    assert (3, 2, 64, 4096, 4096) == pyramid.levels[0].shape
    assert (3, 2, 64, 2048, 2048) == pyramid.levels[1].shape
    assert plan.nbytes > np.prod(Endless.shape) * 2
    assert 0 < plan.memory <= 10**9


def test_memory_is_what_may_be_taken(tmp_path: Path) -> None:
    """With less of it, shards are smaller and fewer tasks run at a time."""
    small = make_plan([huge()], tmp_path / "a", SaveOptions(memory=100 * 10**6))
    large = make_plan([huge()], tmp_path / "a", SaveOptions(memory=10**9, workers=2))

    assert () == small.obstacles == large.obstacles
    assert small.memory <= 100 * 10**6
    assert large.memory <= 10**9
    assert small.files > large.files


def test_large_chunks_of_what_is_saved_need_their_memory(tmp_path: Path) -> None:
    """They are read as a whole, however small the shards are that are written."""

    class InOneChunk(Endless):
        chunks = (1, 1, 64, 4096, 4096)

    whole = image(LazyArray(InOneChunk()), "tczyx", transform=scaled((1,) * 5))

    [problem] = make_plan([whole], tmp_path / "a").obstacles
    more = make_plan([whole], tmp_path / "a", SaveOptions(memory=8 * 10**9))

    assert "memory" == problem.kind
    assert "stored in chunks of 2147 MB" in problem.message
    assert () == more.obstacles
    assert 2 * 10**9 < more.memory <= 8 * 10**9


def test_shards_that_are_asked_for_need_their_memory(tmp_path: Path) -> None:
    """They are not made smaller in silence."""
    options = SaveOptions(shards={"z": 64, "y": 4096, "x": 4096})

    plan = make_plan([huge()], tmp_path / "a", options)

    assert ["memory"] == [problem.kind for problem in plan.obstacles]


def test_chunks_are_asked_for_by_axis(tmp_path: Path) -> None:
    """What is not named is as by default."""
    default = make_plan([huge()], tmp_path / "a").stores[0].images[0].pyramid
    asked = make_plan([huge()], tmp_path / "a", SaveOptions(chunks={"z": 4, "x": 128}))

    chunk = asked.stores[0].images[0].pyramid.levels[0].chunk
    expected = list(default.levels[0].chunk)
    assert (4, 128) == (chunk[2], chunk[4])
    assert expected[:2] == list(chunk[:2])


def test_sizes_in_different_units_are_compared(tmp_path: Path) -> None:
    """500 nm are as much as half a micrometer: all three axes are halved."""
    axes = [axis("z", unit="nanometer"), axis("y"), axis("x")]
    given = image(ramp(64, 900, 900), axes, transform=scaled((500, 0.5, 0.5)))

    plan = make_plan([given], tmp_path / "a", SaveOptions(levels=2))

    levels = plan.stores[0].images[0].pyramid.levels
    assert (32, 450, 450) == levels[1].shape


def test_nothing_to_save(tmp_path: Path) -> None:
    """Then there is an obstacle, and no store."""
    plan = make_plan([], tmp_path / "a")

    assert ["nothing"] == [problem.kind for problem in plan.obstacles]


def test_each_obstacle_names_its_place(tmp_path: Path) -> None:
    """A label image that cannot be saved is named, not its image."""
    inside = label(np.zeros((4, 4)), name="cells")

    plan = make_plan([image(ramp(4, 4), labels=[inside])], tmp_path / "a")

    assert ["labels/cells"] == [problem.node for problem in plan.obstacles]


def test_booleans_become_labels_of_integers(tmp_path: Path) -> None:
    """A mask is a label image, which must be of integers."""
    inside = label(np.ones((4, 4), bool), name="mask")

    plan = make_plan([image(ramp(4, 4), labels=[inside])], tmp_path / "a")

    found = plan.stores[0].images[0].labels[0]
    assert np.dtype("u1") == found.image.pyramid.dtype


def test_files_are_counted(tmp_path: Path) -> None:
    """As many as there will be, where no chunk is empty."""
    inside = label(np.ones((900, 900), "u1"), name="cells")
    given = image(ramp(900, 900) + 1, labels=[inside])

    for version in ("0.4", "0.5"):
        options = SaveOptions(version=version, chunks={"y": 100})
        plan = make_plan([given], tmp_path / version, options)
        [path] = execute(plan)
        found = sum(file.is_file() for file in path.rglob("*"))
        assert found == plan.files


def test_a_plan_can_be_sent_elsewhere(tmp_path: Path) -> None:
    """It is a value, as its images are."""
    plan = make_plan([image(lazy(ramp(4, 4)))], tmp_path / "a")

    again = pickle.loads(pickle.dumps(plan))

    assert plan.stores[0].groups == again.stores[0].groups


@pytest.mark.parametrize("several", ["beside", "series"])
def test_a_plan_is_told_in_lines(several: Any, tmp_path: Path) -> None:
    """Where, what, how large; what is lost and what is in the way."""
    evil = "a\n\x1b[31m<b>"
    given = [huge(), replace(image(ramp(4, 4)), labels=())]
    given[1] = replace(given[1], multiscale=replace(given[1].multiscale, name=evil))

    plan = make_plan(given, tmp_path / "all", SaveOptions(several=several))

    lines = plan_lines(plan)
    text = "\n".join(lines)
    assert "Image 'huge': axes t, c, z, y, x, uint16, levels by mean" in lines
    assert "3 x 2 x 64 x 4096 x 4096" in text
    assert str(tmp_path) in text
    assert "\x1b" not in text
    assert "<b>" not in text


@pytest.mark.parametrize(
    ("nbytes", "expected"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (1_073_741_824, "1.07 GB"),
        (10**21, "1e+03 EB"),
    ],
)
def test_sizes_in_words(nbytes: int, expected: str) -> None:
    """Three digits and a unit."""
    assert expected == size(nbytes)


@pytest.mark.parametrize(
    "choice",
    [
        {"version": "0.3"},
        {"version": 0.5},
        {"container": "zip"},
        {"several": "all"},
        {"existing": "yes"},
        {"old_labels": "Drop"},
        {"on_loss": "Raise"},
        {"affine": "ignore"},
        {"method": "median"},
        {"label_method": "mean"},
        {"check": "none"},
        {"levels": 0},
        {"levels": 1.5},
        {"levels": True},
        {"levels": "5"},
        {"workers": -1},
        {"chunks": (1, 64, 64)},
        {"chunks": {"y": "a"}},
        {"chunks": {"y": 0}},
        {"chunks": {"y": 2.5}},
        {"chunks": {5: 5}},
        {"shards": {"y": "a"}},
        {"shards": np.array([1, 2])},
        {"compression": 5},
        {"compression": "zstd"},
        {"name": 5},
        {"shards": "all"},
        {"memory": "1GB"},
        {"memory": -1},
        {"memory": True},
    ],
)
def test_what_is_no_choice_is_refused(choice: Any) -> None:
    """It would be taken for another: 'Raise' would only warn."""
    with pytest.raises(ValueError, match=f"{next(iter(choice))}=.*: it must be "):
        SaveOptions(**choice)


@pytest.mark.parametrize("option", ["chunks", "shards"])
def test_lengths_along_axes_that_there_are_not_are_told(
    option: str, tmp_path: Path
) -> None:
    """A slip of the pen would go unnoticed."""
    options = SaveOptions(**{option: {"Y": 64}})
    plan = make_plan([image(ramp(4, 4), "yx")], tmp_path / "a", options)

    assert ["options"] == [problem.kind for problem in plan.obstacles]
    assert "along 'Y'" in plan.obstacles[0].message


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("no/such/a", r"The folder .*such is not there\. Make it first\."),
        ("notes.txt/a", r"The folder .*notes\.txt is not there"),
        (
            "image.zarr/a",
            r"This is inside of .*image.zarr, which is an OME-Zarr image\. Save",
        ),
        ("image.zarr/0/a", r"This is inside of .*image.zarr, which is"),
    ],
)
def test_there_must_be_a_folder_and_not_an_image(
    target: str, said: str, tmp_path: Path
) -> None:
    """What is put into an image would be foreign to it."""
    (tmp_path / "notes.txt").write_text("mine")
    execute(make_plan([image(ramp(4, 4), "yx")], tmp_path / "image.zarr"))
    plan = make_plan([image(ramp(4, 4), "yx")], tmp_path / target)

    assert ["folder"] == [problem.kind for problem in plan.obstacles]
    assert re.search(said, plan.obstacles[0].message)


def test_a_group_of_images_takes_another(tmp_path: Path) -> None:
    """It is an image of its own there."""
    two = [image(ramp(4, 4), "yx", name=name) for name in ("a", "b")]
    options = SaveOptions(several="series")
    execute(make_plan(two, tmp_path / "series.zarr", options))

    assert () == make_plan(two[:1], tmp_path / "series.zarr" / "new").obstacles


@pytest.mark.skipif(os.name == "nt", reason="C:/ would be a drive")
@pytest.mark.parametrize(
    "target", ["https://example.org/a.ome.zarr", "s3://bucket/a.zarr", "file:///a/b"]
)
def test_addresses_are_refused(target: str) -> None:
    """They would be taken for folders here."""
    plan = make_plan([image(ramp(4, 4), "yx")], target)

    assert ["address"] == [problem.kind for problem in plan.obstacles]


def test_what_is_there_is_told_without_advice_for_opening(tmp_path: Path) -> None:
    """Nobody wants to open it."""
    (tmp_path / "a.txt").write_text("mine")
    options = SaveOptions(suffix="as-given")
    plan = make_plan([image(ramp(4, 4), "yx")], tmp_path, options)

    assert [
        "What is there is not an OME-Zarr image: this folder holds no Zarr metadata "
        "(zarr.json, .zgroup or .zattrs). Choose another name."
    ] == [problem.message for problem in plan.obstacles]


def test_names_out_of_files_are_plain(tmp_path: Path) -> None:
    """What a plan says may be shown as rich text, where a name could be an image."""
    axes = (Axis(name="y", type="space"), Axis(name="<i>", type="time"))
    small = label(ramp(6, 6) % 2, name="<b>")
    odd = image(ramp(6, 3, 6), "zyx")
    odd = replace(
        odd, multiscale=replace(odd.multiscale, axes=(*axes, odd.multiscale.axes[-1]))
    )
    plan = make_plan([odd], tmp_path / "a", SaveOptions(version="0.6"))
    both = make_plan([image(ramp(600, 600), labels=[small])], tmp_path / "b")

    said = [p.message for one in (plan, both) for p in (*one.problems, *one.obstacles)]
    assert any("axes are saved in the order" in text for text in said)
    assert not any("<" in text for text in said)
