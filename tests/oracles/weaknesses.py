"""Every known disagreement with an oracle, and why the oracle is not followed.

An entry that no longer applies fails the test, so the list stays true.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """An oracle's disagreement on some images.

    Attributes
    ----------
    oracle
        Its name.
    images
        Patterns (fnmatch) of image names.
    aspects
        What is answered otherwise, exactly; ``REFUSED`` where nothing is.
    reason
        Why our answer stands.
    """

    oracle: str
    images: tuple[str, ...]
    aspects: frozenset[str] = frozenset({REFUSED})
    reason: str

    def is_about(self, image: str) -> bool:
        """Whether the image is one of these."""
        return any(fnmatchcase(image, pattern) for pattern in self.images)


UNOPENED = {
    "ome_zarr_examples_valid_invalid_v04/invalid/image-02.zarr": "it has no datasets",
    "ome_zarr_examples_valid_invalid_v04/invalid/image-03.zarr": "no level is there",
}
"""Images that cannot be shown at all, and why: we raise, whatever others do."""

_MISFITS = (
    "ome_zarr_examples_valid_invalid_v04/invalid/image-04.zarr",
    "ome_zarr_examples_valid_invalid_v04/warning/image-01.zarr",
)
_LEFT_OUT = (
    "the second level has another number of dimensions, or another data type, than the "
    "first: no viewer can show it as its coarser version, so we leave it out and say so"
)
_DEV1 = ("neuroglancer_ome_zarr/all_0.6/*",)
_DEV4 = ("rfc5_examples_2d_metadata/*",)
_MOBIE = ("mobie_*",)

WEAKNESSES = (
    Weakness(
        oracle="ngff-zarr",
        images=_MISFITS,
        aspects=frozenset({"scales", "translations", "shapes", "pixels"}),
        reason=_LEFT_OUT,
    ),
    Weakness(
        oracle="ome-zarr-py",
        images=_MISFITS,
        aspects=frozenset({"scales", "translations", "shapes", "pixels"}),
        reason=_LEFT_OUT,
    ),
    Weakness(
        oracle="tensorstore",
        images=_MISFITS,
        aspects=frozenset({"shapes", "pixels"}),
        reason=_LEFT_OUT,
    ),
    Weakness(
        oracle="yaozarrs",
        images=_MISFITS,
        aspects=frozenset({"scales", "translations"}),
        reason=_LEFT_OUT,
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=_MISFITS[1:],
        aspects=frozenset({"scales", "translations"}),
        reason=_LEFT_OUT,
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=_MISFITS[:1],
        reason="refuses the whole image for the level that does not fit",
    ),
    Weakness(
        oracle="ngff-zarr",
        images=_MOBIE,
        reason="its zarr takes no gzip level of -1, which numcodecs and Java write",
    ),
    Weakness(
        oracle="tensorstore",
        images=_MOBIE,
        reason="takes no gzip level of -1, which numcodecs and Java write",
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=_MOBIE,
        reason="refuses an empty list of multiscales-level transformations",
    ),
    Weakness(
        oracle="yaozarrs",
        images=_MOBIE,
        reason="refuses an empty list of multiscales-level transformations",
    ),
    Weakness(
        oracle="ngff-zarr",
        images=(*_DEV1, *_DEV4),
        reason="its zarr wants the zstd codec's 'checksum', which has a default",
    ),
    Weakness(
        oracle="ome-zarr-py",
        images=_DEV1,
        reason="does not know 0.6.dev1, whose edges name their ends as strings",
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=_DEV1,
        reason="does not know 0.6.dev1, whose edges name their ends as strings",
    ),
    Weakness(
        oracle="yaozarrs",
        images=(*_DEV1, *_DEV4, "v06", "saved/0.6-*"),
        reason="does not know 0.6",
    ),
    Weakness(
        oracle="ome-zarr-py",
        images=(
            "rfc5_examples_2d_metadata/*/affineParams.zarr",
            "rfc5_examples_2d_metadata/*/rotationParams.zarr",
        ),
        reason="does not read a transformation's parameters from an array",
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=(
            "rfc5_examples_2d_metadata/*/affineParams.zarr",
            "rfc5_examples_2d_metadata/*/rotationParams.zarr",
        ),
        reason="does not read a transformation's parameters from an array",
    ),
    Weakness(
        oracle="ome-zarr-py",
        images=("rfc5_examples_2d_metadata/*/byDimension.zarr",),
        reason="knows only the spelling of byDimension that came after 0.6.dev4",
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=("rfc5_examples_2d_metadata/*/byDimension.zarr",),
        reason="knows only the spelling of byDimension that came after 0.6.dev4",
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=("omezarrpy_v01", "omezarrpy_v02", "v01", "v02", "v03"),
        reason="does not know versions before 0.4",
    ),
    Weakness(
        oracle="yaozarrs",
        images=("omezarrpy_v01", "omezarrpy_v02", "v01", "v02", "v03"),
        reason="does not know versions before 0.4",
    ),
    Weakness(
        oracle="napari-ome-zarr",
        images=("saved/0.?-file*",),
        reason="does not know .ozx",
    ),
    Weakness(
        oracle="ome-zarr-py",
        images=("v04-channel-last",),
        reason="refuses channels after space, against the order that 0.4 demands",
    ),
    Weakness(
        oracle="ome-zarr-models",
        images=("v04-channel-last",),
        reason="refuses channels after space, against the order that 0.4 demands",
    ),
    Weakness(
        oracle="yaozarrs",
        images=("v04-channel-last",),
        reason="refuses channels after space, against the order that 0.4 demands",
    ),
)


def known(oracle: str, image: str) -> frozenset[str]:
    """Return the aspects on which `oracle` is known to disagree about `image`."""
    found = (w.aspects for w in WEAKNESSES if w.oracle == oracle and w.is_about(image))
    return frozenset().union(*found)
