"""Save Labels Back, Add Labels to Image: what was painted, into the image's own file.

The viewer stays usable: pixels are taken chunk by chunk while they are saved, and what
is painted meanwhile is saved the next time.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from napari.layers import Labels
from napari.utils.notifications import show_info, show_warning

from napari_ngff.core.names import plain
from napari_ngff.dataset.add_labels import add_labels as write_labels
from napari_ngff.dataset.write_back import write_back
from napari_ngff.layers.provenance import Provenance
from napari_ngff.layers.read import read_layers
from napari_ngff.layers.writing.adding import addition, is_target, names_taken
from napari_ngff.layers.writing.calling import folder_name
from napari_ngff.layers.writing.editing import added, edit_of, is_copy, saved
from napari_ngff.layers.writing.origins import read_origins
from napari_ngff.storage.lazy import LazyArray
from napari_ngff.widgets import windows
from napari_ngff.widgets._work import Work, main_window
from napari_ngff.widgets.add_labels_dialog import AddLabelsDialog
from napari_ngff.widgets.layer_commands import bare

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from napari_ngff.core.problems import Problem
    from napari_ngff.dataset.write_back import Saved
    from napari_ngff.layers.reading.pictures import LayerData
    from napari_ngff.layers.writing.adding import Addition

T = TypeVar("T")

_LOOK_S = 0.05
#: Layers that are being saved, and by what.
_saving: WeakKeyDictionary[Any, Work] = WeakKeyDictionary()


class LabelWork(Work):
    """A save in another thread; one that was done when it was cancelled is done."""

    def __init__(
        self,
        run: Callable[[Callable[[float], None], Callable[[], bool]], T],
        *,
        doing: str,
        done: Callable[[T], object],
        viewer: Any,
    ) -> None:
        self._results: list[T] = []

        def keep(tell: Callable[[float], None], cancelled: Callable[[], bool]) -> None:
            self._results.append(run(tell, cancelled))

        super().__init__(
            partial(_in_steps, keep),
            doing=doing,
            done=lambda _: done(self._results[0]),
            parent=windows.window_of(viewer) or main_window(),
        )

    def _end(self, result: Any, error: Exception | None) -> None:
        if self._results:
            self._stop.clear()
        super()._end(result, error)


def save_labels_back(viewer: Any) -> Work | None:
    """Save what was painted on the selected labels over those that they are a copy of.

    Parameters
    ----------
    viewer
        Where the layer is.
    """
    viewer = bare(viewer)
    layer = _selected(viewer)
    if layer is None or _is_being_saved(layer):
        return None
    if not is_copy(layer.metadata):
        show_info(
            "These labels are no copy of labels in a file. Make one with Layers > Data "
            "> Edit Labels, or add these to an image: Add Labels to Image."
        )
        return None
    work = LabelWork(
        partial(_save_back, layer.as_layer_data_tuple()),
        doing=f"Saving {plain(layer.name, limit=60)}",
        done=partial(_saved_back, viewer, layer),
        viewer=viewer,
    )
    _saving[layer] = work
    return work


def _selected(viewer: Any) -> Any:
    chosen = [x for x in viewer.layers.selection if isinstance(x, Labels)]
    if len(chosen) != 1:
        show_info("Select one labels layer first.")
        return None
    return chosen[0]


def _is_being_saved(layer: Any) -> bool:
    work = _saving.get(layer)
    if work is None or not work.thread_.is_alive():
        return False
    show_info("These labels are being saved just now. Try again in a moment.")
    return True


def _in_steps(
    run: Callable[[Callable[[float], None], Callable[[], bool]], None],
) -> Generator[float, None, None]:
    """Carry out what tells its progress, and yield that; closing cancels it."""
    told, stop = [0.0], Event()

    def tell(fraction: float) -> None:
        told[0] = fraction

    with ThreadPoolExecutor(1, thread_name_prefix="ngff-labels") as pool:
        future = pool.submit(run, tell, stop.is_set)
        try:
            while wait([future], timeout=_LOOK_S).not_done:
                yield told[0]
        finally:
            stop.set()
        future.result()


def _save_back(
    layer: LayerData, tell: Callable[[float], None], cancelled: Callable[[], bool]
) -> Saved:
    return write_back(edit_of(layer), progress=tell, cancelled=cancelled)


def _saved_back(viewer: Any, layer: Any, result: Saved) -> None:
    """Let the copy know what is stored, and other layers show it."""
    name = plain(layer.name, limit=60)
    if not result.changed:
        show_info(f"{name}: nothing was painted since it was last saved.")
        return
    record = Provenance.from_metadata(layer.metadata)
    layer.metadata = saved(layer.metadata, result.seen)
    if record is not None:
        for each in windows.viewers() or [viewer]:
            _show_anew(each, record)
    chunks = sum(result.chunks.values())
    what = [f"{chunks} chunk{'s' * (chunks != 1)}"] if chunks else []
    what += ["colours and properties"] if result.looks else []
    _warn(name, result.problems)
    show_info(f"Saved {name}: {' and '.join(what)}.")


def _warn(name: str, problems: Iterable[Problem]) -> None:
    for problem in problems:
        show_warning(f"{name}: {problem.message}")


def _show_anew(viewer: Any, record: Provenance) -> None:
    """Let layers that read these labels from the file read them as they are now."""
    old = [layer for layer in viewer.layers if _reads(layer, record)]
    if not old:
        return
    parent = record.node if record.parent is None else record.parent
    new = {_channel_of(each): each for each in read_layers(_path(record.store, parent))}
    for layer in old:
        own = Provenance.from_metadata(layer.metadata)
        found = new.get((record.node, own.channel if own else None))
        if found is None:
            continue
        data, meta, _ = found
        if layer.multiscale:
            layer.locked_data_level = None
        layer.data = data
        layer.metadata = dict(meta["metadata"])
        layer.editable = False
        layer.refresh()


def _reads(layer: Any, record: Provenance) -> bool:
    own = Provenance.from_metadata(layer.metadata)
    same = own is not None and (own.store, own.node) == (record.store, record.node)
    if not same or not isinstance(layer, Labels):
        return False
    finest = layer.data[0] if layer.multiscale else layer.data
    return isinstance(finest, LazyArray)


def _channel_of(layer: LayerData) -> tuple[str, int | None] | None:
    record = Provenance.from_metadata(layer[1]["metadata"])
    return None if record is None else (record.node, record.channel)


def _path(store: str, node: str) -> str:
    return f"{store.rstrip('/')}/{node}" if node else store


def add_labels(viewer: Any) -> AddLabelsDialog | None:
    """Ask for image and name, and add the selected labels to that image's file.

    Parameters
    ----------
    viewer
        Where the layers are.
    """
    viewer = bare(viewer)
    layer = _selected(viewer)
    if layer is None or _is_being_saved(layer):
        return None
    targets = _targets(viewer, layer)
    if not targets:
        show_warning(
            "There is no image to add them to: open one from an OME-Zarr folder, or "
            "save the labels together with theirs (File > Save As OME-Zarr)."
        )
        return None
    record = Provenance.from_metadata(layer.metadata)
    called = record.label if record and record.label else layer.name
    dialog = AddLabelsDialog(
        layer=plain(layer.name, limit=60),
        images=[name for name, _, _ in targets],
        name=folder_name(called.removesuffix(" (editable)")),
        taken=[taken for _, _, taken in targets],
        parent=windows.window_of(viewer) or main_window(),
    )
    dialog.accepted.connect(lambda: _add(viewer, layer, targets, dialog))
    dialog.open()
    return dialog


def _targets(viewer: Any, layer: Any) -> list[tuple[str, LayerData, set[str]]]:
    """Return name, a layer and labels' names of each image; the likeliest first."""
    record = Provenance.from_metadata(layer.metadata)
    found: dict[tuple[str, str], tuple[str, LayerData, set[str]]] = {}
    for each in viewer.layers:
        state = each.as_layer_data_tuple()
        own = Provenance.from_metadata(each.metadata)
        if own is None or not is_target(state) or "://" in own.store:
            continue
        place = (own.store, own.node)
        if place not in found:
            name = own.store.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
            shown = plain(f"{name}/{own.node}" if own.node else name, limit=120)
            found[place] = (shown, state, names_taken(state, read_origins([state])))
    parent = None if record is None else (record.store, record.parent)
    return [found[place] for place in sorted(found, key=lambda p: p != parent)]


