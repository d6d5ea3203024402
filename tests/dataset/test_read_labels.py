"""Label images with their image, alone, and pointing elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cases.arrays import write_group
from cases.build import COLORS, build_image, label_pixels
from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import CannotOpen
from napari_ngff.dataset.nodes import CollectionData, ImageData, LabelData
from napari_ngff.dataset.read import read
from napari_ngff.dataset.reading.labels import Place, place_of

if TYPE_CHECKING:
    from pathlib import Path


def label(source: Any = None, **options: Any) -> dict[str, Any]:
    block: dict[str, Any] = {"version": "0.4", "colors": COLORS}
    return {"image_label": block | ({"source": source} if source else {})} | options


def kinds(problems: Any) -> set[str]:
    return {problem.kind for problem in problems}


def names(image: Any) -> list[str]:
    assert isinstance(image, ImageData)
    return [one.name for one in image.labels]


@pytest.mark.parametrize(
    ("node", "place"),
    [
        ("labels/a", Place(image="", name="a")),
        ("A/1/0/labels/a", Place(image="A/1/0", name="a")),
        ("x/labels/group/a", Place(image="x", name="group/a")),
        ("labels", None),
        ("x/labels", None),
        ("x", None),
        ("", None),
    ],
)
def test_place(node: str, place: Place | None) -> None:
    """A path tells whose label image it is, and its name."""
    assert place == place_of(node)


def test_pixels_and_block(tmp_path: Path) -> None:
    """A label image has its pixels, its colours and its properties."""
    block = {
        "version": "0.4",
        "colors": [{"label-value": 1, "rgba": [1, 2, 3, 4]}],
        "properties": [{"label-value": 2, "area": 5}],
    }
    path = build_image(tmp_path / "s.zarr", labels={"cells": {"image_label": block}})
    (cells,) = read(path).labels

    assert {1: (1, 2, 3, 4)} == cells.image_label.colors
    assert {2: {"area": 5}} == {
        k: dict(v) for k, v in cells.image_label.properties.items()
    }
    np.testing.assert_array_equal(label_pixels((4, 16, 16)), cells.image.levels[0])


@pytest.mark.parametrize("source", [None, {"image": "../../"}, {"image": "../.."}, {}])
def test_label_opened(source: Any, tmp_path: Path) -> None:
    """Opening one label image opens its image with it alone."""
    path = build_image(
        tmp_path / "s.zarr", labels={"cells": label(source), "other": label()}
    )

    assert ["cells"] == names(read(path / "labels" / "cells"))
    assert ["cells"] == names(read(path / "labels" / "cells" / "0"))


def test_labels_opened(tmp_path: Path) -> None:
    """Opening the labels group opens the image with all of them."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}, "other": {}})

    assert ["cells", "other"] == names(read(path / "labels"))


@pytest.mark.parametrize(
    "source",
    [
        "../../../other.zarr",
        "../../../../../../..",
        "/",
        "/etc",
        "../..//../",
        "%2e%2e/%2e%2e",
        "..\\..",
        "file:///",
        "../other",
    ],
)
def test_source_elsewhere(source: str, tmp_path: Path) -> None:
    """A source that is not the image that contains it is not followed."""
    build_image(tmp_path / "other.zarr")
    labels = {"cells": label({"image": source})}
    path = build_image(tmp_path / "s.zarr", labels=labels)
    alone = read(path / "labels" / "cells")

    assert isinstance(alone, LabelData)
    assert ("cells", None) == (alone.name, alone.parent)
    assert "label-source" in kinds(alone.image.problems)


def test_not_listed(tmp_path: Path) -> None:
    """A label image that its image does not list opens alone, and says so."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}})
    write_group(path / "labels", {"labels": []}, zarr_format=2)
    alone = read(path / "labels" / "cells")

    assert isinstance(alone, LabelData)
    assert "label-not-listed" in kinds(alone.image.problems)


def test_unlisted_is_found(tmp_path: Path) -> None:
    """An image shows label images that its labels group holds and does not list."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}, "more": {}})
    write_group(path / "labels", {"labels": ["cells"]}, zarr_format=2)
    image = read(path)

    assert ["cells", "more"] == names(image)
    assert "unlisted-label" in kinds(image.problems)


