"""The dialog that asks which part to read."""

from __future__ import annotations

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel

from napari_ngff.layers.extract import Part
from napari_ngff.widgets.load_dialog import LoadDialog, Pyramid, in_words

PYRAMID = Pyramid(
    names=("DNA", "tubulin"),
    axes=("t", "z", "y", "x"),
    shapes=((4, 12, 256, 255), (4, 12, 128, 127), (4, 6, 64, 63)),
    dtype="uint16",
    pixel_bytes=4,
    view=((2, 3), (5, 6), (10, 51), (100, 201)),
    limit=20_000_000,
)


@pytest.fixture
def dialog(qtbot):
    dialog = LoadDialog(PYRAMID)
    qtbot.addWidget(dialog)
    return dialog


def box(dialog):
    return dialog.part().box


def test_begins_with_everything(dialog):
    """The finest level, all of it, and what it costs."""
    assert Part(level=0, box=((0, 4), (0, 12), (0, 256), (0, 255))) == dialog.part()
    assert "12.5" in dialog.size.text()
    assert "MB" in dialog.size.text()


def test_a_level_keeps_the_region(dialog):
    """Another level: the same region in its pixels, and back again covers it."""
    dialog.visible_part.click()
    assert PYRAMID.view == box(dialog)

    dialog.level.setCurrentIndex(2)
    assert ((2, 3), (2, 3), (2, 13), (24, 50)) == box(dialog)

    dialog.level.setCurrentIndex(0)
    sides = zip(box(dialog), PYRAMID.view, strict=True)
    assert all(a <= c and d <= b for (a, b), (c, d) in sides)


def test_one_time_step(dialog):
    """One click takes what is shown along one axis."""
    dialog.now_buttons[0].click()
    assert ((2, 3), (0, 12), (0, 256), (0, 255)) == box(dialog)

    dialog.all_buttons[0].click()
    assert ((0, 4), (0, 12), (0, 256), (0, 255)) == box(dialog)


def test_everything_takes_all_of_the_level(dialog):
    """After a region, all of it again."""
    dialog.visible_part.click()
    dialog.level.setCurrentIndex(1)

    dialog.everything.click()

    assert Part(level=1, box=((0, 4), (0, 12), (0, 128), (0, 127))) == dialog.part()


@pytest.mark.parametrize("edge", ["first", "last"])
def test_first_never_passes_last(dialog, edge):
    """A range is never empty: the other end moves along."""
    dialog.first[2].setValue(100)
    dialog.last[2].setValue(150)

    getattr(dialog, edge)[2].setValue(200 if edge == "first" else 50)

    assert ((200, 201) if edge == "first" else (50, 51)) == box(dialog)[2]


def test_what_does_not_fit_is_not_loaded(qtbot):
    """Too much for the memory: it says so, and what to do; Load is off."""
    pyramid = Pyramid(
        names=("huge",),
        axes=("y", "x"),
        shapes=((2**40, 2**33), (1000, 1000)),
        dtype="float64",
        pixel_bytes=8,
        view=((0, 10), (2**32, 2**32 + 10)),
        limit=10**9,
    )
    dialog = LoadDialog(pyramid)
    qtbot.addWidget(dialog)

    assert not dialog.load.isEnabled()
    assert "coarser level" in dialog.size.text()

    dialog.visible_part.click()
    assert dialog.load.isEnabled()
    assert ((0, 10), (2**32, 2**32 + 10)) == box(dialog)


def test_text_of_files_is_plain(qtbot):
    """Names and axes are shown as text, cut to a length."""
    evil = "<img src='file:///etc/passwd'>" * 20
    pyramid = Pyramid(
        names=(evil,) * 30,
        axes=(evil,),
        shapes=((10,),),
        dtype="uint8",
        pixel_bytes=1,
        view=((0, 10),),
        limit=10**9,
    )
    dialog = LoadDialog(pyramid)
    qtbot.addWidget(dialog)

    labels = dialog.findChildren(QLabel)
    ours = [label for label in labels if "img" in label.text()]

    assert len(ours) == 2
    for label in ours:
        assert Qt.TextFormat.PlainText == label.textFormat()
        assert "<" not in label.text()
        assert max(map(len, label.text().splitlines())) <= 60
    assert "22 more" in ours[0].text() + ours[1].text()


@pytest.mark.parametrize(
    ("nbytes", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (12.6e6, "12.6 MB")],
)
def test_bytes_in_words(nbytes, text):
    """A size to be read; number and unit stay on one line."""
    assert text.replace(" ", "\N{NO-BREAK SPACE}") == in_words(nbytes)


def test_huge_sizes_in_words():
    """The largest unit there is takes the rest."""
    assert in_words(10**21).startswith("1000000.0")