def _add(
    viewer: Any,
    layer: Any,
    targets: list[tuple[str, LayerData, set[str]]],
    dialog: AddLabelsDialog,
) -> Work:
    _, image, _ = targets[dialog.image()]
    work = LabelWork(
        partial(_write, image, layer.as_layer_data_tuple(), dialog.label_name()),
        doing=f"Adding {plain(layer.name, limit=60)}",
        done=partial(_was_added, layer),
        viewer=viewer,
    )
    _saving[layer] = work
    return work


def _write(
    image: LayerData,
    labels: LayerData,
    name: str,
    tell: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> tuple[Addition, tuple[Problem, ...], Mapping[str, Any] | None]:
    """Write labels; return what to tell, and what the layer should remember."""
    found = addition(image, labels, name, read_origins([image]))
    done = write_labels(
        found.store, found.node, [found.label], progress=tell, cancelled=cancelled
    )
    [node] = done.nodes
    layers = read_layers(_path(found.store, found.node))
    stored = [each for each in layers if (_channel_of(each) or ("",))[0] == node]
    memory = added(labels, found.start, stored[0]) if len(stored) == 1 else None
    return found, done.problems, memory


def _was_added(
    layer: Any,
    result: tuple[Addition, tuple[Problem, ...], Mapping[str, Any] | None],
) -> None:
    found, problems, memory = result
    name = plain(found.label.name, limit=60)
    if memory is not None:
        layer.metadata = dict(memory)
    _warn(plain(layer.name, limit=60), (*found.problems, *problems))
    later = "" if memory is None else " Save what you go on to paint: Save Labels Back."
    show_info(f"Added the labels {name} to {plain(found.store, limit=200)}.{later}")
