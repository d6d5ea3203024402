"""Ways in from inside an image, and kinds of pixels."""

from __future__ import annotations

from cases.case import (
    Case,
    image,
)

INSIDE = tuple(
    Case(
        name=f"inside-{inside.replace('/', '-')}-{version}",
        sentence="a path inside opens the image",
        build=lambda path, version=version, inside=inside: (
            image(version=version)(path) / inside
        ),
    )
    for version, inside in (
        ("0.4", ".zattrs"),
        ("0.4", ".zgroup"),
        ("0.4", "0"),
        ("0.4", "1/.zarray"),
        ("0.5", "zarr.json"),
        ("0.5", "1"),
        ("0.6", "0/zarr.json"),
    )
)

PIXELS = (
    *(
        Case(
            name=f"dtype-{dtype}",
            sentence="pixels of any real type",
            build=image(dtype=dtype, version="0.5"),
        )
        for dtype in ("bool", "int8", "uint32", "int64", "float16", "float64")
    ),
    Case(
        name="big-endian",
        sentence="big-endian pixels of Zarr v2",
        build=image(dtype=">u2"),
    ),
    Case(
        name="sharded",
        sentence="shards",
        build=image(
            version="0.5",
            shape=(2, 4, 16, 16),
            chunks=(1, 2, 8, 8),
            shards=(2, 4, 16, 16),
        ),
    ),
    Case(
        name="odd-sizes",
        sentence="sizes that the chunks and the factors do not divide",
        build=image(shape=(2, 5, 17, 13)),
    ),
    Case(
        name="one-level",
        sentence="an image with one level",
        build=image(levels=1),
        levels=1,
    ),
    Case(
        name="no-dimension-names",
        sentence="0.5 arrays without dimension_names: warned of, opened",
        build=image(version="0.5", dimension_names=(None,) * 4),
        clean=False,
    ),
    Case(
        name="metadata-only",
        sentence="missing chunks are fill value",
        build=image(chunks_written=False),
    ),
)
