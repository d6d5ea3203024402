"""OME-Zarr to napari: plain LayerData tuples, without importing napari."""
