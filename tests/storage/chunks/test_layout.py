"""What is read by us and what by zarr, and the fill values of both formats."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.chunks.codecs import guard
from napari_ngff.storage.chunks.layout import Layout, layout_of

LITTLE = {"name": "bytes", "configuration": {"endian": "little"}}
ZSTD = {"name": "zstd", "configuration": {"level": 1}}
DELTA = {"name": "numcodecs.delta", "configuration": {"dtype": "<u2"}}
SHUFFLE = {"name": "numcodecs.shuffle", "configuration": {"elementsize": 2}}


def sharding(codecs: list[Any], chunk: tuple[int, ...] = (2, 2)) -> dict[str, Any]:
    """Return a sharding codec."""
    settings = {"chunk_shape": list(chunk), "codecs": codecs}
    return {"name": "sharding_indexed", "configuration": settings}


def v3(**changes: Any) -> Layout | None:
    """Return the layout of a ``zarr.json``."""
    document = {
        "zarr_format": 3,
        "node_type": "array",
        "shape": [8, 12],
        "data_type": "uint16",
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [4, 8]}},
        "chunk_key_encoding": {"name": "default"},
        "fill_value": 0,
        "codecs": [LITTLE],
        **changes,
    }
    return layout_of(guard(document, 3, LIMITS))


def v2(**changes: Any) -> Layout | None:
    """Return the layout of a ``.zarray``."""
    document = {
        "zarr_format": 2,
        "shape": [8, 12],
        "chunks": [4, 8],
        "dtype": "<u2",
        "order": "C",
        "fill_value": 0,
        "compressor": None,
        "filters": None,
        **changes,
    }
    return layout_of(guard(document, 2, LIMITS))


@pytest.mark.parametrize(
    "codecs",
    [
        [DELTA, LITTLE],
        [LITTLE, SHUFFLE],
        [sharding([sharding([LITTLE], (1, 1))])],
        [sharding([LITTLE]), ZSTD],
        [sharding([DELTA, LITTLE])],
        [DELTA, sharding([LITTLE])],
    ],
    ids=["filter", "shuffle", "nested", "packed", "filter inside", "filter outside"],
)
def test_what_zarr_reads(codecs: list[Any]) -> None:
    """Rare chains of codecs are left to zarr."""
    assert v3(codecs=codecs) is None


def test_filters_of_format_2_are_left_to_zarr() -> None:
    """Rare filters are left to zarr, and so are compressors among them."""
    assert v2(filters=[{"id": "delta", "dtype": "<u2"}]) is None
    assert v2(filters=[{"id": "zlib"}]) is None
    assert v2(filters=[]) is not None


def test_a_shard_has_inner_chunks() -> None:
    """They are what is read at once, in the order of the array's axes."""
    order = {"name": "transpose", "configuration": {"order": [1, 0]}}
    found = v3(codecs=[order, sharding([order, LITTLE, ZSTD], (4, 1))])

    assert found is not None
    assert (1, 4) == found.chunks
    assert (4, 2) == found.per_shard
    assert ((0, 1), (1, 4)) == (found.chain.axes, found.chain.shape)
    assert 8 == found.chain.nbytes


def test_column_major_is_reversed_axes() -> None:
    """Order F of format 2 is a transposition."""
    found = v2(order="F", dtype=">u2")

    assert found is not None
    assert ((1, 0), (8, 4)) == (found.chain.axes, found.chain.shape)
    assert (">u2", "=u2") == (found.chain.dtype.str, "=" + found.dtype.str[1:])


FILLS_V3 = [
    ("bool", True, np.bool_(True)),
    ("uint64", 2**64 - 1, np.uint64(2**64 - 1)),
    ("int8", -128, np.int8(-128)),
    ("float32", 1, np.float32(1)),
    ("float16", "Infinity", np.float16(np.inf)),
    ("float64", "-Infinity", np.float64(-np.inf)),
    ("float32", "0x3fc00000", np.float32(1.5)),
    ("float64", "0x8000000000000000", np.float64(-0.0)),
    ("complex64", [1.5, "Infinity"], np.complex64(complex(1.5, np.inf))),
    ("complex128", ["0x3ff8000000000000", 2], np.complex128(1.5 + 2j)),
]


@pytest.mark.parametrize(("name", "value", "expected"), FILLS_V3)
def test_fill_values_of_format_3(name: str, value: Any, expected: Any) -> None:
    """Numbers, their names, and their bytes in hexadecimal."""
    found = v3(data_type=name, fill_value=value)

    assert found is not None
    assert (expected.dtype, expected.tobytes()) == (
        found.fill.dtype,
        found.fill.tobytes(),
    )


@pytest.mark.parametrize("name", ["float16", "float32", "float64"])
@pytest.mark.parametrize("value", ["NaN", "nan"])
def test_no_number_is_a_fill_value(name: str, value: str) -> None:
    """NaN is one, in either format."""
    for found in (v3(data_type=name, fill_value=value), v2(dtype="<f4")):
        assert found is not None
    found = v3(data_type=name, fill_value=value)
    assert found is not None
    assert np.isnan(found.fill)


@pytest.mark.parametrize("dtype", ["|b1", "<u2", ">f4", "<c8"])
def test_no_fill_value_of_format_2_is_zero(dtype: str) -> None:
    """Null says that it does not matter; zeros are shown, as by zarr."""
    found = v2(dtype=dtype, fill_value=None)

    assert found is not None
    assert np.zeros((), dtype).astype(found.dtype).tobytes() == found.fill.tobytes()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("float32", "0x3f"),
        ("float32", "0xqqqqqqqq"),
        ("float32", "0x 3fc000"),
        ("float16", 1e10),
        ("complex64", [1.0]),
        ("complex64", 1.0),
        ("complex64", [1.0, "one"]),
        ("float32", [1.0]),
        ("uint16", [1]),
        ("uint16", {"a": 1}),
    ],
)
def test_fill_values_that_are_not_understood(name: str, value: Any) -> None:
    """Zarr is to judge them, and to say what is wrong."""
    assert v3(data_type=name, fill_value=value) is None
