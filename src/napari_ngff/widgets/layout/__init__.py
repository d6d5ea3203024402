"""The layout dock: how images are stored, in tables and pictures."""
