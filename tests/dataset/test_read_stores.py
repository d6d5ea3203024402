"""Stores that other tools wrote open, or are refused for the reason they deserve."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from napari_ngff.core.problems import NgffError
from napari_ngff.dataset.nodes import ArrayData, CollectionData, ImageData
from napari_ngff.dataset.read import read
from napari_ngff.metadata.geometry import level_matrix, scale_and_translation

if TYPE_CHECKING:
    from collections.abc import Callable

MARKERS = {"zarr.json", ".zgroup", ".zarray", ".zattrs"}
BF2RAW = "challenge_bf2raw_multiseries_v04/bf2raw.zarr"
HCS = "challenge_hcs_bf2raw_v04/hcs.zarr"
CARDIO = (
    "fractal_cardio_B03_mip_v04/"
    "20200812-CardiomyocyteDifferentiation14-Cycle1_B_03_mip.zarr"
)
NEURO = "neuroglancer_ome_zarr"
EXAMPLES = "ome_zarr_examples_valid_invalid_v04"
RFC5 = "rfc5_examples_2d_metadata"
TOPS = "ngio_v04/images/test_image_"

# store: axes, shape of the finest level, number of levels, its scale and translation
# (None where they are no plain factors and offsets), names of its label images
IMAGES: dict[str, tuple[str, Any, int, Any, Any, list[str]]] = {
    "challenge_2d_bf2raw_v04/2d.zarr": (
        *("tczyx", (1, 3, 1, 64, 64), 1, (1.0,) * 5, (0.0,) * 5),
        [],
    ),
    CARDIO: (
        *("czyx", (3, 1, 2160, 2560), 4, (1.0, 1.0, 0.325, 0.325), (0.0,) * 4),
        ["nuclei"],
    ),
    "mobie_blobs_space_in_name/blobs space.ome.zarr": (
        *("yx", (254, 256), 1, (1.0, 1.0), (0.0, 0.0)),
        [],
    ),
    "mobie_mri_stack/mri-stack.ome.zarr": (
        *("zyx", (27, 226, 186), 2, (1.0,) * 3, (0.0,) * 3),
        [],
    ),
    f"{NEURO}/simple_0.4": ("yx", (10, 10), 3, (4.0, 30.0), (0.0, 0.0), []),
    f"{NEURO}/simple_0.5": ("yx", (10, 10), 3, (4.0, 30.0), (0.0, 0.0), []),
    f"{NEURO}/simple_0.5.zip": ("yx", (10, 10), 3, (4.0, 30.0), (0.0, 0.0), []),
    **{
        f"{NEURO}/all_0.6/{name}.zarr": ("zyx", (27, 226, 186), 1, scale, origin, [])
        for name, scale, origin in (
            ("basic/identity", (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)),
            ("basic/scale", (4.0, 3.0, 2.0), (0.0, 0.0, 0.0)),
            ("basic/translation", (1.0, 1.0, 1.0), (30.0, 20.0, 10.0)),
            ("basic/sequenceScaleTranslation", (4.0, 3.0, 2.0), (32.0, 21.0, 10.0)),
            ("simple/affine", (4.0, 3.0, 2.0), (32.0, 21.0, 10.0)),
            ("simple/anisotropic_rotation", (2.0, 0.5, 0.25), (0.0, 0.0, 0.0)),
            ("simple/rotation", None, None),
            ("axis_dependent/mapAxis", None, None),
        )
    },
    **{
        f"{RFC5}/{name}.zarr": (axes, (576, 720), levels, scale, origin, [])
        for name, axes, levels, scale, origin in (
            ("basic/identity", "yx", 1, (1.0, 1.0), (0.0, 0.0)),
            ("basic/scale", "yx", 1, (3.0, 2.0), (0.0, 0.0)),
            ("basic/scale_multiscale", "yx", 3, (6.0, 4.0), (0.0, 0.0)),
            ("basic/sequenceScaleTranslation", "yx", 1, (3.0, 2.0), (30.0, 20.0)),
            ("simple/affine", "yx", 1, (1.0, 1.0), (0.0, 0.0)),
            ("simple/affineParams", "yx", 1, (0.5, 0.5), (0.0, 0.0)),
            ("simple/rotation", "yx", 1, (1.0, 1.0), (0.0, 0.0)),
            ("simple/multiscale", "yx", 3, (1.0, 1.0), (0.0, 0.0)),
            ("nonlinear/coordinates", "yx", 1, (1.0, 1.0), (0.0, 0.0)),
            ("nonlinear/displacements", "yx", 1, (1.0, 1.0), (0.0, 0.0)),
        )
    },
    **{
        f"{TOPS}{axes}.zarr": (
            *(axes, tuple(sizes[a] for a in axes), 2),
            *(tuple(0.5 if a in "yx" else 1.0 for a in axes), (0.0,) * len(axes)),
            ["label"],
        )
        for axes, sizes in (
            ("yx", {"y": 64, "x": 64}),
            ("cyx", {"c": 2, "y": 64, "x": 64}),
            ("tyx", {"t": 4, "y": 64, "x": 64}),
            ("zyx", {"z": 10, "y": 64, "x": 64}),
            ("czyx", {"c": 2, "z": 10, "y": 64, "x": 64}),
            ("tcyx", {"t": 4, "c": 3, "y": 64, "x": 64}),
            ("tzyx", {"t": 4, "z": 10, "y": 64, "x": 64}),
            ("tczyx", {"t": 4, "c": 2, "z": 10, "y": 64, "x": 64}),
        )
    },
    f"{EXAMPLES}/valid/image-01.zarr": ("yx", (1000, 1000), 1, (1, 1), (0, 0), []),
    f"{EXAMPLES}/valid/image-02.zarr": ("yx", (200, 200), 1, (1, 1), (0, 0), []),
    f"{EXAMPLES}/valid/image-03.zarr": (
        "zyx",
        (2, 100, 100),
        1,
        (1,) * 3,
        (0,) * 3,
        [],
    ),
    f"{EXAMPLES}/valid/image-04.zarr": ("zyx", (2, 64, 64), 2, (1,) * 3, (0,) * 3, []),
    f"{EXAMPLES}/invalid/image-04.zarr": (
        *("zyx", (2, 64, 64), 1, (1,) * 3, (0,) * 3),
        [],
    ),
    f"{EXAMPLES}/warning/image-01.zarr": ("yx", (64, 64), 1, (1, 1), (0, 0), []),
    "omezarrpy_v01": ("tczyx", (1, 2, 1, 16, 16), 1, (1.0,) * 5, (0.0,) * 5, []),
    "omezarrpy_v02": ("tczyx", (1, 2, 1, 16, 16), 1, (1.0,) * 5, (0.0,) * 5, []),
}

# what it is, how many are opened, of how many
COLLECTIONS = {
    BF2RAW: ("series", 2, 2),
    f"{BF2RAW}/OME": ("series", 2, 2),
    HCS: ("plate", 8, 8),
    f"{HCS}/OME": ("plate", 8, 8),
    f"{HCS}/A": ("group", 4, 4),
    f"{HCS}/A/1": ("well", 2, 2),
    f"{EXAMPLES}/valid/plate-01.zarr": ("plate", 4, 4),
    "zarritajs_v3_fixtures/data.zarr/consolidated": ("arrays", 2, 2),
    "zarritajs_v3_fixtures/data.zipped_from_within.zarr.zip": ("arrays", 15, 42),
    "zarritajs_v3_fixtures/data.zipped_from_parent.zarr.zip": ("arrays", 15, 42),
    "zarritajs_v3_fixtures/data.zarr": ("arrays", 15, 42),
}

# why not
REFUSED = {
    f"{EXAMPLES}/invalid/image-01.zarr": "without images or arrays",
    f"{EXAMPLES}/invalid/image-02.zarr": "'multiscales' has no entry",
    f"{EXAMPLES}/invalid/image-03.zarr": "there is no array '0'",
    f"{CARDIO}/tables": "without images or arrays",
    f"{CARDIO}/tables/nuclei_ROI_table/obs/label": "type '[|]O' are not read",
    "zarritajs_v3_fixtures/data.zarr/1d.string.empty": "type 'string' are not read",
}


@pytest.mark.parametrize("name", IMAGES)
def test_image(name: str, stores: Path) -> None:
    """An image has its axes, levels, place and label images."""
    axes, shape, levels, scale, translation, labels = IMAGES[name]
    image = read(stores / name)
    assert isinstance(image, ImageData)
    matrix = level_matrix(image.multiscale, 0)
    place = (None if matrix is None else scale_and_translation(matrix)) or (None, None)

    assert axes == "".join(axis.name for axis in image.multiscale.axes)
    assert (shape, levels) == (image.levels[0].shape, len(image.levels))
    assert (scale, translation) == place
    assert labels == [label.name for label in image.labels]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_collection(name: str, stores: Path) -> None:
    """A collection is what it is, and holds what can be opened."""
    found = read(stores / name)
    assert isinstance(found, CollectionData)

    assert COLLECTIONS[name] == (found.kind, len(found.children), len(found.paths))


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, stores: Path) -> None:
    """What cannot be shown is refused with the reason."""
    with pytest.raises(NgffError, match=REFUSED[name]):
        read(stores / name)


def nodes_of(root: Path) -> list[Path]:
    """Every group and array of every store."""
    found = []
    for folder, folders, files in os.walk(root):
        folders.sort()
        if MARKERS & set(files):
            found.append(Path(folder))
        if ".zarray" in files:
            folders.clear()
    return found


def test_every_node(stores: Path, figure: Callable[[str], None]) -> None:
    """Every group and array of every store opens, or is refused by an error of ours."""
    nodes = nodes_of(stores)
    reasons = {}
    for node in nodes:
        try:
            read(node)
        except NgffError as error:
            reasons[node.relative_to(stores).as_posix()] = str(error)

    opened = len(nodes) - len(reasons)
    figure(f"stores of other tools: {opened} of {len(nodes)} groups and arrays open")
    deserved = ("tables", "string", "invalid", "my group with spaces")
    assert [] == [n for n in reasons if not any(word in n for word in deserved)]


@pytest.mark.parametrize(
    "name", ["omezarrpy_v01", "omezarrpy_v02", f"{NEURO}/simple_0.5"]
)
def test_pixels(name: str, stores: Path) -> None:
    """Pixels can be read from every level."""
    image = read(stores / name)

    assert [a.shape for a in image.levels] == [
        np.asarray(a).shape for a in image.levels
    ]


def test_bare_sharded_array(stores: Path) -> None:
    """An array that another program sharded opens as what it is."""
    path = stores / "zarrs_sharded" / "sharded_array_write_read.zarr"
    array = read(path / "group" / "array")

    assert isinstance(array, ArrayData)
    assert np.asarray(array.array).any()
