"""What arrays and members must be: the parts of `dataset.validate`."""
