"""The table of axes: what it shows, wishes, reverts, and how it is laid out."""

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from napari_ngff.metadata.editing import SetPixelSize
from napari_ngff.widgets.metadata.axes_table import AxesTable
from napari_ngff.widgets.metadata.axis_rows import axis_rows


@pytest.fixture
def table(qtbot, shows):
    """Return a function that gives the table of an image's axes."""

    def make(**kwargs):
        table = AxesTable(shows(**kwargs))
        qtbot.addWidget(table)
        table.resize(800, 300)
        table.show()
        return table

    return make


def texts(table, column):
    """Return what a column says, axis by axis."""
    lines = table.lines[: len(table._rows)]
    return [line.fields()[column].text() for line in lines]


def menu(table, index):
    """Return the entries of an axis's menu by their text."""
    found = table.lines[index].cells["menu"].menu()
    found.aboutToShow.emit()
    return {action.text(): action for action in found.actions() if action.text()}


def test_axes_are_shown_with_what_follows_from_them(table):
    """Name, type, unit, pixel size and origin; pixels and what they cover."""
    shown = table(scale=(1, 2.5, 0.325, 0.325), translation=(0, 0, -7, 0))

    assert ["c", "z", "y", "x"] == texts(shown, "name")
    assert ["channel", "space", "space", "space"] == texts(shown, "type")
    assert ["", *["micrometer"] * 3] == texts(shown, "unit")
    assert ["1", "2.5", "0.325", "0.325"] == texts(shown, "size")
    assert ["0", "0", "-7", "0"] == texts(shown, "origin")
    facts = [
        tuple(line.cells[c].text() for c in ("length", "extent"))
        for line in shown.lines
    ]
    assert [("2", ""), ("4", "10 μm"), ("16", "5.2 μm"), ("16", "5.2 μm")] == facts


def test_what_is_typed_is_edited_and_reverted(table):
    """All levels follow; one field is reverted by itself."""
    shown = table(scale=(1, 2, 0.5, 0.5))
    x = shown.lines[3]
    x.cells["size"].take("0.16254371")
    x.cells["name"].take("X")
    draft = shown.session.draft

    assert 0.16254371 == axis_rows(draft)[3].size
    assert "edited" == x.cells["size"].property("state")
    second = draft.multiscale.levels[1].transform
    assert "0.32508742" in str(second)
    x.cells["size"].revert()
    assert (["0.5", "X"], False) == (
        [x.cells[c].text() for c in ("size", "name")],
        shown.session.draft.is_edited(("pixel_size", 3)),
    )


def test_typing_is_one_step_of_undo(table, qtbot):
    """However often it was told meanwhile."""
    shown = table(scale=(1, 2, 0.5, 0.5))
    size = shown.lines[1].cells["size"]
    size.selectAll()
    for key in "0.75":
        qtbot.keyClicks(size, key)
        size.commit()
    size.finish()

    assert 0.75 == axis_rows(shown.session.draft)[1].size
    shown.session.undo()
    assert not shown.session.draft.wishes
    assert "2" == size.text()


def test_a_new_unit_relabels_or_converts(table):
    """As is chosen below the table; a word of one's own is warned of."""
    shown = table(scale=(1, 2, 0.1, 0.1))
    unit, size = (shown.lines[3].cells[c] for c in ("unit", "size"))
    unit.field.take("nm")

    assert ("nanometer", "0.1") == (unit.field.text(), size.text())
    shown.session.undo()
    shown.unit_changes.value = "size"
    unit.field.take("nm")
    assert ("nanometer", "100") == (unit.field.text(), size.text())
    assert not shown.notes.isVisible()
    unit.field.take("cubits")
    assert shown.fault.text().startswith("Unit of x: ")
    shown.unit_changes.value = "number"
    unit.field.take("cubits")
    assert (False, True) == (shown.fault.isVisible(), shown.notes.isVisible())
    assert shown.notes.text().startswith("x: 'cubits' is no unit")


def test_one_axis_is_used_for_all_of_space(table):
    """Unit and pixel size, from the menu of an axis; and an axis is reverted whole."""
    shown = table(scale=(1, 2, 0.5, 0.5))
    shown.lines[1].cells["unit"].field.take("mm")
    menu(shown, 1)["Use this unit for z, y and x"].trigger()
    menu(shown, 1)["Use this pixel size for z, y and x"].trigger()

    assert ["", *["millimeter"] * 3] == texts(shown, "unit")
    assert ["1", "2", "2", "2"] == texts(shown, "size")
    assert ["Revert c: as it is in the file"] == list(menu(shown, 0))
    menu(shown, 2)["Revert y: as it is in the file"].trigger()
    assert ["1", "2", "0.5", "2"] == texts(shown, "size")
    assert "micrometer" == texts(shown, "unit")[2]


