"""Label images, with their image and alone."""

from __future__ import annotations

from cases.build import (
    COLORS,
)
from cases.case import (
    UM,
    Case,
    image,
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
