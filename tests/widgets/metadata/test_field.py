"""Lines of text that edit values: numbers in full, words from a list, and back."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from napari_ngff.widgets.metadata.choice import Choice
from napari_ngff.widgets.metadata.field import Field
from napari_ngff.widgets.metadata.number_edit import NumberEdit
from napari_ngff.widgets.metadata.unit_box import UnitBox


@pytest.fixture
def number(qtbot):
    """Return a field for a number that shows 1.5."""
    field = NumberEdit()
    qtbot.addWidget(field)
    field.show_number(1.5)
    return field


def values_of(widget):
    """Return the list that the values of a widget will be in."""
    found = []
    widget.valued.connect(found.append)
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("0.16254371", 0.16254371), ("1e-4", 1e-4), ("1/6", 1 / 6), (" 3 ", 3)],
)
def test_a_number_is_taken_as_it_is_typed(number, qtbot, typed, expected):
    """Return takes it at once, in full."""
    found = values_of(number)
    number.selectAll()
    qtbot.keyClicks(number, typed)
    qtbot.keyClick(number, Qt.Key.Key_Return)

    assert [expected] == found
    assert type(expected) is type(found[0])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (1.0, "1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-9, "1e-09"),
        (-0.0, "-0"),
        (1e22, "1e+22"),
    ],
)
def test_a_number_is_shown_with_all_its_digits(number, value, text):
    """Nothing is rounded but the fraction of whole numbers left out."""
    number.show_number(value)

    assert text == number.text()


def test_what_is_typed_is_told_while_it_is(number, qtbot):
    """After a pause, as going on with the same; what is shown meanwhile stays."""
    found, steps = values_of(number), []
    number.valued.connect(lambda _: steps.append(number.step))
    number.valued.connect(number.show_number)
    number.selectAll()
    for key in ("2", ".", "0", "4"):
        qtbot.keyClicks(number, key)
        number.commit()

    assert [2, 2.0, 2.0, 2.04] == found
    assert ["new", "same", "same", "same"] == steps
    assert "2.04" == number.text()
    qtbot.keyClick(number, Qt.Key.Key_Return)
    qtbot.keyClicks(number, "1")
    with qtbot.waitSignal(number.valued, timeout=2000):
        pass
    assert "new" == steps[-1]


def test_a_field_that_is_only_looked_at_wishes_nothing(number, qtbot):
    """Neither Return nor leaving it."""
    found = values_of(number)
    number.show_number(1 / 3)
    qtbot.keyClick(number, Qt.Key.Key_Return)
    number.finish()

    assert [] == found


def test_what_cannot_be_understood_stays_to_be_mended(number, qtbot):
    """It says why; Escape shows the value again, and so does another one."""
    told = []
    number.faulted.connect(told.append)
    number.selectAll()
    qtbot.keyClicks(number, "1,5")
    qtbot.keyClick(number, Qt.Key.Key_Return)

    assert ["Use a point for decimals: 1.5"] == told
    assert ("1,5", "wrong") == (number.text(), number.property("state"))
    assert told[0] == number.toolTip()
    qtbot.keyClick(number, Qt.Key.Key_Escape)
    assert ("1.5", "stored", "") == (
        number.text(),
        number.property("state"),
        told[-1],
    )
    number.take("x")
    number.show_number(7)
    assert ("7", "stored") == (number.text(), number.property("state"))


def test_an_edited_field_can_be_reverted(qtbot):
    """The arrow is there while it is edited, and gives up what is typed."""
    field = Field()
    qtbot.addWidget(field)
    field.show_value("new", "edited")
    qtbot.keyClicks(field, "er")

    assert "edited" == field.property("state")
    (arrow,) = field.actions()
    with qtbot.waitSignal(field.reverted):
        arrow.trigger()
    assert "new" == field.text()
    field.show_value("old")
    assert ([], "old") == (field.actions(), field.text())


def test_text_of_a_file_is_shown_as_it_is(qtbot):
    """No rich text in the field nor in its tip; nobody touches what is not edited."""
    field = Field()
    qtbot.addWidget(field)
    found = values_of(field)
    field.show_value("<b>a\u202eb</b>")
    field.finish()

    assert "<" not in field.text()
    assert "\u202e" not in field.text()
    assert [] == found


def test_units_are_searched_and_synonyms_understood(qtbot):
    """What is typed is the specification's name if it means one, else as it is."""
    box = UnitBox()
    qtbot.addWidget(box)
    box.offer_kind("space")
    box.show_value("nanometer")
    found = values_of(box)
    for typed in ("um", "Å", "furlong", "micrometer (μm)", ""):
        box.field.take(typed)

    assert ["micrometer", "angstrom", "furlong", "micrometer", None] == found
    box.activated.emit(box.findData("nanometer"))  # it is so already
    assert 5 == len(found)
    assert "micrometer (μm)" == box.itemText(1)
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert "micrometer" == found[-1]
    assert "nanometer" == box.field.text()  # until the draft says otherwise
    assert 0 == box.findText("(none)")


def test_the_wheel_scrolls_the_page_and_changes_nothing(qtbot):
    """A list ignores it."""
    box = Choice()
    qtbot.addWidget(box)
    box.offer([("a", "a"), ("b", "b")])
    box.show_value("a")
    found = values_of(box)
    box.show()
    from qtpy.QtCore import QPoint, QPointF
    from qtpy.QtGui import QWheelEvent

    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)

    assert ([], "a") == (found, box.field.text())
    assert not event.isAccepted()
    box.close()
