"""The editor's lines and boxes as widgets of magicgui, and what that keeps of them."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QLabel, QWidget

from napari_ngff.widgets.metadata.form_field import FormField
from napari_ngff.widgets.metadata.forms import combo_box, form, push_button, put_in
from napari_ngff.widgets.metadata.number_edit import NumberEdit


@pytest.fixture
def number(qtbot):
    """Return a line for a number in a form that is shown, and the page it is on."""
    found, page = FormField("z", name="Shown first along z", kind=NumberEdit), QWidget()
    found.native.allow_none()
    put_in(page, form(form(found, layout="horizontal", label="Shown first")))
    qtbot.addWidget(page)
    page.show()
    return found, page


def test_a_form_has_the_value_that_was_typed(qtbot, number):
    """In full precision, and None where nothing is; what is only painted is no wish."""
    field, _ = number
    wishes = []
    field.changed.connect(wishes.append)
    field.native.show_number(1)
    assert (1, []) == (field.value, wishes)

    for typed in ("0.16254371", "", "1/4"):
        field.native.selectAll()
        qtbot.keyClicks(field.native, typed or "\b")
        qtbot.keyClick(field.native, Qt.Key.Key_Return)
    field.value = 7
    field.value = None
    assert [0.16254371, None, 0.25, 7, None] == wishes


def test_a_field_and_its_label_go_together(number):
    """Both are there or are not; those who see neither are told the name."""
    field, page = number
    heads = {each.text(): each for each in page.findChildren(QLabel)}
    assert {"Shown first", "z"} == set(heads)
    assert "Shown first along z" == field.native.accessibleName()

    field.visible = False
    assert not heads["z"].isVisible()
    field.visible = True
    assert heads["z"].isVisible()
    field.enabled = False
    assert not field.native.isEnabled()


def test_a_field_is_all_that_magicgui_asks_for(number):
    """Sizes, tips, parents and pictures."""
    field, page = number
    field.tooltip, field.min_width, field.max_width = "Index", 50, 80
    field.min_height, field.max_height = 10, 20
    QApplication.processEvents()
    assert ("Index", 50, 80) == (field.tooltip, field.min_width, field.max_width)
    assert (10, 20) == (field.min_height, field.max_height)
    assert 50 <= field.width <= 80
    assert (field.height, field.width) == field.render().shape[:2]
    field.width, field.height = 60, 15
    assert (60, 15) == (field.native.width(), field.native.height())

    moved = []
    field.native_parent_changed.connect(moved.append)
    field.native.setParent(page)
    field.parent = None
    assert [page, None] == moved
    assert field.parent is None
    assert field.root_native_widget is field.native
    field.close()


def test_lists_and_buttons_are_ours(qtbot):
    """Choices are asked for anew; Return in a field presses no button."""
    words = [("one", 1), ("two", 2)]
    box = combo_box(lambda _: words, name="Count", tip="How many")
    button = push_button("Go", "Goes")
    page = form(box, button)
    qtbot.addWidget(page.native)
    words.append(("three", 3))
    box.reset_choices()

    box.value = 3
    assert "three" == box.native.currentText()
    assert "Count" == box.native.accessibleName()
    assert not button.native.autoDefault()
    assert "Goes" == button.tooltip
