"""The shape of the house: what importing loads, what is public, what is packaged.

Who may import whom is checked by import-linter (`tox run -e lint`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import numcodecs
import numpy as np
import pytest
import zarr
from npe2 import PluginManifest
from packaging.requirements import Requirement

import napari_ngff

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "napari_ngff"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
QT = ("qtpy", "superqt", "magicgui", "PyQt5", "PyQt6", "PySide2", "PySide6")
HEAVY = ("numpy", "zarr", "numcodecs", "dask", "napari", *QT)
LOADED = """
import json, sys
before = set(sys.modules)
for name in {names}:
    __import__(name)
print(json.dumps(sorted({{m.partition(".")[0] for m in set(sys.modules) - before}})))
"""


def loaded_by(*names: str) -> set[str]:
    """Return the top-level packages that a fresh process loads by importing `names`."""
    answer = subprocess.run(
        [sys.executable, "-c", LOADED.format(names=names)],
        capture_output=True,
        check=True,
    )
    return set(json.loads(answer.stdout))


def modules(package: str) -> list[str]:
    """Return the names of all modules of one of our packages."""
    files = sorted((SOURCE / package).rglob("*.py"))
    parts = (file.relative_to(SOURCE.parent).with_suffix("").parts for file in files)
    return [".".join(part).removesuffix(".__init__") for part in parts]


@pytest.mark.parametrize("name", ["napari_ngff", "napari_ngff.plugin"])
def test_start_up_is_free(name):
    """What napari imports when it starts loads nothing but the standard library."""
    others = loaded_by(name) - sys.stdlib_module_names - {"napari_ngff"}

    assert others == set()


@pytest.mark.parametrize(
    ("package", "allowed"),
    [
        ("core", ()),
        ("metadata", ("numpy",)),
        ("storage", ("numpy", "zarr", "numcodecs")),
        ("dataset", ("numpy", "zarr", "numcodecs")),
        ("layers", ("numpy", "zarr", "numcodecs")),
        ("cli.py", ("numpy", "zarr", "numcodecs")),
    ],
)
def test_each_floor_loads_only_its_own(package, allowed):
    """No floor below the widgets loads napari, dask or Qt, directly or not."""
    names = ["napari_ngff.cli"] if package == "cli.py" else modules(package)

    assert loaded_by(*names) & set(HEAVY) <= set(allowed)


DRAWN = """
import sys
import numpy as np
from napari_ngff.layers.read import read_layers
for data, settings, kind in read_layers({path!r}):
    for level in data if isinstance(data, list | tuple) else [data]:
        assert np.asarray(level).any(), level
found = {{name.partition(".")[0] for name in sys.modules}}
print(*sorted(found & {{"zarr", "dask", "napari"}}))
"""


@pytest.mark.parametrize("kind", ["v2 blosc", "v3 blosc", "v3 sharded zstd"])
def test_an_ordinary_image_needs_no_zarr(kind, tmp_path):
    """Importing zarr or dask takes longer than opening and drawing an image does."""
    path = ordinary_image(tmp_path / "x.ome.zarr", kind)
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", DRAWN.format(path=str(path))],
        capture_output=True,
        check=False,
        text=True,
    )

    assert ("", "") == (found.stdout.strip(), found.stderr)


def ordinary_image(path, kind):
    """Write an image of one level."""
    v2 = kind == "v2 blosc"
    codecs = zarr.codecs
    compressors = {
        "v2 blosc": numcodecs.Blosc(),
        "v3 blosc": codecs.BloscCodec(),
        "v3 sharded zstd": codecs.ZstdCodec(),
    }
    group = zarr.create_group(path, zarr_format=2 if v2 else 3)
    level = group.create_array(
        "0",
        shape=(2, 16, 16),
        dtype="u2",
        chunks=(1, 4, 4),
        shards=(1, 16, 16) if "sharded" in kind else None,
        compressors=compressors[kind],
        dimension_names=None if v2 else ["c", "y", "x"],
    )
    level[...] = np.arange(512).reshape(2, 16, 16)
    kinds = {"c": "channel", "y": "space", "x": "space"}
    scale = {"type": "scale", "scale": [1.0, 0.5, 0.5]}
    multiscale = {
        "axes": [{"name": name, "type": kind} for name, kind in kinds.items()],
        "datasets": [{"path": "0", "coordinateTransformations": [scale]}],
    }
    if v2:
        group.attrs["multiscales"] = [multiscale | {"version": "0.4"}]
    else:
        group.attrs["ome"] = {"version": "0.5", "multiscales": [multiscale]}
    return path


def test_the_public_names():
    """A name that comes or goes is a decision, not an accident."""
    public = [
        "__version__",
        "edit",
        "inspect",
        "read",
        "read_layers",
        "reshard",
        "upgrade",
        "validate",
        "write",
    ]
    assert napari_ngff.__all__ == public
    assert dir(napari_ngff) == napari_ngff.__all__
    assert all(getattr(napari_ngff, name) for name in napari_ngff.__all__)


def test_unknown_names_are_unknown():
    """The lazy import of the public names does not swallow the others."""
    with pytest.raises(AttributeError, match="has no attribute 'write_all'"):
        _ = napari_ngff.write_all


def test_the_entry_point_is_a_page():
    """What npe2 calls only hands on."""
    assert len((SOURCE / "plugin.py").read_text("utf-8").splitlines()) <= 100


def test_every_module_says_what_it_knows():
    """Each module begins with a docstring, and none is a drawer."""
    for file in SOURCE.rglob("*.py"):
        assert file.read_text("utf-8").startswith('"""'), file
        assert file.stem not in {"utils", "helpers", "common", "misc"}, file


