"""From an image to napari layers: the parts of `layers.read`."""
