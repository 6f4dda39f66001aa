"""Drawing a placed body onto the rays that its keypoints were seen along."""

from __future__ import annotations

import numpy as np

from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS
from vvipe.skeletons import get_skeleton

TRUST = 0.8
"""Share of the way to its ray that a joint is drawn. On the validation sets 1 is as good for exact
keypoints, and half a millimetre worse for those with the errors of real detectors."""
REACH_M = 0.2
"""A joint this far from its ray is drawn half as far: its keypoint may be a mistaken one."""

_H36M17 = get_skeleton("h36m17")
_HIPS, _SHOULDERS = ("left_hip", "right_hip"), ("left_shoulder", "right_shoulder")
_MOVED_BY = {
    **{joint: (joint,) for joint in KEYPOINTS.joints},
    "hip": _HIPS, "thorax": _SHOULDERS, "spine": _HIPS + _SHOULDERS,
    "head": ("nose", "nose", *_SHOULDERS),
}  # fmt: skip


def draw_to_rays(body: np.ndarray, rays: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Moves each joint sideways to the ray of its keypoint, most of the way.

    A lifted body that is turned and placed as a whole projects near its keypoints, not onto them:
    what the image does say about a joint, its direction, is surer than what was lifted. Joints
    without a keypoint of their own move with their neighbours, those not seen with their parents.
    Bone lengths are not kept.

    Args:
        body: (N, 17, 3) h36m17 before the camera, in its frame (OpenCV axes), metres.
        rays: (N, 13, 2) keypoints over the focal length, from the principal point.
        mask: (N, 13) 1 where a keypoint is seen; values elsewhere are ignored.

    Returns:
        (N, 17, 3) metres.
    """
    seen = (mask > 0).astype(np.float64)
    ray = np.where(seen[..., None] > 0, rays, 0.0)
    ray = np.concatenate([ray, np.ones_like(ray[..., :1])], -1)
    joints = body[:, COLUMNS]
    along = (joints * ray).sum(-1, keepdims=True) / (ray * ray).sum(-1, keepdims=True)
    sideways = (along * ray - joints) * seen[..., None]
    sideways /= 1 + (sideways * sideways).sum(-1, keepdims=True) / REACH_M**2
    shares = _shares() * seen[:, None]
    total = shares.sum(-1, keepdims=True)
    moved = shares @ sideways / np.where(total > 0, total, 1)
    for joint, parent in enumerate(_H36M17.parents):
        if parent >= 0:
            moved[:, joint] = np.where(total[:, joint] > 0, moved[:, joint], moved[:, parent])
    return body + TRUST * moved


def _shares() -> np.ndarray:
    """(17, 13) how many times the keypoint of the column moves the joint of the row."""
    shares = np.zeros((len(_H36M17), len(KEYPOINTS)))
    for joint, movers in _MOVED_BY.items():
        for mover in movers:
            shares[_H36M17.index(joint), KEYPOINTS.index(mover)] += 1
    return shares
