"""Several things at one location, and arrays without metadata."""

from __future__ import annotations

from functools import partial

from cases.arrays import write_array
from cases.build import pixels
from cases.case import (
    Case,
)
from cases.many import (
    build_arrays,
    build_container,
    build_plate,
    build_scan,
    build_scene,
    build_series,
    build_two_multiscales,
)

SEVERAL = (
    Case(
        name="two-multiscales",
        sentence="every multiscales entry opens",
        build=build_two_multiscales,
        kind="images",
    ),
    *(
        Case(
            name=f"series-{name}",
            sentence="bioformats2raw series open image by image",
            build=partial(build_series, **options),
            kind="series",
            clean=clean,
        )
        for name, options, clean in (
            ("listed", {"listed": ["0", "1"]}, True),
            ("listed-0.5", {"listed": ["0", "1"], "version": "0.5"}, True),
            ("xml", {"xml": ""}, True),
            ("both", {"listed": ["0", "1"], "xml": ""}, True),
            ("neither", {}, True),
        )
    ),
    Case(
        name="plate",
        sentence="plates open image by image, and say so",
        build=build_plate,
        kind="plate",
    ),
    Case(
        name="plate-0.5",
        sentence="plates of 0.5",
        build=partial(build_plate, version="0.5"),
        kind="plate",
    ),
    Case(
        name="plate-unequal",
        sentence="a plate with wells of different size",
        build=partial(build_plate, sizes={"B/2": (1, 1, 24, 24)}),
        kind="plate",
    ),
    Case(
        name="well",
        sentence="a well opens image by image, and says so",
        build=lambda path: build_plate(path) / "A" / "1",
        kind="well",
    ),
    Case(
        name="scene",
        sentence="a scene opens image by image, and says so",
        build=build_scene,
        kind="scene",
    ),
    Case(
        name="container",
        sentence="a group that holds images opens them",
        build=build_container,
        kind="group",
    ),
    Case(
        name="container-of-many",
        sentence="or says which there are when more than 16",
        build=partial(build_container, count=18),
        kind="group",
        clean=False,
    ),
    Case(
        name="arrays",
        sentence="a group of arrays opens as what it is",
        build=build_arrays,
        kind="arrays",
    ),
    Case(
        name="array-v2",
        sentence="a bare array opens as what it is (Zarr v2)",
        build=lambda p: write_array(p, pixels((4, 8)), zarr_format=2, chunks=(4, 4)),
        kind="array",
    ),
    Case(
        name="array-v3",
        sentence="a bare array opens as what it is (Zarr v3)",
        build=build_scan,
        kind="array",
    ),
)
