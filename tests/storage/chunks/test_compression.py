"""What compressors are called in both formats, and which are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.storage.chunks.compression import (
    DEFAULT_COMPRESSION,
    LEVELS,
    Compression,
    compressor,
    from_v2,
    from_v3,
    v2_compressor,
    v3_codecs,
)


@st.composite
def compressions(draw: st.DrawFn) -> Compression:
    """Give every compression there is."""
    name = draw(st.sampled_from(sorted(LEVELS)))
    low, high, _ = LEVELS[name]
    level = draw(st.none() | st.integers(low, high))
    shuffle = draw(st.sampled_from(["auto", "byte", "bit", "none"]))
    return Compression(name=name, level=level, shuffle=shuffle)


def test_the_default_is_blosc_with_zstd_and_a_shuffle_of_whole_items():
    """It is what the specification's examples use, at its fastest level."""
    expected = {
        "cname": "zstd",
        "clevel": 1,
        "shuffle": "shuffle",
        "typesize": 2,
        "blocksize": 0,
    }
    (codec,) = v3_codecs(DEFAULT_COMPRESSION, 2)

    assert {"name": "blosc", "configuration": expected} == codec


def test_bytes_are_not_shuffled_unless_asked():
    """A shuffle of items of one byte does nothing but take time."""
    assert v3_codecs(DEFAULT_COMPRESSION, 1)[0]["configuration"]["shuffle"] == (
        "noshuffle"
    )


@given(compressions(), st.sampled_from([1, 2, 4, 8]))
def test_what_a_document_says_is_understood_again(given_one: Compression, size: int):
    """Both formats say the same compressor, whose entries tell it again."""
    from_3 = from_v3(v3_codecs(given_one, size))
    from_2 = from_v2(v2_compressor(given_one, size))

    assert from_2 == from_3
    assert from_2 is not None
    assert v2_compressor(given_one, size) == v2_compressor(from_2, size)
    assert v3_codecs(given_one, size) == v3_codecs(from_2, size)


@given(compressions(), st.binary(min_size=8, max_size=200))
def test_what_is_compressed_is_got_back(given_one: Compression, data: bytes):
    """Numcodecs knows every name that is written."""
    codec = compressor(given_one, 1)

    assert data == (data if codec is None else bytes(codec.decode(codec.encode(data))))


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "lzma"},
        {"id": "zstd"},
        {"id": "zstd", "level": 99},
        {"id": "blosc", "cname": "zstd", "clevel": 1, "shuffle": -1},
        {"id": "blosc", "cname": "snappy", "clevel": 1, "shuffle": 1},
    ],
)
def test_what_is_not_written_here_is_not_known(entry: dict[str, object]):
    """An entry that could mean something else is not taken for one of ours."""
    assert from_v2(entry) is None


@pytest.mark.parametrize(
    "codecs",
    [
        [{"name": "zstd", "configuration": {"level": 1, "checksum": True}}],
        [{"name": "crc32c"}],
        [{"name": "gzip", "configuration": {"level": 1}}, {"name": "crc32c"}],
        ["zstd"],
    ],
)
def test_what_is_not_written_here_is_not_known_in_format_3(codecs: list[object]):
    """An entry that could mean something else is not taken for one of ours."""
    assert from_v3(codecs) is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"name": "lzma"}, "there is no compression 'lzma'"),
        ({"name": "gzip", "level": 10}, "gzip has levels from 0 to 9, not 10"),
        ({"shuffle": "both"}, "there is no shuffle 'both'"),
    ],
)
def test_what_there_is_not_is_refused(settings: dict[str, object], words: str):
    """The text says what may be chosen."""
    with pytest.raises(ValueError, match=words):
        Compression(**settings)
