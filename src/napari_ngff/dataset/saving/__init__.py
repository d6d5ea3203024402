"""What a save will do, before it does it: the parts of `dataset.write`."""
