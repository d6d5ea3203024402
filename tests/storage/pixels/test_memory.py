"""Operations are bounded by the memory there is."""

from __future__ import annotations

import pytest

from napari_ngff.core.problems import TooLargeForMemory
from napari_ngff.storage.pixels import memory


@pytest.fixture
def limit():
    """Give a limit of 1000 bytes."""
    memory.set_operation_limit(1000)
    yield 1000
    memory.set_operation_limit(None)


def test_the_machine_has_memory():
    """Some memory is free, and not more than there is."""
    found = memory.machine_memory()

    assert 0 < found.free <= found.total


def test_an_operation_may_use_most_of_what_is_free():
    """Without a limit, what fits in free memory passes and what does not is refused."""
    memory.check_fits("This", memory.UNCHECKED_BYTES + 1)

    with pytest.raises(TooLargeForMemory, match="This needs"):
        memory.check_fits("This", memory.machine_memory().total)


def test_a_limit_holds(limit):
    """A limit that was set holds, for small operations too."""
    memory.check_fits("This", limit)

    with pytest.raises(TooLargeForMemory):
        memory.check_fits("This", limit + 1)
