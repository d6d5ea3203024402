"""Small stores of every version, written straight as JSON and chunks.

`build` writes them, `table` lists what tests open and what they should find. None of
it uses the package under test, nor zarr: what they hold is what is written here.
"""
