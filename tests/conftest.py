"""Fixtures that every test may use, and the promises that every test keeps.

- Settings of napari live in a temporary file and are reset after each test.
- A test leaves no thread behind.
- With ``--require-shared`` (the default in CI) a test that skips for want of the
  reference data beside the project fails where that data is there.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SHARED = Path(__file__).resolve().parents[2] / "shared"
IN_CI = bool(os.environ.get("CI"))

# Threads that live as long as the process, by design of whoever starts them.
PROCESS_WIDE_THREADS = (
    "napari-ngff",  # our own readers
    "zarr",  # zarr's event loop and codec pool
    "asyncio",  # that loop's default pool
    "Dask-Offload",  # what dask.distributed packs messages with
    "Dummy-",  # threads of Qt
    "tqdm",
)
FIGURES = pytest.StashKey[list[str]]()

# napari reads this variable when it is imported, so it is set before any test is.
os.environ["NAPARI_CONFIG"] = str(Path(mkdtemp(prefix="napari-ngff-")) / "napari.yaml")
# What edits of metadata keep of earlier versions.
os.environ["NAPARI_NGFF_DATA"] = mkdtemp(prefix="napari-ngff-")

# No deadline: this machine may be busy. The same examples at each run of CI.
settings.register_profile("here", deadline=None, derandomize=IN_CI)
settings.load_profile("here")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-shared",
        action="store_true",
        default=IN_CI,
        help="fail a test that skips for want of ../shared where that is there",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FIGURES] = []


def pytest_unconfigure() -> None:
    folder = Path(os.environ["NAPARI_CONFIG"]).parent
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    rmtree(os.environ["NAPARI_NGFF_DATA"])


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("window") and not _has_display():
        reason = "no display: install Xvfb, or run where there is one"
        (pytest.fail if IN_CI else pytest.skip)(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    return _judge_skip(report, item.config)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _judge_skip(report, collector.config)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = terminalreporter.config.stash[FIGURES]
    if figures:
        terminalreporter.section("figures")
        for line in figures:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the project; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("reference data (../shared) is not here")
    return SHARED


@pytest.fixture(scope="session")
def stores(shared: Path) -> Path:
    """Stores written by other tools."""
    return shared / "stores"


@pytest.fixture(scope="session")
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Take a line, such as a count, to print at the end of the run."""
    return request.config.stash[FIGURES].append


@pytest.fixture(autouse=True)
def _fresh_napari_settings(_untouched: dict[str, Any]) -> Iterator[None]:
    """What a test sets in napari does not reach the next one."""
    yield
    napari_settings = sys.modules.get("napari.settings")
    if napari_settings is None:
        return
    settings = napari_settings.get_settings()
    if settings.model_dump() != _untouched:  # to reset them takes 250 times as long
        settings.reset()
        _untouched |= settings.model_dump()


@pytest.fixture(scope="session")
def _untouched() -> dict[str, Any]:
    """The settings of napari as they are after a reset; nothing before the first."""
    return {}


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    """A thread that a test starts has ended when the test has, or soon after."""
    before = set(threading.enumerate())
    yield
    give_up = time.monotonic() + 3
    while leaked := [t for t in threading.enumerate() if _is_leak(t, before)]:
        if time.monotonic() > give_up:
            pytest.fail(f"threads left behind: {[t.name for t in leaked]}")
        leaked[0].join(0.05)


@pytest.fixture
def qtbot(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Hold the widgets of a test until they are closed.

    One that only the test held was collected once that had returned: by chance while
    it was painted, and the process was gone.
    """
    kept: list[Any] = []
    add = qtbot.addWidget

    def add_widget(widget: Any, **options: Any) -> None:
        kept.append(widget)
        add(widget, **options)

    monkeypatch.setattr(qtbot, "addWidget", add_widget)
    yield qtbot
    kept.clear()


def _is_leak(thread: threading.Thread, before: set[threading.Thread]) -> bool:
    if thread in before or thread.name.startswith(PROCESS_WIDE_THREADS):
        return False
    # dask keeps one unnamed pool for the process
    return not ("dask.threaded" in sys.modules and "PoolExecutor" in thread.name)


def _has_display() -> bool:
    display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(display) or sys.platform != "linux"


def _judge_skip(report: pytest.TestReport, config: pytest.Config) -> pytest.TestReport:
    reason = str(report.longrepr)
    strict = config.getoption("--require-shared") and SHARED.is_dir()
    if strict and report.skipped and "shared" in reason:
        report.outcome = "failed"
        report.longrepr = f"skipped although ../shared is there: {reason}"
    return report
