"""Groups of every version that can be written, for hypothesis to choose from.

What a strategy gives for a version is in that version's own words and keeps to its
rules: writing loses nothing of it, and reading gives it back.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from napari_ngff.metadata.axes import SPACE_UNITS, TIME_UNITS, Axis, CoordinateSystem
from napari_ngff.metadata.model import (
    Acquisition,
    Channel,
    Edge,
    Endpoint,
    Group,
    ImageLabel,
    Level,
    Multiscale,
    Plate,
    PlateWell,
    Rendering,
    Scene,
    Well,
    WellImage,
    Window,
)
from napari_ngff.metadata.transforms import (
    Affine,
    Bijection,
    ByDimension,
    ByDimensionPart,
    Field,
    Identity,
    MapAxis,
    ProjectAxis,
    Rotation,
    Scale,
    Sequence,
    Translation,
)

VERSIONS = ("0.4", "0.5", "0.6")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
SIMPLE = st.from_regex("[A-Za-z0-9]{1,6}", fullmatch=True)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-999, 999)
SIZES = st.floats(1e-9, 1e9) | st.integers(1, 99)
OFFSETS = st.floats(-1e9, 1e9) | st.integers(-999, 999)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2)
    ),
    max_leaves=4,
)
#: Keys that no version knows.
FOREIGN = st.dictionaries(NAMES.map("my-{}".format), JSON, max_size=2)
COUNTS = st.integers(0, 2**31)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """None, or what the strategy gives."""
    return st.none() | strategy


def tuples(items: st.SearchStrategy[Any], size: int) -> st.SearchStrategy[Any]:
    """Tuples of that length."""
    return st.tuples(*[items] * size)


@st.composite
def axes(draw: st.DrawFn) -> tuple[Axis, ...]:
    """Two to five axes, in the order time, channel or any other, space."""
    kinds = [
        *draw(st.sampled_from([[], ["time"]])),
        *draw(st.sampled_from([[], ["channel"], ["phase"], [None]])),
        *["space"] * draw(st.integers(2, 3)),
    ]
    names = draw(st.lists(NAMES, min_size=5, max_size=5, unique=True))
    units = {"time": st.sampled_from(TIME_UNITS), "space": st.sampled_from(SPACE_UNITS)}
    return tuple(
        Axis(
            name=name,
            type=kind,
            unit=draw(maybe(units.get(kind, st.just("furlong")))),
            discrete=draw(maybe(st.booleans())),
            long_name=draw(maybe(TEXTS)),
            orientation=draw(maybe(st.just({"type": "anatomical", "value": "x"}))),
            extra=draw(FOREIGN),
        )
        for name, kind in zip(names, kinds, strict=False)
    )


def sized(ndim: int) -> st.SearchStrategy[Any]:
    """A scale, alone or before a translation."""
    scale = st.builds(Scale, tuples(SIZES, ndim))
    offset = st.builds(Translation, tuples(OFFSETS, ndim))
    return scale | st.builds(Sequence, st.tuples(scale, offset))


def placing(ndim: int) -> st.SearchStrategy[Any]:
    """Every type of transformation of 0.6, of as many axes as come out of it."""
    rows = tuples(tuples(OFFSETS, ndim + 1), ndim)
    identity = tuple(tuple(float(i == k) for k in range(ndim)) for i in range(ndim))
    simple = (
        st.just(Identity())
        | sized(ndim)
        | st.builds(Affine, rows)
        | st.builds(Affine, st.none(), NAMES)
        | st.just(Rotation(identity))
        | st.builds(Rotation, st.none(), NAMES)
        | st.builds(MapAxis, st.permutations(range(ndim)).map(tuple))
        | st.just(ProjectAxis((0,), (ndim - 1,)))
        | st.builds(
            Field,
            type=st.sampled_from(["displacements", "coordinates"]),
            path=NAMES,
            interpolation=maybe(st.just("linear")),
        )
    )
    first = tuple(range(1))
    rest = tuple(range(1, ndim))
    parts = st.tuples(
        st.builds(ByDimensionPart, sized(1), st.just(first), st.just(first)),
        st.builds(ByDimensionPart, sized(ndim - 1), st.just(rest), st.just(rest)),
    )
    return (
        simple
        | st.builds(Sequence, st.lists(simple, min_size=1, max_size=3).map(tuple))
        | st.builds(Bijection, simple, simple)
        | st.builds(ByDimension, parts)
    )


@st.composite
def multiscales(draw: st.DrawFn, version: str) -> Multiscale:
    """An image of one to three levels."""
    own = draw(axes())
    ndim = len(own)
    paths = draw(st.lists(SIMPLE, min_size=1, max_size=3, unique=True))
    more: dict[str, Any] = {"transform": draw(st.just(Identity()) | sized(ndim))}
    if version == "0.6":
        more = draw(systems(own))
    return Multiscale(
        name=draw(maybe(TEXTS)),
        axes=own,
        levels=draw(levels(paths, ndim)),
        method=draw(maybe(TEXTS)),
        metadata=draw(maybe(FOREIGN)),
        extra=draw(FOREIGN),
        **more,
    )


@st.composite
def levels(draw: st.DrawFn, paths: list[str], ndim: int) -> tuple[Level, ...]:
    """Levels, each of pixels as large as those before it, or larger."""
    sizes = draw(tuples(SIZES, ndim))
    found = []
    for path in paths:
        transform: Any = Scale(sizes)
        if draw(st.booleans()):
            offset = Translation(draw(tuples(OFFSETS, ndim)))
            transform = Sequence((transform, offset))
        found.append(Level(path=path, transform=transform))
        factors = draw(tuples(st.integers(1, 3), ndim))
        sizes = tuple(s * f for s, f in zip(sizes, factors, strict=True))
    return tuple(found)


@st.composite
def systems(draw: st.DrawFn, own: tuple[Axis, ...]) -> dict[str, Any]:
    """Name the intrinsic system and others that its edges lead to, or come from."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    edges = []
    for name in names[1:]:
        ends = [Endpoint(name=names[0]), Endpoint(name=name)]
        if draw(st.booleans()):
            ends.reverse()
        edges.append(
            Edge(
                transform=draw(placing(len(own))),
                input=ends[0],
                output=ends[1],
                name=draw(maybe(TEXTS)),
            )
        )
    return {
        "transform": Identity(),
        "intrinsic": names[0],
        "coordinate_systems": tuple(
            CoordinateSystem(name=name, axes=own) for name in names
        ),
        "edges": tuple(edges),
    }


