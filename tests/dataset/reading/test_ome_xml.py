"""OME-XML is counted, bounded and never expanded."""

from __future__ import annotations

import pytest

from napari_ngff.core.limits import Limits
from napari_ngff.core.problems import DocumentError, LimitExceeded
from napari_ngff.dataset.reading.ome_xml import count_images

NAMESPACE = 'xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"'


def count(text: str, **limits: int) -> int:
    return count_images(
        text.encode(), location="s.zarr", node="OME/x", limits=Limits(**limits)
    )


@pytest.mark.parametrize(
    ("text", "images"),
    [
        (f"<OME {NAMESPACE}/>", 0),
        (f"<OME {NAMESPACE}><Image/><Plate/><Image><Pixels/></Image></OME>", 2),
        ("<ome:OME xmlns:ome='x'><ome:Image/></ome:OME>", 1),
        ("<OME><Group><Image/></Group></OME>", 0),
        ('<?xml version="1.0" encoding="UTF-8"?><OME><!-- <Image/> --></OME>', 0),
    ],
)
def test_count(text: str, images: int) -> None:
    """Images are the elements of that name directly below the root."""
    assert images == count(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<!DOCTYPE OME><OME/>", "DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "DOCTYPE"),
        ("<OME>&other;</OME>", "well-formed"),
        ("<OME>", "well-formed"),
        ("", "well-formed"),
        ("<a>" * 100, "64 deep"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    """What could do harm, or is not XML, is refused with its reason."""
    with pytest.raises(DocumentError, match=reason):
        count(text)


def test_too_many() -> None:
    """More images than allowed are not counted to the end."""
    with pytest.raises(LimitExceeded):
        count("<OME>" + "<Image/>" * 11 + "</OME>", images=10)


def test_too_large() -> None:
    """A document larger than allowed is not parsed."""
    with pytest.raises(LimitExceeded):
        count("<OME/>" + " " * 100, xml_bytes=50)