def test_labels_folder_without_metadata(tmp_path: Path) -> None:
    """A labels folder that is no group still holds label images."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}})
    (path / "labels" / ".zgroup").unlink()
    (path / "labels" / ".zattrs").unlink()

    assert ["cells"] == names(read(path))


def test_nested(tmp_path: Path) -> None:
    """A label image may be in a group of the labels group."""
    path = build_image(tmp_path / "s.zarr", labels={"auto/cells": {}})
    write_group(path / "labels" / "auto", zarr_format=2)

    assert ["auto/cells"] == names(read(path))
    assert ["auto/cells"] == names(read(path / "labels" / "auto" / "cells"))


@pytest.mark.parametrize("name", ["../other", "lost", "a\\b", ""])
def test_bad_name(name: str, tmp_path: Path) -> None:
    """A listed name that leads nowhere, or elsewhere, leaves the others."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}})
    write_group(path / "labels", {"labels": [name, "cells"]}, zarr_format=2)
    image = read(path)

    assert ["cells"] == names(image)
    assert any(p.level == "error" for p in image.problems)


def test_float(tmp_path: Path) -> None:
    """Labels of floating-point numbers are left out, with what to do."""
    path = build_image(tmp_path / "s.zarr", labels={"p": {"dtype": "float32"}})
    image = read(path)
    (problem,) = (p for p in image.problems if p.level == "error")

    assert [] == names(image)
    assert ("labels/p", True) == (problem.node, "float32" in problem.message)


def test_float_alone(tmp_path: Path) -> None:
    """Labels of floating-point numbers alone are one clear error."""
    path = build_image(
        tmp_path / "s.zarr", image_label={"version": "0.4"}, dtype="float32"
    )

    with pytest.raises(CannotOpen, match="labels are integers"):
        read(path)


def test_unreadable_labels_group(tmp_path: Path) -> None:
    """A labels group that cannot be read leaves the image."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}})
    (path / "labels" / ".zattrs").write_text("[")
    image = read(path)

    assert [] == names(image)
    assert "unreadable-document" in kinds(image.problems)


def test_unreadable_label(tmp_path: Path) -> None:
    """A label image that cannot be read leaves the others."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}, "more": {}})
    (path / "labels" / "cells" / ".zattrs").write_text("[")

    assert ["more"] == names(read(path))


def test_number_of_levels(tmp_path: Path) -> None:
    """A label image with other levels or another size is shown and told of."""
    path = build_image(
        tmp_path / "s.zarr",
        version="0.5",
        labels={"cells": {"levels": 1, "shape": (4, 8, 16)}},
    )
    image = read(path)

    assert ["cells"] == names(image)
    assert {"label-levels", "label-shape"} <= kinds(image.problems)


def test_limit(tmp_path: Path) -> None:
    """No more label images are opened than the limit, and it is told."""
    path = build_image(tmp_path / "s.zarr", labels={"a": {}, "b": {}, "c": {}})
    image = read(path, limits=Limits(labels=2))

    assert ["a", "b"] == names(image)
    assert any("2" in p.message and p.level == "warning" for p in image.problems)


def test_labels_without_image(tmp_path: Path) -> None:
    """A labels group in a group that is no image opens its label images."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}, "more": {}})
    (path / ".zattrs").write_text(json.dumps({}))
    found = read(path / "labels")

    assert isinstance(found, CollectionData)
    assert ["cells", "more"] == [child.name for child in found.children]


def test_labels_without_image_lead_nowhere_else(tmp_path: Path) -> None:
    """Names in a labels group without an image are followed only below it."""
    build_image(tmp_path / "other.zarr")
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}})
    (path / ".zattrs").write_text(json.dumps({}))
    names = ["../../other.zarr", "cells"]
    write_group(path / "labels", {"labels": names}, zarr_format=2)
    found = read(path / "labels")

    assert ["labels/cells"] == [child.image.node for child in found.children]
    assert "unsafe-path" in kinds(found.problems)


def test_label_that_is_no_image(tmp_path: Path) -> None:
    """A listed group without multiscales is left out."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}, "empty": {}})
    (path / "labels" / "empty" / ".zattrs").write_text("{}")
    image = read(path)

    assert ["cells"] == names(image)
    assert any("no multiscales" in problem.message for problem in image.problems)


def test_unlisted_that_is_unreadable(tmp_path: Path) -> None:
    """A group that is not listed and cannot be read is no label image."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}, "bad": {}})
    write_group(path / "labels", {"labels": ["cells"]}, zarr_format=2)
    (path / "labels" / "bad" / ".zattrs").write_text("[")

    assert ["cells"] == names(read(path))


@pytest.mark.parametrize("broken", [".zattrs", "labels/.zattrs"])
def test_label_of_an_unreadable_image(broken: str, tmp_path: Path) -> None:
    """A label image opens alone where its image, or the list, cannot be read."""
    path = build_image(tmp_path / "s.zarr", labels={"cells": {}})
    (path / broken).write_text("[")

    assert isinstance(read(path / "labels" / "cells"), LabelData)
