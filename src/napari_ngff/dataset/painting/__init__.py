"""Labels that are stored, and changed chunk by chunk: parts of `dataset.write_back`."""
