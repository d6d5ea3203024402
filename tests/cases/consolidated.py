"""Consolidated metadata, as zarr-python writes them into a store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_V2 = (".zgroup", ".zarray", ".zattrs")


def consolidate(root: Path) -> Path:
    """Write what all nodes below a group say into its own document; return that."""
    if (root / "zarr.json").exists():
        return _consolidate_v3(root)
    found = {
        path.relative_to(root).as_posix(): json.loads(path.read_bytes())
        for path in sorted(root.rglob(".z*"))
        if path.name in _V2
    }
    target = root / ".zmetadata"
    document = {"metadata": found, "zarr_consolidated_format": 1}
    target.write_text(json.dumps(document, indent=4))
    return target


def _consolidate_v3(root: Path) -> Path:
    target = root / "zarr.json"
    found: dict[str, Any] = {
        path.parent.relative_to(root).as_posix(): json.loads(path.read_bytes())
        for path in sorted(root.rglob("zarr.json"))
        if path != target
    }
    inside = {"kind": "inline", "must_understand": False, "metadata": found}
    document = json.loads(target.read_bytes()) | {"consolidated_metadata": inside}
    target.write_text(json.dumps(document, indent=2))
    return target
