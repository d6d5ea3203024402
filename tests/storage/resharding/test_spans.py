"""What is read of shards holds each chunk, and little else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from napari_ngff.storage.resharding.spans import reads_of

CHUNKS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 9000), st.integers(1, 500)),
    min_size=1,
    max_size=12,
)


@given(CHUNKS, st.sampled_from([100, 600, 2**20]))
def test_each_chunk_is_in_its_span(chunks: list[tuple[int, int, int]], most: int):
    """Whatever gaps and overlaps; where they are in order, spans are the chunks."""
    shards, starts, lengths = np.array(chunks, np.int64).T
    stops = starts + lengths

    found = reads_of(shards, starts, stops, at_most=most)

    for (shard, start, length), at in zip(chunks, found.of_span, strict=True):
        span = found.spans[at]
        assert span.shard == shard
        assert span.start <= start
        assert start + length <= span.stop
    held = sum(span.stop - span.start for span in found.spans)
    assert held <= 2 * lengths.sum()
    told = [(s.shard, at) for s in found.spans for at in range(s.start, s.stop)] == [
        (s, at) for s, a, n in chunks for at in range(a, a + n)
    ]
    assert told or not found.in_order


def test_what_lies_in_order_is_taken_as_it_is() -> None:
    """Two chunks that touch are one read; the next shard is another."""
    shards, starts, stops = (np.array(a) for a in ([0, 0, 1], [5, 9, 0], [9, 12, 3]))

    found = reads_of(shards, starts, stops, at_most=100)

    assert [(0, 5, 12), (1, 0, 3)] == found.spans
    assert found.in_order
