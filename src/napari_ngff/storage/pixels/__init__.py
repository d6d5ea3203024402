"""What a lazy array is made of: indices, sources, the cache of decoded chunks."""
