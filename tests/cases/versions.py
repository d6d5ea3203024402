"""Versions of the specification, as they are and as they are met."""

from __future__ import annotations

from typing import Any

from cases.case import (
    TCZYX,
    Case,
    bare,
    image,
)


def _string_ends(ome: dict[str, Any]) -> None:
    """Turn 0.6 into what 0.6.dev1 to dev3 wrote: ends of edges as strings."""
    ome["version"] = "0.6.dev2"
    for dataset in ome["multiscales"][0]["datasets"]:
        for edge in dataset["coordinateTransformations"]:
            edge |= {"input": dataset["path"], "output": "physical"}


VERSIONS = (
    *(
        Case(
            name=f"v{version}",
            sentence=f"One model: version {version} as its own writer writes it",
            build=image(version=version, shape=(2, 2, 4, 16, 16), axes="tczyx"),
            **(TCZYX | (bare(5) if version in ("0.1", "0.2", "0.3") else {})),
        )
        for version in ("0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.9")
    ),
    Case(
        name="v0.1-without-version",
        sentence="the version may be absent: 0.1",
        build=image(
            version="0.1", shape=(1, 1, 4, 16, 16), axes="tczyx", version_text=""
        ),
        clean=False,
        **(TCZYX | bare(5)),
    ),
    Case(
        name="v0.4-without-version",
        sentence="the version may be absent: 0.4",
        build=image(version_text=""),
        clean=False,
    ),
    Case(
        name="v0.5-without-version",
        sentence="the version may be absent: 0.5",
        build=image(version="0.5", version_text=""),
        clean=False,
    ),
    *(
        Case(
            name=f"text-{text}",
            sentence=f"dispatch on structure, not on the version alone: {text}",
            build=image(version=version, version_text=text),
            clean=clean,
        )
        for version, text, clean in (
            ("0.4", "0.4-dev-spatialdata", False),
            ("0.5", "0.5-dev-spatialdata", False),
            ("0.6", "0.6rc0", True),
            ("0.6", "0.6.dev4", False),
        )
    ),
    Case(
        name="v0.6.dev2",
        sentence="0.6.dev1 to dev3 wrote input and output as strings",
        build=image(version="0.6", edit=_string_ends),
        clean=False,
    ),
    Case(
        name="v0.4-in-zarr-v3",
        sentence="0.4 JSON inside Zarr v3 without the ome key",
        build=image(version="0.4", zarr_format=3, bare=True),
        clean=False,
    ),
    Case(
        name="v0.4-in-zarr-v3-ome",
        sentence="0.4 JSON inside Zarr v3 under the ome key",
        build=image(version="0.4", zarr_format=3),
        clean=False,
    ),
    Case(
        name="v0.5-in-zarr-v2",
        sentence="0.5 JSON inside Zarr v2",
        build=image(version="0.5", zarr_format=2),
        clean=False,
    ),
    Case(
        name="wrong-version",
        sentence="the document's structure wins over a wrong version",
        build=image(version="0.4", version_text="0.1"),
        clean=False,
    ),
)
