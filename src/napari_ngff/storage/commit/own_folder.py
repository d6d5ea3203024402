"""The folder that edits keep their history in, outside of all stores. Knows paths."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from napari_ngff.storage.commit import files

#: The variable that names another folder than the usual one.
VARIABLE: Final = "NAPARI_NGFF_DATA"
_PRIVATE: Final = 0o700


def own_folder() -> Path:
    """Return the folder; it may not be there yet."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_data_path("napari-ngff", appauthor=False)


def name_of(store: Path) -> str:
    """Return what a store is called there, by its real path."""
    text = os.path.normcase(os.path.realpath(store))
    digest = blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16)
    return digest.hexdigest()


def make_folders(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for nobody else to read."""
    if files.exists(folder):
        return
    if folder.parent != folder:
        make_folders(folder.parent)
    with suppress(FileExistsError):  # another process was quicker
        files.make_folder(folder)
        if os.name != "nt":
            files.give_mode(folder, _PRIVATE)
