"""Saving in a terminal: what is typed, printed and written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from cases.build import build_image
from cases.many import build_arrays, build_plate, build_series
from napari_ngff import read
from napari_ngff.cli import main
from napari_ngff.core.problems import Cancelled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def image(tmp_path: Path) -> str:
    return str(build_image(tmp_path / "image.zarr", labels={"cells": {}}))


def test_save(image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says where it has saved, and ends with 0."""
    target = tmp_path / "new.ozx"

    assert 0 == main(["save", image, str(target), "--version", "0.6"])

    assert f"Saved: {target}\n" == capsys.readouterr().out
    again = read(target)
    assert np.array_equal(read(image).levels[0], again.levels[0])
    assert "0.6" == again.group.version


def test_every_choice(image: str, tmp_path: Path) -> None:
    """All that can be typed is heeded."""
    target = str(tmp_path / "new.zarr")
    typed = "--version 0.5 --levels 3 --method strided --label-method nearest "
    typed += "--chunks z=2,y=4,x=4 --shards z=4,y=8,x=8 --codec gzip:4 --check all "
    typed += "--memory 0.5GB --workers 1 --name cells --on-loss raise"

    assert 0 == main(["save", image, target, *typed.split()])

    again = read(target)
    assert "cells" == again.multiscale.name
    assert "strided" == again.multiscale.method
    assert 3 == len(again.levels)
    assert (1, 2, 4, 4) == again.levels[0].chunks
    text = (tmp_path / "new.zarr" / "0" / "zarr.json").read_text()
    assert '"gzip"' in text
    assert "sharding_indexed" in text


