"""What the arrays and images must be that transformations name by their paths.

Knows the rules for matrices and for fields of vectors (0.6). Reads documents only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from napari_ngff.core.names import join, plain
from napari_ngff.core.problems import NgffError, UnsafePath
from napari_ngff.dataset.reading.arrays import array_facts
from napari_ngff.dataset.reading.reading import quoted
from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    ByDimension,
    Field,
    Rotation,
    Sequence,
    obstacles,
    output_ndim,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.dataset.checking.checking import Check
    from napari_ngff.metadata.axes import Axis, CoordinateSystem
    from napari_ngff.metadata.model import Edge, Endpoint, Multiscale
    from napari_ngff.metadata.transforms import Transform
    from napari_ngff.storage.location import NodeDocument

_Named: TypeAlias = "Affine | Rotation | Field"
_Size: TypeAlias = "int | None"

#: The type of the axis along which a field has the components of its vectors.
_COMPONENTS: Final = {"displacements": "displacement", "coordinates": "coordinate"}


def check_transform(
    check: Check, edge: Edge, loc: Loc, systems: Mapping[str, CoordinateSystem]
) -> None:
    """Check what a transformation names by path.

    Parameters
    ----------
    check
        The group whose document holds it.
    edge, loc
        The transformation, and where it is from where the group's blocks begin.
    systems
        The coordinate systems of that document, by name.
    """
    inputs = _axes(check, edge.input, systems)
    outputs = _axes(check, edge.output, systems)
    for named, rows, columns in _named(edge.transform, outputs, inputs):
        if isinstance(named, Field):
            _field(check, named, loc, rows, columns)
        else:
            _matrix(check, named, loc, rows, columns)


def _axes(
    check: Check, end: Endpoint, systems: Mapping[str, CoordinateSystem]
) -> _Size:
    """Return how many axes a system has; None where that is not known."""
    if end.path is not None:
        systems = _systems_of(check, end.path)
    system = systems.get(end.name or "")
    return None if system is None else len(system.axes)


def _systems_of(check: Check, path: str) -> Mapping[str, CoordinateSystem]:
    """Return the systems of a child; none where it is no good, which is told."""
    try:
        node = join(check.document.node, path, limits=check.reading.limits)
        document = check.reading.location.document(node)
    except NgffError:
        return {}
    if document is None or document.kind != "group":
        return {}
    images = check.reading.group(document).multiscales
    return {s.name: s for image in images for s in image.coordinate_systems}


def _named(
    t: Transform, rows: _Size, columns: _Size
) -> Iterator[tuple[_Named, _Size, _Size]]:
    """Yield the parts that name an array, with the numbers of output and input axes."""
    match t:
        case Affine(path=str()) | Rotation(path=str()) | Field():
            yield t, rows, columns
        case Sequence(transforms=steps):
            for index, step in enumerate(steps):
                known = columns is not None and not obstacles(step)
                after = output_ndim(step, columns or 0) if known else None
                last = index == len(steps) - 1
                yield from _named(step, rows if last else after, columns)
                columns = after
        case ByDimension(parts=parts):
            for part in parts:
                sizes = len(part.output_axes), len(part.input_axes)
                yield from _named(part.transform, *sizes)
        case Bijection(forward=forward, inverse=inverse):
            yield from _named(forward, rows, columns)
            yield from _named(inverse, columns, rows)


def _matrix(
    check: Check, t: Affine | Rotation, loc: Loc, rows: _Size, columns: _Size
) -> None:
    node = check.join(t.path or "", loc)
    document = node and check.has(node, "array", loc)
    if not document:
        return
    # "a matrix stored as a 2D array": N x N for a rotation, M x (N+1) for an affine.
    shape = array_facts(document).shape
    if columns is not None and isinstance(t, Affine):
        columns += 1
    fine = shape is not None and len(shape) == 2
    for have, wanted in zip(shape or (), (rows, columns), strict=False):
        fine = fine and wanted in (None, have)
    if not fine:
        size = f"{rows or 'M'} x {columns or 'N'}"
        text = f"The array {quoted(document.node)} must be a matrix of {size}, but "
        check.add("error", "matrix-shape", loc, text + f"its shape is {_told(shape)}")


def _told(shape: tuple[int, ...] | None) -> str:
    return "not known" if shape is None else " x ".join(map(str, shape)) or "empty"


def _field(check: Check, field: Field, loc: Loc, rows: _Size, columns: _Size) -> None:
    try:
        node = join(check.document.node, field.path, limits=check.reading.limits)
    except UnsafePath as error:
        # "The location of the coordinate multiscale group in this (or another)
        # container."
        text = f"The field at '{plain(field.path)}' is not looked at: {error.reason}"
        check.add("info", "field-elsewhere", loc, text)
        return
    try:
        document = check.reading.location.document(node)
    except NgffError as error:
        check.fail(error, f"The field {quoted(node)}", node, loc)
        return
    if document is None:
        text = f"The field {quoted(node)} of the {field.type} is not there"
        check.add("error", "missing-field", loc, text)
    elif document.kind == "array":
        _bare(check, document, loc, columns)
    else:
        _image(check, document, field, loc, rows, columns)


def _bare(check: Check, document: NodeDocument, loc: Loc, columns: _Size) -> None:
    # Until 0.6.dev4 a field was an array and no image.
    text = f"The field {quoted(document.node)} is an array; it must be an image, with "
    text += "multiscales"
    early = ".dev" in (check.group.version or "") and check.group.dialect == "0.6"
    check.add("warning" if early else "error", "field-not-image", loc, text)
    shape = array_facts(document).shape
    if shape is not None:
        _count(check, document.node, loc, len(shape), columns)


def _count(check: Check, node: str, loc: Loc, found: int, columns: _Size) -> bool:
    # "If the input coordinate system has `N` axes, the multiscale image at location
    # `path` MUST have `N+1` dimensions."
    if columns is None or found == columns + 1:
        return True
    text = f"The field {quoted(node)} has {found} dimensions; it must have "
    text += f"{columns + 1}, one more than the coordinate system that it begins from"
    check.add("error", "field-dimensions", loc, text)
    return False


def _image(
    check: Check,
    document: NodeDocument,
    field: Field,
    loc: Loc,
    rows: _Size,
    columns: _Size,
) -> None:
    group = check.reading.group(document)
    if not group.multiscales:
        text = f"The field {quoted(document.node)} is a group without multiscales: it "
        check.add("error", "field-not-image", loc, text + "must be an image")
        return
    check.checked.members.append(check.member("image", document.node, loc))
    image = group.multiscales[0]
    kind = _COMPONENTS[field.type]
    _count(check, document.node, loc, len(image.axes), columns)
    places = [i for i, axis in enumerate(image.axes) if axis.type == kind]
    if len(places) != 1 or not image.axes[places[0]].discrete:
        # "specify `"type": "displacement"` or `"type": "coordinate"` depending on the
        # type of transformation and `"discrete": true` … for the dimension
        # corresponding to the coordinate or displacement vector."
        text = f"The field {quoted(document.node)} must have one axis of the type "
        text += f"'{kind}' that is discrete"
        check.add("error", "field-axis", loc, text)
    # "For `coordinates` transformations, the length … MUST equal `M`, the number of
    # axes in the output coordinate system. For `displacements` … `N`".
    wanted = rows if field.type == "coordinates" else columns
    if len(places) == 1 and wanted is not None:
        _length(check, document.node, image, places[0], wanted, loc)


def _length(
    check: Check, node: str, image: Multiscale, place: int, wanted: int, loc: Loc
) -> None:
    axis: Axis = image.axes[place]
    for level in image.levels:
        try:
            array = join(node, level.path, limits=check.reading.limits)
            document = check.reading.location.document(array)
        except NgffError:
            continue  # told when the image itself is looked at
        if document is None or document.kind != "array":
            continue
        shape = array_facts(document).shape
        if shape is None or place >= len(shape) or shape[place] == wanted:
            continue
        text = f"The field {quoted(array)} has vectors of {shape[place]} along "
        text += f"{plain(axis.name)}; they must be of {wanted}, one number for each "
        check.add("error", "field-length", loc, text + "axis")
