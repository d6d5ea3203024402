"""What is told of a layer's view is what napari reads of its levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from napari.components import ViewerModel

from napari_ngff.layers.drawing import within_view
from napari_ngff.layers.viewing import (
    in_array,
    levels_of,
    look_of,
    looks_of,
    pixel_at,
)
from napari_ngff.storage.lazy import LazyArray, NumpySource

if TYPE_CHECKING:
    from napari_ngff.storage.pixels.indexing import Box

SHAPE = (9, 40, 60)


class Recording(NumpySource):
    """A source that remembers which boxes were read."""

    boxes: list[Box]

    def __init__(self, shape: tuple[int, ...], dtype: str = "u1") -> None:
        super().__init__(np.zeros(shape, dtype))
        object.__setattr__(self, "boxes", [])

    def read(self, box: Box) -> Any:
        self.boxes.append(box)
        return super().read(box)


def levels(*shapes: tuple[int, ...], dtype: str = "u1") -> list[LazyArray]:
    """Arrays without a pixel that is not 0."""
    return [LazyArray(Recording(shape, dtype)) for shape in shapes]


def forget(arrays: list[LazyArray]) -> None:
    """Forget what was read so far."""
    for array in arrays:
        array.source.boxes.clear()


def told(layer: Any, dims: Any) -> list[set[Any]]:
    """Return the boxes of each level that the layer is said to read."""
    arrays = levels_of(layer)
    found: list[set[Any]] = [set() for _ in arrays]
    for look in looks_of(layer, dims):
        box = in_array(arrays[look.level], look.box)
        found[look.level].add(tuple((s.start, s.stop) for s in box))
    return found


def read(arrays: list[LazyArray]) -> list[set[Any]]:
    """Return the boxes of each level that were read."""
    return [
        {tuple((s.start, s.stop) for s in box) for box in array.source.boxes}
        for array in arrays
    ]


@pytest.fixture
def viewer() -> ViewerModel:
    return ViewerModel()


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0)])
@pytest.mark.parametrize("thick", [0.0, 3.0])
def test_planes_that_are_read_are_told(
    viewer: ViewerModel, order: tuple[int, ...], thick: float
) -> None:
    """At any position, with axes transposed, of a thick slice, of either level."""
    arrays = levels(SHAPE, (5, 20, 30))
    turned = [array.transpose((1, 0, 2)) for array in arrays]
    layer = viewer.add_image(
        turned, multiscale=True, scale=(0.5, 2.0, 0.25), translate=(3, -7, 1)
    )
    viewer.dims.order = order
    hidden = order[0]
    start, stop, _ = viewer.dims.range[hidden]
    viewer.dims.thickness = (thick,) * 3
    for level in (0, 1):
        layer.data_level = level
        shape = np.array(turned[level].shape)
        layer.corner_pixels = np.array([np.zeros(3, int), shape - 1])
        for fraction in (0.0, 0.31, 0.5, 1.0):
            forget(arrays)
            viewer.dims.set_point(hidden, start + fraction * (stop - start))
            layer.refresh()

            assert read(arrays) == told(layer, viewer.dims)


def test_what_is_read_of_labels_and_of_one_level(viewer: ViewerModel) -> None:
    """Labels are never projected; of a single level the whole plane is read."""
    arrays = levels(SHAPE, (3, 20, 30), dtype="i4")
    labels = viewer.add_labels(arrays, multiscale=True)
    single = levels((4, 50, 40))
    image = viewer.add_image(single[0])
    viewer.dims.thickness = (2.0, 1.0, 1.0)
    for point in range(9):
        forget([*arrays, *single])
        viewer.dims.set_point(0, point)
        labels.refresh()
        image.refresh()

        assert read(arrays) == told(labels, viewer.dims)
        assert read(single) == told(image, viewer.dims)


def test_part_of_a_plane_and_a_volume(viewer: ViewerModel) -> None:
    """In 2-D only what lies in the canvas is read; in 3-D the coarsest level."""
    arrays = levels((2, *SHAPE), (2, 5, 20, 30))
    layer = viewer.add_image(arrays, multiscale=True)
    layer.data_level = 0
    layer.corner_pixels = np.array([[0, 0, 8, 16], [0, 0, 23, 31]])
    forget(arrays)
    layer.refresh()
    drawn = look_of(layer, viewer.dims)

    assert drawn is not None
    assert (slice(8, 24), slice(16, 32)) == drawn.box[2:]
    assert read(arrays) == told(layer, viewer.dims)

    viewer.dims.ndisplay = 3
    layer.data_level = 1
    forget(arrays)
    layer.refresh()

    assert [set(), {((0, 1), (0, 5), (0, 20), (0, 30))}] == told(layer, viewer.dims)
    assert read(arrays) == told(layer, viewer.dims)


def test_beside_the_slice_nothing_is_read(viewer: ViewerModel) -> None:
    """A layer that the slice does not go through has no look."""
    layer = viewer.add_image(levels(SHAPE)[0])
    viewer.add_image(np.zeros(SHAPE), translate=(100, 0, 0))
    viewer.dims.set_point(0, 102)

    assert look_of(layer, viewer.dims) is None
    assert [] == list(looks_of(layer, viewer.dims))
    assert pixel_at(layer, viewer.dims, (102, 5, 5)) is None


def test_units_of_the_viewer_are_not_those_of_the_layer(viewer: ViewerModel) -> None:
    """Layers in other units are sliced where the viewer stands."""
    viewer.add_image(np.zeros(SHAPE), units="micrometer")
    layer = viewer.add_image(levels(SHAPE)[0], units="nanometer", scale=(1000,) * 3)
    viewer.dims.set_point(0, 7 * (1 if "micro" in str(viewer.dims.units[0]) else 1000))
    forget([layer.data])
    layer.refresh()

    assert read([layer.data]) == told(layer, viewer.dims)


def test_the_pixel_at_a_place_is_the_one_that_is_drawn_there(
    viewer: ViewerModel,
) -> None:
    """Turned and transposed; napari's value of a coarse level is half a pixel off."""
    pixels = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    fine = LazyArray(NumpySource(pixels)).transpose((1, 0, 2))
    coarse = LazyArray(NumpySource(pixels[:, ::2, ::2])).transpose((1, 0, 2))
    layer = viewer.add_image(
        [fine, coarse], multiscale=True, scale=(2, 1, 0.5), rotate=30
    )
    rng = np.random.default_rng(3)
    seen = 0
    for place in rng.uniform((20, -10, 0), (20, 10, 30), (40, 3)):
        viewer.dims.set_point(0, place[0])
        boxes = []
        for level in (0, 1):
            layer.data_level = level
            shape = np.array(layer.data[level].shape)
            layer.corner_pixels = np.array([np.zeros(3, int), shape - 1])
            layer.refresh()
            boxes.append(pixel_at(layer, viewer.dims, place))
            if level == 0:
                value = layer.get_value(place, world=True)
        if boxes[0] is None:
            assert value is None or value[1] is None
            continue
        seen += 1
        starts = [[part.start for part in look.box] for look in boxes]

        assert (0, np.asarray(fine[boxes[0].box]).item()) == value
        assert [starts[0][1], starts[0][2] // 2] == starts[1][1:]
    assert seen > 10


def test_what_the_canvas_covers_in_pixels(viewer: ViewerModel) -> None:
    """Scale and translation are undone; a turned layer has the box around it."""
    straight = viewer.add_image(
        levels(SHAPE)[0], scale=(1, 2, 0.5), translate=(9, 4, 1)
    )
    turned = viewer.add_image(levels(SHAPE)[0], rotate=90)
    view = np.array([4.0, 1.0]), np.array([24.0, 11.0])

    low, high = within_view(straight, viewer.dims, view) or ((), ())
    assert [0, 0] == pytest.approx(low)
    assert [10, 20] == pytest.approx(high)
    low, high = within_view(turned, viewer.dims, view) or ((), ())
    assert [20, 10] == pytest.approx(np.subtract(high, low)[::-1] * [1, 1])
