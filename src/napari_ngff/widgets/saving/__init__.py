"""Saving from napari: the dialog, progress, and the layers that show the target."""
