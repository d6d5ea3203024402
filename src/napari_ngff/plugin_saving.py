"""What napari calls to save, and an error boundary; does nothing itself.

The other half of `plugin`, which reads: the same rules hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import napari.viewer

    LayerData: TypeAlias = tuple[Any, dict[str, Any], str]


def write_layers(path: str, layers: Sequence[LayerData]) -> list[str]:
    """Save layers as OME-Zarr. Raises only `NgffError`."""
    from napari_ngff.core.boundary import as_ngff_error
    from napari_ngff.core.names import plain
    from napari_ngff.widgets.saving import writer

    try:
        return writer.write_layers(path, layers)
    except Exception as error:
        doing = f"saving {plain(path, limit=1024)}"
        raise as_ngff_error(error, doing=doing) from error


def save_as(viewer: napari.viewer.Viewer) -> object:
    """Ask how, where to and what of the layers to save, and save it."""
    from napari_ngff.widgets.saving import save_command

    return save_command.ask(viewer)


def add_labels(viewer: napari.viewer.Viewer) -> object:
    """Ask to which image the selected labels are added, and add them to its file."""
    from napari_ngff.widgets import label_commands

    return label_commands.add_labels(viewer)


def save_labels_back(viewer: napari.viewer.Viewer) -> object:
    """Save what was painted on a copy of labels over those in the file."""
    from napari_ngff.widgets import label_commands

    return label_commands.save_labels_back(viewer)
