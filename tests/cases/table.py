"""One table of what tests open, and what each store is to be seen as.

Every row stands for one sentence: of what the plugin promises to open, or of what
today's readers were seen to lose or refuse. Expectations are written out by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from cases.arrays import write_array
from cases.build import (
    COLORS,
    build_image,
    build_plate,
    build_scene,
    build_series,
    pixels,
)
from cases.many import build_arrays, build_container, build_scan, build_two_multiscales

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A store to be built, and how it is to be read.

    Attributes
    ----------
    name, sentence
        A word for the test's id; what the case shows.
    build
        Writes the store at the path it is given and returns the path to open.
    kind
        "image", "label", "array", or the kind of a collection.
    axes, units
        Names of the array's axes; the specification's words for their units, None
        where there is none that is known. For images.
    scale, translation
        Of level 0: from pixel indices to where it is. None where that is not one
        factor and one offset an axis; then `matrix` has the rows, or, where no matrix
        can tell, is None too, and the image is shown untransformed.
    levels
        How many levels there are.
    clean
        Whether no problem beyond an "info" may be reported; False: one must be.
    """

    name: str
    sentence: str
    build: Callable[[Path], Path]
    kind: str = "image"
    axes: tuple[str, ...] = tuple("czyx")
    units: tuple[str | None, ...] = (None, "micrometer", "micrometer", "micrometer")
    scale: tuple[float, ...] | None = (1.0, 0.5, 0.5, 0.5)
    translation: tuple[float, ...] | None = (0.0, 0.0, 0.0, 0.0)
    matrix: Matrix | None = None
    levels: int = 2
    clean: bool = True


UM = "micrometer"
TCZYX = {
    "axes": tuple("tczyx"),
    "units": ("second", None, UM, UM, UM),
    "scale": (2.0, 1.0, 0.5, 0.5, 0.5),
    "translation": (0.0,) * 5,
}
YX = {
    "axes": ("y", "x"),
    "units": (UM, UM),
    "scale": (0.5, 0.5),
    "translation": (0.0, 0.0),
}


def image(**options: Any) -> Callable[[Path], Path]:
    """`build_image` with these arguments."""
    return partial(build_image, **options)


def bare(ndim: int) -> dict[str, Any]:
    """Expect neither units nor a scale in `ndim` dimensions."""
    return {
        "units": (None,) * ndim,
        "scale": (1.0,) * ndim,
        "translation": (0.0,) * ndim,
    }


def axis(name: str, kind: str | None = "space", **more: Any) -> dict[str, Any]:
    """Make an axis object."""
    return {"name": name} | ({"type": kind} if kind else {}) | more


def window(
    start: float = 0, end: float = 255, low: float = 0, high: float = 255
) -> Any:
    """Make the window of a channel."""
    return {"start": start, "end": end, "min": low, "max": high}


def channels(*colors: str, **more: Any) -> dict[str, Any]:
    """Make an ``omero`` block with a channel for each colour."""
    return {
        "channels": [
            {"color": c, "label": f"ch{i}", "window": window(), "active": True} | more
            for i, c in enumerate(colors)
        ]
    }


def steps(*objects: dict[str, Any]) -> list[dict[str, Any]]:
    """Make a list of transformations."""
    return list(objects)


SCALE4 = {"type": "scale", "scale": [1.0, 0.5, 0.5, 0.5]}


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

