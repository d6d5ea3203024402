"""Contrast limits of channels that nobody described: from the pixels, read once."""

import json

import numpy as np
import pytest

from cases.build import build_image
from cases.many import build_plate
from napari_ngff import edit, read
from napari_ngff.dataset.draft import Draft
from napari_ngff.metadata.editing import SetChannel, SetPixelSize, SetRendering
from napari_ngff.storage.lazy import LazyArray

NAME = SetChannel(channel=1, member="label", value="DAPI")


@pytest.fixture(autouse=True)
def _own_history(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("NAPARI_NGFF_DATA", str(tmp_path_factory.mktemp("history")))


@pytest.fixture
def reads(monkeypatch):
    """Return the shapes that pixels were read of, so far."""
    found = []
    whole = LazyArray.__array__

    def reading(self, *args, **kwargs):
        found.append(self.shape)
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(LazyArray, "__array__", reading)
    return found


def dim(dtype="uint16"):
    """Return pixels that use little of their type; each channel another part."""
    data = np.zeros((2, 4, 16, 16), dtype)
    data[0, ..., 2::4, ::2], data[1, ..., 2::4, ::2] = 120, 48
    data[:, 3] += 4
    return data


def windows(group):
    """Return minimum, maximum, start and end of each channel."""
    found = [channel.window for channel in group.rendering.channels]
    return [(w.min, w.max, w.start, w.end) for w in found]


@pytest.mark.parametrize("version", ["0.4", "0.5", "0.6"])
def test_a_new_block_shows_what_is_there(tmp_path, version):
    """Sixteen bits of which little is used do not open dark."""
    path = build_image(tmp_path / "a.zarr", version=version, data=dim())
    coarsest = read(path).levels[-1]
    ends = [(int(part.min()), int(part.max())) for part in np.asarray(coarsest)]

    edit(path, channels={1: {"name": "DAPI"}})

    assert ends[0] != ends[1]
    assert [(0, 65535, *pair) for pair in ends] == windows(read(path).group)


@pytest.mark.parametrize("first", [NAME, SetRendering(member="defaultZ", value=1)])
def test_pixels_are_read_once_and_only_where_they_are_asked_for(tmp_path, reads, first):
    """Of each channel, from the coarsest level; typing on and undoing reads nothing."""
    draft = Draft.open(build_image(tmp_path / "a.zarr", data=dim()))

    draft = draft.edited(SetPixelSize(axis=1, size=3))
    assert [] == reads
    bad = draft.edited(SetChannel(channel=1, member="color", value="red"))
    assert bad.refused
    assert [] == reads
    draft = draft.edited(first)
    assert [(2, 8, 8)] * 2 == reads
    for text in ("D", "DA", "DAP"):
        draft = draft.edited(SetChannel(channel=0, member="label", value=text))
    assert draft.undo().undo().redo().is_edited(first.field)
    assert [(2, 8, 8)] * 2 == reads


def test_a_channel_that_has_a_window_is_not_read(tmp_path, reads):
    """One that gets its first is, and the others are not."""
    window = {"min": 0, "max": 9, "start": 0, "end": 9}
    omero = {"channels": [{"color": "FF0000", "window": window}, {"color": "00FF00"}]}
    draft = Draft.open(build_image(tmp_path / "a.zarr", data=dim(), omero=omero))

    draft = draft.edited(NAME, SetChannel(channel=0, member="window.end", value=8))
    assert [] == reads
    draft = draft.edited(SetChannel(channel=1, member="window.start", value=2))

    assert [(2, 8, 8)] == reads
    first, second = windows(draft.group)
    assert (0, 9, 0, 8) == first
    assert (0, 65535, 2) == second[:3]
    assert 2 < second[3] <= 52


def test_decimal_pixels_have_a_window_too(tmp_path):
    """No type says the range of these."""
    data = dim("float32") / 64
    draft = Draft.open(build_image(tmp_path / "a.zarr", data=data)).edited(NAME)

    for low, high, start, end in windows(draft.group):
        assert low == start < end == high <= 2


@pytest.mark.parametrize("lost", ["chunks", "codec", "contrast"])
def test_pixels_that_cannot_be_read_leave_the_limits_of_their_type(tmp_path, lost):
    """Nothing is refused for it."""
    data = np.full((2, 4, 16, 16), 7, "uint16") if lost == "contrast" else dim()
    path = build_image(tmp_path / "a.zarr", version="0.5", data=data)
    document = path / "1" / "zarr.json"
    if lost == "chunks":
        for chunk in (p for p in (path / "1" / "c").rglob("*") if p.is_file()):
            chunk.write_bytes(b"no chunk")
    elif lost == "codec":
        found = json.loads(document.read_bytes()) | {"codecs": [{"name": "secret"}]}
        document.write_text(json.dumps(found))

    draft = Draft.open(path).edited(NAME)

    assert () == draft.refused
    assert "DAPI" == draft.group.rendering.channels[1].label
    assert [(0, 65535, 0, 65535)] * 2 == windows(draft.group)


def test_an_image_without_levels_has_no_window(tmp_path):
    """Neither pixels nor their type are known."""
    path = build_image(tmp_path / "a.zarr", version="0.5")
    for level in "01":
        (path / level / "zarr.json").unlink()

    draft = Draft.open(path).edited(SetChannel(channel=0, member="label", value="a"))

    (channel,) = draft.group.rendering.channels
    assert ("a", None) == (channel.label, channel.window)


def test_very_large_chunks_are_not_read(tmp_path, reads):
    """A chunk beyond all bounds is no sample."""
    path = build_image(
        tmp_path / "a.zarr",
        version="0.5",
        shape=(2, 64, 64),
        axes="cyx",
        levels=1,
        chunks_written=False,
    )
    document = path / "0" / "zarr.json"
    found = json.loads(document.read_bytes())
    found["shape"] = [2, 16384, 16384]
    found["chunk_grid"]["configuration"]["chunk_shape"] = [1, 16384, 16384]
    document.write_text(json.dumps(found))

    draft = Draft.open(path).edited(NAME)

    assert [] == reads
    assert [(0, 65535, 0, 65535)] * 2 == windows(draft.group)


def test_each_sibling_has_the_limits_of_its_own_pixels(tmp_path):
    """Fields of a plate are stained alike, and not alike bright."""
    path = build_plate(tmp_path / "p.zarr", rows="A", columns="1", version="0.5")
    first, second = path / "A" / "1" / "0", path / "A" / "1" / "1"
    build_image(second, version="0.5", data=dim())

    edit(first, channels={0: {"name": "DAPI"}}, include=["siblings"])

    assert windows(read(first).group) != windows(read(second).group)
    assert all(end < 200 for *_, end in windows(read(second).group))
