"""Units of space can be compared."""

from __future__ import annotations

import pytest

from napari_ngff.metadata.axes import SPACE_UNITS
from napari_ngff.metadata.lengths import METRES, relative_sizes


def test_every_unit_of_space_has_a_length():
    """The specification's units of space are all known, and no others."""
    assert set(SPACE_UNITS) == set(METRES)


def test_sizes_in_other_units_are_compared_in_one():
    """A pixel of 500 nm is as large as one of half a micrometer."""
    sizes = relative_sizes((500.0, 0.5), ("nanometer", "micrometer"))

    assert sizes[0] == pytest.approx(sizes[1])


@pytest.mark.parametrize("units", [(None, "micrometer"), ("second", "micrometer")])
def test_an_unknown_unit_leaves_sizes_as_they_are(units):
    """Without a length for each unit the numbers are all that there is."""
    assert (2.0, 0.5) == relative_sizes((2.0, 0.5), units)
