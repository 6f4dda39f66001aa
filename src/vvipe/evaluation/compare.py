"""Two poses or two motions compared: in the embedding, joint by joint, and by the metric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.columns import frame_of_rows
from vvipe.geometry.matching import KAPPA, torso_normalised
from vvipe.geometry.procrustes import mean_distance, procrustes_align
from vvipe.geometry.warping import warping_path
from vvipe.models.inputs import H36M17, pose_inputs, torso_m
from vvipe.poses import Poses2D, Poses3D

# Joint -> (joint before, joint after): the angle between the two bones that meet there, the trunk
# between shoulder and hip counting as one.
ANGLES = {
    f"{side}_{joint}": (f"{side}_{before}", f"{side}_{after}")
    for side in ("left", "right")
    for joint, before, after in (
        ("shoulder", "hip", "elbow"),
        ("elbow", "shoulder", "wrist"),
        ("hip", "shoulder", "knee"),
        ("knee", "hip", "ankle"),
    )
}


@dataclass(frozen=True)
class FramePair:
    """A frame of A, the frame of B that it was compared with, and their embedding distance."""

    frame_a: int
    frame_b: int
    distance: float


@dataclass(frozen=True)
class Comparison:
    """How alike two motions are; means over pairs of frames.

    Attributes:
        distance: Distance of the embeddings.
        match: Whether the 3D matching distance is below `KAPPA` (V-VIPE §4.2): the same pose.
        per_joint_deg: Difference of joint angles, degrees; see `ANGLES`. None: never seen.
        per_joint_mm: Distance of joints in the canonical frame (hip on hip, same heading and same
            bone lengths), millimetres. None: never seen.
        worst: The pairs of frames that are furthest apart in the embedding, worst first.
    """

    distance: float
    match: bool
    per_joint_deg: Mapping[str, float | None]
    per_joint_mm: Mapping[str, float | None]
    worst: Sequence[FramePair]

    def to_json(self) -> dict[str, Any]:
        """The object that `vvipe compare --json` prints."""
        return asdict(self)


Timing = Literal["auto", "frames", "stretch", "warp"]


@dataclass(frozen=True)
class Differences:
    """Two motions pair by pair of frames, in time.

    Attributes:
        frame_a: (N,) frame numbers of A.
        frame_b: (N,) and of B.
        distance: (N,) of the embeddings, NaN where too little is seen.
        deg: (N, 8) B's joint angles less A's, in the order of `ANGLES`, degrees.
        mm: (N, 17) distances of joints in the canonical frame, millimetres.
        bodies_a: (N, 17, 3) canonical poses of A, metres.
        bodies_b: (N, 17, 3) and of B.
    """

    frame_a: np.ndarray
    frame_b: np.ndarray
    distance: np.ndarray
    deg: np.ndarray
    mm: np.ndarray
    bodies_a: np.ndarray
    bodies_b: np.ndarray

    def worst(self, count: int) -> list[int]:
        """Pairs that are furthest apart in the embedding, worst first."""
        order = np.argsort(-self.distance, kind="stable")
        return [int(i) for i in order if np.isfinite(self.distance[i])][:count]

    def to_columns(self) -> dict[str, np.ndarray]:
        """`frame_a`, `frame_b`, `distance`, and such as `left_elbow_deg` and `left_wrist_mm`."""
        columns = {"frame_a": self.frame_a, "frame_b": self.frame_b, "distance": self.distance}
        columns |= {f"{joint}_deg": self.deg[:, i] for i, joint in enumerate(ANGLES)}
        return columns | {f"{joint}_mm": self.mm[:, i] for i, joint in enumerate(H36M17.joints)}


def compare(
    model: Any, a: Poses2D | Poses3D, b: Poses2D | Poses3D, worst: int = 5, timing: Timing = "auto"
) -> Comparison:
    """The means of `differences`, and the worst pairs of frames; arguments as there."""
    return summary(differences(model, a, b, timing), worst)


def differences(
    model: Any, a: Poses2D | Poses3D, b: Poses2D | Poses3D, timing: Timing = "auto"
) -> Differences:
    """Compares two poses or motions, frame by frame of the longer one.

    Args:
        model: A representation that embeds, and lifts where `a` or `b` is 2D.
        a: (N, J, 2 or 3) and `b` (M, K, 2 or 3); 2D and 3D may be mixed. 2D poses are lifted.
        timing: Which frames belong together: `frames`, those of the same number; `warp`, those in
            which the two do the same, found in the embeddings; `stretch`, those at the same share
            of the duration. `auto` is `frames` where both are equally long, else `warp`.

    Raises:
        VvipeError: No pair of frames shows enough of the body.
    """
    embedded = model.embed(a), model.embed(b)
    rows = _together(model, *embedded, timing)
    distances = _embedding_distances(model, *embedded, rows)
    if not np.isfinite(distances).any():
        raise VvipeError(
            f"no frame can be compared with {b.source}", where=a.source,
            hint="too few joints are seen in the one or the other",
        )  # fmt: skip
    body_a, body_b = (canonical_poses(model, x)[i] for x, i in zip((a, b), rows, strict=True))
    frame_a, frame_b = (frame_of_rows(x)[i] for x, i in zip((a, b), rows, strict=True))
    deg = joint_angles_deg(body_b) - joint_angles_deg(body_a)
    mm = 1000 * np.linalg.norm(body_a - body_b, axis=-1)
    return Differences(frame_a, frame_b, distances, deg, mm, body_a, body_b)


def summary(found: Differences, worst: int = 5) -> Comparison:
    """Means over pairs, and the `worst` of them."""
    usable = np.isfinite(found.distance)
    pairs = zip(found.frame_a, found.frame_b, found.distance, strict=True)
    told = [FramePair(int(i), int(j), float(distance)) for i, j, distance in pairs]
    apart = match_distances(found.bodies_a[usable], found.bodies_b[usable])
    return Comparison(
        float(found.distance[usable].mean()),
        bool(np.nanmean(apart) < KAPPA),
        _means(ANGLES, np.abs(found.deg)),
        _means(H36M17.joints, found.mm),
        [told[i] for i in found.worst(worst)],
    )


def canonical_poses(model: Any, poses: Poses2D | Poses3D) -> np.ndarray:
    """(N, 17, 3) canonical h36m17 poses, metres, NaN for joints that are not seen; 2D is lifted."""
    if isinstance(poses, Poses2D):
        return model.lift(poses).positions
    positions, mask, usable, _ = pose_inputs(poses)
    return np.where((mask > 0)[..., None] & usable[:, None, None], positions * torso_m(), np.nan)


def joint_angles_deg(positions: np.ndarray) -> np.ndarray:
    """(..., 17, 3) h36m17 to (..., 8) angles in the order of `ANGLES`, 180 for a straight joint."""
    angles: list[np.ndarray] = []
    for joint, ends in ANGLES.items():
        here = positions[..., H36M17.index(joint), :]
        u, v = (positions[..., H36M17.index(end), :] - here for end in ends)
        # atan2 keeps its accuracy where bones are nearly in line, arccos does not.
        angles.append(np.arctan2(np.linalg.norm(np.cross(u, v), axis=-1), (u * v).sum(-1)))
    return np.degrees(np.stack(angles, -1))


def match_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(N, 17, 3) twice to (N,): `match_distance` over the joints that both poses have."""
    a, b = torso_normalised(a), torso_normalised(b)
    seen = np.isfinite(a + b).all(-1)
    out = np.full(len(a), np.nan)
    for pattern in np.unique(seen, axis=0):
        rows = (seen == pattern).all(1)
        if pattern.any():
            query, found = (x[rows][:, pattern] for x in (a, b))
            out[rows] = mean_distance(query, procrustes_align(found, query))
    return out