def test_the_plan_is_shown_and_nothing_written(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Levels, chunks, shards, files, sizes; what is replaced."""
    assert 0 == main(["save", image, str(tmp_path / "new.zarr"), "--plan"])

    out = capsys.readouterr().out
    assert not (tmp_path / "new.zarr").exists()
    assert "OME-Zarr 0.5" in out
    assert "Level  Shape" in out
    assert "Labels 'cells'" in out
    assert "of memory" in out


def test_a_plan_that_is_not_possible(
    image: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says why, and ends with 1."""
    assert 1 == main(["save", image, image, "--plan"])

    out = capsys.readouterr().out
    assert "not possible: There is an image already" in out
    assert "--overwrite" in out


def test_a_target_that_is_there(image: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused with 2 and one line; with --overwrite it is replaced by itself."""
    before = np.asarray(read(image).levels[0])

    assert 2 == main(["save", image, image])
    error = capsys.readouterr().err
    assert 1 == error.count("\n")
    assert "There is an image already" in error
    assert "--overwrite" in error

    assert 0 == main(["save", image, image, "--overwrite", "--chunks", "y=3"])
    assert np.array_equal(before, read(image).levels[0])


def test_a_bare_array_is_told_what_it_means(tmp_path: Path) -> None:
    """Axes, sizes and units are typed."""
    source = build_arrays(tmp_path / "arrays.zarr") / "a"
    shape = read(source).array.shape
    axes = "tczyx"[-len(shape) :]
    target = str(tmp_path / "new.zarr")
    typed = ["--axes", axes, "--scale", "y=0.5,x=0.5", "--units", "um"]

    assert 0 == main(["save", str(source), target, *typed])

    again = read(target)
    assert axes == "".join(axis.name for axis in again.multiscale.axes)
    assert "micrometer" == again.multiscale.axes[-1].unit


def test_a_series_is_saved_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside each other, or again in one store."""
    source = str(build_series(tmp_path / "in.zarr"))
    count = len(read(source).children)

    assert 0 == main(["save", source, str(tmp_path / "a.zarr")])
    assert count == len(capsys.readouterr().out.splitlines())
    typed = ["--several", "series"]
    assert 0 == main(["save", source, str(tmp_path / "b.zarr"), *typed])
    assert count == len(read(tmp_path / "b.zarr").children)


def test_what_is_lost_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A plate is saved image by image; with --on-loss raise it is not."""
    source = str(build_plate(tmp_path / "plate.zarr"))

    assert 2 == main(["save", source, str(tmp_path / "a.zarr"), "--on-loss", "raise"])
    assert [tmp_path / "plate.zarr"] == list(tmp_path.iterdir())
    capsys.readouterr()

    assert 0 == main(["save", source, str(tmp_path / "a.zarr")])
    assert "not as a plate" in capsys.readouterr().err


def test_what_is_not_as_asked_is_told(
    image: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Levels that there cannot be; it is saved all the same."""
    assert 0 == main(["save", image, str(tmp_path / "a.zarr"), "--levels", "50"])

    error = capsys.readouterr().err
    assert error.startswith("Note: 50 levels were asked for, and the image has ")
    assert 1 == error.count("\n")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--chunks", "y"], "not an axis and a number"),
        (["--chunks", "y=a"], "not a number"),
        (["--chunks", "y=0.5"], "whole number"),
        (["--memory", "much"], "not a number of bytes"),
        (["--version", "0.7"], "invalid choice"),
        (["--codec", "zip"], "no compression 'zip'"),
        (["--codec", "zstd:x"], "not a level"),
        (["--axes", "yx"], "an image brings its own"),
        (["--levels", "0"], "1 or more"),
        (["--workers", "1.5"], "'1.5' is not a whole number"),
        (["more"], "unrecognized arguments: more"),
        (["--memory", "1kB"], "Choose smaller shards"),
        (["--version", "0.4", "--container", "ozx"], "0.5 or later"),
    ],
)
def test_what_makes_no_sense_is_refused(
    typed: list[str],
    said: str,
    image: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In words, with the code 2, and without a trace."""
    before = sorted(tmp_path.iterdir())

    assert 2 == main(["save", image, str(tmp_path / "new"), *typed])

    error = capsys.readouterr().err
    assert said in error
    assert 1 == error.count("\n")
    assert "Traceback" not in error
    assert "Unexpected" not in error
    assert before == sorted(tmp_path.iterdir())


@pytest.mark.parametrize("target", ["new.zarr", "new.ozx"])
def test_progress_is_told_to_who_looks(
    target: str,
    image: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On a terminal, in one line that says more each time and ends at 100 %."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)

    assert 0 == main(["save", image, str(tmp_path / target)])

    error = capsys.readouterr().err
    assert 1 == error.count("\n")
    numbers = [int(text.strip(" %\n")) for text in error.split("\r")[1:]]
    assert sorted(set(numbers)) == numbers
    assert 100 == numbers[-1]


def test_an_error_does_not_stand_in_the_line_of_the_progress(
    image: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It has one of its own."""

    def fail(*_: object, **__: object) -> None:
        raise Cancelled(target="there")

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("napari_ngff.dataset.write.run_all", fail)

    assert 2 == main(["save", image, str(tmp_path / "new")])

    progress, error, rest = capsys.readouterr().err.split("\n")
    assert "\r  0%" == progress
    assert error.startswith("napari-ngff: Saving ")
    assert "" == rest


def test_several_images_do_not_take_one_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They could not be told apart."""
    source = str(build_series(tmp_path / "in.zarr"))

    assert 2 == main(["save", source, str(tmp_path / "new"), "--name", "cells"])

    assert "name='cells': there are 2 images" in capsys.readouterr().err


def test_a_save_that_is_interrupted_says_so(
    image: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the code 2, and without a trace."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("napari_ngff.dataset.write.run_all", interrupt)
    before = sorted(tmp_path.iterdir())

    assert 2 == main(["save", image, str(tmp_path / "new")])

    assert "napari-ngff: Stopped before the end.\n" == capsys.readouterr().err
    assert before == sorted(tmp_path.iterdir())
