"""What we write opens in other tools, and they all see what was saved.

Every level's pixels, its scale and translation, axes, types, units and channels, over
every version, data type, compression, cut and container; and a label's looks.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import ome_zarr.io
import ome_zarr.reader
import pytest

from cases.saved import check_levels
from napari_ngff import read
from napari_ngff.dataset.saving.options import VERSIONS
from napari_ngff.storage.pyramids.downsample import reduce
from oracles.implementations import ORACLES, ask_zarr_python, ours
from oracles.judging import compare, lines
from oracles.viewers import (
    answer_of_zarrita,
    ask_napari_ome_zarr,
    ask_zarrita,
    install_zarrita,
    layers_in_napari,
)
from oracles.written import AREAS, COLORS, LABEL, WRITTEN, groups, place

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

READERS = {
    **ORACLES,
    "napari-ome-zarr": ask_napari_ome_zarr,
    "zarr-python": ask_zarr_python,
}
ZARRITA = "zarrita.js"
GROUPS = tuple(groups())


@pytest.fixture(scope="module")
def answers(written):
    """Our own answer about each."""
    return {name: ours(place(written, name)) for name in GROUPS}


@pytest.fixture(scope="module")
def told(written, tmp_path_factory):
    """What zarrita.js says about each."""
    script = install_zarrita(tmp_path_factory.mktemp("node"))
    paths = {name: place(written, name) for name in GROUPS}
    told = ask_zarrita(script, list(paths.values()))
    return {name: told[path] for name, path in paths.items()}


@pytest.fixture(scope="module")
def tally(figure):
    """Counts of images and aspects, printed at the end."""
    counts = Counter()
    yield counts
    asked = [oracle for oracle in (*READERS, ZARRITA) if counts[oracle, "images"]]
    for line in lines(counts, asked, "images that we wrote"):
        figure(line)


@pytest.mark.parametrize("name", WRITTEN)
def test_we_read_what_was_saved(name, written):
    """The answer that others are compared with is what was meant."""
    path, meant = place(written, name), WRITTEN[name]
    image, found = read(path), ours(path)
    pixels = [meant.pixels()]
    for finer, level in zip(image.levels[:-1], image.levels[1:], strict=True):
        sizes = zip(finer.shape, level.shape, strict=True)
        factors = tuple(-(-n // m) for n, m in sizes)
        pixels.append(reduce(pixels[-1], factors, image.multiscale.method))

    assert tuple(meant.axes) == found.axes
    assert meant.units() == found.units
    assert meant.scale() == found.scales[0]
    assert meant.translation() == found.translations[0]
    check_levels(image)
    for expected, level in zip(pixels, image.levels, strict=True):
        np.testing.assert_array_equal(expected, level, strict=True)
    for label in image.labels:
        np.testing.assert_array_equal(meant.objects(), label.image.levels[0])
    assert meant.labels == bool(image.labels)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", GROUPS)
def test_other_tools_read_it(reader, name, written, answers, tally):
    """With the same pixels on every level, and in the same place."""
    path = place(written, name)
    compare(reader, name, lambda: READERS[reader](path), answers[name], tally)


@pytest.mark.parametrize("name", GROUPS)
def test_browsers_read_it(name, told, answers, tally):
    """With the same pixels on every level, and in the same place."""
    compare(ZARRITA, name, lambda: answer_of_zarrita(told[name]), answers[name], tally)


@pytest.mark.parametrize("version", VERSIONS)
def test_napari_ome_zarr_shows_labels(version, written):
    """With their image, in their colours, with their properties."""
    image = place(written, f"saved/{version}-labels")
    [(_, said, _)] = layers_in_napari(image, "labels")
    values, areas = said["features"]["label_value"], said["features"]["area"]

    assert LABEL == said["name"]
    assert {0: (0, 0, 0, 0), **COLORS} == {
        value: tuple(color) for value, color in said["colormap"].items()
    }
    assert AREAS == dict(zip(values, areas, strict=True))


@pytest.mark.parametrize("version", ["0.4", "0.5"])
def test_ome_zarr_py_finds_labels(version, written):
    """From their image, in their colours, with their properties."""
    image = place(written, f"saved/{version}-labels")
    nodes = ome_zarr.reader.Reader(ome_zarr.io.parse_url(image, mode="r"))()
    [said] = [node.metadata for node in nodes if node.zarr.basename() == LABEL]

    assert COLORS == {value: tuple(color) for value, color in said["color"].items()}
    assert AREAS == {value: more["area"] for value, more in said["properties"].items()}
