"""What tells one version of the specification from another: a table of differences.

`v09` to `v01` fill it in, each from the next newer one; the modules by subject
(`axes`, `transforms`, `omero` …) read by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

    from napari_ngff.core.problems import Level, Loc
    from napari_ngff.metadata.axes import Axis
    from napari_ngff.metadata.model import Multiscale
    from napari_ngff.metadata.versions.notes import Notes

    ReadMultiscale: TypeAlias = Callable[
        [Notes, "Version", Mapping[str, Any], Loc], Multiscale
    ]
    ReadAxes: TypeAlias = Callable[
        [Notes, "Version", Mapping[str, Any], Loc], tuple[Axis, ...] | None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the specification, as far as reading depends on it.

    Attributes
    ----------
    name
        ``"0.1"`` … ``"0.6"``, ``"0.9"``: the name of the dialect.
    zarr_format
        The Zarr format that it must be stored in.
    namespace
        Key of the attributes that holds everything (``"ome"``), or None.
    multiscale, axes
        Read one entry of ``multiscales``, and the axes in it.
    axis_rules
        ``"image"``: 2 to 5 axes, 2 or 3 of them in space, in order of their type.
        ``"any"``: none of that (RFC-3).
    well_path
        What the path of a field of view must look like, and that in words.
    versioned
        Blocks that should say their version themselves (0.4 and before).
    levels
        Kinds of problems whose level is not the default one; None: no problem.
    """

    name: str
    zarr_format: Literal[2, 3]
    namespace: str | None
    multiscale: ReadMultiscale
    axes: ReadAxes | None = None
    axis_rules: Literal["image", "any"] = "any"
    well_path: tuple[re.Pattern[str], str]
    versioned: tuple[str, ...] = ()
    levels: Mapping[str, Level | None] = field(default_factory=dict)
