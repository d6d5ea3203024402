"""What the JSON says: the OME-Zarr metadata model and its geometry. No I/O."""
