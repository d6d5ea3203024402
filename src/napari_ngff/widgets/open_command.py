"""Open OME-Zarr…: ask, read in a thread, add the layers.

napari's own open refuses ``file://`` and reads in the main thread, which a slow server
would block.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from napari.layers import Layer

from napari_ngff.core.names import scrub
from napari_ngff.layers.read import read_layers
from napari_ngff.widgets._work import Work, main_window
from napari_ngff.widgets.layer_commands import bare
from napari_ngff.widgets.open_dialog import OpenDialog
from napari_ngff.widgets.opened import after_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


def ask(viewer: Any) -> OpenDialog:
    """Show the dialog; what is chosen is added to `viewer`."""
    viewer = bare(viewer)
    dialog = OpenDialog(main_window())
    dialog.accepted.connect(lambda: open_in(viewer, dialog.text()))
    dialog.open()
    return dialog


def open_in(
    viewer: Any,
    address: str,
    *,
    then: Callable[[], object] | None = None,
    parent: Any = None,
) -> Work:
    """Read a path or an address in a thread and add its layers to `viewer`.

    Parameters
    ----------
    viewer, address
        Where to show it, and what.
    then
        Called once it is shown.
    parent
        The window that the work belongs to; None: the one that is used now.
    """
    return Work(
        partial(_read, address),
        doing=f"Opening {scrub(address)}",
        done=partial(_show, viewer, then),
        parent=parent or main_window(),
    )


def _read(address: str) -> Generator[float, None, list[Any]]:
    yield 0.0
    return read_layers(address)


def _show(viewer: Any, then: Callable[[], object] | None, layers: list[Any]) -> None:
    add_to(viewer, layers)
    if then is not None:
        then()


def add_to(viewer: Any, layers: list[Any]) -> None:
    """Add what was read to `viewer`, with all that napari's own open comes with."""
    after_reading(layers)
    for each in layers:
        viewer.add_layer(Layer.create(*each))
