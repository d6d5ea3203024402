"""What a person wants changed in metadata, and what that changes in the JSON.

=================  ================================================================
`edits`            the wishes about an image, as values
`systems`          the wishes about coordinate systems (0.6)
`scene_names`      what scenes above an image call its coordinate systems
`image`            what an edit is made to, and its outcome
`placing`          pixel size and origin, carried through every level
`written`, `whole`, `steps`   levels, what is done after them, and either as written
`levels`           where pixel sizes and shapes put levels, beside where they are
`axes`             names, types, units
`channels`         ``omero``
`channel_order`    the order that channels are shown in
`labels`           colours and properties of labels
`fixes`            problems that have one sure remedy, and the edit that is it
`repairs`          remedies that no other edit stands for
`numbers`          numbers as they are typed
`units`            units to choose from, and how many of one another one is
=================  ================================================================
"""

from napari_ngff.metadata.editing.changing import changes_of
from napari_ngff.metadata.editing.edits import (
    Edit,
    MakeConsistent,
    RenameAxis,
    Repair,
    SetAxisMember,
    SetAxisType,
    SetChannel,
    SetChannelOrder,
    SetLabelColor,
    SetLabelProperty,
    SetMultiscaleName,
    SetOrigin,
    SetPixelSize,
    SetRendering,
    SetUnit,
)
from napari_ngff.metadata.editing.fixes import fix_of
from napari_ngff.metadata.editing.image import Outcome

__all__ = [
    "Edit",
    "MakeConsistent",
    "Outcome",
    "RenameAxis",
    "Repair",
    "SetAxisMember",
    "SetAxisType",
    "SetChannel",
    "SetChannelOrder",
    "SetLabelColor",
    "SetLabelProperty",
    "SetMultiscaleName",
    "SetOrigin",
    "SetPixelSize",
    "SetRendering",
    "SetUnit",
    "changes_of",
    "fix_of",
]
