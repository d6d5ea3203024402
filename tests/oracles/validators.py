"""Other programs that judge metadata: they return, or raise what is wrong.

Each function takes a document, the block of it that is judged, and the version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import ngff_zarr
import yaozarrs

if TYPE_CHECKING:
    from collections.abc import Callable

_SCHEMAS = {
    "multiscales": "image",
    "image-label": "label",
    "plate": "plate",
    "well": "well",
    "scene": "scene",
    "bioformats2raw.layout": "bf2raw",
    "series": "ome",
}
_YAOZARRS = {
    "multiscales": "Image",
    "image-label": "LabelImage",
    "labels": "LabelsGroup",
    "plate": "Plate",
    "well": "Well",
    "bioformats2raw.layout": "Bf2Raw",
    "series": "Series",
}
_MODELS = {
    "multiscales": "image.ImageAttrs",
    "image-label": "image_label.ImageLabelAttrs",
    "labels": "labels.LabelsAttrs",
    "plate": "hcs.HCSAttrs",
    "well": "well.WellAttrs",
    "scene": "scene.BaseSceneAttrs",
    "bioformats2raw.layout": "bioformats2raw.BioFormats2RawAttrs",
}


def judge_by_schema(document: dict[str, Any], block: str, version: str) -> None:
    """Judge by the specification's own JSON schemas, which ngff-zarr brings."""
    ngff_zarr.validate(document, version=version, model=_SCHEMAS[block])


def judge_by_yaozarrs(document: dict[str, Any], block: str, version: str) -> None:
    """Judge by the model of yaozarrs."""
    models = {"0.4": yaozarrs.v04, "0.5": yaozarrs.v05}[version]
    body = document.get("ome", document)
    yaozarrs.validate_ome_object(body, getattr(models, _YAOZARRS[block]))


def judge_by_models(document: dict[str, Any], block: str, version: str) -> None:
    """Judge by the model of ome-zarr-models."""
    module, name = _MODELS[block].split(".")
    package = f"ome_zarr_models.v{version.replace('.', '')}"
    model = getattr(import_module(f"{package}.{module}"), name)
    model.model_validate(document.get("ome", document))


VALIDATORS: dict[
    str, tuple[Callable[[dict[str, Any], str, str], None], frozenset[str], str]
] = {
    "schemas": (judge_by_schema, frozenset(_SCHEMAS), "0.6"),
    "yaozarrs": (judge_by_yaozarrs, frozenset(_YAOZARRS), "0.5"),
    "ome-zarr-models": (judge_by_models, frozenset(_MODELS), "0.6"),
}
"""Name → how to ask, which blocks it judges, the last version that it knows."""
