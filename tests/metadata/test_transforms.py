"""What transforms do to points, as matrices, and how they are undone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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
    Transform,
    Translation,
    Unknown,
    apply,
    assumed_axes,
    compose,
    inverse,
    inverse_matrix,
    is_scale_translation,
    matrix,
    obstacles,
    output_ndim,
    paths,
    resolve,
)

FIELD = Field("displacements", "field")
NAN, INF = float("nan"), float("inf")


def part(
    transform: Transform, inputs: tuple[int, ...], outputs: tuple[int, ...]
) -> ByDimensionPart:
    return ByDimensionPart(transform, inputs, outputs)


# ---------------------------------------------------------------- what each type does

CASES = [
    (Identity(), [1, 2], [1, 2]),
    (Scale((10, 20)), [1, 2], [10, 40]),
    (Translation((10, 20)), [1, 2], [11, 22]),
    (Rotation(((0, -1), (1, 0))), [1, 2], [-2, 1]),
    (Affine(((2, 1, 3), (5, 4, 6))), [1, 2], [7, 19]),
    (Affine(((0, 0, 1), (3, 4, 2), (6, 7, 5))), [1, 2], [1, 13, 25]),
    (Affine(((1, 1, 1, 0),)), [1, 2, 3], [6]),
    (MapAxis((1, 0)), [1, 2], [2, 1]),
    (MapAxis((1, 2, 0)), [1, 2, 3], [2, 3, 1]),
    (ProjectAxis(created_outputs=(0, 1)), [1, 2], [0, 0, 1, 2]),
    (ProjectAxis(created_outputs=(2,)), [1, 2], [1, 2, 0]),
    (ProjectAxis(dropped_inputs=(0,)), [1, 2, 3], [2, 3]),
    (ProjectAxis(dropped_inputs=(0,), created_outputs=(0,)), [1, 2, 3], [0, 2, 3]),
    (Sequence((Translation((0.1, 0.9)), Scale((2, 3)))), [1, 2], [2.2, 8.7]),
    (Sequence((ProjectAxis(created_outputs=(0,)), Scale((2, 3)))), [4], [0, 12]),
    (Sequence(()), [1, 2], [1, 2]),
    (
        ByDimension(
            (part(Scale((2,)), (1,), (0,)), part(Translation((-10,)), (0,), (1,)))
        ),
        [1, 2],
        [4, -9],
    ),
    (
        ByDimension(
            (
                part(MapAxis((1, 0)), (0, 2), (2, 0)),
                part(ProjectAxis(created_outputs=(1,)), (1,), (1, 3)),
            )
        ),
        [1, 2, 3],
        [1, 2, 3, 0],
    ),
    (Bijection(Translation((1, 1)), Unknown("mystery")), [1, 2], [2, 3]),
]


@pytest.mark.parametrize(("transform", "point", "expected"), CASES)
def test_a_transform_moves_a_point(
    transform: Transform, point: list[float], expected: list[float]
):
    """Each type does to a point what the specification's formula says."""
    moved = apply(transform, [point, point])

    np.testing.assert_allclose([expected, expected], moved, rtol=1e-15)
    assert output_ndim(transform, len(point)) == len(expected)


@pytest.mark.parametrize(("transform", "point", "expected"), CASES)
def test_the_matrix_agrees_with_apply(
    transform: Transform, point: list[float], expected: list[float]
):
    """The homogeneous matrix takes the point, with a 1 below, to the same place."""
    rows = matrix(transform, len(point))

    assert rows is not None
    np.testing.assert_allclose([*expected, 1], rows @ [*point, 1], rtol=1e-15)


