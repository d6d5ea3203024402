"""What everyone may know: problems, errors, limits, names, bounded JSON.

Standard library only; no I/O but what a caller hands over as bytes.
"""
