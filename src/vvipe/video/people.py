"""Who is who: people followed over the frames of a video, and the order of their prominence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from vvipe.extras import need

MEMORY_S = 1.0  # for so long a person who is hidden is expected to come back
_LEAST_LIKENESS = 0.1
# In RMS sizes of a body, about 0.4 m: how far joints may be from where they are expected, and how
# much further for every second in which the person was not seen.
_TOLERANCE, _TOLERANCE_PER_S = 0.5, 1.0
_STEADY_S = 0.1  # over which the speed is averaged
_COAST_S = 0.5  # after which a person who is not seen is expected to have stopped


@dataclass(frozen=True)
class Person:
    """One person of a video.

    Attributes:
        id: From 1, the most prominent first.
        frames: In how many frames the person is seen.
        first: Row of the first.
        last: Row of the last.
    """

    id: int
    frames: int
    first: int
    last: int


def identities(keypoints: np.ndarray, row: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Whose each detection is.

    People are matched from frame to frame where their joints are expected by their last place and
    speed, all people of a frame at once, so that the sum of their likenesses is largest. Who is
    away for longer than `MEMORY_S`, or comes back elsewhere, is taken for somebody else. The order
    of people within a frame is of no account.

    Args:
        keypoints: (M, J, 3) x, y and confidence.
        row: (M,) which frame each is in, ascending.
        time_s: (T,) of the frames.

    Returns:
        (M,) from 1, by prominence: in how many frames a person is seen times their size in them.

    Raises:
        VvipeError: scipy is not installed.
    """
    assign = need("scipy.optimize", "video").linear_sum_assignment
    track_of = np.empty(len(row), np.int64)
    tracks: list[_Track] = []
    count = 0
    for now, members in _by_frame(keypoints, row):
        tracks = [t for t in tracks if time_s[now] - t.time_s <= MEMORY_S]
        likeness = np.zeros((len(tracks), len(members)))
        for i, track in enumerate(tracks):
            likeness[i] = track.likeness(keypoints[members], time_s[now])
        likeness[likeness < _LEAST_LIKENESS] = 0
        pairs = {j: tracks[i] for i, j in zip(*assign(likeness, maximize=True), strict=True)
                 if likeness[i, j]}  # fmt: skip
        for j, member in enumerate(members):
            if j in pairs:
                pairs[j].move(keypoints[member], time_s[now])
            else:
                pairs[j] = _Track(count, keypoints[member], time_s[now])
                tracks.append(pairs[j])
                count += 1
            track_of[member] = pairs[j].id
    return _by_prominence(track_of, keypoints)


def people_of(identity: np.ndarray, row: np.ndarray) -> list[Person]:
    """Everybody, the most prominent first.

    Args:
        identity: (M,) of `identities`.
        row: (M,) which frame each is in.
    """
    rows = {int(i): row[identity == i] for i in np.unique(identity)}
    return [Person(i, len(r), int(r.min()), int(r.max())) for i, r in rows.items()]


class _Track:
    """A person as last seen."""

    def __init__(self, identity: int, person: np.ndarray, time_s: float) -> None:
        self.id, self.time_s = identity, time_s
        self.points = _points(person)
        self.size = _rms(self.points)
        self.velocity = np.zeros(2)  # pixels a second

    def likeness(self, people: np.ndarray, time_s: float) -> np.ndarray:
        """(P,) from 0 to 1, as COCO's object keypoint similarity, to where they are expected."""
        gap_s = time_s - self.time_s
        travelled = self.velocity * _COAST_S * -np.expm1(-gap_s / _COAST_S)
        apart = np.linalg.norm(_points(people) - self.points - travelled, axis=-1)
        size = (self.size + _rms(_points(people))) / 2
        tolerance = (_TOLERANCE + _TOLERANCE_PER_S * gap_s) * np.maximum(size, 1.0)
        alike = np.exp(-0.5 * (apart / tolerance[:, None]) ** 2)
        both = np.isfinite(alike)
        return np.where(both, alike, 0).sum(-1) / np.maximum(both.sum(-1), 1)

    def move(self, person: np.ndarray, time_s: float) -> None:
        """Takes note of where the person is now; joints that are not seen moved as the others."""
        points, gap_s = _points(person), max(time_s - self.time_s, 1e-3)
        moved = (points - self.points)[np.isfinite(points - self.points).all(-1)].mean(0)
        self.velocity += -np.expm1(-gap_s / _STEADY_S) * (moved / gap_s - self.velocity)
        self.points = np.where(np.isfinite(points), points, self.points + moved)
        self.size, self.time_s = _rms(self.points), time_s


def _points(people: np.ndarray) -> np.ndarray:
    """(..., J, 2) pixels, NaN where not seen."""
    return np.where(people[..., 2:] > 0, people[..., :2], np.nan)


def _rms(points: np.ndarray) -> np.ndarray:
    """(...) RMS distance of the joints (..., J, 2) that are seen from their middle, pixels."""
    seen = np.isfinite(points)
    count = np.maximum(seen.sum(-2, keepdims=True), 1)
    middle = np.where(seen, points, 0).sum(-2, keepdims=True) / count
    squares = np.where(seen, points - middle, 0) ** 2
    return np.sqrt(squares.sum((-2, -1)) / count[..., 0, 0])


def _by_frame(keypoints: np.ndarray, row: np.ndarray) -> Iterable[tuple[int, list[int]]]:
    """Frames with anybody in them, and their detections in an order that only content decides."""
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    for members in np.split(np.arange(len(row)), starts[1:]) if len(row) else ():
        yield int(row[members[0]]), sorted(members, key=lambda m: keypoints[m].tobytes())


def _by_prominence(track_of: np.ndarray, keypoints: np.ndarray) -> np.ndarray:
    if not len(track_of):
        return track_of
    prominence = np.bincount(track_of, _rms(_points(keypoints)))
    rank = np.empty(len(prominence), np.int64)
    rank[np.argsort(-prominence, kind="stable")] = np.arange(1, len(prominence) + 1)
    return rank[track_of]
