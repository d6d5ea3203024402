"""``plate`` and ``well``: high-content screening."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from napari_ngff.metadata.model import Acquisition, Plate, PlateWell, Well, WellImage
from napari_ngff.metadata.versions.values import (
    COUNT,
    INDEX,
    INTEGER,
    OBJECT,
    TEXT,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from napari_ngff.core.problems import Loc
    from napari_ngff.metadata.versions.notes import Notes
    from napari_ngff.metadata.versions.version import Version

_ALPHANUMERIC: Final = re.compile("[A-Za-z0-9]+")


def read_plate(notes: Notes, body: Mapping[str, Any], loc: Loc) -> Plate | None:
    """Return the ``plate`` block; None where there is none to be read."""
    plate = notes.get(body, "plate", loc, OBJECT, of="group")
    if plate is None:
        return None
    where = (*loc, "plate")
    rows = _names(notes, plate, "rows", where)
    columns = _names(notes, plate, "columns", where)
    return Plate(
        # "The `plate` object SHOULD contain a `name` key whose value MUST be a string".
        name=notes.get(plate, "name", where, TEXT, of="plate", absent="warning"),
        rows=rows,
        columns=columns,
        wells=_wells(notes, plate, where, rows, columns),
        acquisitions=_acquisitions(notes, plate, where),
        # "The `plate` object SHOULD contain a `field_count` key whose value MUST be a
        # positive integer". The specification's strict test data do without.
        field_count=notes.get(
            plate, "field_count", where, COUNT, of="plate", absent="info"
        ),
    )


def _names(
    notes: Notes, plate: Mapping[str, Any], key: str, loc: Loc
) -> tuple[str, ...]:
    """Return the names of rows or columns; one that is unfit keeps its place as ""."""
    # "The `plate` object MUST contain a `columns` key whose value MUST be an array of
    # JSON objects defining the columns of the plate"; so `rows`.
    limit = notes.limits.wells
    items = notes.items(plate, key, loc, of="plate", limit=limit, absent="error")
    if items == []:
        text = f"'{key}' is empty; each one of the physical plate must be listed."
        notes.add(f"plate-{key}-empty", (*loc, key), text)
    of = key.removesuffix("s")
    names = [""] * len(items or [])
    for index, item, where in notes.objects(items or [], (*loc, key), of=of):
        # "Each column object MUST contain a `name` key whose value is a string".
        name = notes.get(item, "name", where, TEXT, of=of, absent="error")
        if name is None:
            continue
        # "The `name` MUST contain only alphanumeric characters, MUST be
        # case-sensitive, and MUST NOT be a duplicate of any other `name`".
        if not _ALPHANUMERIC.fullmatch(name):
            text = f"The name {shown(name)} must have letters and digits only."
            notes.add(f"{of}-name-unfit", (*where, "name"), text)
        names[index] = name
    _check_unique(notes, [name for name in names if name], of, (*loc, key))
    return tuple(names)


def _check_unique(notes: Notes, names: list[str], of: str, loc: Loc) -> None:
    if len(set(names)) < len(names):
        text = f"Two {of}s have the same name. Rename one of them."
        notes.add(f"{of}-name-duplicate", loc, text)
    elif len({name.casefold() for name in names}) < len(names):
        # "Care SHOULD be taken to avoid collisions on case-insensitive filesystems".
        text = f"The names of two {of}s differ in upper and lower case only."
        notes.add(f"{of}-name-case", loc, text, "warning")


def _wells(
    notes: Notes,
    plate: Mapping[str, Any],
    loc: Loc,
    rows: tuple[str, ...],
    columns: tuple[str, ...],
) -> tuple[PlateWell, ...]:
    # "The `plate` object MUST contain a `wells` key whose value MUST be a list of JSON
    # objects defining the wells of the plate."
    limit, key = notes.limits.wells, "wells"
    items = notes.items(plate, key, loc, of="plate", limit=limit, absent="error")
    if items == []:
        text = "'wells' is empty: there is nothing to show."
        notes.add("plate-wells-empty", (*loc, key), text)
    found = []
    index = _Pairs(rows, columns)
    for _, item, where in notes.objects(items or [], (*loc, key), of="well"):
        # "Each well object MUST contain a `path` key whose value MUST be a string
        # specifying the path to the well subgroup." — "both a `rowIndex` key … and a
        # `columnIndex` key"; both "MUST be 0-based".
        well = PlateWell(
            path=notes.get(item, "path", where, TEXT, of="well", absent="error") or "",
            row_index=notes.get(
                item, "rowIndex", where, INDEX, of="well", absent="error"
            ),
            column_index=notes.get(
                item, "columnIndex", where, INDEX, of="well", absent="error"
            ),
        )
        if well.path and rows and columns:
            index.check(notes, well, where)
        if well.path:
            found.append(well)
    if len({well.path for well in found}) < len(found):
        text = "Two wells have the same path. Remove one of them."
        notes.add("well-path-duplicate", (*loc, key), text)
    return tuple(found)


class _Pairs:
    """Which path belongs to which row and column of one plate."""

    def __init__(self, rows: tuple[str, ...], columns: tuple[str, ...]) -> None:
        self.rows, self.columns = rows, columns
        self._rows, self._columns = frozenset(rows), frozenset(columns)

    def check(self, notes: Notes, well: PlateWell, loc: Loc) -> None:
        """Note where the path is not that of a row and column, or of another one."""
        row, _, column = well.path.partition("/")
        swapped = (column, row)
        # "The `path` MUST consist of a `name` in the `rows` array, a file separator
        # (`/`), and a `name` from the `columns` array, in that order. The `path` MUST
        # NOT contain additional leading or trailing directories."
        if row not in self._rows or column not in self._columns:
            if column not in self._rows or row not in self._columns:
                text = f"The path {shown(well.path)} is not a row's name, a slash and "
                notes.add("well-path", (*loc, "path"), text + "a column's name.")
                return
            text = f"The path {shown(well.path)} has the column before the row; the "
            notes.add("well-path-swapped", (*loc, "path"), text + "row must be first.")
            row, column = swapped
        # "The `rowIndex`, `columnIndex`, and `path` MUST all refer to the same
        # row/column pair."
        if well.row_index is None or well.column_index is None:
            return
        if (row, column) != self._pair(well.row_index, well.column_index):
            text = f"'rowIndex' {well.row_index} and 'columnIndex' {well.column_index} "
            notes.add("well-index", loc, text + f"are not those of {shown(well.path)}.")

    def _pair(self, row: int, column: int) -> tuple[str, str] | None:
        if row >= len(self.rows) or column >= len(self.columns):
            return None
        return self.rows[row], self.columns[column]


def _acquisitions(
    notes: Notes, plate: Mapping[str, Any], loc: Loc
) -> tuple[Acquisition, ...]:
    # "The `plate` object MAY contain an `acquisitions` key whose value MUST be an
    # array of JSON objects".
    limit, key, of = notes.limits.wells, "acquisitions", "acquisition"
    items = notes.items(plate, key, loc, of="plate", limit=limit)
    found = []
    for _, item, where in notes.objects(items or [], (*loc, key), of=of):
        # "Each acquisition object MUST contain an `id` key whose value MUST be an
        # unique integer identifier greater than or equal to 0"; "SHOULD contain a
        # `name` key"; "SHOULD contain a `maximumfieldcount` key whose value MUST be a
        # positive integer"; "MAY contain a `starttime` and/or `endtime` key whose
        # values MUST be integer epoch timestamps".
        acquisition = Acquisition(
            id=notes.get(item, "id", where, INDEX, of=of, absent="error") or 0,
            name=notes.get(item, "name", where, TEXT, of=of, absent="warning"),
            description=notes.get(item, "description", where, TEXT, of=of),
            maximum_field_count=notes.get(
                item, "maximumfieldcount", where, COUNT, of=of, absent="warning"
            ),
            start_time=notes.get(item, "starttime", where, INDEX, of=of),
            end_time=notes.get(item, "endtime", where, INDEX, of=of),
        )
        if INDEX.read(item.get("id")) is not None:
            found.append(acquisition)
    if len({acquisition.id for acquisition in found}) < len(found):
        text = "Two acquisitions have the same 'id'. Renumber one of them."
        notes.add("acquisition-id-duplicate", (*loc, key), text)
    return tuple(found)


def read_well(
    notes: Notes, version: Version, body: Mapping[str, Any], loc: Loc
) -> Well | None:
    """Return the ``well`` block; None where there is none to be read."""
    well = notes.get(body, "well", loc, OBJECT, of="group")
    if well is None:
        return None
    where, key, of = (*loc, "well"), "images", "well-image"
    # "The `well` object MUST contain an `images` key whose value MUST be an array of
    # JSON objects specifying all fields of views for a given well."
    limit = notes.limits.images
    items = notes.items(well, key, where, of="well", limit=limit, absent="error")
    if items == []:
        text = "'images' is empty: there is nothing to show."
        notes.add("well-images-empty", (*where, key), text)
    pattern, words = version.well_path
    found: dict[str, WellImage] = {}
    for _, item, place in notes.objects(items or [], (*where, key), of=of):
        # "Each image object MUST contain a `path` key whose value MUST be a string".
        path = notes.get(item, "path", place, TEXT, of=of, absent="error")
        acquisition = notes.get(item, "acquisition", place, INTEGER, of=of)
        if not path:
            continue
        if not pattern.fullmatch(path):
            text = f"The path {shown(path)} must be {words}."
            notes.add("well-image-path-unfit", (*place, "path"), text)
        if path in found:
            # "MUST NOT be a duplicate of any other `path` in the `images` list".
            text = f"The path {shown(path)} is there twice. Remove one."
            notes.add("well-image-path-duplicate", (*place, "path"), text)
        found.setdefault(path, WellImage(path=path, acquisition=acquisition))
    return Well(images=tuple(found.values()))
