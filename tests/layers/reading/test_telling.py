"""One text about an opening: what matters first, the same problem once."""

from __future__ import annotations

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.core.problems import Problem
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.reading.telling import summarize


def problem(level="warning", kind="k", message="m", **more):
    return Problem(level=level, kind=kind, message=message, **more)


def told(*problems, store="folder/cells.ome.zarr"):
    """What is told of one layer with these problems."""
    record = Provenance(store=store, node="", problems=problems)
    return summarize([record.to_metadata(), {}])


def test_nothing_wrong_is_not_told():
    """What is only worth knowing, or merely left out, is no notification."""
    assert told() is None
    assert told(problem("info"), problem(kind="multiscale-type-missing")) is None
    assert summarize([{}]) is None


def test_the_first_line_says_what_matters():
    """The image, the worst in a few words, and how many there are."""
    many = [problem(message=f"Warn {i}") for i in range(4)]
    worst = problem("error", message="The image is shown in pixels, not truly: why.")
    text = told(*many, worst)

    expected = "cells: the image is shown in pixels (5 problems)"
    assert expected == text.splitlines()[0]


def test_the_worst_three_have_a_line_each():
    """Errors first, then what is seen; the others are counted."""
    many = [problem(message=f"warn {i}") for i in range(4)]
    many += [problem("error", message="bad", node="0")]
    many += [problem(kind="not-placed", message="seen")]
    lines = told(*many).splitlines()

    assert ["• 0: bad", "• seen", "• warn 0"] == lines[1:4]
    assert lines[4].startswith("… and 3 more")


def test_one_problem_is_not_counted():
    """No count and no list of more where there is one."""
    assert "cells: m\n• m" == told(problem())


def test_a_long_name_leaves_room():
    """Napari shows some 40 letters: start and end of a long name are enough."""
    store = "https://host/20200812-CardiomyocyteDifferentiation14-Cycle1.zarr?a=b"

    assert "2020081…4-Cycle1: m" == told(problem(), store=store).splitlines()[0]


def test_several_stores_are_counted():
    """Who opens a stack of paths learns that it is more than one."""
    records = [
        Provenance(store=store, node="", problems=(problem(message=store),))
        for store in ("a.zarr", "b.zarr", "c.zarr")
    ]
    text = summarize([record.to_metadata() for record in records])

    assert text.startswith("a and 2 more: a.zarr (3 problems)")


def test_names_in_few_words_stay_as_they_are():
    """Only an ordinary word loses its capital."""
    assert told(problem(message="OME-XML is odd: so")).startswith("cells: OME-XML is")
    assert told(problem(message="Level is odd: so")).startswith("cells: level is odd")


def test_the_same_in_several_places_is_one_line():
    """One text for several images and labels, with where it is."""
    problems = [problem(message="Same.", node=node) for node in "abcd"]

    assert ["• a, b, c: Same."] == told(*problems).splitlines()[1:]


def test_what_is_one_to_the_user_is_one_line():
    """Levels that are off are told once; what differs stays in their problems."""
    problems = [
        problem(message=f"Level {i} is off. Lock it.", node=node, brief="is 3 m off")
        for node in ("", "labels/a")
        for i in (1, 2)
    ]
    lines = told(*problems).splitlines()

    assert "cells: is 3 m off (4 problems)" == lines[0]
    assert ["• Is 3 m off (4 times: the image, labels/a). Lock it."] == lines[1:]


def test_misplaced_levels_are_told_briefly(tmp_path):
    """Scales that are wrong, from the file to the text: short, the worst of them."""
    scales = [[{"type": "scale", "scale": [f, f]}] for f in (1, 3, 9, 27)]
    store = build_image(
        tmp_path / "cells.zarr",
        shape=(64, 64),
        axes="yx",
        levels=4,
        method="first",
        transforms=scales,
    )
    layers = read_layers(store)
    text = summarize([meta["metadata"] for _, meta, _ in layers])

    assert text.startswith("cells: up to ")
    assert "off when zoomed out" in text.splitlines()[0]
    assert 2 == len(text.splitlines())
    assert len(text) < 400