def test_what_cannot_be_is_told_beneath(table):
    """By axis and column; the draft stays as it was."""
    shown = table()
    before = shown.session.draft
    shown.lines[1].cells["size"].take("wide")

    assert shown.fault.text().startswith("Pixel size of z: This is no number.")
    assert before is shown.session.draft
    shown.lines[1].cells["size"].take("0")
    assert shown.fault.text().startswith("Pixel size of z: ")
    assert "wrong" == shown.lines[1].cells["size"].property("state")
    assert not shown.session.draft.is_changed
    shown.lines[1].cells["size"].take("3")
    assert ("", False) == (shown.fault.text(), shown.fault.isVisible())


def test_it_fits_narrow_docks_and_wide_ones(table):
    """A row an axis or a few lines; nothing is lost when it changes."""
    shown = table(version="0.9", shape=(3, 2, 4, 16, 16), axes="tczyx")
    shown.lines[4].cells["longName"].take("left to right")
    shown.lines[4].cells["orientation"].field.take("left-to-right")
    shown.lines[1].cells["discrete"].click()

    assert shown.minimumSizeHint().width() <= 268
    for width, rows in ((268, 5), (1100, 1)):
        shown.resize(width, 800)
        QApplication.processEvents()
        tops = {cell.y() for cell in shown.lines[4].cells.values()}
        assert rows == len({top // 12 for top in tops})
        hidden = [c for c in shown.lines[4].cells.values() if not c.isVisible()]
        assert [] == hidden
    axes = shown.session.draft.multiscale.axes
    assert {"type": "anatomical", "value": "left-to-right"} == axes[4].orientation
    assert ("left to right", True) == (axes[4].long_name, axes[1].discrete)
    assert "edited" == shown.lines[1].cells["discrete"].property("state")
    shown.lines[4].cells["longName"].take("")
    shown.lines[4].cells["orientation"].field.take("")
    shown.lines[4].cells["name"].take("")
    assert shown.lines[4].cells["name"].fault
    axis = shown.session.draft.multiscale.axes[4]
    assert ("x", None, None) == (axis.name, axis.long_name, axis.orientation)


def test_another_image_has_other_axes(table, shows, tmp_path):
    """Lines that are not needed are hidden, and there again when they are."""
    from cases.build import build_image
    from napari_ngff.dataset.draft import Draft

    shown = table()
    flat = build_image(tmp_path / "flat.zarr", shape=(8, 8), axes="yx")
    first = shown.session.draft
    shown.session.show(Draft.open(flat), subject="store")

    assert ["y", "x"] == texts(shown, "name")
    assert not shown.lines[2].cells["name"].isVisible()
    shown.session.edit(SetPixelSize(axis=1, size=9))
    shown.session.show(first, subject="store")
    assert ["c", "z", "y", "x"] == texts(shown, "name")
    assert all(line.cells["name"].isVisible() for line in shown.lines)
    assert texts(shown, "size") == [
        str(axis_rows(first)[i].size).removesuffix(".0") for i in range(4)
    ]


def test_a_matrix_leaves_no_room_for_single_numbers(table):
    """Pixel size and origin cannot be typed then; the tip says why."""
    matrix = [
        [1, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
        [0, 0, 0.8, -0.6, 0],
        [0, 0, 0.6, 0.8, 0],
    ]
    shown = table(
        version="0.6",
        transforms=[{"type": "affine", "affine": matrix}] * 2,
    )
    size = shown.lines[3].cells["size"]

    assert ("", False) == (size.text(), size.isEnabled())
    assert "matrix" in size.toolTip()


def test_the_tab_key_goes_through_axes_one_after_another(qtbot, shows):
    """From what is above, axis by axis, to what is below; also of another image."""
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    above, below = QPushButton("Above"), QPushButton("Below")
    table = AxesTable(shows())
    for widget in (above, table, below):
        layout.addWidget(widget)
    window.show()
    for width in (900, 320):
        window.resize(width, 500)
        QApplication.processEvents()
        names = [w.accessibleName() for w in tab_stops(above, below)]

        named = [name for name in names if name.startswith(("name of", "size of"))]
        expected = [f"{what} of {axis}" for axis in "czyx" for what in ("name", "size")]
        assert expected == named
        assert "A new unit" == names[-1]


def tab_stops(first, last):
    """Return what the Tab key goes through between two widgets."""
    found, widget = [], first.nextInFocusChain()
    while widget is not last:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found
