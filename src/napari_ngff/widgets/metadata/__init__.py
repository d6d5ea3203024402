"""The dock widget that edits what an OME-Zarr says of itself."""
