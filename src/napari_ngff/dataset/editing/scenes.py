"""Scenes that an image is placed in: they go by the names of its coordinate systems.

Knows where scenes are, which is above the images; how they name systems is known by
`metadata.editing.scene_names`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari_ngff.core.names import join, plain
from napari_ngff.core.patch import apply
from napari_ngff.core.problems import Problem, UnsafePath
from napari_ngff.metadata.editing.scene_names import renamed_in_scene
from napari_ngff.metadata.editing.systems import RemoveSystem, RenameSystem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from napari_ngff.core.limits import Limits
    from napari_ngff.dataset.editing.values import Values
    from napari_ngff.metadata.editing import Edit
    from napari_ngff.storage.location import NodeDocument


def above(node: str) -> Iterator[str]:
    """Yield the groups above a node, the root first."""
    parts = node.split("/") if node else []
    for count in range(len(parts)):
        yield "/".join(parts[:count])


def is_scene(document: NodeDocument) -> bool:
    """Tell whether a group places images."""
    body = document.attributes.get("ome")
    return document.kind == "group" and isinstance(body, dict) and "scene" in body


def followed(values: Values, node: str, edit: Edit) -> Values | Problem:
    """Return values with the scenes above an image following an edit of its systems.

    Parameters
    ----------
    values
        What documents say after the edit.
    node
        The image.
    edit
        What was done to it. A system that a scene needs may not go.
    """
    if not isinstance(edit, RenameSystem | RemoveSystem) or edit.of != "image":
        return values
    new = edit.new if isinstance(edit, RenameSystem) else ""
    for scene in above(node):
        if scene not in values.stored.documents:
            continue
        attributes: Mapping[str, Any] = values.attributes(scene)
        group = values.group(scene)
        is_meant = partial(_leads, values.stored.location.limits, scene, node)
        changes = renamed_in_scene(attributes, group, is_meant, edit.name, new)
        if changes and isinstance(edit, RemoveSystem):
            return _needed(values, node, edit.name, scene)
        if changes:
            values = values.with_attributes(scene, apply(attributes, changes))
    return values


def _leads(limits: Limits, scene: str, node: str, path: str) -> bool:
    try:
        return join(scene, path, limits=limits) == node
    except UnsafePath:
        return False  # a problem of the scene, told where that is read


def _needed(values: Values, node: str, name: str, scene: str) -> Problem:
    where = plain(scene) if scene else "the store's root"
    text = f"{plain(name)!r} cannot be removed: the scene in {where} places this image "
    text += "by it. Change the scene first."
    loc = (*values.stored.documents[node].prefix, "ome", "multiscales")
    return Problem(
        level="error", kind="coordinate-system-used", node=node, loc=loc, message=text
    )
