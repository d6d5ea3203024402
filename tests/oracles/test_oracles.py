"""Our answers about every image there is, against those of other implementations.

Axes, types, units, each level's scale and translation, the multiscales-level
transform, shapes, channel labels and pixels. What an oracle is known to get wrong or
to refuse is on the list in `weaknesses`; the counts are printed.
"""

from __future__ import annotations

from collections import Counter

import pytest

from napari_ngff.core.problems import NgffError
from oracles.implementations import ORACLES, ours
from oracles.judging import compare, lines
from oracles.stores import GENERATED, STORES, generate, images
from oracles.weaknesses import UNOPENED, WEAKNESSES
from oracles.written import groups

pytestmark = [
    pytest.mark.oracle,
    # the oracles' own, about deprecated calls, consolidated metadata and old versions
    pytest.mark.filterwarnings("ignore"),
]
FOUND = tuple(images(STORES)) if STORES.is_dir() else ()


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Where the images are: those of other tools, and the generated ones."""
    return STORES, generate(tmp_path_factory.mktemp("generated"))


@pytest.fixture(scope="module")
def answer(folders):
    """Our answer about an image, asked for once."""
    answers = {}

    def answer(path):
        if path not in answers:
            answers[path] = ours(path)
        return answers[path]

    return answer


@pytest.fixture(scope="module")
def tally(figure):
    """Counts of images and aspects, printed at the end."""
    counts = Counter()
    yield counts
    for line in lines(counts, ORACLES, "images"):
        figure(line)


def check(oracle, image, folder, answer, tally):
    """Compare an oracle's answer about an image with ours."""
    path = folder / image
    compare(oracle, image, lambda: ORACLES[oracle](path), answer(path), tally)


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("image", [name for name in FOUND if name not in UNOPENED])
def test_stores_of_other_tools(oracle, image, folders, answer, tally):
    """Both say the same about an image that another tool wrote."""
    check(oracle, image, folders[0], answer, tally)


@pytest.mark.parametrize("oracle", ORACLES)
@pytest.mark.parametrize("image", GENERATED)
def test_generated_stores(oracle, image, folders, answer, tally):
    """Both say the same about an image that follows its version."""
    check(oracle, image, folders[1], answer, tally)


@pytest.mark.parametrize("image", sorted(set(UNOPENED) & set(FOUND)))
def test_what_cannot_be_shown(image, folders):
    """There is nothing to show in it, and we say so."""
    with pytest.raises(NgffError):
        ours(folders[0] / image)


def test_reference_data_is_compared(stores):
    """The images of other tools are found where there are any."""
    assert stores == STORES
    assert len(FOUND) >= 72


@pytest.mark.parametrize("weakness", WEAKNESSES, ids=lambda w: w.oracle)
def test_every_weakness_is_about_something(weakness, stores):
    """No entry of the list stands for images that are not compared."""
    assert any(weakness.is_about(image) for image in (*FOUND, *GENERATED, *groups()))
