"""What we write is accepted by the validators of others, in every version."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ngff_zarr
import ome_zarr_models
import pytest
import yaozarrs
import zarr
from hypothesis import HealthCheck, given, settings

from cases.groups import VERSIONS, groups
from napari_ngff.dataset.sample import write_sample
from napari_ngff.metadata.model import (
    Channel,
    ImageLabel,
    Rendering,
    Scene,
    Window,
)
from napari_ngff.metadata.transforms import Affine
from napari_ngff.metadata.writing import write_group
from oracles.excuses import EXCUSES, GROUP, IMAGE
from oracles.validators import VALIDATORS

if TYPE_CHECKING:
    from napari_ngff.metadata.model import Group
    from oracles.excuses import Excuse

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]


def excused(validator: str, block: str, version: str, group: Group) -> bool:
    """Whether a refusal is on the list."""
    return any(
        (excuse.validator, excuse.block) == (validator, block)
        and version in excuse.versions
        and excuse.about(group)
        for excuse in EXCUSES
    )


def ask(validator: str, block: str, version: str, group: Group) -> None:
    """Have a block judged that we write."""
    judge, _, _ = VALIDATORS[validator]
    judge(write_group(group, version), block, version)


PAIRS = [
    (name, version)
    for name, (_, _, last) in VALIDATORS.items()
    for version in VERSIONS
    if version <= last
]


@pytest.mark.parametrize(("validator", "version"), PAIRS)
def test_what_is_written_is_accepted(validator: str, version: str) -> None:
    """Whatever a group says, each of its blocks is; what is not is on the list."""
    judge, known, _ = VALIDATORS[validator]
    judged = 0

    @given(groups(version))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def every(group: Group) -> None:
        nonlocal judged
        document = write_group(group, version)  # type: ignore[arg-type]
        for block in known & document.get("ome", document).keys():
            if not excused(validator, block, version, group):
                judge(document, block, version)
                judged += 1

    every()
    assert judged > 40


@pytest.mark.parametrize("excuse", EXCUSES, ids=lambda e: f"{e.validator}-{e.block}")
def test_every_excuse_is_needed(excuse: Excuse) -> None:
    """Its example is one of those it is about, and is refused."""
    group = excuse.example
    edges = group.multiscales[0].edges
    if excuse.block == "scene":
        group = replace(GROUP, multiscales=(), scene=Scene(edges=edges))
    if excuse.block == "image-label" and group.image_label is None:
        group = replace(group, image_label=ImageLabel(colors={1: (0, 0, 0, 0)}))

    for version in excuse.versions:
        assert excuse.about(group)
        with pytest.raises(Exception):  # noqa: B017, PT011 - each has errors of its own
            ask(excuse.validator, excuse.block, version, group)


WINDOW = Window(start=10.5, end=200, min=0, max=65535)
CHANNELS = (
    Channel(label="DNA", color="0096FF", active=True, window=WINDOW),
    Channel(label="µ-tubules", color="FFA000", active=False, window=WINDOW),
)
FULL = replace(GROUP, rendering=Rendering(channels=CHANNELS, model="color"))
LABEL = replace(
    GROUP,
    image_label=ImageLabel(
        colors={1: (255, 0, 0, 255), 2: (0, 0, 0, 0)},
        properties={1: {"area": 3.5}, 2: {"area": None}},
        source="../../",
    ),
)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("group", "model"), [(FULL, "image"), (LABEL, "label")], ids=["image", "label"]
)
def test_the_strict_schemas_accept_a_whole_image(
    group: Group, model: str, version: Any
) -> None:
    """Every SHOULD is kept by what a save writes."""
    document = write_group(group, version)

    ngff_zarr.validate(document, version=version, model=model, strict=True)


def test_an_affine_of_0_6_is_accepted() -> None:
    """By the schema and by ome-zarr-models."""
    rows = ((1.0, 0.5, 0.0, 3.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.1))
    sheared = replace(IMAGE, transform=Affine(rows))
    group = replace(GROUP, multiscales=(sheared,))

    for validator in ("schemas", "ome-zarr-models"):
        ask(validator, "multiscales", "0.6", group)


def test_the_sample_is_accepted(tmp_path: Any) -> None:
    """The store as a whole, its arrays and its labels."""
    store = write_sample(tmp_path)

    yaozarrs.validate_zarr_store(str(store))
    yaozarrs.validate_zarr_store(str(store / "labels" / "nuclei"))
    for node in ("", "labels", "labels/nuclei"):
        group = zarr.open_group(store / node, mode="r")
        assert ome_zarr_models.open_ome_zarr(group).attributes.ome.version == "0.5"
