"""How long a user waits: napari-ngff beside its peer, napari itself and bare zarr.

usage: python benchmarks/reading.py [YARDSTICK] [--data DIR] [--runs N] [--into FILE]
                                    [--also PYTHON]

YARDSTICK is the folder of the programs that measure (``make_data.py``, ``huge.py``,
``open_slice.py``); ``../shared/bench`` beside the project if not given. The data, some
3.5 GB, are made in DIR once. Every measurement is a process of its own; readers take
turns, so that a machine that slows down slows all of them, and medians are compared.
Run it on a quiet machine, with the reader to compare with (napari-ome-zarr) installed
in the same environment. What else is installed there changes how long that one takes
to open: dask imports xarray and distributed where they are. PYTHON is that of another
environment, where opening is measured too.
"""

from __future__ import annotations

import argparse
import json
import os
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

OURS, PEER, MEMORY, FLOOR = "napari-ngff", "napari-ome-zarr", "memory", "floor+fused"
LAYOUTS = {
    "plane_v2": "planes, Zarr v2",
    "plane_v3": "planes, Zarr v3",
    "cube_v3": "cubes",
    "shard_cube": "cubes in shards",
    "shard_plane": "planes in shards",
}
FLOORS = {name: 0.25 if "cube" in name else 1.3 for name in LAYOUTS}
"""How many times the bare reads a new plane may cost beyond napari's own share."""

ABOUT = (
    "*memory* is napari's own cost, the same pyramid given as numpy arrays; *bare* "
    "is what zarr takes for the same pixels with its fused codec pipeline and "
    "nothing else. A ratio of at most 1 keeps the bound."
)

EMPTY = """
import resource, numpy as np
from napari.components import ViewerModel
from napari.plugins import _initialize_plugins
_initialize_plugins()
viewer = ViewerModel()
viewer.add_image(np.zeros((2, 8, 8), np.uint16), scale=(1, 1, 1), units=("um",) * 3)
viewer.layers.clear()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3)
"""


def medians(runs: list[dict]) -> dict[str, float]:
    """Return the median of every figure; of a list of figures, of its first."""
    numbers = {
        key: [run[key][0] if isinstance(run[key], list) else run[key] for run in runs]
        for key in runs[0]
        if key not in ("reader", "store", "levels", "view_error")
    }
    return {key: median(values) for key, values in numbers.items()}


def measure(
    yardstick: Path,
    stores: dict[str, Path],
    readers: list[str],
    runs: int,
    python: str = sys.executable,
):
    """Return medians by store and reader; readers take turns on a store."""
    found = {}
    compile_package(python)
    with tempfile.TemporaryDirectory() as folder:
        settings = {**os.environ, "NAPARI_CONFIG": str(Path(folder) / "napari.yaml")}
        for name, store in stores.items():
            lines = {reader: [] for reader in readers}
            for turn in range(runs + 1):
                for reader in readers:
                    program = yardstick / "open_slice.py"
                    command = (program, reader, store)
                    out = run(*command, environment=settings, python=python)
                    if turn:  # the first warms the disk's cache
                        lines[reader].append(json.loads(out.splitlines()[-1]))
                        print(out.splitlines()[-1], flush=True)
            found[name] = {reader: medians(each) for reader, each in lines.items()}
        empty = [float(run("-c", EMPTY, environment=settings)) for _ in range(runs)]
    return found, median(empty)


def rows_of_layout(name: str, found: dict[str, dict[str, float]]) -> list[Row]:
    """Compare the figures of one layout with what they may be."""
    ours, memory, floor = found[OURS], found[MEMORY], found[FLOOR]
    again, bare, times = memory["slice_ms"], floor["slice_ms"], FLOORS[name]
    bound = again + times * bare
    rows = [
        Row(
            what="a new plane",
            where=LAYOUTS[name],
            ours=f"{ours['slice_ms']:.1f} ms",
            bound=f"{bound:.1f} ms = memory {again:.1f} + {times} x bare {bare:.1f}",
            ratio=ours["slice_ms"] / bound,
        ),
        Row(
            what="the same plane again",
            where=LAYOUTS[name],
            ours=f"{ours['again_ms']:.1f} ms",
            bound=f"{1.5 * memory['again_ms']:.1f} ms = 1.5 x memory",
            ratio=ours["again_ms"] / (1.5 * memory["again_ms"]),
        ),
    ]
    return [*rows_of_opening(LAYOUTS[name], found), *rows]