def _together(model: Any, a: Any, b: Any, timing: Timing) -> tuple[np.ndarray, np.ndarray]:
    """Rows of A and of B that are compared, as many as the longer one has."""
    if timing == "frames" and len(a) != len(b):
        raise VvipeError("not as many frames", expected=len(a), got=len(b))
    if timing in ("stretch", "frames") or (timing == "auto" and len(a) == len(b)):
        n = max(len(a), len(b))
        first, second = (np.linspace(0, len(x) - 1, n).round().astype(int) for x in (a, b))
        return first, second
    path = warping_path(np.asarray(model.distance(a, b)))
    longer, shorter = (0, 1) if len(a) >= len(b) else (1, 0)
    frames, first = np.unique(path[:, longer], return_index=True)
    last = np.r_[first[1:], len(path)] - 1
    partners = path[(first + last) // 2, shorter]  # the middle of those that a frame goes with
    return (frames, partners) if longer == 0 else (partners, frames)


def _embedding_distances(
    model: Any, a: Any, b: Any, rows: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    left, right = a[rows[0]], b[rows[1]]
    pairs = [model.distance(left[[k]], right[[k]])[0, 0] for k in range(len(left))]
    return np.array(pairs, np.float64)


def _means(names: Any, values: np.ndarray) -> dict[str, float | None]:
    seen = np.isfinite(values)
    totals = np.where(seen, values, 0).sum(0)
    return {
        name: float(total / count) if count else None
        for name, total, count in zip(names, totals, seen.sum(0), strict=True)
    }
