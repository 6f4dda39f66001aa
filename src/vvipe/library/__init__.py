"""The searchable store of embedded poses."""

from vvipe.library.filters import Filter
from vvipe.library.hits import Hit, MotionHit
from vvipe.library.library import Library

__all__ = ["Filter", "Hit", "Library", "MotionHit"]