TRANSFORMS = (
    Case(
        name="dataset-translation",
        sentence="translations of datasets are kept",
        build=image(
            shape=(2, 2, 4, 16, 16), axes="tczyx", translation=(10, 0, 5, 100, 200)
        ),
        **(TCZYX | {"translation": (10.0, 0.0, 5.0, 100.0, 200.0)}),
    ),
    Case(
        name="multiscales-level",
        sentence="multiscales-level scale and translation apply after each level's own",
        build=image(
            multiscale_transforms=steps(
                {"type": "scale", "scale": [1.0, 4.0, 2.0, 2.0]},
                {"type": "translation", "translation": [0.0, 10.0, 20.0, 30.0]},
            ),
            translation=(0, 1, 1, 1),
        ),
        scale=(1.0, 2.0, 1.0, 1.0),
        translation=(0.0, 14.0, 22.0, 32.0),
    ),
    Case(
        name="multiscales-level-empty",
        sentence="an empty multiscales-level list is no transformation (MoBIE)",
        build=image(multiscale_transforms=[]),
        clean=False,
    ),
    Case(
        name="time-2s",
        sentence="a time axis of 2 s",
        build=image(shape=(3, 16, 16), axes="tyx", version="0.5"),
        axes=("t", "y", "x"),
        units=("second", UM, UM),
        scale=(2.0, 0.5, 0.5),
        translation=(0.0, 0.0, 0.0),
    ),
    Case(
        name="identity",
        sentence="identity (0.6)",
        build=image(version="0.6", levels=1, transforms=[steps({"type": "identity"})]),
        levels=1,
        scale=(1.0,) * 4,
    ),
    Case(
        name="identity-0.4",
        sentence="identity in place of the scale that 0.4 requires",
        build=image(levels=1, transforms=[steps({"type": "identity"})]),
        levels=1,
        scale=(1.0,) * 4,
        clean=False,
    ),
    Case(
        name="no-transforms",
        sentence="a dataset without coordinateTransformations",
        build=image(transforms=[None, None]),
        scale=(1.0,) * 4,
        clean=False,
    ),
    Case(
        name="translation-first",
        sentence="translation before scale: in the order given",
        build=image(
            levels=1,
            transforms=[
                steps({"type": "translation", "translation": [0, 0, 2, 4]}, SCALE4)
            ],
        ),
        levels=1,
        translation=(0.0, 0.0, 1.0, 2.0),
        clean=False,
    ),
    Case(
        name="zero-scale",
        sentence="a scale must be finite and greater than 0, else 1 is used",
        build=image(
            levels=1, transforms=[steps({"type": "scale", "scale": [1, 0, -2, 0.5]})]
        ),
        levels=1,
        scale=(1.0, 1.0, 1.0, 0.5),
        clean=False,
    ),
    Case(
        name="scale-too-short",
        sentence="a scale of another length than the axes is shown untransformed",
        build=image(levels=1, transforms=[steps({"type": "scale", "scale": [2, 2]})]),
        levels=1,
        scale=(1.0,) * 4,
        clean=False,
    ),
    Case(
        name="affine",
        sentence="an affine dataset transformation",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[steps({"type": "affine", "affine": [[2, 1, 5], [0, 3, 6]]})],
        ),
        **(YX | {"scale": None, "translation": None}),
        matrix=((2.0, 1.0, 5.0), (0.0, 3.0, 6.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="affine-0.4",
        sentence="an affine where 0.4 allows only scale and translation",
        build=image(
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[steps({"type": "affine", "affine": [[2, 1, 5], [0, 3, 6]]})],
        ),
        **(YX | {"scale": None, "translation": None}),
        matrix=((2.0, 1.0, 5.0), (0.0, 3.0, 6.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="rotation",
        sentence="a rotation dataset transformation",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[steps({"type": "rotation", "rotation": [[0, -1], [1, 0]]})],
        ),
        **(YX | {"scale": None, "translation": None}),
        matrix=((0.0, -1.0, 0.0), (1.0, 0.0, 0.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="sequence-of-affine",
        sentence="a sequence of scale and affine",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[
                steps(
                    {"type": "scale", "scale": [2, 3]},
                    {"type": "affine", "affine": [[1, 1, 5], [0, 1, 6]]},
                )
            ],
        ),
        **(YX | {"scale": None, "translation": None}),
        matrix=((2.0, 3.0, 5.0), (0.0, 3.0, 6.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="map-axis",
        sentence="mapAxis",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[steps({"type": "mapAxis", "mapAxis": [1, 0]})],
        ),
        **(YX | {"scale": None, "translation": None}),
        matrix=((0.0, 1.0, 0.0), (1.0, 0.0, 0.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="by-dimension",
        sentence="byDimension",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[
                steps(
                    {
                        "type": "byDimension",
                        "transformations": [
                            {
                                "transformation": {"type": "scale", "scale": [3]},
                                "inputAxes": [0],
                                "outputAxes": [0],
                            },
                            {
                                "transformation": {
                                    "type": "translation",
                                    "translation": [7],
                                },
                                "inputAxes": [1],
                                "outputAxes": [1],
                            },
                        ],
                    }
                )
            ],
        ),
        **(YX | {"scale": (3.0, 1.0), "translation": (0.0, 7.0)}),
        levels=1,
        clean=False,
    ),
    Case(
        name="displacements",
        sentence="what cannot be expressed is shown untransformed and says so",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[steps({"type": "displacements", "path": "field"})],
        ),
        **(YX | {"scale": None, "translation": None}),
        levels=1,
        clean=False,
    ),
    Case(
        name="unknown-transform",
        sentence="a transformation of an unknown type is left out, the others apply",
        build=image(levels=1, transforms=[steps(SCALE4, {"type": "bend", "bend": 3})]),
        levels=1,
        clean=False,
    ),
    Case(
        name="strided-pyramid",
        sentence="levels that napari would draw elsewhere raise a problem",
        build=image(
            factors=[[1, 1, 1, 1], [1, 1, 4, 4]],
            transforms=[
                steps(SCALE4),
                steps({"type": "scale", "scale": [1.0, 0.5, 2.0, 2.0]}),
            ],
        ),
        clean=False,
    ),
)


def _affine_by_path(path: Path, *, there: bool = True) -> Path:
    affine = {"type": "affine", "path": "coordinateTransformations/a"}
    build_image(
        path, version="0.6", axes="yx", shape=(16, 16), levels=1, transforms=[[affine]]
    )
    if there:
        write_array(
            path / "coordinateTransformations" / "a",
            pixels((2, 3), "float64"),
            zarr_format=3,
            chunks=(2, 3),
        )
    return path


BY_PATH = (
    Case(
        name="affine-by-path",
        sentence="parameters given by path to an array",
        build=_affine_by_path,
        **(YX | {"scale": None, "translation": None}),
        matrix=((1.0, 8.0, 15.0), (22.0, 29.0, 36.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="affine-by-lost-path",
        sentence="an array of parameters that is missing: untransformed, a problem",
        build=partial(_affine_by_path, there=False),
        **(YX | {"scale": None, "translation": None}),
        levels=1,
        clean=False,
    ),
)

AXES = (
    *(
        Case(
            name=f"axes-{''.join(axes)}",
            sentence="any axis names, any order, 1 to 8 dimensions",
            build=image(
                axes=[axis(a, None) for a in axes],
                shape=shape,
                scale=(1.0,) * len(axes),
            ),
            axes=tuple(axes),
            clean=False,
            **bare(len(axes)),
        )
        for axes, shape in (
            ("x", (32,)),
            ("cyx", (2, 16, 16)),
            ("abc", (3, 8, 8)),
            ("xyz", (8, 8, 8)),
            ("zyxct", (4, 8, 8, 2, 2)),
            ("qwertyui", (1, 2, 1, 2, 1, 2, 8, 8)),
        )
    ),
    Case(
        name="axes-1d",
        sentence="1-D",
        build=image(axes="x", shape=(64,)),
        axes=("x",),
        units=(UM,),
        scale=(0.5,),
        translation=(0.0,),
        clean=False,
    ),
    Case(
        name="axes-2d",
        sentence="2-D",
        build=image(axes="yx", shape=(16, 16)),
        **YX,
    ),
    Case(
        name="axes-6d",
        sentence="six dimensions with a custom axis first (angle, t, c, z, y, x)",
        build=image(axes=[axis("angle", None), *"tczyx"], shape=(2, 2, 2, 4, 16, 16)),
        axes=("angle", *"tczyx"),
        units=(None, *TCZYX["units"]),
        scale=(1.0, *TCZYX["scale"]),
        translation=(0.0,) * 6,
        clean=False,
    ),
    Case(
        name="axes-rotation-first",
        sentence="a custom axis before time (rotation, t, c, y, x)",
        build=image(axes=[axis("rotation", "angle"), *"tcyx"], shape=(2, 2, 2, 16, 16)),
        axes=("rotation", *"tcyx"),
        units=(None, "second", None, UM, UM),
        scale=(1.0, 2.0, 1.0, 0.5, 0.5),
        translation=(0.0,) * 5,
        clean=False,
    ),
    Case(
        name="channel-last",
        sentence="channel anywhere: y, x, c",
        build=image(axes="yxc", shape=(16, 16, 3), dtype="uint8"),
        axes=("y", "x", "c"),
        units=(UM, UM, None),
        scale=(0.5, 0.5, 1.0),
        translation=(0.0,) * 3,
        clean=False,
    ),
    Case(
        name="no-space",
        sentence="no spatial axis type at all",
        build=image(
            axes=[axis("t", "time"), axis("lambda", "wavelength")],
            shape=(8, 8),
            scale=(1.0, 1.0),
        ),
        axes=("t", "lambda"),
        clean=False,
        **bare(2),
    ),
    Case(
        name="axis-extras",
        sentence="axes keep orientation, discrete, longName and unknown keys",
        build=image(
            version="0.6",
            axes=[
                axis("c", "channel", discrete=True, longName="stain", mine=[1]),
                axis(
                    "z",
                    unit=UM,
                    orientation={
                        "type": "anatomical",
                        "value": "inferior-to-superior",
                    },
                ),
                *"yx",
            ],
        ),
    ),
    Case(
        name="axes-missing-one",
        sentence="fewer axes than the array has dimensions",
        build=image(axes="zyx", shape=(2, 4, 16, 16), scale=(1, 0.5, 0.5, 0.5)),
        clean=False,
        axes=("dim_0", "z", "y", "x"),
        units=(None, UM, UM, UM),
        scale=(1.0, 1.0, 1.0, 1.0),
    ),
    *(
        Case(
            name=f"unit-{word}",
            sentence="synonyms of units are understood, unknown ones are not",
            build=image(
                axes=[axis("y", unit=word), axis("x", unit=word)],
                shape=(16, 16),
                scale=(0.5, 0.5),
            ),
            **(YX | {"units": (unit, unit)}),
            clean=False,
        )
        for word, unit in (
            ("micron", UM),
            ("um", UM),
            ("µm", UM),
            ("blorps", None),
            ("pixel", None),
        )
    ),
    Case(
        name="unit-sec",
        sentence="sec is second",
        build=image(axes=[axis("t", "time", unit="sec"), *"yx"], shape=(2, 16, 16)),
        axes=("t", "y", "x"),
        units=("second", UM, UM),
        scale=(2.0, 0.5, 0.5),
        translation=(0.0,) * 3,
        clean=False,
    ),
    Case(
        name="unit-on-one-axis",
        sentence="an axis without a unit takes its image's",
        build=image(
            axes=[axis("y"), axis("x", unit=UM)], shape=(16, 16), scale=(0.5, 0.5)
        ),
        **(YX | {"units": (None, UM)}),
        clean=False,
    ),
    Case(
        name="anisotropic-names",
        sentence="axis names of any script, with spaces",
        build=image(
            axes=[axis("höhe", unit=UM), axis("breite mm", unit="millimeter")],
            shape=(16, 16),
            scale=(0.5, 0.25),
        ),
        axes=("höhe", "breite mm"),
        units=(UM, "millimeter"),
        scale=(0.5, 0.25),
        translation=(0.0, 0.0),
    ),
)


def _drop(key: str) -> Callable[[dict[str, Any]], None]:
    def edit(ome: dict[str, Any]) -> None:
        for channel in ome["omero"]["channels"]:
            del channel[key]

    return edit


def _omero(name: str, sentence: str, *, clean: bool = False, **options: Any) -> Case:
    return Case(
        name=f"omero-{name}", sentence=sentence, build=image(**options), clean=clean
    )


OMERO = (
    _omero(
        "whole",
        "name, colormap, contrast limits and visibility from omero",
        omero=channels("FF0000", "00FF00"),
        clean=True,
    ),
    _omero(
        "one-of-two",
        "omero lists 1 of 2 channels",
        omero=channels("FF0000"),
        clean=True,
    ),
    _omero(
        "more-than-there-are",
        "omero lists more channels than there are",
        omero=channels("FF0000", "00FF00", "0000FF"),
        clean=True,
    ),
    _omero(
        "without-window",
        "omero without window",
        omero=channels("FF0000", "00FF00"),
        edit=_drop("window"),
    ),
    _omero(
        "without-color",
        "omero without color",
        omero=channels("FF0000", "00FF00"),
        edit=_drop("color"),
    ),
    _omero("hash", "#RRGGBB", omero=channels("#FF0000", "#0000FF")),
    _omero(
        "start-is-end",
        "a window whose start is its end",
        omero=channels("FF0000", "00FF00", window=window(7, 7)),
        clean=True,
    ),
    _omero(
        "window-without-limits",
        "a window without start and end",
        omero=channels("FF0000", "00FF00", window={"min": 0, "max": 9}),
    ),
    _omero("not-an-object", "omero is no object", omero={"channels": "none"}),
    _omero(
        "rdefs",
        "rdefs: default z and t, greyscale model",
        omero=channels("FF0000", "00FF00")
        | {"rdefs": {"defaultZ": 2, "defaultT": 0, "model": "greyscale"}},
        clean=True,
    ),
    Case(
        name="rgb",
        sentence="RGB: three uint8 channels FF0000, 00FF00, 0000FF with windows 0-255",
        build=image(
            shape=(3, 16, 16),
            axes="cyx",
            dtype="uint8",
            omero={
                "channels": [
                    {"color": c, "window": window(), "active": True}
                    for c in ("FF0000", "00FF00", "0000FF")
                ]
            },
        ),
        axes=("c", "y", "x"),
        units=(None, UM, UM),
        scale=(1.0, 0.5, 0.5),
        translation=(0.0,) * 3,
    ),
)

LABELS = (
    Case(
        name="labels",
        sentence="labels as Labels layers",
        build=image(labels={"cells": {}, "nuclei": {"dtype": "int32"}}),
    ),
    Case(
        name="labels-0.5",
        sentence="labels of 0.5",
        build=image(version="0.5", labels={"cells": {}}),
    ),
    Case(
        name="labels-0.6",
        sentence="labels of 0.6",
        build=image(version="0.6", labels={"cells": {}}),
    ),
    Case(
        name="labels-colors-and-properties",
        sentence="labels present in colours or properties only keep both",
        build=image(
            labels={
                "cells": {
                    "image_label": {
                        "version": "0.4",
                        "colors": [{"label-value": 1, "rgba": [255, 0, 0, 255]}],
                        "properties": [
                            {"label-value": 1, "area": 10},
                            {"label-value": 2, "area": 20, "class": "b"},
                        ],
                        "source": {"image": "../../"},
                    }
                }
            }
        ),
    ),
    Case(
        name="labels-float",
        sentence="labels of floating-point numbers: the image opens, a problem says so",
        build=image(labels={"cells": {"dtype": "float32"}, "good": {}}),
        clean=False,
    ),
    Case(
        name="label-opened",
        sentence="opening one label opens the image with it when the image lists it",
        build=lambda path: image(labels={"cells": {}})(path) / "labels" / "cells",
    ),
    Case(
        name="labels-opened",
        sentence="opening labels/ opens the image with them",
        build=lambda path: image(labels={"cells": {}})(path) / "labels",
    ),
    Case(
        name="label-alone",
        sentence="a label without an image opens alone",
        build=image(
            axes="zyx",
            shape=(4, 16, 16),
            image_label={"version": "0.4", "colors": COLORS},
        ),
        kind="label",
        axes=tuple("zyx"),
        units=(UM,) * 3,
        scale=(0.5,) * 3,
        translation=(0.0,) * 3,
    ),
)

INSIDE = tuple(
    Case(
        name=f"inside-{inside.replace('/', '-')}-{version}",
        sentence="a path inside opens the image",
        build=lambda path, version=version, inside=inside: (
            image(version=version)(path) / inside
        ),
    )
    for version, inside in (
        ("0.4", ".zattrs"),
        ("0.4", ".zgroup"),
        ("0.4", "0"),
        ("0.4", "1/.zarray"),
        ("0.5", "zarr.json"),
        ("0.5", "1"),
        ("0.6", "0/zarr.json"),
    )
)

PIXELS = (
    *(
        Case(
            name=f"dtype-{dtype}",
            sentence="pixels of any real type",
            build=image(dtype=dtype, version="0.5"),
        )
        for dtype in ("bool", "int8", "uint32", "int64", "float16", "float64")
    ),
    Case(
        name="big-endian",
        sentence="big-endian pixels of Zarr v2",
        build=image(dtype=">u2"),
    ),
    Case(
        name="sharded",
        sentence="shards",
        build=image(
            version="0.5",
            shape=(2, 4, 16, 16),
            chunks=(1, 2, 8, 8),
            shards=(2, 4, 16, 16),
        ),
    ),
    Case(
        name="odd-sizes",
        sentence="sizes that the chunks and the factors do not divide",
        build=image(shape=(2, 5, 17, 13)),
        clean=False,
    ),
    Case(
        name="one-level",
        sentence="an image with one level",
        build=image(levels=1),
        levels=1,
    ),
    Case(
        name="no-dimension-names",
        sentence="0.5 arrays without dimension_names: warned of, opened",
        build=image(version="0.5", dimension_names=(None,) * 4),
        clean=False,
    ),
    Case(
        name="metadata-only",
        sentence="missing chunks are fill value",
        build=image(chunks_written=False),
    ),
)

SEVERAL = (
    Case(
        name="two-multiscales",
        sentence="every multiscales entry opens",
        build=build_two_multiscales,
        kind="images",
    ),
    *(
        Case(
            name=f"series-{name}",
            sentence="bioformats2raw series open image by image",
            build=partial(build_series, **options),
            kind="series",
            clean=clean,
        )
        for name, options, clean in (
            ("listed", {"listed": ["0", "1"]}, True),
            ("listed-0.5", {"listed": ["0", "1"], "version": "0.5"}, True),
            ("xml", {"xml": ""}, True),
            ("both", {"listed": ["0", "1"], "xml": ""}, True),
            ("neither", {}, True),
        )
    ),
    Case(
        name="plate",
        sentence="plates open image by image, and say so",
        build=build_plate,
        kind="plate",
    ),
    Case(
        name="plate-0.5",
        sentence="plates of 0.5",
        build=partial(build_plate, version="0.5"),
        kind="plate",
    ),
    Case(
        name="plate-unequal",
        sentence="a plate with wells of different size",
        build=partial(build_plate, sizes={"B/2": (1, 1, 24, 24)}),
        kind="plate",
    ),
    Case(
        name="well",
        sentence="a well opens image by image, and says so",
        build=lambda path: build_plate(path) / "A" / "1",
        kind="well",
    ),
    Case(
        name="scene",
        sentence="a scene opens image by image, and says so",
        build=build_scene,
        kind="scene",
    ),
    Case(
        name="container",
        sentence="a group that holds images opens them",
        build=build_container,
        kind="group",
    ),
    Case(
        name="container-of-many",
        sentence="or says which there are when more than 16",
        build=partial(build_container, count=18),
        kind="group",
        clean=False,
    ),
    Case(
        name="arrays",
        sentence="a group of arrays opens as what it is",
        build=build_arrays,
        kind="arrays",
    ),
    Case(
        name="array-v2",
        sentence="a bare array opens as what it is (Zarr v2)",
        build=lambda p: write_array(p, pixels((4, 8)), zarr_format=2, chunks=(4, 4)),
        kind="array",
    ),
    Case(
        name="array-v3",
        sentence="a bare array opens as what it is (Zarr v3)",
        build=build_scan,
        kind="array",
    ),
)

CASES: tuple[Case, ...] = (
    *VERSIONS,
    *TRANSFORMS,
    *BY_PATH,
    *AXES,
    *OMERO,
    *LABELS,
    *INSIDE,
    *PIXELS,
    *SEVERAL,
)
IMAGES: tuple[Case, ...] = tuple(case for case in CASES if case.kind == "image")
