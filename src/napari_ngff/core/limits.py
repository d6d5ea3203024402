"""Every limit on what a file may ask of us, in one place.

Limits are checked before work is done; to raise one, pass another `Limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may ask for. Sizes are in bytes.

    `links` says whether a symbolic link in a local store may lead ``anywhere``, or only
    ``inside`` the store.
    """

    archive_bytes: int = 256 * 2**20
    download_bytes: int = 64 * 2**20
    document_bytes: int = 16 * 2**20
    document_depth: int = 64
    xml_bytes: int = 50 * 2**20
    document_items: int = 2_000_000
    number_digits: int = 64
    path_chars: int = 1024
    path_segments: int = 32
    axes: int = 8
    multiscales: int = 64
    levels: int = 64
    channels: int = 256
    labels: int = 256
    wells: int = 10_000
    images: int = 10_000
    images_opened: int = 16
    problems: int = 1000
    chunk_bytes: int = 2**30
    encoded_chunk_bytes: int = 2**30
    shard_index_bytes: int = 64 * 2**20
    codec_depth: int = 2
    codecs: int = 16
    dimension: int = 2**53
    text_chars: int = 256
    matrix_items: int = 4096
    links: Literal["inside", "anywhere"] = "inside"


LIMITS = Limits()
