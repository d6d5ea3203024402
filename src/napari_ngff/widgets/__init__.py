"""Qt: the only package that imports qtpy, magicgui or superqt."""
