"""The searchable store of embedded poses."""

from vvipe.library.filters import Filter
from vvipe.library.library import Hit, Library

__all__ = ["Filter", "Hit", "Library"]
