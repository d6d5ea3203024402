"""Tables of channels, label values and levels."""

import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QColor
from qtpy.QtWidgets import QApplication, QColorDialog

from napari_ngff.widgets.metadata.channel_grid import NAME, channel_grid
from napari_ngff.widgets.metadata.grid_section import GridSection
from napari_ngff.widgets.metadata.label_grid import label_grid, meant
from napari_ngff.widgets.metadata.labels_section import LabelsSection
from napari_ngff.widgets.metadata.levels_table import LevelsTable
from napari_ngff.widgets.metadata.look import Colors
from napari_ngff.widgets.metadata.plane_row import PlaneRow

OMERO = {
    "channels": [
        {
            "label": "DAPI",
            "color": "0000FF",
            "active": True,
            "window": {"start": 0, "end": 1500.5, "min": 0, "max": 65535},
        },
        {"label": "<b>GFP</b>", "color": "00FF00", "active": False},
    ]
}
COLUMNS = ("Show", "", "Name", "Order", "Start", "End", "Min", "Max")


def shown(qtbot, section):
    qtbot.addWidget(section)
    section.show_colors(Colors("dark"))
    section.resize(600, 300)
    section.show()
    return section


@pytest.fixture
def channels(qtbot, shows):
    """Return the table of two channels."""
    session = shows(omero=OMERO)
    return shown(qtbot, GridSection(session, channel_grid, stretched=NAME))


def index(section, row, head):
    return section.table.model_.index(row, COLUMNS.index(head))


def text(section, row, head):
    return index(section, row, head).data()


def edit(qtbot, section, row, head, typed):
    """Type into a cell as a user does."""
    table = section.table
    QApplication.processEvents()  # Qt closes the last editor some time later
    table.edit(index(section, row, head))
    editor = next(w for w in table.viewport().children() if hasattr(w, "commit"))
    editor.selectAll()
    qtbot.keyClicks(editor, typed)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def stated(section, channel):
    return section.session.draft.group.rendering.channels[channel]


def test_channels_are_shown(channels):
    """Names as plain text; what a file leaves out is empty."""
    rows = [[text(channels, row, head) for head in COLUMNS[2:]] for row in (0, 1)]

    assert ["DAPI", "1", "0", "1500.5", "0", "65535"] == rows[0]
    assert "<" not in rows[1][0]
    assert ["2", *[""] * 4] == rows[1][1:]
    checked = [
        index(channels, row, "Show").data(Qt.ItemDataRole.CheckStateRole)
        for row in (0, 1)
    ]
    assert [Qt.CheckState.Checked, Qt.CheckState.Unchecked] == checked


def test_cells_are_edited_and_reverted(channels, qtbot):
    """By typing, by the box, by the colour's dialog; the arrow takes it back."""
    table = channels.table
    edit(qtbot, channels, 0, "End", "1/3")
    edit(qtbot, channels, 1, "Name", "GFP")
    box = table.visualRect(index(channels, 0, "Show"))
    qtbot.mouseClick(
        table.viewport(),
        Qt.MouseButton.LeftButton,
        pos=QPoint(box.left() + 11, box.center().y()),
    )
    dialog = table.choose_color(0, 1)
    assert not dialog.testOption(QColorDialog.ColorDialogOption.ShowAlphaChannel)
    dialog.colorSelected.emit(QColor("#ff8000"))
    dialog.close()

    first = stated(channels, 0)
    assert (1 / 3, False, "FF8000") == (first.window.end, first.active, first.color)
    assert "GFP" == stated(channels, 1).label
    role = Qt.ItemDataRole.ForegroundRole
    assert QColor(Colors("dark").edited) == index(channels, 0, "End").data(role)
    assert index(channels, 0, "Start").data(role) is None
    cell = table.visualRect(index(channels, 0, "End"))
    arrow = QPoint(cell.right() - 6, cell.center().y())
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=arrow)
    assert 1500.5 == stated(channels, 0).window.end
    assert "GFP" == stated(channels, 1).label


def test_what_cannot_be_taken_is_told(channels, qtbot):
    """The draft stays as it is."""
    edit(qtbot, channels, 0, "End", "many")

    assert "This is no number" in channels.fault.text()
    assert not channels.session.draft.is_changed


def test_an_image_without_channels_has_rows_for_them(qtbot, shows):
    """As many as its channel axis is long; the first edit makes the block."""
    section = shown(qtbot, GridSection(shows(), channel_grid, stretched=NAME))
    edit(qtbot, section, 1, "Name", "GFP")

    assert 2 == section.grid.count
    assert "GFP" == stated(section, 1).label


