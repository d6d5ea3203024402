"""The README's two commands: what dev.py decides before it starts anything."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
INSTALLED = """\
installed, libegl1,
installed, libglib2.0-0t64, libglib2.0-0 (= 2.84.4-3)
config-files, xvfb,
"""


@pytest.fixture
def dev():
    """Import dev.py, which belongs to no package."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_old_python_is_told_so(dev, monkeypatch):
    """A Python that is too old is named, and nothing is installed."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    monkeypatch.setattr(dev, "prepare", lambda: pytest.fail("prepared"))

    assert dev.main(["demo"]).startswith("napari-ngff needs Python 3.11 or newer")


def test_an_old_python_can_read_it():
    """It is written in the Python of 2018, so that an old one gets that far."""
    ast.parse((ROOT / "dev.py").read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("argv", [[], ["install"]])
def test_an_unknown_command_gets_the_usage(dev, argv):
    """Without a command that it knows, it says which there are."""
    usage = dev.main(argv)

    assert all(f"dev.py {name}" in usage for name in dev.COMMANDS)


def test_the_rest_of_the_line_goes_on(dev, monkeypatch):
    """What follows the command is handed to it."""
    monkeypatch.setattr(dev, "prepare", lambda: None)
    monkeypatch.setitem(dev.COMMANDS, "test", lambda arguments: arguments)

    assert dev.main(["test", "-k", "space"]) == ["-k", "space"]


@pytest.fixture
def no_display(monkeypatch):
    """Be on Linux without a display."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


def test_missing_packages_are_found(dev, monkeypatch, no_display):
    """A removed package is missing; one that another provides is not."""
    monkeypatch.setattr(dev.shutil, "which", lambda name: name)
    monkeypatch.setattr(dev.subprocess, "check_output", lambda *_, **__: INSTALLED)
    monkeypatch.setattr(dev, "find_spec", lambda name: None)

    missing = dev.missing_packages()

    assert {"xvfb", "libgl1", f"python{dev.VERSION}-venv"} <= set(missing)
    assert not {"libegl1", "libglib2.0-0"} & set(missing)


def test_a_display_makes_xvfb_unnecessary(dev, monkeypatch):
    """Where windows can be shown, no screen in memory is asked for."""
    monkeypatch.setattr(dev.shutil, "which", lambda name: name)
    monkeypatch.setattr(dev.subprocess, "check_output", lambda *_, **__: "")
    monkeypatch.setenv("DISPLAY", ":0")

    assert "xvfb" not in dev.missing_packages()


def test_other_systems_have_no_debian_packages(dev, monkeypatch):
    """Where there is no dpkg, nothing is missing from it."""
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)

    assert dev.missing_packages() == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no root")
def test_packages_are_named_to_who_may_not_install(dev, monkeypatch):
    """Whoever is not root is told the exact command."""
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(dev, "run", lambda *_, **__: pytest.fail("ran"))

    with pytest.raises(SystemExit, match=r"sudo apt-get install .* xauth xvfb$"):
        dev.install_packages(["xauth", "xvfb"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no root")
def test_root_installs_packages(dev, monkeypatch):
    """Root gets them installed, from lists that are up to date."""
    ran = []
    monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
    monkeypatch.setattr(dev, "run", lambda command, **_: ran.append(command))

    dev.install_packages(["xvfb"])

    assert ["update", "install"] == [command[1] for command in ran]
    assert "xvfb" in ran[1]


def test_a_failure_stops(dev):
    """A command that fails ends the run and is shown."""
    with pytest.raises(SystemExit, match="exit code 3"):
        dev.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_readme_names_the_commands(dev):
    """README.md gives both commands as they are."""
    readme = (ROOT / "README.md").read_text("utf-8")

    assert set(dev.COMMANDS) == set(re.findall(r"python3 dev\.py (\w+)", readme))
