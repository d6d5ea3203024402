"""Change sharding: choices, and what the preview says that they lead to."""

from __future__ import annotations

import shutil

import pytest
from qtpy.QtCore import Qt

from cases.build import build_image
from napari_ngff.dataset.inspecting.findings import Findings
from napari_ngff.storage.chunks.compression import Compression
from napari_ngff.widgets.layout.reshard_dialog import ReshardDialog
from napari_ngff.widgets.layout.resharding import axis_choices, proposed
from napari_ngff.widgets.layout.session import Session


@pytest.fixture
def session(tmp_path):
    """Give a session that shows an image of a file per chunk."""
    path = build_image(tmp_path / "cells.zarr", version="0.5", chunks=(1, 2, 8, 8))
    session = Session()
    session.show(Findings.open(str(path)))
    return session


@pytest.fixture
def dialog(session, qtbot):
    """Give the dialog that asks how that is to be re-sharded."""
    url = session.location.url
    found = ReshardDialog(url, axis_choices(session), "", f"{url}-new.zarr", None)
    found.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(found)
    planned(qtbot, found)
    return found


def planned(qtbot, dialog):
    """Wait until the preview shows what the choices lead to."""
    qtbot.waitUntil(lambda: not dialog._timer.isActive(), timeout=5000)
    qtbot.waitUntil(lambda: dialog._job is None, timeout=10_000)


def row_of(dialog):
    """Return the first row of the preview."""
    table = dialog.preview.table
    return [table.item(0, column).text() for column in range(table.columnCount())]


def said(dialog):
    """Return what is said below the table, and in its notes."""
    notes = [text for _, text, _ in dialog.preview.notes.notes]
    return " ".join([dialog.preview.summary.text(), *notes])


def test_a_place_that_cannot_be_is_said(dialog, session, qtbot):
    """Neither the store itself as a new one, nor nowhere."""
    assert dialog.button.isEnabled()

    dialog.form.target.setText(session.location.url)
    planned(qtbot, dialog)
    assert "in place" in said(dialog)
    assert not dialog.button.isEnabled()

    dialog.form.target.setText("")
    planned(qtbot, dialog)
    assert "Choose where" in said(dialog)
    assert not dialog.button.isEnabled()


def test_other_chunks_or_packing_are_decoded_and_that_is_said(dialog, qtbot):
    """Shards alone are copied."""
    assert "copied" == row_of(dialog)[6]

    dialog.form.chunks["x"].setValue(16)
    planned(qtbot, dialog)
    assert "decoded" == row_of(dialog)[6]
    assert "decoded and packed again" in said(dialog)

    dialog.form.chunks["x"].setValue(8)
    dialog.form.codec.choose("zstd")
    planned(qtbot, dialog)
    assert "decoded" == row_of(dialog)[6]
    assert Compression(name="zstd") == dialog.plan.options.compression


def test_a_file_per_chunk_leaves_nothing_to_do(dialog, qtbot):
    """That is what there is, and shards are not asked for then."""
    dialog.form.files.choose("none")
    planned(qtbot, dialog)

    assert not dialog.form.shards["x"].isEnabled()
    assert not dialog.form.order.isEnabled()
    assert "none" == dialog.plan.options.shard


def test_a_plan_is_wanted_as_it_is_shown(dialog, qtbot):
    """The button hands on what the preview says, in the order that is chosen."""
    dialog.form.order.choose("C")
    planned(qtbot, dialog)

    with qtbot.waitSignal(dialog.wanted) as wanted:
        dialog.button.click()
    assert "C" == wanted.args[0].options.order


def test_a_new_store_is_proposed_beside_the_old_one(session, tmp_path):
    """Under a name that is free; a folder that is there is left alone."""
    first = tmp_path / "cells-resharded.ome.zarr"
    assert str(first) == proposed(session.location)

    shutil.copytree(session.location.url, first)
    second = tmp_path / "cells-resharded-2.ome.zarr"
    assert str(second) == proposed(session.location)
