"""Editing in a terminal: what is typed, printed and saved."""

import json

import pytest

from cases.build import build_image
from napari_ngff import read
from napari_ngff.cli import main


@pytest.fixture
def image(tmp_path, monkeypatch):
    """Return an image whose history is kept nowhere else."""
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path / "history"))
    omero = {"channels": [{"color": "FF0000"}, {"color": "00FF00"}]}
    return build_image(tmp_path / "a.zarr", version="0.5", omero=omero)


TYPED = """
--name new --axis z:unit=nanometer --axis z:name=depth --axis c:type=none --keep size
--pixel-size z=1/4,y=0.5 --origin x=-7
--channel 1:name=DAPI,color=0000FF,active=no --channel-order 1,0
"""
WISHES = TYPED.split()


def test_edit_undo_and_history(image, capsys):
    """What changed is printed, listed, and taken back."""
    document = image / "zarr.json"
    before = document.read_bytes()

    assert 0 == main(["edit", str(image), *WISHES, "--dry-run"])
    dry = capsys.readouterr().out
    assert before == document.read_bytes()
    assert 0 == main(["edit", str(image), *WISHES])
    assert dry == capsys.readouterr().out
    node = read(image)
    assert "new" == node.multiscale.name
    assert ["c", "depth", "y", "x"] == [axis.name for axis in node.multiscale.axes]
    assert "nanometer" == node.multiscale.axes[1].unit
    assert (1, 0) == node.group.rendering.order
    channel = node.group.rendering.channels[1]
    assert ("DAPI", "0000FF", False) == (channel.label, channel.color, channel.active)

    assert 0 == main(["edit", str(image), "--history"])
    assert "channel 1 label" in capsys.readouterr().out
    assert 0 == main(["edit", str(image), "--undo"])
    assert '"new" → "image"' in capsys.readouterr().out
    assert before == document.read_bytes()
    assert 2 == main(["edit", str(image), "--undo"])
    assert "no earlier version" in capsys.readouterr().err


def test_the_json_patch_is_printed(image, capsys):
    """By key of the document."""
    assert 0 == main(["edit", str(image), "--name", "new", "--json-patch"])

    found = json.loads(capsys.readouterr().out)
    assert "replace" == found["zarr.json"][1]["op"]
    assert "image" == read(image).multiscale.name
    assert 0 == main(["edit", str(image), "--history"])
    assert "No earlier version" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("--axis z", "does not begin with a name and a colon"),
        ("--pixel-size 2", "not a name and a value"),
        ("--pixel-size z=q", "This is no number"),
        ("--channel-order 1;0", "is not the numbers of channels"),
        ("--channel-order 1", "each whole number from 0 to 1 once"),
        ("--undo --dry-run", "not allowed with"),
        ("--include plates", "invalid choice"),
    ],
)
def test_what_is_not_understood_is_told(image, typed, told, capsys):
    """With 2, and without a change."""
    assert 2 == main(["edit", str(image), *typed.split()])
    assert told in capsys.readouterr().err


def test_it_is_told_that_no_history_could_be_kept(image, tmp_path, capsys):
    """It is saved all the same."""
    (tmp_path / "history").write_text("in the way")

    assert 0 == main(["edit", str(image), "--name", "new"])

    assert "cannot be undone" in capsys.readouterr().err
    assert "new" == read(image).multiscale.name
