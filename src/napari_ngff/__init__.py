"""OME-Zarr at home in napari.

The public verbs are imported when they are first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from napari_ngff.dataset.edit import edit as edit
    from napari_ngff.dataset.layout import inspect as inspect
    from napari_ngff.dataset.read import read as read
    from napari_ngff.dataset.reshard import reshard as reshard
    from napari_ngff.dataset.upgrade import upgrade as upgrade
    from napari_ngff.dataset.validate import validate as validate
    from napari_ngff.layers.read import read_layers as read_layers
    from napari_ngff.layers.saving import write as write

__version__ = "0.1.0"

_VERBS = {
    "edit": "napari_ngff.dataset.edit",
    "inspect": "napari_ngff.dataset.layout",
    "read": "napari_ngff.dataset.read",
    "read_layers": "napari_ngff.layers.read",
    "reshard": "napari_ngff.dataset.reshard",
    "upgrade": "napari_ngff.dataset.upgrade",
    "validate": "napari_ngff.dataset.validate",
    "write": "napari_ngff.layers.saving",
}

__all__ = [
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


def __getattr__(name: str) -> Any:
    if name not in _VERBS:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_VERBS[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
