"""Frames of a video for the picture of the query, decoded beside everything else."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from vvipe.errors import VvipeError
from vvipe.video import frames

WIDTH_PX, MOST_FRAMES = 512, 9000


@dataclass
class _Reel:
    size: tuple[int, int] = (16, 9)
    jpegs: list[bytes] = field(default_factory=list[bytes])
    error: VvipeError | None = None
    done: bool = False


class Film:
    """Small pictures of videos, kept as JPEG; shared by all visitors.

    A video is decoded from its beginning as soon as it is asked for; what has not been reached yet
    is None.
    """

    def __init__(self) -> None:
        self._reels: dict[Path, _Reel] = {}
        self._lock = threading.Lock()

    def frame(self, video: Path | None, row: int) -> np.ndarray | None:
        """(H, W, 3) uint8 of a row, None where there is no video or it is not decoded yet."""
        if video is None:
            return None
        reel = self._reel(video)
        if row >= len(reel.jpegs):
            return None
        return np.asarray(Image.open(io.BytesIO(reel.jpegs[row])))

    def size(self, video: Path | None) -> tuple[int, int]:
        """(width, height) of a video in its own pixels."""
        return (16, 9) if video is None else self._reel(video).size

    def decoding(self, video: Path | None) -> bool:
        """Whether more of a video is to come."""
        return video is not None and not self._reel(video).done

    def error(self, video: Path | None) -> VvipeError | None:
        """Why a video cannot be shown, None as long as it can."""
        return None if video is None else self._reel(video).error

    def _reel(self, video: Path) -> _Reel:
        with self._lock:
            if video not in self._reels:
                self._reels[video] = _Reel()
                threading.Thread(target=self._decode, args=(video,), daemon=True).start()
            return self._reels[video]

    def _decode(self, video: Path) -> None:
        reel = self._reels[video]
        try:
            for frame in frames(video):
                height, width = frame.image.shape[:2]
                reel.size = width, height
                small = Image.fromarray(frame.image)
                small.thumbnail((WIDTH_PX, 2 * WIDTH_PX))
                buffer = io.BytesIO()
                small.save(buffer, "JPEG", quality=80)
                reel.jpegs.append(buffer.getvalue())
                if len(reel.jpegs) == MOST_FRAMES:
                    return
        except VvipeError as error:
            reel.error = error
        finally:
            reel.done = True
