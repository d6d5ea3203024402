"""What an upgrade will do, before it does it: the parts of `dataset.upgrade`."""
