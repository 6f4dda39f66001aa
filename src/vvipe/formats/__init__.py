"""Readers and writers of pose files; the format is recognised by content."""

from vvipe.formats.format import Format, ReadOptions, WriteOptions
from vvipe.formats.reading import pose_files, read, read_all
from vvipe.formats.registry import FORMATS, format_of
from vvipe.formats.writing import write

__all__ = [
    "FORMATS",
    "Format",
    "ReadOptions",
    "WriteOptions",
    "format_of",
    "pose_files",
    "read",
    "read_all",
    "write",
]
