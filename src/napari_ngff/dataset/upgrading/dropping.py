"""What an older version does not say of images, and what is read without it.

Knows what is left out although nothing is lost by it; what would be lost stands in the
way of an upgrade, and is told by `metadata.writing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from napari_ngff.core.problems import Problem
from napari_ngff.metadata.versions import dialect, read_group
from napari_ngff.metadata.versions.values import shown
from napari_ngff.metadata.writing.placing import INTRINSIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from napari_ngff.core.limits import Limits
    from napari_ngff.dataset.upgrading.hierarchy import Hierarchy
    from napari_ngff.metadata.writing import WriteVersion

#: The versions that have no names of coordinate systems.
_NAMELESS: Final = ("0.4", "0.5")


def left_out(
    hierarchy: Hierarchy, version: WriteVersion, limits: Limits
) -> Iterator[Problem]:
    """Yield what an upgrade leaves out, image by image."""
    nodes = hierarchy.nodes.values() if version in _NAMELESS else ()
    for node in nodes:
        if "multiscales" not in dialect.split(node.attributes)[0]:
            continue
        group = read_group(node.attributes, node=node.path, limits=limits)
        for index, image in enumerate(group.multiscales):
            if image.intrinsic in (None, INTRINSIC):
                continue
            text = f"Version {version} has no names of coordinate systems: that of its "
            text += f"axes is called {shown(image.intrinsic)} no more, and after an "
            text += f"upgrade to 0.6 it would be called {shown(INTRINSIC)}."
            yield Problem(
                level="info",
                kind="system-name-dropped",
                node=node.path,
                loc=(*group.loc, "multiscales", index, "coordinateSystems"),
                message=text,
            )
