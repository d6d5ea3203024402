"""Chunks into other shards, or out of them, byte for byte: nothing is decoded."""
