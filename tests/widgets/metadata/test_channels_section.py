"""Channels moved among the layers: by buttons, by typing, on the open layers."""

import pytest
from napari.components import ViewerModel
from napari.layers import Layer, Points

from cases.build import build_image
from napari_ngff import read_layers
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import SetChannel, SetChannelOrder
from napari_ngff.widgets.metadata.channels_section import ChannelsSection
from napari_ngff.widgets.metadata.layer_preview import LayerPreview
from napari_ngff.widgets.metadata.look import Colors

ORDER = 3
WINDOW = {"start": 0, "end": 9, "min": 0, "max": 255}
OMERO = {
    "channels": [
        {"label": label, "color": "00FF00", "window": WINDOW} for label in "abc"
    ]
}
IMAGE = {"axes": "cyx", "shape": (3, 8, 8), "levels": 1, "omero": OMERO}


def order(section):
    return section.session.draft.group.rendering.order


def places(section):
    return [section.grid.cell(row, ORDER).value for row in range(section.grid.count)]


def test_a_channel_is_moved_and_the_order_reverted(qtbot, shows):
    """By buttons, as far as it goes, and by its place; one field in all."""
    session = shows(**IMAGE)
    section = ChannelsSection(session)
    qtbot.addWidget(section)
    section.show_colors(Colors("dark"))
    section.show()
    assert [False, False] == [b.isEnabled() for b in (section.up, section.down)]
    table = section.table
    table.setCurrentIndex(table.model_.index(0, 0))
    assert [True, False] == [b.isEnabled() for b in (section.up, section.down)]

    section.up.click()
    assert ((1, 0, 2), ["2", "1", "3"]) == (order(section), places(section))
    section.up.click()
    assert (1, 2, 0) == order(section)
    assert [False, True] == [b.isEnabled() for b in (section.up, section.down)]
    section.down.click()
    section._wish(2, ORDER, 1, "new")
    assert (2, 1, 0) == order(section)
    section._wish(2, ORDER, 4, "new")
    assert "from 1 to 3" in section.fault.text()
    edited = [section.grid.cell(row, ORDER).edited for row in range(3)]
    assert [True, False, True] == edited
    session.undo()
    assert (1, 0, 2) == order(section)
    section._revert(1, ORDER)
    assert ["1", "2", "3"] == places(section)
    assert not session.draft.is_changed


def test_one_channel_has_no_order(qtbot, shows):
    """Nor are there buttons; the other columns are what they were."""
    section = ChannelsSection(shows(axes="yx", shape=(8, 8), levels=1))
    qtbot.addWidget(section)
    section.show()

    assert "Order" not in section.grid.heads
    assert not section.up.isVisible()
    section._wish(0, ORDER, 4, "new")
    channel = section.session.draft.group.rendering.channels[0]
    assert 4 == channel.window.start


@pytest.fixture
def opened(tmp_path):
    """Return a viewer with an image, another layer between its channels, a preview."""
    path = build_image(tmp_path / "a.zarr", **IMAGE)
    viewer = ViewerModel()
    for each in read_layers(path):
        viewer.add_layer(Layer.create(*each))
    viewer.layers.insert(1, Points(name="points"))
    return viewer, LayerPreview(viewer), Draft.open(path)


def names(viewer):
    return [layer.name for layer in viewer.layers]


def test_open_layers_are_moved_and_go_back(opened):
    """Among their own places; what somebody moved meanwhile stays."""
    viewer, preview, draft = opened
    own = ["a", "points", "b", "c"]
    assert own == names(viewer)
    moved = draft.edited(SetChannelOrder(order=(2, 0, 1)))

    preview.show(moved)
    assert ["c", "points", "a", "b"] == names(viewer)
    viewer.layers.move(0, 4)
    preview.show(moved.edited(SetChannel(channel=0, member="active", value=False)))
    assert ["points", "a", "b", "c"] == names(viewer)
    preview.show(moved.edited(SetChannelOrder(order=(1, 0, 2))))
    assert ["points", "b", "a", "c"] == names(viewer)
    preview.show(draft)
    assert ["points", "a", "b", "c"] == names(viewer)
    preview.show(moved)
    del viewer.layers["b"]
    preview.stop()
    assert ["points", "a", "c"] == names(viewer)


def test_what_is_saved_or_applied_stays(opened):
    """After a save; applied, the order is the file's until that is edited."""
    viewer, preview, draft = opened
    moved = draft.edited(SetChannelOrder(order=(2, 0, 1)))

    preview.keep(draft, moved)
    preview.withdraw()
    assert ["c", "points", "a", "b"] == names(viewer)
    preview.apply(draft)
    assert ["a", "points", "b", "c"] == names(viewer)
    preview.apply(moved)
    assert ["c", "points", "a", "b"] == names(viewer)
    preview.show(draft)
    assert ["a", "points", "b", "c"] == names(viewer)
    preview.stop()
