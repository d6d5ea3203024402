"""How an array lies in its files: exactly, from shards' indices and files' sizes."""
