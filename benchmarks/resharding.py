"""How long re-sharding takes: beside a plain copy, and beside decoding with zarr.

usage: python benchmarks/resharding.py [YARDSTICK] [--data DIR] [--runs N] [--into FILE]

YARDSTICK is the folder of the program that makes the data (``make_data.py``);
``../shared/bench`` beside the project if not given. The data, some 3.5 GB, are made in
DIR once; as much as one store of them is written there at a time, and removed again.
What is compared takes turns, so that a machine that slows down slows all of it, and
medians are compared. Ours compares each chunk that it wrote with its source, and syncs
each file; so are the files of the copy; zarr is synced at its end. Run it on a quiet
machine.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from measured import YARDSTICK, Row, compile_package, machine, run, table

COPY_TIMES, ZARR_TIMES = 2.0, 1 / 5
SCAN_SECONDS = 5.0
MEMORY_MB = 500
SHARD = {"c": 1, "z": 64, "y": 1024, "x": 1024}

OURS = """
import json, resource, sys, time
import napari_ngff
source, out, *shard = sys.argv[1:]
shard = json.loads(shard[0]) if shard else "none"
begin = time.perf_counter()
napari_ngff.reshard(source, out, shard=shard)
seconds = time.perf_counter() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
print(json.dumps({"seconds": seconds, "rss_mb": peak}))
"""

ZARR = """
import json, subprocess, sys, time
from concurrent.futures import ThreadPoolExecutor
from itertools import product
import zarr
source, out, shard = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
old, new = zarr.open_group(source, mode="r"), zarr.open_group(out, mode="w")
begin = time.perf_counter()
with ThreadPoolExecutor(2) as pool:
    for path, array in old.arrays():
        wished = zip(shard.values(), array.shape, array.chunks)
        cell = [-(-min(n, length) // k) * k for n, length, k in wished]
        target = new.create_array(
            path, shape=array.shape, dtype=array.dtype, chunks=array.chunks,
            shards=cell, compressors=array.compressors, fill_value=array.fill_value,
        )
        def move(at):
            box = tuple(slice(i * n, (i + 1) * n) for i, n in zip(at, cell))
            target[box] = array[box]
        grid = [range(-(-length // n)) for length, n in zip(array.shape, cell)]
        list(pool.map(move, product(*grid)))
subprocess.run(["sync", "-f", out], check=True)
print(json.dumps({"seconds": time.perf_counter() - begin}))
"""

SCAN = """
import json, os, sys, time
import zarr
from napari_ngff.core.limits import LIMITS
from napari_ngff.storage.inspecting.level import StoredLevel
from napari_ngff.storage.keys.local import LocalKeys
from napari_ngff.storage.location import open_location

folder, count = sys.argv[1], int(sys.argv[2])
zarr.create_array(
    folder, shape=(count, 64, 64), chunks=(1, 16, 16), shards=(1, 64, 64), dtype="u2"
)[0] = 1
for i in range(1, count):
    os.makedirs(f"{folder}/c/{i}/0")
    os.link(f"{folder}/c/0/0/0", f"{folder}/c/{i}/0/0")

class Counted(LocalKeys):
    reads = 0
    def sized(self, key, span=None, *, limit):
        self.reads += 1
        return super().sized(key, span, limit=limit)

location = open_location(folder)
keys = Counted(folder)
level = StoredLevel(keys, location.document(location.node), LIMITS)
begin = time.perf_counter()
found = level.scan()
seconds = time.perf_counter() - begin
assert sum(look.chunks for look in found.looks) == 16 * count
print(json.dumps({"seconds": seconds, "reads": keys.reads}))
"""


def copied(source: Path, out: Path) -> float:
    """Copy a store, sync each file of it, and return the seconds that took."""
    begin = time.perf_counter()
    subprocess.run(["cp", "-r", source, out], check=True)
    files = "\0".join(str(file) for file in out.rglob("*") if file.is_file())
    subprocess.run(["xargs", "-0", "sync"], input=files.encode(), check=True)
    return time.perf_counter() - begin


def figures(code: str, *arguments: object) -> dict[str, float]:
    """Run a program in a process of its own; return what it printed."""
    printed = run("-c", code, *arguments, environment=dict(os.environ))
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found


def removed(out: Path) -> None:
    """Remove what was written, so that the next one does not wait for it."""
    shutil.rmtree(out)
    os.sync()


def measure(source: Path, runs: int, shard: str | None) -> dict[str, float]:
    """Return the medians of ours, of a copy of what it wrote or read, and of zarr."""
    out, twin = (source.parent / f"{name}.ome.zarr" for name in ("ours", "copy"))
    shards = () if shard is None else (shard,)
    found: dict[str, list[float]] = {key: [] for key in ("ours", "copy", "zarr", "rss")}
    for turn in range(runs + 1):
        ours = figures(OURS, source, out, *shards)
        # Of as many files as there are on the side of single chunks.
        seconds = copied(out if shard is None else source, twin)
        for each in (out, twin):
            removed(each)
        decoded = 0.0
        if shard is not None and turn:
            decoded = figures(ZARR, source, out, shard)["seconds"]
            removed(out)
        if turn:  # the first warms the disk's cache
            values = ours["seconds"], seconds, decoded, ours["rss_mb"]
            for key, value in zip(found, values, strict=True):
                found[key].append(value)
            print(values, flush=True)
    return {key: median(values) for key, values in found.items()}


def measure_scan(folder: Path, count: int) -> dict[str, float]:
    """Scan the indices of many shards."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        return figures(SCAN, Path(place, "array"), count)


def rows_of(into: dict[str, float], out_of: dict[str, float]) -> list[Row]:
    """Compare what was measured with what it may be."""
    rows = []
    for found, what, where in (
        (into, "chunks into shards", "planes, Zarr v3"),
        (out_of, "shards into single chunks", "planes in shards"),
    ):
        bounds = [("copy", COPY_TIMES, f"{COPY_TIMES:g} x copy and fsync")]
        if found["zarr"]:
            bounds.append(("zarr", ZARR_TIMES, "a fifth of decoding with zarr"))
        rows += [
            Row(
                what=what,
                where=where,
                ours=f"{found['ours']:.2f} s",
                bound=f"{times * found[key]:.2f} s = {words}",
                ratio=found["ours"] / (times * found[key]),
            )
            for key, times, words in bounds
        ]
        rows.append(
            Row(
                what=f"peak memory, {what}",
                where=where,
                ours=f"{found['rss']:.0f} MB",
                bound=f"{MEMORY_MB} MB",
                ratio=found["rss"] / MEMORY_MB,
            )
        )
    return rows


def scan_rows(found: dict[str, float], count: int) -> list[Row]:
    """Compare a scan with what it may take."""
    what, where = f"scanning {count:,} shards", "16 chunks in each"
    return [
        Row(
            what=what,
            where=where,
            ours=f"{found['seconds']:.2f} s",
            bound=f"{SCAN_SECONDS:.2f} s",
            ratio=found["seconds"] / SCAN_SECONDS,
        ),
        Row(
            what=f"{what}: reads",
            where=where,
            ours=f"{found['reads']:,.0f}",
            bound=f"{count:,} = one a shard",
            ratio=found["reads"] / count,
        ),
    ]


def main() -> int:
    """Measure, write the table, and return 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("yardstick", nargs="?", type=Path, default=YARDSTICK)
    place = Path(tempfile.gettempdir()) / "napari-ngff-benchmark"
    parser.add_argument("--data", type=Path, default=place)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--shards", type=int, default=10_000)
    parser.add_argument("--into", type=Path, default=Path(__file__).with_suffix(".md"))
    given = parser.parse_args()
    chunks, shards = (
        given.data / f"{name}.ome.zarr" for name in ("plane_v3", "shard_plane")
    )
    if not (chunks.exists() and shards.exists()):
        program = given.yardstick / "make_data.py"
        run(program, given.data, environment=dict(os.environ))
    compile_package()
    rows = rows_of(
        measure(chunks, given.runs, json.dumps(SHARD)),
        measure(shards, given.runs, None),
    )
    rows += scan_rows(measure_scan(given.data, given.shards), given.shards)
    about = [
        f"Medians of {given.runs} runs, taken in turns: "
        f"{machine('zarr', 'numpy', 'numcodecs')}.",
        "An image of 2 x 64 x 2048 x 2048 pixels of 16 bits with all its levels, some "
        "700 MB as it is stored. Ours compares each chunk that it wrote with its "
        "source, and syncs each file. The copy is `cp -r` of the files of single "
        "chunks, of which there are most, each synced, too; zarr decodes and encodes "
        "on two threads, and is synced at the end. A ratio of at most 1 keeps the "
        "bound.",
    ]
    text = table("Re-sharding: how long it takes", about, rows, Path(__file__).name)
    given.into.write_text(text)
    print(text)
    return int(not all(row.holds for row in rows))


if __name__ == "__main__":
    sys.exit(main())
