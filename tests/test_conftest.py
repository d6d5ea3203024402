"""The promises of tests/conftest.py hold: each is broken once, in a run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INI = """
[pytest]
markers = window
addopts = -p no:cacheprovider
"""
CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.fixture
def run(tmp_path):
    """Run one test file below the real conftest; returns its output."""
    project = tmp_path / "project"
    (project / "tests").mkdir(parents=True)
    (project / "tests" / "conftest.py").write_text(CONFTEST.read_text("utf-8"))
    (project / "pytest.ini").write_text(INI)

    environment = {k: v for k, v in os.environ.items() if k != "CI"}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

    def run(text, *options, **variables):
        (project / "tests" / "test_it.py").write_text(text)
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rs", *options],
            cwd=project,
            env=environment | variables,
            capture_output=True,
            text=True,
            check=False,
        ).stdout

    return run


SKIPS = "def test(shared): pass\n"
SKIPS_BY_MISTAKE = """
import pytest
def test():
    pytest.skip("the ../shared folder is not here")
"""
SKIPS_A_MODULE_BY_MISTAKE = """
import pytest
pytest.skip("the ../shared folder is not here", allow_module_level=True)
"""
LEAKS = """
import threading, time
def test():
    threading.Thread(target=time.sleep, args=(4,), daemon=True).start()
"""
WINDOW = """
import pytest
@pytest.mark.window
def test(): pass
"""
FIGURE = "def test(figure): figure('cases: 3 of 3')\n"
CONFIG = """
import os
def test():
    print("config", os.environ["NAPARI_CONFIG"])
"""


def test_absent_reference_data_is_a_skip(run):
    """Without ../shared a test that needs it skips, in CI too."""
    out = run(SKIPS, CI="true")

    assert "1 skipped" in out


@pytest.mark.parametrize("text", [SKIPS_BY_MISTAKE, SKIPS_A_MODULE_BY_MISTAKE])
def test_wrongly_missed_reference_data_is_a_failure(run, tmp_path, text):
    """Where ../shared is there, a skip for want of it fails in CI."""
    (tmp_path / "shared").mkdir()

    assert "although ../shared is there" in run(text, CI="true")
    assert "although ../shared is there" in run(text, "--require-shared")
    assert "1 skipped" in run(text)


def test_a_leaked_thread_is_an_error(run):
    """A thread that outlives its test is named."""
    out = run(LEAKS)

    assert "threads left behind: ['Thread-1 (sleep)']" in out


def test_a_window_needs_a_display(run):
    """Without a display a window test skips, and fails in CI."""
    no_display = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}

    assert "1 skipped" in run(WINDOW, **no_display)
    assert "1 error" in run(WINDOW, CI="true", **no_display)


def test_figures_are_printed(run):
    """What a test reports is in the last section of the output."""
    assert "cases: 3 of 3" in run(FIGURE)


def test_settings_leave_nothing_behind(run):
    """The temporary settings folder is gone after the run."""
    out = run(CONFIG, "-s")
    config = Path(out.split("config ")[1].splitlines()[0].strip())

    assert not config.parent.exists()
