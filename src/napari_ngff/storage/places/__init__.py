"""From a path to a store and its metadata documents, each read once and bounded."""
