"""Runs a scenario with a fault at any of its I/O calls, and judges what is there then.

>>> with Run("faults.small:first_save", tmp_path) as run:  # doctest: +SKIP
...     run.judge(run.points("kill", "eio"))
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from faults.faults import DEADLY, GROWING, KILLED, RENAMING
from faults.server import DONE, INTERRUPTED, REFUSED
from napari_ngff.storage.commit.places import ours
from napari_ngff.storage.commit.settling import sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from faults.scenario import Scenario

TESTS = Path(__file__).resolve().parents[1]
MEMORY = Path("/dev/shm")
#: On older Pythons a fixed sample will do: what differs is not theirs.
STRIDE = 1 if sys.version_info >= (3, 12) else 7
#: Calls that a kind of fault makes a difference to; any call for the other kinds.
MEETS = {"torn": {"write"}, "full": GROWING | RENAMING}
BATCH = 16

Point: TypeAlias = tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How the child ended, and which calls it made."""

    code: int
    calls: Sequence[str] = ()
    lines: int = 0
    error: str = ""


def look(folder: Path) -> dict[str, bytes | None]:
    """Return all that is below a folder, but for what a killed save leaves."""
    found: dict[str, bytes | None] = {}
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not ours(name)]
        for name in (*folders, *names):
            path = Path(here, name)
            content = path.read_bytes() if path.is_file() else None
            found[path.relative_to(folder).as_posix()] = content
    return found


class Run:
    """A scenario, what is there before and after it, and a process that forks.

    Parameters
    ----------
    name
        ``module:attribute`` of a `Scenario`, as seen from the folder of the tests.
    folder
        An empty one, for systems that have no folder in memory.
    stride
        Of how many points one is taken.
    """

    def __init__(self, name: str, folder: Path, *, stride: int = STRIDE) -> None:
        module, _, attribute = name.partition(":")
        self.scenario: Scenario = getattr(import_module(module), attribute)
        self.stride = stride
        self._name = name
        self._folder = folder

    def __enter__(self) -> Self:
        # In memory, where there is such a place: thousands of small trees are made.
        place = MEMORY if os.access(MEMORY, os.W_OK) else self._folder
        self._place = TemporaryDirectory(prefix="napari-ngff-faults-", dir=place)
        self._template = Path(self._place.name, "template")
        self._template.mkdir()
        self.scenario.prepare(self._template)
        one = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
        self._server = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "faults.server", self._name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **one, "PYTHONPATH": path.rstrip(os.pathsep)},
            text=True,
        )
        try:
            assert json.loads(self._server.stdout.readline()) == {"ready": self._name}
            self._know()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait(30)
        self._place.cleanup()

    def _know(self) -> None:
        """Learn what is there before and after, and which calls are made."""
        folder = self._copy(0)
        assert sweep(folder) == ()
        self.old = self._look(folder)
        (outcome,) = self._run([("none", 0)])
        assert outcome.code == DONE, outcome.error
        assert leftovers(folder) == []
        self.new = self._look(folder)
        self.calls = outcome.calls
        (outcome,) = self._run([("line", 0)])
        self.lines = outcome.lines

    def points(self, *kinds: str, stride: int = 1) -> list[Point]:
        """Return each kind of fault with the number of each call that it may meet."""
        return [
            (kind, number)
            for kind in kinds
            for number, call in enumerate(self.calls, start=1)
            if call in MEETS.get(kind, {call}) and number % (stride * self.stride) == 0
        ]

    def judge(self, points: Sequence[Point]) -> list[str]:
        """Do it with each fault; return what came of each: ``"old"`` or ``"new"``.

        Whoever said that it was done has done it; whoever was refused has changed
        nothing, unless the disk was gone. The next sweep removes what is left.
        """
        states: list[str] = []
        for batch in _batches(points):
            for number, (point, outcome) in enumerate(
                zip(batch, self._run(batch), strict=True)
            ):
                states.append(self._judged(point, outcome, self._work(number)))
        return states

    def _run(self, batch: Sequence[Point]) -> list[Outcome]:
        """Do it in one child, with a fault after another, each in its own copy."""
        request = [
            {"folder": str(self._copy(number)), "kind": kind, "point": point}
            for number, (kind, point) in enumerate(batch)
        ]
        print(json.dumps(request), file=self._server.stdin, flush=True)
        answer: list[dict[str, Any]] = json.loads(self._server.stdout.readline())
        return [Outcome(**one) for one in answer]

    def _work(self, number: int) -> Path:
        return Path(self._place.name, f"work{number}")

    def _copy(self, number: int) -> Path:
        folder = self._work(number)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._template, folder, symlinks=True)
        return folder

    def _judged(self, point: Point, outcome: Outcome, folder: Path) -> str:
        place = f"{point}: {outcome}"
        assert outcome.code in {DONE, REFUSED, INTERRUPTED, KILLED}, place
        assert sweep(folder) == (), place
        assert leftovers(folder) == [], place
        state = self._look(folder)
        assert state in (self.old, self.new), place
        if outcome.code == DONE:
            assert state == self.new, place
        if outcome.code == REFUSED and point[0] != "gone" and self.scenario.undone:
            assert state == self.old, place
        return "new" if state == self.new else "old"

    def _look(self, folder: Path) -> object:
        return (self.scenario.look or look)(folder)


def leftovers(folder: Path) -> list[str]:
    """Return the names of what saves left in a folder."""
    return [name for name in os.listdir(folder) if ours(name)]


def _batches(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Yield points that one child can do: it ends with the first that kills it."""
    batch: list[Point] = []
    for point in points:
        batch.append(point)
        if point[0] in DEADLY or len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