CHANNELS = st.builds(
    Channel,
    label=maybe(TEXTS),
    color=st.from_regex("[0-9A-F]{6}", fullmatch=True),
    window=st.builds(Window, start=NUMBERS, end=NUMBERS, min=NUMBERS, max=NUMBERS),
    active=maybe(st.booleans()),
    extra=FOREIGN,
)
RENDERINGS = st.builds(
    Rendering,
    channels=st.lists(CHANNELS, max_size=3).map(tuple),
    default_t=maybe(COUNTS),
    default_z=maybe(COUNTS),
    model=st.sampled_from([None, "color", "greyscale"]),
    order=maybe(st.integers(1, 3).flatmap(lambda n: st.permutations(range(n)))).map(
        lambda order: order and tuple(order)
    ),
    extra=FOREIGN,
)
LABEL_VALUES = st.integers(-(2**63), 2**64 - 1)


def image_labels(version: str) -> st.SearchStrategy[ImageLabel]:
    """Colors and properties of labels."""
    return st.builds(
        ImageLabel,
        colors=st.dictionaries(
            LABEL_VALUES, tuples(st.integers(0, 255), 4), max_size=3
        ),
        properties=st.dictionaries(LABEL_VALUES, FOREIGN, max_size=3),
        source=maybe(TEXTS),
        version=st.just(None if version == "0.6" else version),
    )


@st.composite
def plates(draw: st.DrawFn) -> Plate:
    """A plate with a well in each corner that it has."""
    rows, columns = (
        tuple(draw(st.lists(SIMPLE, min_size=1, max_size=3, unique=True)))
        for _ in range(2)
    )
    corners = sorted({(0, 0), (len(rows) - 1, len(columns) - 1)})
    numbers = draw(st.lists(COUNTS, max_size=2, unique=True))
    return Plate(
        name=draw(maybe(TEXTS)),
        rows=rows,
        columns=columns,
        wells=tuple(
            PlateWell(path=f"{rows[r]}/{columns[c]}", row_index=r, column_index=c)
            for r, c in corners
        ),
        acquisitions=tuple(
            Acquisition(
                id=number,
                name=draw(maybe(TEXTS)),
                description=draw(maybe(TEXTS)),
                maximum_field_count=draw(maybe(st.integers(1, 9))),
                start_time=draw(maybe(COUNTS)),
                end_time=draw(maybe(COUNTS)),
            )
            for number in numbers
        ),
        field_count=draw(maybe(st.integers(1, 9))),
    )


WELLS = st.builds(
    Well,
    images=st.lists(
        st.builds(WellImage, path=SIMPLE, acquisition=maybe(COUNTS)),
        min_size=1,
        max_size=3,
        unique_by=lambda image: image.path,
    ).map(tuple),
)
PATHS = st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Tiles in one world."""
    own = draw(axes())
    tiles = draw(st.lists(NAMES, min_size=1, max_size=2, unique=True))
    world = CoordinateSystem(name=draw(NAMES), axes=own)
    return Scene(
        coordinate_systems=(world,),
        edges=tuple(
            Edge(
                transform=draw(placing(len(own))),
                input=Endpoint(name="physical", path=tile),
                output=Endpoint(name=world.name),
                name=draw(maybe(TEXTS)),
            )
            for tile in tiles
        ),
    )


def images_of(version: str) -> st.SearchStrategy[tuple[Multiscale, ...]]:
    """Up to two images with different names."""
    images = multiscales(version)
    return st.lists(images, max_size=2, unique_by=lambda m: m.name).map(tuple)


@st.composite
def groups(draw: st.DrawFn, version: str) -> Group:
    """A group with some blocks, as reading gives it, without problems."""
    images = draw(images_of(version))
    label = draw(maybe(image_labels(version))) if images else None
    plate, well = draw(maybe(plates())), draw(maybe(WELLS))
    says = version != "0.4" or images or plate or well
    return Group(
        version=version if says else None,
        dialect=version,
        loc=() if version == "0.4" else ("ome",),
        multiscales=images,
        rendering=draw(maybe(RENDERINGS)),
        labels=draw(maybe(PATHS)),
        image_label=label,
        plate=plate,
        well=well,
        scene=draw(maybe(scenes())) if version == "0.6" else None,
        bioformats2raw=draw(st.sampled_from([None, 3])),
        series=draw(maybe(PATHS)),
        extra={} if version == "0.4" else draw(FOREIGN),
        foreign=draw(FOREIGN),
    )
