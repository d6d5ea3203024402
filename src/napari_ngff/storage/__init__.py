"""Bytes and arrays. Knows zarr and numpy; does not know OME-Zarr, napari or Qt."""
