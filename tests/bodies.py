"""A plausible person that moves, on any skeleton, and the keypoints that cameras see of it."""

import numpy as np

from vvipe import Poses2D, Poses3D, Skeleton, get_skeleton
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.rotations import euler_to_rotmat
from vvipe.skeletons import map_joints

# Where the joints are at rest, metres; facing -x, left at -y, z up. The right is the mirror image.
_MIDDLE = {
    "hip": (0, 0, 0), "pelvis": (0, 0, 0), "lower_spine": (0, 0, 0.1), "spine": (0.02, 0, 0.22),
    "upper_spine": (0.02, 0, 0.34), "thorax": (0.01, 0, 0.46), "neck": (0.01, 0, 0.46),
    "nose": (-0.12, 0, 0.64), "head_base": (0, 0, 0.57), "head": (0, 0, 0.75),
}  # fmt: skip
_LEFT = {
    "hip": (0, -0.11, -0.01), "knee": (-0.02, -0.12, -0.43), "ankle": (0.03, -0.12, -0.85),
    "heel": (0.07, -0.12, -0.9), "big_toe": (-0.12, -0.14, -0.9), "small_toe": (-0.1, -0.17, -0.9),
    "foot_index": (-0.12, -0.14, -0.9), "shoulder": (0.01, -0.18, 0.44),
    "elbow": (0.03, -0.27, 0.17), "wrist": (-0.1, -0.31, -0.06),
    "eye": (-0.1, -0.03, 0.67), "ear": (-0.01, -0.07, 0.66),
}  # fmt: skip
_REST = (
    _MIDDLE
    | {f"left_{part}": place for part, place in _LEFT.items()}
    | {f"right_{part}": (x, -y, z) for part, (x, y, z) in _LEFT.items()}
)
_HUNG = {"knee": "hip", "ankle": "knee", "elbow": "shoulder", "wrist": "elbow"}
_PARENT = (
    {joint: "hip" for joint in ("pelvis", "lower_spine", "spine", "left_hip", "right_hip")}
    | {joint: "spine" for joint in ("upper_spine", "thorax", "neck")}
    | {
        joint: "thorax"
        for joint in ("nose", "head_base", "head", "left_shoulder", "right_shoulder")
    }
    | {f"{s}_{part}": f"{s}_{on}" for s in ("left", "right") for part, on in _HUNG.items()}
    | {f"{s}_{part}": "thorax" for s in ("left", "right") for part in ("eye", "ear")}
    | {
        f"{s}_{part}": f"{s}_ankle"
        for s in ("left", "right")
        for part in ("heel", "big_toe", "small_toe", "foot_index")
    }
)
FULL = Skeleton("full", tuple(_REST), _PARENT, dims=3)
_SWING_RAD = {
    "hip": 0.0, "spine": 0.15, "thorax": 0.1, "left_hip": 0.6, "right_hip": 0.6, "left_knee": 0.4,
    "right_knee": 0.4, "left_shoulder": 0.9, "right_shoulder": 0.9, "left_elbow": 0.6,
    "right_elbow": 0.6,
}  # fmt: skip


def standing(skeleton: str = "h36m17") -> Poses3D:
    """(J, 3) at rest: arms hanging, the middle of the hips at the origin, facing -x, z up."""
    target = get_skeleton(skeleton)
    return Poses3D(map_joints(np.array(list(_REST.values())), FULL, target)[0], target)


def moving_full(frames: int = 60, seed: int = 0) -> Poses3D:
    """(frames, J, 3), world; every limb swings its own way, the body turns about z."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(frames)[:, None] / 30
    turn = {"hip": euler_to_rotmat(rng.uniform(-3, 3) + 0.5 * time_s, "Z")}
    place = {"hip": np.zeros((frames, 3))}
    for joint in FULL.joints[1:]:
        parent = _PARENT[joint]
        offset = np.subtract(_REST[joint], _REST[parent])
        place[joint] = place[parent] + turn[parent] @ offset
        phase, hz = rng.uniform(-3, 3, 3), rng.uniform(0.3, 1.2, 3)
        swing = _SWING_RAD.get(joint, 0) * np.sin(2 * np.pi * hz * time_s + phase)
        turn[joint] = turn[parent] @ euler_to_rotmat(swing, "XYZ")
    place = {joint: xyz + np.array([0, 0, 0.93]) for joint, xyz in place.items()}
    positions = np.stack([place[j] for j in FULL.joints], axis=1)
    return Poses3D(positions, FULL, fps=30)


def moving(skeleton: str = "h36m17", frames: int = 60, seed: int = 0) -> Poses3D:
    """(frames, J, 3) of `moving_full` on a skeleton; joints that play no role are NaN."""
    poses, target = moving_full(frames, seed), get_skeleton(skeleton)
    positions = map_joints(poses.positions, FULL, target)[0]
    return Poses3D(positions, target, fps=poses.fps)


def filmed(
    skeleton: str = "coco17", frames: int = 60, seed: int = 0, cameras: int | None = None
) -> Poses2D:
    """(frames, J, 2) pixels of `moving_full`, each frame by a camera of its own, or by one all."""
    rng, poses = np.random.default_rng(seed), moving_full(frames, seed)
    root = poses.joint("hip")
    count = cameras or frames
    azimuth, elevation = rng.uniform(-np.pi, np.pi, count), rng.uniform(-0.2, 0.5, count)
    centre = root + orbit(azimuth, elevation, 4.0).astype(np.float32)
    pixels = Camera(look_at(centre, root), centre, 1145.0).project(poses.positions)
    target = get_skeleton(skeleton)
    keypoints = map_joints(pixels, FULL, target)[0]
    return Poses2D(keypoints, target, fps=30, image_size=(1000, 1000))