NONSENSE = [
    (Scale((1, 2, 3)), "too many factors"),
    (Scale((1, NAN)), "not a number"),
    (Scale((1, INF)), "infinite"),
    (Scale((1, 10**400)), "an integer beyond any float"),
    (Scale((1, "two")), "not a number but text"),  # type: ignore[arg-type]
    (Translation((1,)), "too few offsets"),
    (Translation((NAN, 1)), "not a number"),
    (Rotation(((1, 0, 0), (0, 1, 0))), "not square"),
    (Rotation(None, "path"), "not resolved"),
    (Affine(((1, 0), (0, 1))), "no column of offsets"),
    (Affine(((1, 0, 0), (0, 1))), "ragged"),
    (Affine(((1, 0, 0), (0, 1, INF))), "infinite"),
    (Affine(None, "path"), "not resolved"),
    (MapAxis((0, 0)), "one axis twice"),
    (MapAxis((0, 2)), "no such axis"),
    (MapAxis((0,)), "an axis forgotten"),
    (MapAxis((0, -1)), "a negative axis"),
    (MapAxis(tuple(range(10**6))), "too large"),
    (ProjectAxis(dropped_inputs=(2,)), "no such input"),
    (ProjectAxis(dropped_inputs=(-1,)), "a negative input"),
    (ProjectAxis(dropped_inputs=(0, 0)), "one input twice"),
    (ProjectAxis(created_outputs=(3,)), "no such output"),
    (ProjectAxis(created_outputs=(0, 0)), "one output twice"),
    (ProjectAxis(created_outputs=tuple(range(10**6))), "too large"),
    (Sequence((Scale((1, 1)), Scale((1, 1, 1)))), "parts do not fit"),
    (Sequence((Scale((1e300, 1)), Scale((1e300, 1)))), "overflow"),
    (Sequence((Scale((1, 1)), FIELD)), "a field within"),
    (ByDimension((part(Scale((1,)), (0,), (0,)),) * 2), "one output twice"),
    (ByDimension((part(Scale((1,)), (0,), (1,)),)), "a hole"),
    (ByDimension((part(Scale((1,)), (0,), (10**9,)),)), "a hole, and huge"),
    (ByDimension((part(Scale((1,)), (2,), (0,)),)), "no such input"),
    (ByDimension((part(Scale((1, 1)), (0, 0), (0, 1)),)), "one input twice in a part"),
    (ByDimension((part(Scale((1, 1)), (0,), (0,)),)), "a part does not fit"),
    (ByDimension((part(Identity(), (0,), (0, 1)),)), "a part with too few outputs"),
    (Bijection(FIELD, Identity()), "a field forward"),
    (FIELD, "a field"),
    (Unknown("mystery"), "unknown"),
]


@pytest.mark.parametrize(
    "transform", [t for t, _ in NONSENSE], ids=[i for _, i in NONSENSE]
)
def test_nonsense_has_no_matrix_and_cannot_be_applied(transform: Transform):
    """What does not fit two axes, or is no matrix, gives None; apply says so."""
    assert matrix(transform, 2) is None
    with pytest.raises(ValueError, match=r"transformation"):
        apply(transform, [[1, 2]])


@pytest.mark.parametrize(
    ("transform", "words"),
    [
        (Sequence((Identity(), FIELD)), "type 'displacements'"),
        (Unknown("spline"), "type 'spline'"),
        (Affine(path="params"), "in the array 'params'"),
        (Scale((1,)), "fit 2 axes"),
    ],
)
def test_apply_says_what_is_in_the_way(transform: Transform, words: str):
    """The error names the field, the unknown type or the array."""
    with pytest.raises(ValueError, match=words):
        apply(transform, [[1, 2]])


def test_full_precision_is_kept():
    """Numbers come back to the last bit."""
    scale, offset = 0.1 + 1e-17, 1 / 3

    rows = matrix(Sequence((Scale((scale,)), Translation((offset,)))), 1)

    assert [[scale, offset], [0, 1]] == rows.tolist()


def test_created_axes_of_nothing():
    """A transform from no coordinate at all is one, too."""
    assert [[0], [1]] == matrix(ProjectAxis(created_outputs=(0,)), 0).tolist()


# --------------------------------------------------------------------- composing them


def test_compose_flattens_and_drops_identities():
    """Nested sequences become one, and what does nothing is left out."""
    nested = Sequence((Identity(), Sequence((Scale((2,)), Translation((1,))))))

    composed = compose(Identity(), nested, Scale((3,)))

    assert Sequence((Scale((2,)), Translation((1,)), Scale((3,)))) == composed


