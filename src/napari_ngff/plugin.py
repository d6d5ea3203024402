"""What napari calls, and an error boundary; knows where everything is, does nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeAlias

from napari_ngff.core.collecting import paused

if TYPE_CHECKING:
    from collections.abc import Callable

    import napari.viewer
    from npe2 import PluginContext

    LayerData: TypeAlias = tuple[Any, dict[str, Any], str]


def activate(context: PluginContext) -> None:
    """Follow napari's preferences, and be in its File menu, while active."""
    from napari_ngff.widgets import file_menu, preference

    context.register_disposable(preference.follow_cache_size())
    context.register_disposable(file_menu.add_save_as())


def get_reader(path: str | list[str]) -> Callable[..., list[LayerData]] | None:
    """Return `read` if every path may be Zarr, by names alone; else None."""
    from napari_ngff.storage.places.looks import looks_like_zarr

    return read if path and all(map(looks_like_zarr, _as_list(path))) else None


@paused()
def read(path: str | list[str]) -> list[LayerData]:
    """Open every path; tell once what is wrong. Raises only `NgffError`."""
    from napari_ngff.core.boundary import as_ngff_error
    from napari_ngff.layers.read import read_layers
    from napari_ngff.widgets import opened

    paths = _as_list(path)
    try:
        layers = [layer for each in paths for layer in read_layers(each)]
    except Exception as error:
        raise as_ngff_error(error, doing=f"opening {', '.join(paths)}") from error
    opened.after_reading(layers)
    return layers


def make_sample() -> list[LayerData]:
    """Open the sample image; it is written once and goes when the process does."""
    from napari_ngff.dataset.sample import sample_of_process

    return read(str(sample_of_process()))


def open_dialog(viewer: napari.viewer.Viewer) -> object:
    """Ask for a path or an address, and open it."""
    from napari_ngff.widgets import open_command

    return open_command.ask(viewer)


def use_always() -> None:
    """Have napari open every ``.zarr`` with this plugin."""
    from napari_ngff.widgets import preference

    preference.use_always_and_say_so()


def load_level(viewer: napari.viewer.Viewer) -> object:
    """Ask for a level, region or time step and add it as layers in memory."""
    from napari_ngff.widgets import layer_commands

    return layer_commands.load_level(viewer)


def edit_labels(viewer: napari.viewer.Viewer) -> object:
    """Add the selected labels as a layer that can be painted."""
    from napari_ngff.widgets import layer_commands

    return layer_commands.edit_labels(viewer)


def show_as_rgb(viewer: napari.viewer.Viewer) -> object:
    """Show the image of the selected layer as one RGB layer."""
    from napari_ngff.widgets import form_command

    return form_command.show_as(viewer, "rgb")


def show_as_channels(viewer: napari.viewer.Viewer) -> object:
    """Show the image of the selected layer as one layer a channel."""
    from napari_ngff.widgets import form_command

    return form_command.show_as(viewer, "channels")


def _as_list(path: str | list[str]) -> list[str]:
    return list(path) if isinstance(path, list | tuple) else [os.fspath(path)]
