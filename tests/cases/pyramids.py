"""Requests for pyramids, with small chunks and shards so that everything happens."""

from __future__ import annotations

from hypothesis import strategies as st

from napari_ngff.storage.pyramids.pyramid import PyramidOptions


@st.composite
def wishes(draw, ndim, largest):
    """Sizes per axis, or None; or no wish at all."""
    size = st.none() | st.integers(1, largest)
    return draw(st.none() | st.tuples(*[size] * ndim))


@st.composite
def requests(draw, largest=70, most_axes=5):
    """Return the arguments of `plan_pyramid`, with small chunks and shards."""
    ndim = draw(st.integers(1, most_axes))
    shape = draw(st.tuples(*[st.integers(1, largest)] * ndim))
    sizes = st.sampled_from([1, 2, 4, 8, 16, 1.5, 0.3, 100, -1])
    shard = draw(st.just("none") | wishes(ndim, largest + 9))
    options = PyramidOptions(
        levels=draw(st.none() | st.integers(1, 12)),
        chunk=draw(wishes(ndim, largest + 9)),
        shard=shard,
        chunk_bytes=draw(st.sampled_from([1, 16, 64, 100, 1024])),
        shard_bytes=draw(st.sampled_from([16, 1024, 3000, 2**14])),
        small_shard_bytes=draw(st.sampled_from([1, 16, 128, 2048])),
        viewed=draw(st.integers(1, 3)),
    )
    return {
        "shape": shape,
        "dtype": draw(st.sampled_from(["u1", "u2", "f4", "i8", "?"])),
        "spacing": draw(st.tuples(*[sizes] * ndim)),
        "may_shrink": draw(st.tuples(*[st.booleans()] * ndim)),
        "options": options,
        "source_chunks": draw(st.none() | st.tuples(*[st.integers(1, largest)] * ndim)),
    }