def test_compose_of_one_or_none_is_no_sequence():
    """One transform stays itself; none is the identity."""
    assert Scale((2,)) == compose(Sequence((Identity(), Scale((2,)))))
    assert Identity() == compose()
    assert Identity() == compose(Sequence(()), Identity())


# ------------------------------------------------------------------ arrays by path

INNER = Sequence(
    (
        Affine(path="a"),
        ByDimension((part(Rotation(path="b"), (0, 1), (0, 1)),)),
        Bijection(Affine(path="a"), Rotation(path="c")),
        Scale((1, 1)),
    )
)


def test_paths_are_those_to_resolve():
    """Each path once, in order; a matrix that is there needs no array."""
    assert ("a", "b", "c") == paths(INNER)
    assert () == paths(Affine(((1, 0),), path="given"))
    assert () == paths(Rotation())


def test_resolve_puts_arrays_in_everywhere():
    """After resolving, nothing is left to look up, and numbers are exact."""
    arrays = {
        "a": np.array([[1, 2, 3], [0, 1, 5]], dtype=">i4"),
        "b": np.array([[0, -1], [1, 0]], dtype="f4"),
        "c": np.eye(2, dtype="u1"),
    }

    resolved = resolve(INNER, arrays.__getitem__)

    affine = Affine(((1.0, 2.0, 3.0), (0.0, 1.0, 5.0)), "a")
    rotation = Rotation(((0.0, -1.0), (1.0, 0.0)), "b")
    expected = Sequence(
        (
            affine,
            ByDimension((part(rotation, (0, 1), (0, 1)),)),
            Bijection(affine, Rotation(((1.0, 0.0), (0.0, 1.0)), "c")),
            Scale((1, 1)),
        )
    )
    assert expected == resolved
    assert () == paths(resolved)


@pytest.mark.parametrize(
    ("transform", "array", "words"),
    [
        (Affine(path="p"), np.zeros(3), r"shape is \(3,\), not M x \(N\+1\)"),
        (Affine(path="p"), np.zeros((0, 3)), r"shape is \(0, 3\)"),
        (Rotation(path="p"), np.zeros((2, 3)), r"shape is \(2, 3\), not N x N"),
        (Rotation(path="p"), np.zeros((65, 65)), "4225 numbers, too many"),
        (Affine(path="p"), np.zeros((2, 3), bool), "bool, not real numbers"),
        (Affine(path="p"), np.zeros((2, 3), complex), "complex128, not real numbers"),
        (Affine(path="p"), np.array([["1", "2"]]), "not real numbers"),
        (Affine(path="p"), np.array([[1, np.nan]]), "finite"),
    ],
)
def test_resolve_refuses_arrays_that_are_no_matrix(
    transform: Transform, array: np.ndarray, words: str
):
    """The error names the array and says what is wrong with it."""
    with pytest.raises(ValueError, match=f"array 'p' .*{words}"):
        resolve(transform, lambda _: array)


def test_errors_of_the_lookup_pass_through():
    """Whoever looks up says himself why he cannot."""
    with pytest.raises(KeyError):
        resolve(Affine(path="p"), {}.__getitem__)


def test_obstacles_are_what_no_matrix_can_express():
    """Fields, unknown types and unresolved matrices; not the way back."""
    transform = Sequence((Scale((1,)), FIELD, Bijection(Unknown("u"), FIELD)))

    assert (FIELD, Unknown("u")) == obstacles(transform)
    assert (Affine(path="p"),) == obstacles(Affine(path="p"))
    assert () == obstacles(Bijection(Identity(), FIELD))


# ---------------------------------------------------------------------- undoing them


@pytest.mark.parametrize(
    ("transform", "point"),
    [
        (t, point)
        for t, point, out in CASES
        if len(out) >= len(point)
        and not isinstance(t, Bijection)
        and not (isinstance(t, Affine) and len(out) > len(point))
        and not (isinstance(t, ProjectAxis) and t.dropped_inputs)
    ],
)
def test_the_inverse_undoes(transform: Transform, point: list[float]):
    """There and back again is where one was; also from created axes."""
    undone = inverse(transform, len(point))

    assert undone is not None
    np.testing.assert_allclose([point], apply(undone, apply(transform, [point])))


