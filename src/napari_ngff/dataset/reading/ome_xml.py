"""How many images an OME-XML document describes, read as a stream.

Knows only that much of OME-XML. No entity is ever expanded: a document with a DOCTYPE
is refused, as is one that is too large, too deep, or has too many images.
"""

from __future__ import annotations

from typing import NoReturn
from xml.parsers import expat

from napari_ngff.core.limits import LIMITS, Limits
from napari_ngff.core.names import plain
from napari_ngff.core.problems import DocumentError, LimitExceeded, Problem

#: The specification's place for it, beside the images that bioformats2raw wrote.
METADATA = "METADATA.ome.xml"


def count_images(
    text: bytes, *, location: str, node: str, limits: Limits = LIMITS
) -> int:
    """Count the ``Image`` elements below the root.

    Parameters
    ----------
    text
        The document, at most ``limits.xml_bytes``.
    location, node
        Where it is, for errors.
    limits
        ``xml_bytes``, ``document_depth`` and ``images`` hold.

    Raises
    ------
    DocumentError
        If it is not well-formed, has a DOCTYPE, or is nested too deeply.
    LimitExceeded
        If it is too large or has too many images.
    """
    if len(text) > limits.xml_bytes:
        raise LimitExceeded("The size of the OME-XML", len(text), limits.xml_bytes)
    depth = images = 0

    def refuse(message: str) -> NoReturn:
        problem = Problem(level="error", kind="ome-xml", message=message, node=node)
        raise DocumentError(location, node, (problem,))

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal depth, images
        depth += 1
        if depth > limits.document_depth:
            refuse(f"OME-XML nested more than {limits.document_depth} deep is refused.")
        if depth == 2 and name.rpartition(":")[2] == "Image":
            images += 1
        if images > limits.images:
            raise LimitExceeded("The number of images", images, limits.images)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        refuse("OME-XML with a DOCTYPE is refused. Remove the DOCTYPE.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # The last two: an encoding that is not known, or is not read.
        refuse(f"The OME-XML is not well-formed: {plain(str(error))}.")
    return images
