"""The specification's own test data, judged by ``validate`` and by nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from cases.conformance import DEVIATIONS, REASONS
from napari_ngff.dataset.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from napari_ngff.dataset.checking.report import Report

SUITES = {"0.4": 92, "0.5": 86}
DOCUMENTS = {"attributes": 143, "zarr": 85}


@pytest.fixture(scope="module")
def conformance(shared: Path) -> Path:
    return shared / "conformance"


@pytest.mark.parametrize("version", SUITES)
def test_suites_agree_in_full(
    version: str, conformance: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """Every case of 0.4 and 0.5 is judged as its suite says, told only if strict."""
    executed, disagreements = 0, []
    for suite in sorted((conformance / version).glob("*_suite.json")):
        for case in json.loads(suite.read_text("utf-8"))["tests"]:
            document = tmp_path / f"{executed}.json"
            document.write_text(json.dumps(case["data"]), "utf-8")
            report = validate(document, strict=suite.name.startswith("strict_"))
            executed += 1
            if report.valid != case["valid"]:
                disagreements.append((suite.name, case["formerly"], report.text()))

    agreed = executed - len(disagreements)
    figure(f"conformance {version}: {agreed} of {executed} cases agree")
    assert (SUITES[version], []) == (executed, disagreements)


def judged(folder: Path) -> Iterator[tuple[str, bool, Report]]:
    """(name, expected, report) of every document of 0.6 below a folder."""
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder.parent).as_posix()
        parts = name.split("/")
        yield name, "valid" in parts, validate(path, strict="strict" in parts)


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_documents_agree_but_for_the_listed_ones(
    kind: str, conformance: Path, figure: Callable[[str], None]
) -> None:
    """Of 0.6 exactly the listed documents are judged otherwise, for the listed reason.

    A listed document that is judged as its folder says fails the test too.
    """
    listed = {name for name in DEVIATIONS if name.startswith(f"{kind}/")}
    executed, others = 0, {}
    for name, expected, report in judged(conformance / "0.6" / kind):
        executed += 1
        if report.valid != expected:
            others[name] = {p.kind for p in report.problems if p.level == "error"}

    agreed = executed - len(others)
    figure(
        f"conformance 0.6 {kind}: {agreed} of {executed} documents agree, "
        f"{len(listed)} are listed with the sentence that they break"
    )
    reasons = {name: kinds_of(name) for name in listed}
    assert (DOCUMENTS[kind], reasons) == (executed, others)


def kinds_of(name: str) -> set[str]:
    return {kind for _, *kinds in DEVIATIONS[name] for kind in kinds}


def test_invalid_documents_are_refused_for_what_is_wrong_with_them(
    conformance: Path,
) -> None:
    """Each invalid attributes document raises the problem that it was made for."""
    folder = conformance / "0.6" / "attributes"
    missed, seen = [], set()
    for name, expected, report in judged(folder):
        if expected:
            continue
        *_, group, file = name.removesuffix(".json").split("/")
        key = f"{group}/{file}" if f"{group}/{file}" in REASONS else file
        seen.add(key)
        if REASONS[key] not in {problem.kind for problem in report.problems}:
            missed.append((name, report.text()))

    assert (set(REASONS), []) == (seen, missed)


def test_every_real_store_parses(stores: Path) -> None:
    """No document of a real store is refused by its reading; what is wrong is told."""
    documents = [*stores.rglob(".zattrs"), *stores.rglob("zarr.json")]

    reports = [validate(path) for path in documents]

    assert len(documents) > 300
    assert all(report.documents == 1 for report in reports)
