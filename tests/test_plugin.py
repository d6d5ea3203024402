"""What napari gets from the plugin: contributions, the reader, preferences."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import napari.settings
import npe2
import numpy as np
import pytest
import yaml
from napari.components import ViewerModel
from napari.utils.notifications import notification_manager
from npe2 import PluginManager, PluginManifest

from cases.build import build_image
from napari_ngff import plugin
from napari_ngff.core.problems import CannotOpen, Fault, NgffError
from napari_ngff.storage.pixels.cache import CACHE
from napari_ngff.widgets import preference

MANIFEST = Path(plugin.__file__).with_name("napari.yaml")
KEYS = {
    "commands",
    "readers",
    "writers",
    "widgets",
    "sample_data",
    "menus",
    "configurations",
}


@pytest.fixture
def ours(plugin_settings, npe2pm, monkeypatch):
    """A plugin manager that knows this plugin alone, with settings of its own."""
    # napari's fixture keeps the settings of plugins apart from napari's own
    monkeypatch.setattr(preference, "was_changed", lambda: True)
    npe2pm.register(PluginManifest.from_distribution("napari-ngff"))
    yield npe2pm
    npe2pm.deactivate("napari-ngff")


@contextmanager
def told():
    """Collect what the user is told."""
    notification_manager.records.clear()
    messages = []
    yield messages
    messages += [str(record.message) for record in notification_manager.records]


def test_npe2_finds_the_manifest_valid():
    """Napari drops an invalid manifest with one line in a log."""
    command = [sys.executable, "-m", "npe2", "validate", str(MANIFEST), "--imports"]

    answer = subprocess.run(command, capture_output=True, text=True)

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_contribution_is_registered(ours):
    """Unknown keys are ignored without a word: what is written must have arrived."""
    written = yaml.safe_load(MANIFEST.read_text("utf-8"))["contributions"]

    arrived = ours.get_manifest("napari-ngff").contributions

    assert set(written) == KEYS
    assert [c["id"] for c in written["commands"]] == [c.id for c in arrived.commands]
    for command in written["commands"]:
        assert callable(ours.commands.get(command["id"]))
    assert list(written["menus"]) == list(arrived.menus)
    for menu, items in written["menus"].items():
        ids = [item.command for item in ours.iter_menu(menu)]
        assert [item["command"] for item in items] == ids
    assert [w["command"] for w in written["writers"]] == [
        writer.command for writer in arrived.writers
    ]
    widgets = [widget.display_name for widget in arrived.widgets]
    assert [widget["display_name"] for widget in written["widgets"]] == widgets
    samples = [sample.key for _, found in ours.iter_sample_data() for sample in found]
    assert [sample["key"] for sample in written["sample_data"]] == samples


def test_menus_are_ones_that_plugins_may_fill():
    """An entry in any other menu of napari is ignored without a word."""
    from napari._app_model.constants import MenuId

    written = yaml.safe_load(MANIFEST.read_text("utf-8"))["contributions"]["menus"]

    assert set(written) <= set(MenuId.contributables())


def test_preferences_are_registered(ours):
    """Each property of the manifest is a preference with its default."""
    configurations = yaml.safe_load(MANIFEST.read_text("utf-8"))["contributions"][
        "configurations"
    ]

    settings = napari.settings.get_plugin_settings("napari-ngff")

    for name, configuration in configurations.items():
        group = getattr(settings, name)
        for key, written in configuration["properties"].items():
            assert written["default"] == getattr(group, key)


@pytest.mark.parametrize(
    "path",
    [
        "/data/cells.zarr/",
        "https://host/cells.zarr",
        "https://host/cells.ome.zarr/",
        "http://host/cells.zarr?version=2",
        "https://host/CELLS.ZARR",
        "https://host/cells.zarr/zarr.json",
        "https://host/data/.zattrs",
    ],
)
def test_urls_and_paths_reach_the_reader(ours, path):
    """Napari matches a URL as a whole, with case, before it asks the reader."""
    readers = {reader.command for reader in ours.iter_compatible_readers([path])}

    assert {"napari-ngff.get_reader"} == readers


@pytest.mark.parametrize("name", ["zarr.json", ".zattrs", ".zgroup", ".zarray"])
@pytest.mark.parametrize("suffix", ["a.ozx", "A.OZX", "a.zip", None])
def test_files_reach_the_reader(ours, tmp_path, name, suffix):
    """Napari matches a file by its name alone."""
    file = tmp_path / (suffix or name)
    file.touch()

    readers = {reader.command for reader in ours.iter_compatible_readers([str(file)])}

    assert {"napari-ngff.get_reader"} == readers


def test_reads_what_is_ome_zarr(ours, tmp_path):
    """npe2 reads a store through the manifest."""
    store = build_image(tmp_path / "a b ü.ome.zarr")

    layers, reader = npe2.io_utils.read_get_reader(
        [str(store)], plugin_name="napari-ngff", stack=False
    )

    assert reader.command == "napari-ngff.get_reader"
    assert [kind for _, _, kind in layers] == ["image", "image"]


@pytest.mark.parametrize("content", [(), ("a.tif",), ("sub/zarr.json",)])
def test_declines_other_folders(tmp_path, content):
    """A folder that is not OME-Zarr is left to other readers, without a word."""
    folder = tmp_path / "FOO.ZARR"
    folder.mkdir()
    for name in content:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()

    with told() as messages:
        answer = plugin.get_reader(str(folder))

    assert answer is None
    assert messages == []


@pytest.mark.parametrize(
    "path",
    [
        "https://host/picture.tif",
        "https://host/data",
        "https://[broken",
        "s3://bucket/a.zarr",
        "/does/not/exist.zarr",
        "",
        [],
    ],
)
def test_declines_other_places(path):
    """An address that does not look like OME-Zarr is left to others, unasked."""
    assert plugin.get_reader(path) is None


def test_declines_unless_all_are_ome_zarr(tmp_path):
    """A stack is opened by the reader that can open all of it."""
    store = build_image(tmp_path / "a.zarr")
    other = tmp_path / "other"
    other.mkdir()

    assert plugin.get_reader([str(store), str(store)]) is not None
    assert plugin.get_reader([str(store), str(other)]) is None


def test_declining_is_free(tmp_path):
    """Declining a folder takes under 20 ms and loads neither zarr nor dask."""
    for index in range(2000):
        (tmp_path / f"{index}.tif").touch()
    code = f"""
