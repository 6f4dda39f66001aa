"""What searches find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Hit:
    """One pose that was found.

    Attributes:
        rank: 1 for the nearest.
        id: Of the row.
        source: The file.
        clip: Its name.
        frame: Of the nearest pose.
        span: First and last frame of the neighbours that are folded into it.
        distance: From the query, as the model measures it.
        time_s: Of the frame, None where the frame rate is unknown.
        camera: None where it was not said.
        tags: Of the clip.
        row: Its place in the table.
    """

    rank: int
    id: int
    source: str
    clip: str
    frame: int
    span: tuple[int, int]
    distance: float
    time_s: float | None
    camera: str | None
    tags: tuple[str, ...]
    row: int

    def to_json(self) -> dict[str, Any]:
        """One of the `hits` that `vvipe search --json` prints."""
        keys = ("rank", "id", "source", "clip", "frame", "span", "distance")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True)
class MotionHit:
    """One passage of a clip that was found.

    Attributes:
        rank: 1 for the most alike.
        source: The file.
        clip: Its name.
        start_frame: Where the passage begins.
        end_frame: Where it ends.
        cost: Mean distance over the frames of the query, as the model measures it.
        start_s: Of the first frame.
        end_s: Of the last frame.
        camera: None where it was not said.
        mirrored: Whether the query's mirror image was found.
    """

    rank: int
    source: str
    clip: str
    start_frame: int
    end_frame: int
    cost: float
    start_s: float
    end_s: float
    camera: str | None
    mirrored: bool = False

    def to_json(self) -> dict[str, Any]:
        """One of the `hits` that `vvipe search --motion --json` prints."""
        keys = ("rank", "source", "clip", "start_frame", "end_frame", "cost")
        return {key: getattr(self, key) for key in keys}
