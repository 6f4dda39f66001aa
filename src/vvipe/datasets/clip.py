"""A clip of a collection: who moves, where it lies, which split it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats import read
from vvipe.poses import Poses3D


@dataclass(frozen=True)
class Clip:
    """A motion that is read when its poses are asked for.

    Attributes:
        name: Unique within its collection.
        subject: Who moves, `unknown` where the collection does not say.
        path: The file.
        split: `train`, `validation` or `test`; `duplicate` for a recording that another clip of
            the same split holds already, `excluded` for a copy of a test recording.
        fps: Frames per second in the file; None where the file itself is to say.
        action: What is done, empty where the collection does not say.
        style: How it is done, likewise.
        number: Which take it is, likewise.
        rows: First row and row after the last, where the file holds several clips.
        load: Reads the clip, for files that `vvipe.formats.read` does not make one clip of.
    """

    name: str
    subject: str
    path: Path
    split: str
    fps: float | None
    action: str = ""
    style: str = ""
    number: str = ""
    rows: tuple[int, int] | None = None
    load: Callable[[], Poses3D] | None = field(default=None, compare=False)

    def poses(self, fps: float | None = 30.0) -> Poses3D:
        """Poses on the collection's own skeleton, every n-th frame so that `fps` is met nearly.

        Args:
            fps: Frames per second wanted; None, or more than the file has, takes every frame.

        Raises:
            VvipeError: The file is damaged or gone.
        """
        if self.load is not None:
            poses = self.load()
        elif self.rows is None:
            poses = _read_3d(self.path)
        else:
            poses = replace(_read_shared(self.path)[slice(*self.rows)], frame=None)
        return _every_nth(poses, _step(self.fps or poses.fps, fps))

    def step(self, fps: float | None) -> int:
        """Every how many frames one is taken so that `fps` is met nearly."""
        return _step(self.fps, fps)


def read_clips(
    clips: Iterable[Clip],
    *,
    fps: float | None = 30.0,
    on_error: Callable[[VvipeError], object] | None = None,
) -> Iterator[tuple[Clip, Poses3D]]:
    """Reads clips one after the other.

    Args:
        clips: What to read.
        fps: As for `Clip.poses`.
        on_error: Is given the error of a damaged file, after which the next clip is read;
            without it, the error is raised.
    """
    for clip in clips:
        try:
            poses = clip.poses(fps)
        except VvipeError as error:
            if on_error is None:
                raise
            on_error(error)
        else:
            yield clip, poses


def _step(has: float | None, fps: float | None) -> int:
    return max(1, round(has / fps)) if has and fps else 1


def _every_nth(poses: Poses3D, step: int) -> Poses3D:
    """Each `step`-th row; frames are counted at the new rate, so that `time_s` stays true."""
    picked = poses[::step]
    if poses.fps is None or picked.frame is None:
        return picked
    return replace(picked, fps=poses.fps / step, frame=picked.frame // step)


def _read_3d(path: Path) -> Poses3D:
    poses = read(path)
    if not isinstance(poses, Poses3D):
        raise VvipeError("2D keypoints", where=path, expected="motion capture")
    return poses


# The hundred clips of a shared file would each read the whole file again.
_read_shared = lru_cache(maxsize=1)(_read_3d)
