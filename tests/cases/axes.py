"""Axes of any name, number, order and unit."""

from __future__ import annotations

from cases.case import (
    NOWHERE,
    TCZYX,
    UM,
    YX,
    Case,
    axis,
    bare,
    image,
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
        sentence="fewer axes than the array has dimensions, and than the scale",
        build=image(axes="zyx", shape=(2, 4, 16, 16), scale=(1, 0.5, 0.5, 0.5)),
        clean=False,
        axes=("dim_0", "z", "y", "x"),
        units=(None, UM, UM, UM),
        **NOWHERE,
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
