"""What an upgrade writes: every document, no chunk, and the same image as before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import zarr

from cases.arrays import write_array, write_json
from cases.build import build_image
from cases.many import build_container, build_plate, build_scene, build_series
from napari_ngff import read, upgrade, validate
from napari_ngff.core.problems import CannotSave, NotOmeZarr
from napari_ngff.metadata.geometry import level_matrix
from napari_ngff.metadata.versions import read_group
from napari_ngff.storage.location import open_location

if TYPE_CHECKING:
    from pathlib import Path

V2 = (".zarray", ".zattrs", ".zgroup", ".zmetadata")


def changed(path: Path, version: Any) -> Any:
    """Write what an upgrade would, and return it."""
    plan = upgrade(path, version, dry_run=True)
    assert () == plan.obstacles, plan.text
    for key, (old, new) in plan.documents.items():
        file = path / key
        assert old == (file.read_bytes() if file.exists() else None)
        file.unlink() if new is None else file.write_bytes(new)
    return plan


def files(path: Path) -> dict[str, bytes]:
    """Everything in a folder but documents."""
    names = (*V2, "zarr.json")
    found = (f for f in path.rglob("*") if f.is_file() and f.name not in names)
    return {str(f.relative_to(path)): f.read_bytes() for f in found}


def images(path: Path) -> dict[str, tuple[list[Any], list[Any], Any]]:
    """Pixels, places and axes of every image below a folder."""
    found = {}
    location = open_location(path)
    for file in sorted([*path.rglob(".zattrs"), *path.rglob("zarr.json")]):
        node = "" if file.parent == path else file.parent.relative_to(path).as_posix()
        document = location.document(node)
        if document is None or document.kind == "array":
            continue
        for image in read_group(document.attributes).multiscales:
            arrays = []
            for level in image.levels:
                array = location.document(f"{node}/{level.path}".lstrip("/"))
                assert array is not None
                arrays.append(np.asarray(location.array(array)))
            places = [level_matrix(image, i) for i in range(len(image.levels))]
            found[node] = arrays, places, image.axes
    return found


def assert_the_same(before: Any, after: Any) -> None:
    """Compare what `images` returned."""
    assert before.keys() == after.keys()
    assert before
    for node, (arrays, places, axes) in before.items():
        for one, other in zip(arrays, after[node][0], strict=True):
            np.testing.assert_array_equal(one, other)
        np.testing.assert_allclose(places, after[node][1], rtol=1e-13)
        assert axes == after[node][2]


OUTER = [{"type": "scale", "scale": [1.0, 3.0, 0.5, 0.25]}]
CHANNEL = {"color": "00FF00", "window": {"start": 0, "end": 9, "min": 0, "max": 10}}
OMERO = {"channels": [CHANNEL, CHANNEL]}
STORES: dict[str, Any] = {
    "plain": lambda path: build_image(path, version="0.4", omero=OMERO),
    "labels": lambda path: build_image(path, labels={"cells": {}, "nuclei": {}}),
    "big-endian": lambda path: build_image(path, dtype=">u2", separator="."),
    "raw": lambda path: build_image(path, compression="none", dtype="float32"),
    "outer": lambda path: build_image(path, multiscale_transforms=OUTER),
    "moved": lambda path: build_image(path, translation=[0, 5.5, -0.125, 1e6]),
    "plate": build_plate,
    "series": build_series,
    "container": build_container,
    "five": lambda path: build_image(path, version="0.5", labels={"cells": {}}),
    "six": lambda path: build_image(path, version="0.6", labels={"cells": {}}),
    "plate five": lambda path: build_plate(path, version="0.5", fields=1),
}


@pytest.mark.parametrize("version", ["0.5", "0.6"])
@pytest.mark.parametrize("name", STORES)
def test_everything_stays_but_the_version(
    tmp_path: Path, name: str, version: Any
) -> None:
    """Pixels, places, axes, files; and nothing is wrong with it afterwards."""
    path = STORES[name](tmp_path / "store.zarr")
    before, kept = images(path), files(path)

    plan = changed(path, version)

    assert kept == files(path)
    assert_the_same(before, images(path))
    assert not [f for f in path.rglob("*") if f.name in V2]
    report = validate(path)
    assert report.valid, report.text()
    assert not changed(path, version).documents
    assert plan.version in plan.text


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
@pytest.mark.parametrize("old", ["0.1", "0.2", "0.3"])
def test_the_oldest_become_newer(tmp_path: Path, old: str, version: Any) -> None:
    """Each level is over the whole of the finest one, as it was drawn."""
    shape = (1, 2, 4, 17, 16)
    path = build_image(tmp_path / "old.zarr", version=old, axes="tczyx", shape=shape)
    plate = build_plate(
        tmp_path / "plate.zarr", version=old, fields=1, axes="tczyx", shape=shape
    )
    pixels = images(path)[""][0]

    changed(path, version)
    changed(plate, version)

    after, places, axes = images(path)[""]
    for one, other in zip(pixels, after, strict=True):
        np.testing.assert_array_equal(one, other)
    assert [17 / 9, 2] == np.diag(places[1])[3:5].tolist()
    assert "tczyx" == "".join(axis.name for axis in axes)
    assert validate(path).valid
    assert validate(plate).valid


def test_there_and_back_again(tmp_path: Path) -> None:
    """From 0.5 to 0.6 and back: the same values, the text around them untouched."""
    path = build_image(tmp_path / "image.zarr", version="0.5", labels={"cells": {}})
    file = path / "zarr.json"
    document = json.loads(file.read_text())
    document["attributes"]["mine"] = {"b": 1, "a": [1.50]}
    file.write_text(json.dumps(document, indent=3).replace("1.5\n", "1.50e0\n"))
    before = {f: f.read_bytes() for f in path.rglob("zarr.json")}

    plan = changed(path, "0.6")

    assert {"zarr.json", "labels/zarr.json", "labels/cells/zarr.json"} == set(
        plan.documents
    )
    assert b'"b": 1' in file.read_bytes()
    assert b"1.50e0" in file.read_bytes()
    changed(path, "0.5")
    assert {f: json.loads(data) for f, data in before.items()} == {
        f: json.loads(f.read_bytes()) for f in before
    }


def test_consolidated_metadata_stay_right(tmp_path: Path) -> None:
    """They are made again in format 3, and brought up to date in it."""
    path = build_image(tmp_path / "image.zarr", labels={"cells": {}})
    zarr.consolidate_metadata(path, zarr_format=2)
    assert (path / ".zmetadata").exists()

    for version in ("0.5", "0.6"):
        changed(path, version)

        found = json.loads((path / "zarr.json").read_text())["consolidated_metadata"]
        assert {"kind", "must_understand", "metadata"} == found.keys()
        copies = {
            f.parent.relative_to(path).as_posix(): json.loads(f.read_text())
            for f in path.rglob("zarr.json")
        }
        del copies["."]
        assert copies == found["metadata"]
        group = zarr.open_consolidated(path, zarr_format=3)
        assert version == dict(group["labels/cells"].attrs)["ome"]["version"]


def test_consolidated_metadata_of_format_2_stay_right(tmp_path: Path) -> None:
    """They repeat what becomes of 0.2 in 0.4."""
    path = build_image(
        tmp_path / "image.zarr", version="0.2", axes="tczyx", shape=(1, 1, 2, 16, 16)
    )
    zarr.consolidate_metadata(path, zarr_format=2)

    plan = changed(path, "0.4")

    assert {".zattrs", ".zmetadata"} == plan.documents.keys()
    found = json.loads((path / ".zmetadata").read_text())["metadata"]
    assert json.loads((path / ".zattrs").read_text()) == found[".zattrs"]
    assert "coordinateTransformations" in str(found[".zattrs"])


def test_arrays_are_told_their_axes(tmp_path: Path) -> None:
    """Names of dimensions, which 0.5 asks for; their own attributes stay."""
    attributes = {"_ARRAY_DIMENSIONS": ["c", "z", "y", "x"]}
    path = build_image(tmp_path / "image.zarr", array_attributes=attributes)

    changed(path, "0.5")

    for level in "01":
        document = json.loads((path / level / "zarr.json").read_text())
        assert ["c", "z", "y", "x"] == document["dimension_names"]
        assert attributes == document["attributes"]


def test_folders_without_documents_become_groups(tmp_path: Path) -> None:
    """Where they lead to others: format 3 has no groups without."""
    path = build_plate(tmp_path / "plate.zarr", labels={"cells": {}}, fields=1)
    gone = [path / "A" / ".zgroup", path / "A" / "1" / "0" / "labels" / ".zgroup"]
    for file in gone:
        file.unlink()
    (path / "A" / "1" / "0" / "labels" / ".zattrs").unlink()
    (path / "notes" / "more").mkdir(parents=True)

    changed(path, "0.5")

    for file in gone:
        group = json.loads((file.parent / "zarr.json").read_text())
        assert ("group", {}) == (group["node_type"], group["attributes"])
    assert not (path / "notes" / "zarr.json").exists()
    assert "cells" in zarr.open_group(path, mode="r")["A/1/0/labels"]


def test_metadata_of_0_4_in_format_3(tmp_path: Path) -> None:
    """As some write: it is put where it belongs."""
    path = build_image(tmp_path / "image.zarr", zarr_format=3, bare=True)
    names = {"dimension_names": None}
    for level in "01":
        file = path / level / "zarr.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | names))

    changed(path, "0.5")

    assert validate(path).valid


def zlib(path: Path) -> Path:
    """An image with a label image that is packed as format 3 does not know."""
    build_image(path, labels={"cells": {}})
    file = path / "labels" / "cells" / "1" / ".zarray"
    document = json.loads(file.read_text())
    write_json(file, document | {"compressor": {"id": "zlib", "level": 1}})
    return path


def with_table(path: Path) -> Path:
    """An image with an array of text, as tables have."""
    build_image(path)
    changes = {"dtype": "|O", "filters": [{"id": "vlen-utf8"}], "fill_value": 0}
    write_array(
        path / "table", None, shape=(3,), zarr_format=2, chunks=(3,), changes=changes
    )
    return path


def linked(path: Path) -> Path:
    """An image one level of which is a link."""
    build_image(path)
    (path / "1").rename(path.parent / "elsewhere")
    (path / "1").symlink_to(path.parent / "elsewhere")
    return path


def with_nan(path: Path) -> Path:
    """An image with a number that JSON lacks."""
    build_image(path)
    file = path / ".zattrs"
    file.write_text(file.read_text().rstrip()[:-1] + ', "mine": NaN}')
    return path


def both(path: Path) -> Path:
    """An image in both formats."""
    build_image(path)
    write_json(path / "zarr.json", {"zarr_format": 3, "node_type": "group"})
    return path


def broken(path: Path) -> Path:
    """An image with a document that is no JSON."""
    build_image(path, labels={"cells": {}})
    (path / "labels" / "cells" / "0" / ".zarray").write_text("{")
    return path


def a_list(path: Path) -> Path:
    """An image with attributes that are a list."""
    build_image(path, labels={"cells": {}})
    (path / "labels" / ".zattrs").write_text("[]")
    return path


def a_linked_document(path: Path) -> Path:
    """An image whose attributes are somewhere else."""
    build_image(path)
    (path / "1" / ".zarray").rename(path / "there")
    (path / "1" / ".zarray").symlink_to(path / "there")
    return path


def badly_named(path: Path) -> Path:
    """An image with an array whose name is a colon."""
    build_image(path)
    (path / "1").rename(path / "a:b")
    return path


def too_few_axes(path: Path) -> Path:
    """An image of 0.3 with an axis for some dimensions only."""
    return build_image(path, version="0.3", axes="yx", shape=(2, 8, 8))


def without_a_level(path: Path) -> Path:
    """An image of 0.2 that names a level which is not there."""
    build_image(path, version="0.2", axes="tczyx", shape=(1, 1, 1, 8, 8))
    (path / "1").rename(path / "2")
    return path


def unsized(path: Path) -> Path:
    """An image whose pixels have no size."""
    return build_image(path, transforms=[None, None])


@pytest.mark.parametrize(
    ("build", "version", "node", "words"),
    [
        (zlib, "0.5", "labels/cells/1", "zlib"),
        (with_table, "0.5", "table", "'|O'"),
        (linked, "0.5", "1", "link"),
        (with_nan, "0.5", "", "NaN"),
        (both, "0.5", "", "both"),
        (broken, "0.5", "labels/cells/0", "cannot be read"),
        (a_list, "0.5", "labels", "not a JSON object"),
        (a_linked_document, "0.5", "1", "is a link"),
        (badly_named, "0.5", "", "colon"),
        (too_few_axes, "0.4", "", "2 axes, but 3 dimensions"),
        (without_a_level, "0.5", "", "'1' has no array"),
        (unsized, "0.6", "", "how large a pixel is"),
        (lambda p: build_image(p, version="0.5"), "0.4", "", "older"),
        (build_scene, "0.5", "", "no scenes"),
    ],
)
def test_what_is_in_the_way_is_named(
    tmp_path: Path, build: Any, version: Any, node: str, words: str
) -> None:
    """Nothing is changed then, not a part of it either."""
    path = build(tmp_path / "image.zarr")
    before = {f: f.read_bytes() for f in path.rglob("*") if f.is_file()}

    plan = upgrade(path, version, dry_run=True)

    assert {} == plan.documents
    assert node == plan.obstacles[0].node
    assert words in plan.text
    with pytest.raises(CannotSave, match=words.replace("|", r"\|")) as caught:
        upgrade(path, version)
    assert str(path) in str(caught.value)
    assert before == {f: f.read_bytes() for f in path.rglob("*") if f.is_file()}


def test_a_path_inside_means_all(tmp_path: Path) -> None:
    """A field, a label image or a level: the plate or image that it is in."""
    path = build_plate(tmp_path / "plate.zarr", fields=1)

    plan = upgrade(path / "A" / "1" / "0" / "1", "0.5", dry_run=True)

    assert str(path) == plan.store
    assert upgrade(path, "0.5", dry_run=True) == plan
    assert "A/1/0/1/zarr.json" in plan.documents
    assert "A/zarr.json" in plan.documents


def test_what_cannot_be_upgraded_at_all(tmp_path: Path) -> None:
    """What is no OME-Zarr, no folder, or no version."""
    array = write_array(tmp_path / "a", np.zeros((2, 2)), zarr_format=2, chunks=(2, 2))
    path = build_image(tmp_path / "image.zarr")

    with pytest.raises(NotOmeZarr):
        upgrade(array, "0.5")
    with pytest.raises(ValueError, match=r"0\.9"):
        upgrade(path, "0.9")  # type: ignore[arg-type]
    assert read(path).group.version == "0.4"
