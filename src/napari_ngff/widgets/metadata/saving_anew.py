"""The image of a draft saved as a new one, where its metadata alone cannot be changed.

Knows layers that show a store, and the save dialog; saves nothing itself.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.widgets import open_command
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.saving import save_command
from napari_ngff.widgets.saving.save_scope import shown_from

if TYPE_CHECKING:
    from napari_ngff.dataset.draft import Draft
    from napari_ngff.metadata.writing import WriteVersion

_LABELS = "labels"


def save_anew(viewer: Any, draft: Draft, version: WriteVersion) -> None:
    """Ask where to save what a draft is of, in a version.

    The layers that show it are saved; where there are none, it is opened first.

    Parameters
    ----------
    viewer
        Shows the layers.
    draft
        Of the image, or of one of its label images.
    version
        The version that is proposed.
    """
    viewer = bare(viewer)
    store = draft.documents.store
    ask = partial(_ask, viewer, store, version)
    if shown_from(viewer, store):
        ask()
        return
    node = _image_of(draft.documents.node)
    path = f"{store.rstrip('/')}/{node}" if node else store
    open_command.open_in(viewer, path, then=ask)


def _ask(viewer: Any, store: str, version: WriteVersion) -> None:
    layers = shown_from(viewer, store)
    if layers:
        save_command.ask(viewer, only=layers, version=version)


def _image_of(node: str) -> str:
    """Return the node of the image that a label image is below, or the node itself."""
    *above, kind, _ = ("", "", *node.split("/"))
    return "/".join(filter(None, above)) if kind == _LABELS else node