def test_a_rotation_is_truly_inverted():
    """A matrix that is orthonormal to three digits only is not just transposed."""
    rough = Rotation(((0.17, -0.985), (0.985, 0.17)))
    there = apply(rough, [[1, 1], [2, 2]])

    back = apply(inverse(rough, 2), there)

    np.testing.assert_allclose([[1, 1], [2, 2]], back, rtol=1e-12)


def test_a_bijection_is_turned_round():
    """Its inverse is the one that the file gives, whatever that is."""
    given_ = Bijection(Translation((1,)), Translation((10,)))

    assert Bijection(Translation((10,)), Translation((1,))) == inverse(given_, 1)


@pytest.mark.parametrize(
    "transform",
    [
        *(t for t, why in NONSENSE if why not in ("overflow", "a field forward")),
        Scale((1, 0)),
        Scale((1, 1e-310)),
        Rotation(((0, 0), (0, 0))),
        Rotation(((1, 1), (1, 1))),
        Affine(((1, 2, 0), (2, 4, 0))),
        Affine(((1, 2, 0), (2, 4 + 1e-12, 0))),
        Affine(((1e-320, 0, 1e300), (0, 1, 0))),
        Affine(((1, 1, 0),)),
        ProjectAxis(dropped_inputs=(0,)),
        ByDimension((part(Scale((1,)), (0,), (0,)),)),
        ByDimension((part(Scale((0,)), (0,), (0,)), part(Identity(), (1,), (1,)))),
        Sequence((Identity(), Scale((0, 1)))),
    ],
)
def test_what_has_no_inverse_gives_none(transform: Transform):
    """Nonsense, zero scales, lost axes and singular matrices cannot be undone."""
    assert inverse(transform, 2) is None


def test_axes_in_very_different_units_can_be_undone():
    """Light years beside yoctometers: rows are brought to one size first."""
    affine = Affine(((1e-24, 2e-24, 1e9), (1e16, -1e16, 5.0)))
    rows = matrix(affine, 2)

    undone = inverse_matrix(rows)

    np.testing.assert_allclose(np.eye(2), (undone @ rows)[:2, :2], atol=1e-12)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[2, 0, 5], [0, -3, 1], [0, 0, 1]], True),
        ([[2, 1e-13, 5], [0, 3, 1], [0, 0, 1]], True),
        ([[2, 1e-6, 5], [0, 3, 1], [0, 0, 1]], False),
        ([[0, 1e-30, 5], [0, 3, 1], [0, 0, 1]], False),
        ([[0, 1, 0], [1, 0, 0], [0, 0, 1]], False),
        ([[1, 0], [0, 0], [0, 1]], False),
        ([[1]], True),
    ],
)
def test_a_matrix_that_keeps_axes_apart(rows: list[list[float]], expected: bool):
    """Only what mixes axes beyond rounding is more than scale and translation."""
    assert expected == is_scale_translation(np.array(rows, dtype=float))


# ------------------------------------------------------------------- as properties

NUMBERS = st.floats(-1e3, 1e3).map(lambda x: round(x, 6))
FACTORS = NUMBERS.filter(lambda x: abs(x) > 1e-3)


def vectors(ndim: int, numbers: st.SearchStrategy[float]):
    return st.tuples(*[numbers] * ndim)


def simple(ndim: int) -> st.SearchStrategy[Transform]:
    """Transforms of `ndim` axes that can be undone."""
    square = st.lists(vectors(ndim + 1, NUMBERS), min_size=ndim, max_size=ndim).filter(
        lambda rows: np.linalg.cond(np.array(rows)[:, :-1]) < 1e3
    )
    return st.one_of(
        st.just(Identity()),
        vectors(ndim, FACTORS).map(Scale),
        vectors(ndim, NUMBERS).map(Translation),
        st.permutations(range(ndim)).map(lambda p: MapAxis(tuple(p))),
        square.map(lambda rows: Affine(tuple(rows))),
    )


