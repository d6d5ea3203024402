"""Save As OME-Zarr… in napari's File menu itself, where a manifest cannot put it.

Knows napari's menus by their public application model; no Qt. It comes when the plugin
is first used in a napari, which imports no plugin before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app_model import Application
from app_model.types import Action, MenuRule

if TYPE_CHECKING:
    from collections.abc import Callable


def add_save_as(application: str = "napari") -> Callable[[], None]:
    """Put the command into the File menu, after napari's own that save.

    Parameters
    ----------
    application
        The name of the application model whose menu it is; nothing is done where
        there is none.

    Returns
    -------
    callable
        Takes it out again.
    """
    model = Application.get_app(application)
    if model is None:
        return lambda: None
    action = Action(
        id="napari-ngff.save_as_in_file",
        title="Save As OME-Zarr…",
        callback="napari_ngff.plugin_saving:save_as",
        enablement="num_layers > 0",
        menus=[MenuRule(id="napari/file", group="4_save", order=1)],
        palette=False,
    )
    return model.register_action(action)  # type: ignore[no-any-return]