def test_labels_have_colours_and_properties(qtbot, shows):
    """A row a value, a column a property; nested ones are not edited here."""
    block = {
        "version": "0.4",
        "colors": [{"label-value": 2, "rgba": [1, 2, 3, 4]}],
        "properties": [{"label-value": 1, "name": "7", "area": 3.5, "at": [1, 2]}],
    }
    session = shows(shape=(8, 8), axes="yx", image_label=block)
    section = shown(qtbot, GridSection(session, label_grid, stretched=-1))
    grid = section.grid

    assert ("Label", "", "name", "area", "at") == grid.heads
    assert ["1", "2"] == [grid.cell(row, 0).value for row in (0, 1)]
    assert ["7", "3.5", "[1, 2]"] == [grid.cell(0, c).value for c in (2, 3, 4)]
    assert (1, 2, 3, 4) == grid.cell(1, 1).value
    assert "fact" == grid.cell(0, 4).kind
    section._wish(0, 3, "4.25", "new")
    section._wish(0, 2, "8", "new")
    section._wish(1, 1, (9, 9, 9, 255), "new")
    label = session.draft.group.image_label
    assert {"name": "8", "area": 4.25, "at": [1, 2]} == dict(label.properties[1])
    assert (9, 9, 9, 255) == label.colors[2]
    assert section.grid.cell(1, 1).edited
    section._revert(1, 1)
    assert (1, 2, 3, 4) == section.grid.cell(1, 1).value


@pytest.mark.parametrize(
    ("typed", "before", "expected"),
    [
        ("7", "6", "7"),
        ("7", 6, 7),
        ("0.5", None, 0.5),
        ("true", False, True),
        ("cell", 3, "cell"),
        ("", 3, None),
    ],
)
def test_a_property_is_what_it_looks_like(typed, before, expected):
    """A text stays one."""
    found = meant(typed, before)

    assert (expected, type(expected)) == (found, type(found))


def test_levels_that_are_elsewhere_are_told_and_mended(qtbot, shows):
    """With what is stated and what should be; reverted by itself."""
    scales = ([1, 1, 0.5, 0.5], [1, 2, 1, 3])
    transforms = [{"type": "scale", "scale": scale} for scale in scales]
    session = shows(transforms=transforms)
    section = shown(qtbot, LevelsTable(session))

    assert ["0", "⚠ 1"] == [section.grid.cell(row, 0).value for row in (0, 1)]
    assert "2 × 4 × 16 × 16" == section.grid.cell(0, 1).value  # noqa: RUF001
    assert "1, 2, 1, 3 → 1" == section.grid.cell(1, 2).value
    assert "It is elsewhere along x." == section.grid.cell(1, 0).tip
    assert section.told.text().startswith("Level 1 is not where")
    assert not section.revert.isVisible()
    section.repair.click()
    assert not section.told.isVisible()
    assert not section.repair.isVisible()
    section.revert.click()
    assert section.told.isVisible()
    assert not session.draft.is_changed


def test_labels_and_properties_are_added(qtbot, shows):
    """A value gets a colour, a property a column; the first edit of it writes it."""
    block = {"version": "0.4", "colors": [{"label-value": 2, "rgba": [1, 2, 3, 4]}]}
    session = shows(shape=(8, 8), axes="yx", image_label=block)
    section = shown(qtbot, LabelsSection(session))
    assert not section.add_value.isEnabled()

    for typed, said in (("2", "already"), ("1.5", "whole number"), ("x", "no number")):
        section.value.setText(typed)
        section.add_value.click()
        assert said in section.fault.text()
    assert not session.draft.is_changed
    section.value.setText("7")
    qtbot.keyClick(section.value, Qt.Key.Key_Return)
    section.key.setText("cell type")
    section.add_key.click()
    assert ("Label", "", "cell type") == section.grid.heads
    section._wish(1, 2, "neuron", "new")
    label = session.draft.group.image_label
    assert {2: (1, 2, 3, 4), 7: (255, 255, 255, 255)} == dict(label.colors)
    assert {7: {"cell type": "neuron"}} == {
        v: dict(p) for v, p in label.properties.items()
    }
    assert ("", "") == (section.fault.text(), section.value.text())


def test_the_plane_that_is_shown_first_is_edited(qtbot, shows):
    """By axis, where there are several planes; nothing states nothing."""
    omero = {**OMERO, "rdefs": {"defaultT": 1, "defaultZ": 2}}
    session = shows(shape=(3, 2, 4, 8, 8), axes="tczyx", omero=omero)
    row = shown(qtbot, PlaneRow(session))
    t, z = row.fields["t"], row.fields["z"]

    assert ("1", "2") == (t.text(), z.text())
    z.take("3")
    t.take("")
    rendering = session.draft.group.rendering
    assert (None, 3) == (rendering.default_t, rendering.default_z)
    z.take("-1")
    assert z.fault
    t.revert()
    assert ("1", 1) == (t.text(), session.draft.group.rendering.default_t)


def test_only_colours_of_labels_can_be_seen_through(qtbot, shows):
    """The dialog asks for opacity where the format has it, and begins with it."""
    block = {"version": "0.4", "colors": [{"label-value": 2, "rgba": [1, 2, 3, 4]}]}
    session = shows(shape=(8, 8), axes="yx", image_label=block)
    section = shown(qtbot, LabelsSection(session))
    option = QColorDialog.ColorDialogOption.ShowAlphaChannel

    dialog = section.table.choose_color(0, 1)
    assert dialog.testOption(option)
    assert (1, 2, 3, 4) == dialog.currentColor().getRgb()
    dialog.colorSelected.emit(QColor(5, 6, 7, 8))
    dialog.close()
    assert (5, 6, 7, 8) == session.draft.group.image_label.colors[2]
