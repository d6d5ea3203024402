"""From documents to images, labels and collections: the parts of `dataset.read`."""
