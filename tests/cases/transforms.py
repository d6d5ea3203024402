"""Transformations: those that place an image, and those that cannot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cases.arrays import write_array
from cases.build import (
    axis_objects,
    build_image,
    pixels,
)
from cases.case import (
    NOWHERE,
    SCALE4,
    TCZYX,
    UM,
    YX,
    Case,
    axis,
    image,
    steps,
)

if TYPE_CHECKING:
    from pathlib import Path


PARAMETERS = "coordinateTransformations/a"
DROPPED = {"type": "projectAxis", "droppedInputs": [0]}
BY_DIMENSION = {
    "type": "byDimension",
    "transformations": [
        {
            "transformation": {"type": "affine", "path": PARAMETERS},
            "inputAxes": [1, 2],
            "outputAxes": [1, 2],
        },
        {
            "transformation": {"type": "scale", "scale": [3]},
            "inputAxes": [0],
            "outputAxes": [0],
        },
    ],
}


def _alternative(
    edge: dict[str, Any], axes: str | list[str], ome: dict[str, Any]
) -> None:
    """Add a coordinate system ``other`` and what leads to it."""
    [multiscale] = ome["multiscales"]
    system = {"name": "other", "axes": axis_objects([_spatial(a) for a in axes])}
    ends = {"input": {"name": "physical"}, "output": {"name": "other"}}
    multiscale["coordinateSystems"].append(system)
    multiscale["coordinateTransformations"] = [edge | ends]


def _spatial(name: str) -> Any:
    """Make an axis of space of any name but one that says otherwise."""
    return name if name in "tczyx" else axis(name, unit=UM)


def _without_transforms(ome: dict[str, Any]) -> None:
    for dataset in ome["multiscales"][0]["datasets"]:
        del dataset["coordinateTransformations"]


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
        sentence="a dataset without coordinateTransformations: no pixel size",
        build=image(transforms=[None, None]),
        **NOWHERE,
        clean=False,
    ),
    Case(
        name="no-transforms-0.6",
        sentence="the same in 0.6, where they must be there, too",
        build=image(version="0.6", edit=_without_transforms),
        **NOWHERE,
        clean=False,
    ),
    Case(
        name="empty-transforms",
        sentence="an empty list says no pixel size",
        build=image(transforms=[[], []]),
        **NOWHERE,
        clean=False,
    ),
    Case(
        name="no-transforms-but-whole",
        sentence="a pixel size that only the whole image states is used",
        build=image(transforms=[None, None], multiscale_transforms=steps(SCALE4)),
        clean=False,
    ),
    Case(
        name="translation-alone",
        sentence="until 0.5 a translation without a scale says no pixel size",
        build=image(
            levels=1,
            transforms=[steps({"type": "translation", "translation": [0, 1, 2, 3]})],
        ),
        **NOWHERE,
        levels=1,
        clean=False,
    ),
    Case(
        name="level-1-without",
        sentence="a coarse level without a transformation leaves the finest as it is",
        build=image(transforms=[steps(SCALE4), None]),
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
        unsized=("z", "y"),
        clean=False,
    ),
    Case(
        name="scale-of-null",
        sentence="one pixel size that is no number leaves the others as they are",
        build=image(
            version="0.6",
            levels=1,
            transforms=[steps({"type": "scale", "scale": [1, None, 0.5, 0.5]})],
        ),
        levels=1,
        scale=(1.0, 1.0, 0.5, 0.5),
        unsized=("z",),
        clean=False,
    ),
    Case(
        name="scale-of-null-exchanged",
        sentence="a pixel size that is no good follows its axis",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[
                steps(
                    {"type": "scale", "scale": [0, 3]},
                    {"type": "mapAxis", "mapAxis": [1, 0]},
                )
            ],
        ),
        **(YX | NOWHERE),
        matrix=((0.0, 3.0, 0.0), (1.0, 0.0, 0.0)),
        unsized=("x",),
        levels=1,
        clean=False,
    ),
    Case(
        name="translation-too-short",
        sentence="an offset that is no good is left out: the pixel size is right",
        build=image(
            levels=1,
            transforms=[steps(SCALE4, {"type": "translation", "translation": [3]})],
        ),
        levels=1,
        clean=False,
    ),
    Case(
        name="scale-too-short",
        sentence="a scale of another length than the axes is shown untransformed",
        build=image(levels=1, transforms=[steps({"type": "scale", "scale": [2, 2]})]),
        levels=1,
        **NOWHERE,
        clean=False,
    ),
    Case(
        name="whole-scale-too-short",
        sentence="a scale of the whole image that is no good: no pixel size is known",
        build=image(
            levels=1, multiscale_transforms=steps({"type": "scale", "scale": [2, 2]})
        ),
        levels=1,
        **NOWHERE,
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
        name="project-axis-dropped",
        sentence="projectAxis to fewer axes than the array has cannot be shown",
        build=image(
            version="0.6",
            axes="yx",
            shape=(4, 16, 16),
            factors=[[1, 1, 1]],
            transforms=[steps(DROPPED)],
            dimension_names=tuple("zyx"),
        ),
        axes=("dim_0", "y", "x"),
        units=(None, UM, UM),
        **NOWHERE,
        levels=1,
        clean=False,
    ),
    Case(
        name="project-axis-created",
        sentence="projectAxis to more axes than the array has cannot be shown",
        build=image(
            version="0.6",
            axes="zyx",
            shape=(16, 16),
            factors=[[1, 1]],
            transforms=[steps({"type": "projectAxis", "createdOutputs": [0]})],
            dimension_names=tuple("yx"),
        ),
        **(YX | NOWHERE),
        levels=1,
        clean=False,
    ),
    *(
        Case(
            name=f"alternative-{name}",
            sentence="other systems of 0.6 are alternatives, the intrinsic is shown",
            build=image(
                version="0.6",
                axes="zyx",
                shape=(4, 16, 16),
                edit=partial(_alternative, edge, axes),
            ),
            axes=("z", "y", "x"),
            units=(UM,) * 3,
            scale=(0.5,) * 3,
            translation=(0.0,) * 3,
        )
        for name, edge, axes in (
            ("created", {"type": "projectAxis", "createdOutputs": [0]}, "tzyx"),
            ("dropped", DROPPED, "yx"),
            ("exchanged", {**DROPPED, "createdOutputs": [2]}, ["y", "x", "u"]),
        )
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
        sentence="after an unknown type nothing is known, whatever else is in the list",
        build=image(levels=1, transforms=[steps(SCALE4, {"type": "bend", "bend": 3})]),
        levels=1,
        **NOWHERE,
        clean=False,
    ),
    Case(
        name="unknown-transform-0.6",
        sentence="a transformation of an unknown type alone",
        build=image(
            version="0.6", levels=1, transforms=[steps({"type": "bend", "bend": 3})]
        ),
        levels=1,
        **NOWHERE,
        clean=False,
    ),
    Case(
        name="bad-matrix",
        sentence="a matrix with rows of different lengths",
        build=image(
            version="0.6",
            axes="yx",
            shape=(16, 16),
            levels=1,
            transforms=[steps({"type": "affine", "affine": [[2, 1, 5], [0, 3]]})],
        ),
        **(YX | NOWHERE),
        levels=1,
        clean=False,
    ),
    Case(
        name="strided-pyramid",
        sentence="levels of every fourth pixel are right, wherever napari draws them",
        build=image(
            factors=[[1, 1, 1, 1], [1, 1, 4, 4]],
            method="first",
            transforms=[
                steps(SCALE4),
                steps({"type": "scale", "scale": [1.0, 0.5, 2.0, 2.0]}),
            ],
        ),
    ),
    Case(
        name="misplaced-pyramid",
        sentence="levels that napari would draw elsewhere raise a problem",
        build=image(
            factors=[[1, 1, 1, 1], [1, 1, 4, 4]],
            transforms=[
                steps(SCALE4),
                steps({"type": "scale", "scale": [1.0, 0.5, 1.5, 1.5]}),
            ],
        ),
        clean=False,
    ),
)


def _affine_by_path(path: Path, *, there: bool = True) -> Path:
    affine = {"type": "affine", "path": PARAMETERS}
    build_image(
        path, version="0.6", axes="yx", shape=(16, 16), levels=1, transforms=[[affine]]
    )
    return _with_parameters(path) if there else path


def _by_dimension_by_path(path: Path) -> Path:
    build_image(
        path,
        version="0.6",
        axes="zyx",
        shape=(4, 16, 16),
        levels=1,
        transforms=[[BY_DIMENSION]],
    )
    return _with_parameters(path)


def _alternative_by_path(path: Path) -> Path:
    edit = partial(_alternative, BY_DIMENSION, "zyx")
    build_image(path, version="0.6", axes="zyx", shape=(4, 16, 16), edit=edit)
    return _with_parameters(path)


def _with_parameters(path: Path) -> Path:
    """Write the matrix 1 8 15 / 22 29 36 into the store."""
    write_array(
        path / PARAMETERS,
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
        name="by-dimension-by-path",
        sentence="parameters of a part of byDimension by path to an array",
        build=_by_dimension_by_path,
        axes=("z", "y", "x"),
        units=(UM,) * 3,
        **NOWHERE,
        matrix=((3.0, 0.0, 0.0, 0.0), (0.0, 1.0, 8.0, 15.0), (0.0, 22.0, 29.0, 36.0)),
        levels=1,
        clean=False,
    ),
    Case(
        name="alternative-by-path",
        sentence="parameters of an alternative system are not read",
        build=_alternative_by_path,
        axes=("z", "y", "x"),
        units=(UM,) * 3,
        scale=(0.5,) * 3,
        translation=(0.0,) * 3,
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
