"""A motion that several calibrated cameras saw at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.geometry.rig import CalibratedCamera
from vvipe.poses import Poses2D, Poses3D


@dataclass(frozen=True, eq=False)
class Recording:
    """One motion, its cameras, and where they were used, what a detector found.

    Attributes:
        name: Unique within its collection.
        files: What it was read from.
        poses: (F, J) metres, world, z up.
        cameras: In the collection's order.
        detections: (F, J) keypoints of each camera, or none.
    """

    name: str
    files: tuple[Path, ...]
    poses: Poses3D
    cameras: tuple[CalibratedCamera, ...]
    detections: tuple[Poses2D, ...] = ()

    def every(self, step: int) -> Recording:
        """Each `step`-th frame."""
        found = tuple(view[::step] for view in self.detections)
        return Recording(self.name, self.files, self.poses[::step], self.cameras, found)


@dataclass(frozen=True)
class Origin:
    """Where a collection is to be had, for messages.

    Attributes:
        name: The collection's.
        whence: Who gives it, on what terms, and the address.
    """

    name: str
    whence: str

    def missing(self, what: str, where: Path, expected: str | None = None) -> VvipeError:
        """The error that names the missing file or folder and where it is to be had."""
        return VvipeError(what, where=where, expected=expected, hint=self.whence)

    def folder(self, root: Path) -> Path:
        """The folder itself.

        Raises:
            VvipeError: There is none.
        """
        if not root.is_dir():
            raise self.missing(f"no folder with {self.name}", root)
        return root
