"""Recordings that are to be aligned: embedded in sequence, with their clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.columns import frame_of_rows
from vvipe.library.alignment import Offset, drifting_offset_of, offset_of
from vvipe.library.beat import FPS, seconds
from vvipe.library.performances import Performances, performances
from vvipe.library.together import agreed
from vvipe.library.track import Track, track_of
from vvipe.models.sides import embedded_in_sequence
from vvipe.poses import Poses2D, Poses3D, mean_fps

Found = Offset | Performances | None
Pairs = Mapping[tuple[int, int], Found]


@dataclass(frozen=True)
class Recording:
    """One recording.

    Attributes:
        name: How answers call it.
        poses: (N, J, 2 or 3).
        times: (N,) seconds.
        fps: Frames per second.
        vectors: (N, D) embeddings, NaN where too little is seen.
        track: The same at an even beat.
    """

    name: str
    poses: Poses2D | Poses3D
    times: np.ndarray
    fps: float
    vectors: np.ndarray
    track: Track


def recording_of(
    model: Any, poses: Poses2D | Poses3D, name: str, fps: float | None = None
) -> Recording:
    """Embeds a recording.

    Args:
        model: A representation.
        poses: (N, J, 2 or 3), frames that follow each other.
        name: How answers and messages call it.
        fps: Frames per second where the poses do not say; 30 for None.

    Raises:
        VvipeError: Frames that do not follow each other, or too few joints are seen in all but one.
    """
    rate = poses.fps or fps or mean_fps(poses.stamp_s) or FPS
    frame = frame_of_rows(poses)
    times = seconds(frame, poses.stamp_s, rate)
    if (np.diff(frame) <= 0).any() or (np.diff(times) <= 0).any():
        raise VvipeError("frames do not follow each other", where=name, hint="one person a file")
    embedded = embedded_in_sequence(model, poses)
    vectors = embedded.vectors
    if np.isfinite(vectors).all(1).sum() < 2:
        raise VvipeError("too few joints are seen to align this", where=name)
    track = track_of(vectors, times, variance=embedded.variance)
    return Recording(name, poses, times, rate, vectors, track)


def aligned(
    recordings: Sequence[Recording], max_offset_s: float | None = None, drift: bool = False,
    warp: bool = False,
) -> Pairs:  # fmt: skip
    """What each pair of recordings has in common, None where there is nothing.

    Args:
        recordings: Two or more.
        max_offset_s: The largest offset, either way.
        drift: One clock may run faster than another.
        warp: These are performances of one movement, each at a tempo of its own; else three and
            more recordings of one performance are made to agree.
    """
    couples = list(combinations(range(len(recordings)), 2))
    if warp:
        curves = [(r.vectors, r.times) for r in recordings]
        return {(i, j): performances(curves[i], curves[j]) for i, j in couples}
    measure = drifting_offset_of if drift else offset_of
    tracks = [r.track for r in recordings]
    pairs = {(i, j): measure(tracks[i], tracks[j], max_offset_s) for i, j in couples}
    return agreed(pairs, len(recordings)) if len(recordings) > 2 and not drift else pairs


def pairs_to_json(
    recordings: Sequence[Recording], pairs: Pairs, drift: bool = False
) -> list[dict[str, Any]]:
    """The `pairs` that `vvipe align --json` prints."""
    return [_told(recordings[i], recordings[j], found, drift) for (i, j), found in pairs.items()]


def _told(a: Recording, b: Recording, found: Found, drift: bool) -> dict[str, Any]:
    names = {"a": a.name, "b": b.name}
    if found is None:
        none = {"offset_s": None, "offset_frames": None, "confidence": 0.0, "reliable": False}
        return names | none
    pair = names | {
        "offset_s": round(found.offset_s, 4), "offset_frames": round(found.offset_s * b.fps, 2),
        "confidence": round(found.confidence, 3), "reliable": found.reliable,
    }  # fmt: skip
    if isinstance(found, Performances):
        return pair | {"path": _frames(found.path_s, a, b)}
    return pair | ({"drift": round(found.drift, 5)} if drift else {})


def _frames(path_s: np.ndarray, a: Recording, b: Recording) -> list[list[int]]:
    """Pairs of frame numbers, each once."""
    pairs = [
        frame_of_rows(r.poses)[
            np.interp(instants, r.times, np.arange(len(r.times))).round().astype(int)
        ]
        for r, instants in zip((a, b), path_s.T, strict=True)
    ]
    return np.unique(np.stack(pairs, 1), axis=0).tolist()
