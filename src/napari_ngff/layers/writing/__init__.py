"""From napari layers to images: the parts of `layers.write`."""
