"""How long a save takes: napari-ngff beside its peers and a plain copy of the pixels.

usage: python benchmarks/writing.py [YARDSTICK] [--data DIR] [--runs N] [--into FILE]
                                    [--store NAME]

YARDSTICK is the folder of the programs that measure (``make_data.py``,
``write_pyramid.py``); ``../shared/bench`` beside the project if not given. The data,
some 3.5 GB, are made in DIR once; as much again is written there, and for the image
that is eight times as large some 8 GB, all of which is removed again. Every
measurement is a process of its own; writers take turns, so that a machine that slows
down slows all of them, and medians are compared. Ours verifies and syncs what it
wrote, the others do not. Run it on a quiet machine, with those to compare with
(tensorstore, ngff-zarr with itkwasm-downsample, ome-zarr) in the same environment.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

from measured import (
    YARDSTICK,
    Row,
    compile_package,
    is_installed,
    machine,
    run,
    table,
)

OURS, FLOOR = "napari-ngff", "floor"
PEERS = {"tensorstore": 1.2, "ngff-zarr": 1 / 2, "ome-zarr": 1 / 8}
"""Distributions to compare with, and how many times as long as they we may take."""
NAMES = {"ome-zarr": "ome-zarr-py"}
"""What the yardstick calls a distribution that it calls otherwise."""
FLOOR_TIMES = 1.4
MEMORY_MB = 1000
FIGURES = ("seconds", "rss_mb", "out_mb", "files")
LAYOUTS = {
    "plane_v2": "planes, Zarr v2",
    "plane_v3": "planes, Zarr v3",
    "cube_v3": "cubes",
    "shard_cube": "cubes in shards",
    "shard_plane": "planes in shards",
}

LARGE = """
import json, resource, sys, time
from itertools import product
from operator import add
import numpy as np
import napari_ngff
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.storage.location import open_location
from napari_ngff.storage.pyramids.sources_in import past_cache

class Repeated:
    "An image that is another one, repeated twice along z, y and x."
    def __init__(self, source):
        self.source, self.dtype, self.chunks = source, source.dtype, source.chunks
        self.shape = (source.shape[0], *(2 * n for n in source.shape[1:]))
        self.identity = ("repeated", source.identity)
    def read(self, box):
        out = np.empty([part.stop - part.start for part in box], self.dtype)
        for piece in product(*map(cut, box, self.source.shape)):
            sizes = [part.stop - part.start for part in piece]
            to = [part.start - first.start for part, first in zip(piece, box)]
            at = [part.start % n for part, n in zip(piece, self.source.shape)]
            pixels = self.source.read(tuple(map(slice, at, map(add, at, sizes))))
            out[tuple(map(slice, to, map(add, to, sizes)))] = pixels
        return out

def cut(part, n):
    starts = [part.start, *range((part.start // n + 1) * n, part.stop, n)]
    return [slice(a, b) for a, b in zip(starts, [*starts[1:], part.stop])]

store, out = sys.argv[1:]
location = open_location(store)
lazy = location.array(location.document("0"))
image = LazyArray(Repeated(past_cache(lazy.source)))
begin = time.perf_counter()
napari_ngff.write(
    out, image, axes="czyx", scale={"z": 2, "y": 0.5, "x": 0.5}, units="micrometer"
)
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(json.dumps({"seconds": seconds, "rss_mb": peak}))
"""


def measure(
    yardstick: Path, store: Path, writers: list[str], runs: int
) -> dict[str, dict[str, float]]:
    """Return the medians of every writer; they take turns."""
    lines: dict[str, list[dict]] = {writer: [] for writer in writers}
    program, out = yardstick / "write_pyramid.py", store.parent / "written.ome.zarr"
    for turn in range(runs + 1):
        for writer in writers:
            name = NAMES.get(writer, writer)
            printed = run(program, name, store, out, environment=dict(os.environ))
            shutil.rmtree(out)
            if turn:  # the first warms the disk's cache
                lines[writer].append(json.loads(printed.splitlines()[-1]))
                print(printed.splitlines()[-1], flush=True)
    return {
        writer: {key: median(each[key] for each in some) for key in FIGURES}
        for writer, some in lines.items()
    }


def measure_large(store: Path) -> dict[str, float]:
    """Save an image eight times as large; return its figures."""
    out = store.parent / "large.ome.zarr"
    try:
        printed = run("-c", LARGE, store, out, environment=dict(os.environ))
    finally:
        shutil.rmtree(out, ignore_errors=True)
    print(printed, flush=True)
    return json.loads(printed.splitlines()[-1])


def rows_of(found: dict[str, dict[str, float]], large: dict, where: str) -> list[Row]:
    """Compare what was measured with what it may be."""
    seconds, memory = found[OURS]["seconds"], found[OURS]["rss_mb"]
    bounds = {FLOOR: FLOOR_TIMES, **PEERS}
    words = {1 / 2: "half of", 1 / 8: "an eighth of"}
    rows = [
        Row(
            what="saving 1.07 GB",
            where=where,
            ours=f"{seconds:.1f} s",
            bound=f"{times * found[peer]['seconds']:.1f} s = "
            f"{words.get(times, f'{times} x')} {NAMES.get(peer, peer)}",
            ratio=seconds / (times * found[peer]["seconds"]),
        )
        for peer, times in bounds.items()
        if peer in found
    ]
    eight = large["rss_mb"]
    return [
        *rows,
        Row(
            what="peak memory of the process",
            where=where,
            ours=f"{memory:.0f} MB",
            bound=f"{MEMORY_MB} MB",
            ratio=memory / MEMORY_MB,
        ),
        Row(
            what="peak memory, 8 times as large",
            where=where,
            ours=f"{eight:.0f} MB",
            bound=f"{MEMORY_MB} MB, as above",
            ratio=eight / MEMORY_MB,
        ),
    ]


def main() -> int:
    """Measure, write the table, and return 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("yardstick", nargs="?", type=Path, default=YARDSTICK)
    place = Path(tempfile.gettempdir()) / "napari-ngff-benchmark"
    parser.add_argument("--data", type=Path, default=place)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--store", choices=LAYOUTS, default="plane_v3")
    parser.add_argument("--into", type=Path, default=Path(__file__).with_suffix(".md"))
    given = parser.parse_args()
    writers = [OURS, FLOOR, *filter(is_installed, PEERS)]
    store = given.data / f"{given.store}.ome.zarr"
    if not store.exists():
        program = given.yardstick / "make_data.py"
        run(program, given.data, environment=dict(os.environ))
    compile_package()
    found = measure(given.yardstick, store, writers, given.runs)
    rows = rows_of(found, measure_large(store), LAYOUTS[given.store])
    there = machine("zarr", "numpy", "numcodecs", *filter(is_installed, PEERS))
    about = [
        f"Medians of {given.runs} runs, taken in turns: {there}.",
        "An image of 2 x 64 x 2048 x 2048 pixels of 16 bits is saved as a pyramid of "
        "five levels, from the stored level 0. Ours reads again and compares all that "
        "it wrote, and syncs it to the disk; the others do neither. *floor* is a plain "
        "copy of level 0 alone by zarr, in shards, on two threads. A ratio of at most "
        "1 keeps the bound.",
    ]
    text = table("Writing: how long a save takes", about, rows, Path(__file__).name)
    given.into.write_text(text)
    print(text)
    return int(not all(row.holds for row in rows))


if __name__ == "__main__":
    sys.exit(main())
