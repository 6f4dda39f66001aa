"""One person out of frames that show several, and rows of poses of what detectors say of him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton, get_skeleton

# The last three are whole bodies, which begin with the joints of these.
_SKELETON_OF = {
    13: "coco13", 16: "mpii16", 17: "coco17", 26: "halpe26", 33: "mediapipe33",
    68: "halpe26", 133: "coco17", 136: "halpe26",
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """A person in a frame.

    Attributes:
        keypoints: (J, 3) x, y, confidence.
        track: The number that a tracker gave him, None without one.
    """

    keypoints: np.ndarray
    track: int | None = None


Frames = Sequence[Sequence[Seen]]


def skeleton_of_count(count: int, where: object) -> Skeleton:
    """The skeleton of a number of keypoints, as most detectors of bodies have them.

    Raises:
        VvipeError: None has so many.
    """
    if count not in _SKELETON_OF:
        known = ", ".join(map(str, sorted(_SKELETON_OF)))
        raise VvipeError(
            f"no skeleton is known for {count} keypoints", where=where, expected=known,
            hint="name the skeleton",
        )  # fmt: skip
    return get_skeleton(_SKELETON_OF[count])


def poses_of_one(
    frames: Frames,
    skeleton: Skeleton,
    person: int | None,
    path: Path,
    *,
    frame: np.ndarray | None = None,
    fps: float | None = None,
    stamp_s: np.ndarray | None = None,
    image_size: tuple[int, int] | None = None,
) -> Poses2D:
    """A row a frame, NaN where the person is not.

    Args:
        frames: Who is seen in each.
        skeleton: Of the first of their keypoints; further ones are left out.
        person: As for `one_person`.
        path: For messages.
        frame, fps, stamp_s, image_size: As for `Poses2D`.

    Raises:
        VvipeError: Nobody in any frame, too few keypoints, or no such person.
    """
    for i, found in enumerate(frames):
        for seen in found:
            if len(seen.keypoints) < len(skeleton):
                raise VvipeError(
                    f"wrong number of keypoints for {skeleton.name}", where=f"{path}: frame {i}",
                    expected=len(skeleton), got=len(seen.keypoints),
                )  # fmt: skip
    nobody = np.full((len(skeleton), 3), np.nan)
    rows = [
        nobody if keypoints is None else keypoints[: len(skeleton)]
        for keypoints in one_person(frames, person, path)
    ]
    keypoints = np.stack(rows)
    return Poses2D(
        keypoints[..., :2],
        skeleton,
        frame=frame,
        fps=fps,
        source=str(path),
        stamp_s=stamp_s,
        confidence=np.minimum(np.nan_to_num(keypoints[..., 2]), 1.0),
        image_size=image_size,
    )


def one_person(frames: Frames, person: int | None, path: Path) -> list[np.ndarray | None]:
    """(J, 3) keypoints of one person in each frame, None where he is not.

    Args:
        frames: Who is seen in each.
        person: The number of his track where the frames have such, else the place in each frame's
            list. None takes the longest track; without tracks, the most confident person of the
            first frame that shows any is followed by the distance of the keypoints.
        path: For messages.

    Raises:
        VvipeError: Nobody in any frame, or no such person.
    """
    if not any(frames):
        raise VvipeError("nobody in any frame", where=path, expected="people with keypoints")
    tracks = Counter(s.track for found in frames for s in found if s.track is not None)
    if tracks:
        wanted = tracks.most_common(1)[0][0] if person is None else person
        if wanted not in tracks:
            known = ", ".join(map(str, sorted(tracks)[:9]))
            raise VvipeError(f"no person {wanted}", where=path, expected=f"one of {known}")
        return [next((s.keypoints for s in f if s.track == wanted), None) for f in frames]
    people = [[s.keypoints for s in found] for found in frames]
    return follow(people) if person is None else pick(people, person, path)


def pick(people: Sequence[list[np.ndarray]], person: int, path: Path) -> list[np.ndarray | None]:
    """The person at one place of each frame's list.

    Raises:
        VvipeError: No frame has so many.
    """
    most = max(map(len, people))
    if not 0 <= person < most:
        raise VvipeError(f"no person {person}", where=path, expected=f"0 to {most - 1}")
    return [found[person] if person < len(found) else None for found in people]


def follow(people: Sequence[list[np.ndarray]]) -> list[np.ndarray | None]:
    """In each frame who is nearest to where he was; at first the most confident."""
    rows: list[np.ndarray | None] = []
    last: np.ndarray | None = None
    for found in people:
        now = min(found, key=lambda p: _unlikeness(p, last), default=None)
        rows.append(now)
        last = last if now is None else now
    return rows


def _unlikeness(person: np.ndarray, last: np.ndarray | None) -> tuple[float, float]:
    """Mean distance from where the person was, then lack of confidence."""
    doubt = -float(np.nan_to_num(person[:, 2]).mean())
    if last is None:
        return 0.0, doubt
    both = (person[:, 2] > 0) & (last[:, 2] > 0)
    if not both.any():
        return np.inf, doubt
    return float(np.linalg.norm(person[both, :2] - last[both, :2], axis=1).mean()), doubt
