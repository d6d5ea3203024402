"""Transformations: those that place an image, and those that cannot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cases.arrays import write_array
from cases.build import (
    build_image,
    pixels,
)
from cases.case import (
    SCALE4,
    TCZYX,
    UM,
    YX,
    Case,
    image,
    steps,
)

if TYPE_CHECKING:
    from pathlib import Path

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