import sys, time
from napari_ngff import plugin
path = {str(tmp_path)!r}
start = time.perf_counter()
assert plugin.get_reader(path) is None
first = time.perf_counter() - start
times = []
for _ in range(5):
    start = time.perf_counter()
    assert plugin.get_reader(path) is None
    times.append(time.perf_counter() - start)
assert not {{"zarr", "dask", "numpy", "qtpy", "napari"}} & set(sys.modules)
print(min(times), first)
"""
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True
    )

    assert answer.returncode == 0, answer.stderr
    again, first = map(float, answer.stdout.split())
    assert again < 0.02
    assert first < 0.2  # with the imports of a fresh process


def test_opens_several_at_once(ours, tmp_path):
    """A stack of stores opens as the layers of each."""
    stores = [
        str(build_image(tmp_path / f"{i}.zarr", shape=(8, 8), axes="yx"))
        for i in range(3)
    ]

    layers = plugin.get_reader(stores)(stores)

    assert [(8, 8)] * 3 == [data[0].shape for data, _, _ in layers]


def test_a_broken_store_is_one_clear_error(ours, tmp_path):
    """What cannot be opened raises our own error, which says where and why."""
    store = tmp_path / "broken.zarr"
    store.mkdir()
    (store / "zarr.json").write_text("{")

    with pytest.raises(NgffError, match=r"broken\.zarr"):
        plugin.get_reader(str(store))(str(store))


def test_a_fault_of_ours_is_told_as_one(ours, tmp_path, monkeypatch):
    """What nobody foresaw is raised as a fault, plain, with its cause."""
    import napari_ngff.layers.read

    def fail(path):
        raise KeyError("<img src='x'>")

    monkeypatch.setattr(napari_ngff.layers.read, "read_layers", fail)

    with pytest.raises(Fault, match="report it") as caught:
        plugin.read(str(tmp_path / "<b>.zarr"))

    assert "<" not in str(caught.value)
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("place", ["name", "axis", "channel", "unit", "version"])
def test_no_text_of_a_file_is_rich(ours, tmp_path, place):
    """Qt takes text with tags for HTML and opens the files it names."""
    evil = "<img src='file:///etc/passwd'>"
    channel = {"label": evil if place == "channel" else "a", "color": "00FF00"}
    axes = [
        {"name": evil if place == "axis" else "z", "type": "space"},
        {"name": "y", "type": "space"} | ({"unit": evil} if place == "unit" else {}),
        {"name": "x", "type": "space"},
    ]
    store = build_image(
        tmp_path / "evil.zarr",
        shape=(4, 8, 8),
        axes=axes,
        name=evil if place == "name" else "image",
        omero={"channels": [channel]},
        version_text=evil if place == "version" else None,
    )

    with told() as messages:
        try:
            layers = plugin.read(str(store))
        except NgffError as error:
            messages += [str(error)]
            layers = []

    shown = [*messages]
    for _, meta, _ in layers:
        shown += [str(meta["name"]), *map(str, meta["axis_labels"])]
    assert not [text for text in shown if "<" in text]


def test_problems_are_told_once(ours, tmp_path):
    """However many layers there are, what is wrong is told in one notification."""
    store = build_image(
        tmp_path / "a.zarr",
        shape=(3, 8, 8),
        axes=[
            {"name": "c", "type": "channel"},
            {"name": "y", "type": "space", "unit": "furlong"},
            {"name": "x", "type": "space"},
        ],
    )

    with told() as messages:
        plugin.read(str(store))

    assert len(messages) == 1
    assert "furlong" in messages[0]


def test_nothing_is_told_of_a_perfect_image(ours, tmp_path):
    """No problem, no notification."""
    store = build_image(tmp_path / "a.zarr")

    with told() as messages:
        plugin.read(str(store))

    assert messages == []


def test_problems_may_be_kept_quiet(ours, tmp_path):
    """The preference silences the notification, not the record."""
    napari.settings.get_plugin_settings("napari-ngff").reading.notify = False
    axes = [{"name": "y", "type": "space", "unit": "furlong"}, "x"]
    store = build_image(tmp_path / "a.zarr", shape=(8, 8), axes=axes)

    with told() as messages:
        layers = plugin.read(str(store))

    assert messages == []
    assert layers[0][1]["metadata"]["napari_ngff"]["problems"]


def test_the_cache_follows_the_preference(ours):
    """The size set in Preferences bounds the cache at once, and at the next start."""
    before = CACHE.limit
    settings = napari.settings.get_plugin_settings("napari-ngff").reading
    try:
        settings.cache_megabytes = 20
        ours.activate("napari-ngff")
        at_start = CACHE.limit
        settings.cache_megabytes = 30
        changed = CACHE.limit
        settings.cache_megabytes = 0
        automatic = CACHE.limit
        ours.deactivate("napari-ngff")
        settings.cache_megabytes = 40
        after = CACHE.limit
    finally:
        CACHE.set_limit(before)

    assert (20_000_000, 30_000_000) == (at_start, changed)
    assert automatic > 100_000_000
    assert automatic == after


def test_the_sample_opens(ours):
    """File > Open Sample gives two channels and labels, in micrometers."""
    viewer = ViewerModel()

    with told() as messages:
        viewer.open_sample("napari-ngff", "cells")

    kinds = [type(layer).__name__ for layer in viewer.layers]
    assert ["Image", "Image", "Labels"] == kinds
    assert messages == []
    np.testing.assert_allclose(viewer.layers[0].scale, (30, 0.5, 0.1625, 0.1625))
    assert str(viewer.layers[0].units[-1]) == "micrometer"
    assert viewer.layers[2].features["class"].isin(["resting", "mitotic"]).any()


def test_refusing_takes_no_time(tmp_path):
    """A path that does not exist raises at once what says so."""
    start = time.perf_counter()

    with pytest.raises(CannotOpen):
        plugin.read(str(tmp_path / "nowhere.zarr"))

    assert time.perf_counter() - start < 5


def test_every_zarr_can_be_ours(ours, tmp_path):
    """The preference that the command sets is the one that napari really follows."""
    from napari.plugins.utils import get_preferred_reader

    store = build_image(tmp_path / "a.ome.zarr")
    upper = build_image(tmp_path / "B.OME.ZARR")
    settings = napari.settings.get_settings().plugins
    settings.extension2reader = {"*.tif": "other"}

    plugin.use_always()

    paths = [
        str(store),
        f"{store}/",
        str(store / ".zattrs"),
        str(upper),
        "https://host/a.zarr",
        "https://host/a.zarr/",
    ]
    assert ["napari-ngff"] * 6 == [get_preferred_reader(path) for path in paths]
    assert settings.extension2reader["*.tif"] == "other"
    assert not napari.settings.get_plugin_settings("napari-ngff").reading.offer_default


def test_napari_knows_where_the_plugin_is():
    """The entry point leads npe2 to the manifest in the package."""
    manager = PluginManager()
    manager.discover()

    assert "napari-ngff" in manager