def split(ndim: int) -> st.SearchStrategy[Transform]:
    """A byDimension of two parts, axes shuffled."""
    return st.builds(
        lambda a, b, i, o: ByDimension(
            (
                part(a, tuple(i[:1]), tuple(o[:1])),
                part(b, tuple(i[1:]), tuple(o[1:])),
            )
        ),
        simple(1),
        simple(ndim - 1),
        st.permutations(range(ndim)),
        st.permutations(range(ndim)),
    )


def transforms(ndim: int) -> st.SearchStrategy[Transform]:
    """Transforms of `ndim` axes that can be undone, nested."""
    flat = st.one_of(simple(ndim), split(ndim))
    return st.one_of(
        flat, st.lists(flat, max_size=3).map(lambda ts: Sequence(tuple(ts)))
    )


POINTS = st.lists(vectors(3, NUMBERS), min_size=1, max_size=4)


@given(transforms(3), POINTS)
def test_inverse_after_apply_is_the_identity(transform: Transform, points: list):
    """Whatever can be undone is undone."""
    there = apply(transform, points)
    undone = inverse(transform, 3)
    assume(np.abs(there).max() < 1e9)

    assert undone is not None
    np.testing.assert_allclose(points, apply(undone, there), atol=1e-2, rtol=1e-4)


@given(transforms(3), transforms(3), POINTS)
def test_compose_is_one_after_another(
    first: Transform, second: Transform, points: list
):
    """Composing agrees with applying each in turn."""
    expected = apply(second, apply(first, points))

    moved = apply(compose(first, second), points)

    np.testing.assert_allclose(
        expected, moved, rtol=1e-9, atol=1e-6 * np.abs(expected).max()
    )


@given(*[transforms(2)] * 3)
def test_compose_is_associative(a: Transform, b: Transform, c: Transform):
    """How transforms are grouped does not matter, to the letter."""
    assert compose(compose(a, b), c) == compose(a, compose(b, c)) == compose(a, b, c)


@given(simple(3))
def test_resolving_equals_giving_the_numbers(transform: Transform):
    """A matrix from an array does what the same matrix in JSON does."""
    rows = matrix(transform, 3)

    resolved = resolve(Affine(path="p"), lambda _: rows[:-1])

    np.testing.assert_array_equal(rows, matrix(resolved, 3))


@given(
    st.recursive(
        st.sampled_from([t for t, _ in NONSENSE] + [t for t, *_ in CASES]),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda ts: Sequence(tuple(ts))),
            st.builds(Bijection, inner, inner),
            st.builds(
                lambda t, i, o: ByDimension((part(t, tuple(i), tuple(o)),)),
                inner,
                st.lists(st.integers(-1, 3), max_size=3),
                st.lists(st.integers(-1, 3), max_size=3),
            ),
        ),
        max_leaves=6,
    ),
    st.integers(0, 4),
)
def test_no_nonsense_breaks_the_functions(transform: Transform, ndim: int):
    """Whatever a file says, the answer is a finite matrix that fits, or None."""
    rows = matrix(transform, ndim)
    undone = inverse(transform, ndim)

    assert rows is None or rows.shape == (output_ndim(transform, ndim) + 1, ndim + 1)
    assert rows is None or np.isfinite(rows).all()
    assert rows is None or not obstacles(transform)
    assert undone is None or isinstance(undone, Transform)


def test_axes_that_depend_on_an_assumed_factor() -> None:
    """They are followed through whatever comes after them."""
    scale = Scale((2.0, 1.0, 3.0), assumed=(1,))
    turned = Affine(((1.0, 0.0, 0.0, 4.0), (0.0, 1.0, 1.0, 0.0), (0.0, -1.0, 1.0, 0.0)))
    last = part(Scale((1.0,), assumed=(0,)), (2,), (0,))
    rest = part(Identity(), (0, 1), (1, 2))

    assert (1,) == assumed_axes(scale, 3)
    assert (2,) == assumed_axes(Sequence((scale, MapAxis((0, 2, 1)))), 3)
    assert (1, 2) == assumed_axes(Sequence((scale, turned)), 3)
    assert (0,) == assumed_axes(ByDimension((last, rest)), 3)
    assert () == assumed_axes(Scale((2.0, 1.0, 3.0)), 3)
    assert () == assumed_axes(Sequence((scale, Unknown("bend"))), 3)
