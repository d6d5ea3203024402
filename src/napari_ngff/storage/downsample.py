"""Pixels of a coarser level from those of a finer one. Pure numpy.

Knows blocks and factors; knows no levels, spacing, files or what the pixels show.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Method: TypeAlias = Literal["mean", "strided", "mode", "nearest"]
