"""The only code that changes a store. Knows files and folders; nothing of Zarr.

What is saved is staged beside its target, verified, made durable and put in place by
one rename. Whatever ends a save, the target is what it was or what it should become.
"""
