"""Sessions that show the draft of a small image."""

from __future__ import annotations

import pytest

from cases.build import build_image
from napari_ngff.dataset.draft import Draft
from napari_ngff.widgets.metadata.session import Session


@pytest.fixture
def shows(tmp_path):
    """Return a function that builds an image and returns a session that shows it."""

    def show(**kwargs):
        session = Session()
        path = build_image(tmp_path / "a.zarr", **kwargs)
        session.show(Draft.open(path), subject="store")
        return session

    return show
