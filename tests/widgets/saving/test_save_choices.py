"""What the next save begins with: the file that keeps the last choices."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from napari_ngff.dataset.saving.options import SaveOptions
from napari_ngff.storage.chunks.compression import Compression
from napari_ngff.widgets.saving import save_choices
from napari_ngff.widgets.saving.save_choices import (
    Choices,
    Remembered,
    remember,
    remembered,
)


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Return the file that is used, in a folder of the test's."""
    path = tmp_path / "choices.json"
    monkeypatch.setattr(save_choices, "_path", lambda: path)
    return path


def test_what_is_kept_comes_back(file, tmp_path):
    """All that does not depend on the image; a size of one axis does."""
    kept = SaveOptions(
        version="0.6",
        container="ozx",
        several="series",
        method="strided",
        label_method="nearest",
        check="all",
        memory=3 * 10**8,
        shards="none",
        compression=Compression(name="gzip", level=4),
    )
    options = replace(kept, levels=3, chunks={"z": 4}, existing="replace")
    choices = Choices(target=str(tmp_path / "a.ozx"), which="visible", options=options)

    remember(choices, unfolded=True)

    expected = Remembered(
        folder=str(tmp_path), which="visible", options=kept, unfolded=True
    )
    assert expected == remembered()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        "{",
        '{"version": "9", "which": 3, "memory": -1, "compression": "x", "folder": 1}',
        '{"compression": ["zstd", 99], "shards": {"z": 1}, "container": ["ozx"]}',
    ],
)
def test_nonsense_is_left_out(file, text):
    """A file that somebody edited does not keep the dialog from opening."""
    file.write_text(text)

    assert Remembered() == remembered()


def test_nothing_is_there_at_first(file):
    """The usual choices."""
    assert Remembered() == remembered()


def test_what_cannot_be_kept_is_logged(file, caplog):
    """A settings folder that is read-only is no reason to fail."""
    file.mkdir()

    remember(Choices(target="a"), unfolded=False)

    assert "not remembered" in caplog.text


def test_it_is_beside_naparis_settings(tmp_path):
    """Where a user who tidies up looks for it."""
    from pathlib import Path

    from napari.settings import get_settings

    remember(Choices(target=str(tmp_path / "a")), unfolded=False)

    folder = Path(get_settings().config_path).parent
    file = folder / "napari-ngff-save.json"
    kept = json.loads(file.read_text("utf-8"))
    file.unlink()
    assert str(tmp_path) == kept["folder"]