def test_the_manifest_is_one_file():
    """napari.yaml at the top is the packaged one, by a relative link."""
    link = ROOT / "napari.yaml"

    assert link.is_symlink()
    assert link.readlink() == Path("src/napari_ngff/napari.yaml")
    assert link.resolve() == SOURCE / "napari.yaml"


def test_the_installed_manifest_works():
    """npe2 finds the manifest of the installed package, and all that it names."""
    manifest = PluginManifest.from_distribution("napari-ngff")

    assert manifest.name == "napari-ngff"
    manifest.validate_imports()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in the wheel that a release would have."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (file,) = folder.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        return archive.namelist()


def test_the_wheel_has_all_that_is_needed(wheel):
    """The wheel has every source file, the manifest, the typing marker, the licence."""
    sources = {
        file.relative_to(SOURCE.parent).as_posix()
        for file in SOURCE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packaged = {name for name in wheel if ".dist-info/" not in name}

    assert packaged == sources
    assert {"napari_ngff/napari.yaml", "napari_ngff/py.typed"} <= packaged
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)


def test_the_metadata():
    """The project is what its users and napari's plugin list look for."""
    assert PROJECT["name"] == "napari-ngff"
    assert PROJECT["license"] == "BSD-3-Clause"
    assert PROJECT["requires-python"] == ">=3.11"
    assert "Framework :: napari" in PROJECT["classifiers"]
    assert PROJECT["scripts"] == {"napari-ngff": "napari_ngff.cli:main"}
    entry_points = {"napari.manifest": {"napari-ngff": "napari_ngff:napari.yaml"}}
    assert PROJECT["entry-points"] == entry_points
    assert metadata.version("napari-ngff") == napari_ngff.__version__


def test_the_extras():
    """The extras are there, and none of them is needed to import a floor."""
    extras = PROJECT["optional-dependencies"]

    assert set(extras) == {"all", "qt", "remote", "distributed", "test"}
    assert names(extras["all"]) == {"napari"}
    assert {"all"} == Requirement(extras["all"][0]).extras


def test_dependencies_have_lower_bounds_only():
    """Another plugin's pin must not meet a pin of ours."""
    extras = PROJECT["optional-dependencies"].values()
    for text in [
        *PROJECT["dependencies"],
        *(line for lines in extras for line in lines),
    ]:
        operators = [specifier.operator for specifier in Requirement(text).specifier]
        assert operators == [">="], text


def test_no_qt_binding_is_forced_on_anyone():
    """Which Qt binding there is, is the user's choice."""
    bindings = {"pyqt5", "pyqt6", "pyside2", "pyside6"}

    assert not names(PROJECT["dependencies"]) & bindings
    asked = map(Requirement, PROJECT["dependencies"])
    assert {"dask"} == {each.name for each in asked if each.extras}


def test_what_is_imported_is_declared():
    """Every package that the source imports is a dependency or of an extra."""
    extras = PROJECT["optional-dependencies"]
    declared = names(PROJECT["dependencies"] + extras["remote"] + extras["distributed"])
    imported = set()
    for file in SOURCE.rglob("*.py"):
        found = re.findall(r"^\s*(?:from|import) (\w+)", file.read_text("utf-8"), re.M)
        imported |= set(found)
    third_party = imported - sys.stdlib_module_names - {"napari_ngff"}

    assert {name.replace("_", "-") for name in third_party} <= declared


def test_no_path_of_one_machine():
    """Nothing in the tree depends on where it was written."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    if listed.returncode != 0:
        pytest.skip("not in a git clone")
    absolute = re.compile(rb"(?<![\w./:}>])/(?:work|home|root|tmp|Users)/\w")
    for name in filter(None, listed.stdout.split("\0")):
        file = ROOT / name
        if file.is_file() and file.suffix != ".png":
            assert not absolute.search(file.read_bytes()), name


@pytest.mark.parametrize(
    "page",
    sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")),
    ids=lambda page: page.name,
)
def test_links_lead_somewhere(page):
    """What a page links to inside the project is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))

    assert [] == [link for link in links if not (page.parent / link).exists()]


@pytest.mark.parametrize("name", ["reading.md", "resharding.md", "writing.md"])
def test_the_readme_shows_what_was_measured(name):
    """The tables of the README are those of the last measurements."""
    page = (ROOT / "benchmarks" / name).read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]

    assert "\n".join(rows) in (ROOT / "README.md").read_text("utf-8")


def names(requirements: list[str]) -> set[str]:
    """Return the names of the packages that are required."""
    return {Requirement(text).name.lower() for text in requirements}