def rows_of_opening(where: str, found: dict[str, dict[str, float]]) -> list[Row]:
    """Compare how long opening takes with how long the peer takes, if it is there."""
    if PEER not in found:
        return []
    ours, peer = found[OURS], found[PEER]
    return [
        Row(
            what="opening",
            where=where,
            ours=f"{ours['open_s']:.2f} s",
            bound=f"{peer['open_s'] / 4:.2f} s = a quarter of {PEER}",
            ratio=ours["open_s"] / (peer["open_s"] / 4),
        ),
        Row(
            what="opening once more",
            where=where,
            ours=f"{ours['reopen_s']:.2f} s",
            bound=f"{peer['reopen_s']:.2f} s = {PEER}",
            ratio=ours["reopen_s"] / peer["reopen_s"],
        ),
    ]


def rows_of_huge(huge: dict, small: dict, empty: float) -> list[Row]:
    """Compare a store of billions of chunks with the same store of a few."""
    above = huge["rss_mb"] - empty
    return [
        Row(
            what="opening",
            where="4.8 billion chunks",
            ours=f"{huge['open_s']:.2f} s",
            bound=f"{1.2 * small['open_s']:.2f} s = 1.2 x that of a few chunks",
            ratio=huge["open_s"] / (1.2 * small["open_s"]),
        ),
        Row(
            what="memory above an empty viewer",
            where="4.8 billion chunks",
            ours=f"{above:.0f} MB",
            bound="200 MB",
            ratio=above / 200,
        ),
    ]


def shrink(huge: Path, small: Path) -> None:
    """Copy a store that is nothing but metadata, with one chunk a level."""
    for document in sorted(huge.rglob("zarr.json")):
        metadata = json.loads(document.read_text())
        if metadata["node_type"] == "array":
            chunks = metadata["chunk_grid"]["configuration"]["chunk_shape"]
            level = int(document.parent.name)
            metadata["shape"] = [*metadata["shape"][:2], 4, *chunks[3:]]
            metadata["shape"][3:] = [max(1, n >> level) for n in chunks[3:]]
        target = small / document.relative_to(huge)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(metadata))


def installed(python: str) -> str:
    """Say which packages that dask imports where they are, are there."""
    code = (
        "from importlib.util import find_spec;"
        "names = [n for n in ('xarray', 'distributed') if find_spec(n)];"
        "print('with ' + ' and '.join(names) if names else 'with dask alone')"
    )
    return run("-c", code, environment=dict(os.environ), python=python)


def prepare(yardstick: Path, data: Path) -> dict[str, Path]:
    """Make the data that are not there yet; return the stores by name."""
    stores = {name: data / f"{name}.ome.zarr" for name in LAYOUTS}
    environment = dict(os.environ)
    if not all(store.exists() for store in stores.values()):
        run(yardstick / "make_data.py", data, environment=environment)
    huge, small = data / "huge.ome.zarr", data / "few.ome.zarr"
    if not huge.exists():
        run(yardstick / "huge.py", huge, environment=environment)
    shrink(huge, small)
    return {**stores, "huge": huge, "few": small}


def main() -> int:
    """Measure, write the table, and return 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("yardstick", nargs="?", type=Path, default=YARDSTICK)
    place = Path(tempfile.gettempdir()) / "napari-ngff-benchmark"
    parser.add_argument("--data", type=Path, default=place)
    parser.add_argument("--runs", type=int, default=3)
    into = Path(__file__).with_suffix(".md")
    parser.add_argument("--into", type=Path, default=into)
    parser.add_argument("--also", metavar="PYTHON")
    given = parser.parse_args()
    readers = [OURS, MEMORY, FLOOR]
    if is_installed(PEER):
        readers.insert(1, PEER)
    stores = prepare(given.yardstick, given.data)
    layouts = {name: stores[name] for name in LAYOUTS}
    found, _ = measure(given.yardstick, layouts, readers, given.runs)
    sizes = {name: stores[name] for name in ("huge", "few")}
    ends, empty = measure(given.yardstick, sizes, [OURS], given.runs)
    rows = [row for name in LAYOUTS for row in rows_of_layout(name, found[name])]
    if given.also:
        found, _ = measure(
            given.yardstick, layouts, readers[:2], given.runs, given.also
        )
        held = installed(given.also)
        for name, layout in LAYOUTS.items():
            rows += rows_of_opening(f"{layout}, {held}", found[name])
    rows += rows_of_huge(ends["huge"][OURS], ends["few"][OURS], empty)
    order = list(dict.fromkeys(row.what for row in rows))
    rows.sort(key=lambda row: order.index(row.what))
    where = machine("napari", "zarr", "numpy")
    about = [
        f"Medians of {given.runs} runs, taken in turns: {where}, "
        f"{installed(sys.executable)}.",
        ABOUT,
    ]
    title = "Reading: what a user waits for"
    text = table(title, about, rows, Path(__file__).name)
    given.into.write_text(text)
    print(text)
    return int(not all(row.holds for row in rows))


if __name__ == "__main__":
    sys.exit(main())
