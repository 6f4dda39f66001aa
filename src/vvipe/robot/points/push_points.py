"""The push task's prescribed points: in place of a person's clicks on one frame."""

from __future__ import annotations

import numpy as np

from vvipe.robot.points.dressing import MARKS, TABLE_M
from vvipe.robot.points.prescribed import PrescribedPoints, carrier_pose, prescribe
from vvipe.robot.points.push import Push
from vvipe.robot.points.scene import Scene

GRIPPER = "gripper"
_TARGET_RADIUS_M = 0.02
_HAND, _BLOCK, _TARGET = "body:robot0:gripper_link", "body:object0", "site:target0"
# Where a person would click: a corner of the palm, which a tracker holds better than the fingers,
# and three corners of the block's top that the camera sees.
_SPOTS = {
    GRIPPER: (_HAND, (-0.054, -0.052, 0.036)),
    "block_near": (_BLOCK, (0.022, -0.022, 0.025)),
    "block_left": (_BLOCK, (-0.022, -0.022, 0.025)),
    "block_right": (_BLOCK, (0.022, 0.022, 0.025)),
    "target": (_TARGET, (0.0, 0.0, 0.0)),
}
# More of the palm and of the block's two sides: what is hidden goes with what is seen.
_HELPERS = {
    "palm_left": (_HAND, (-0.139, -0.06, -0.02)),
    "palm_right": (_HAND, (-0.138, 0.044, 0.038)),
    "block_left_foot": (_BLOCK, (-0.018, -0.025, -0.018)),
    "block_right_foot": (_BLOCK, (0.025, 0.018, -0.018)),
}


def push_points(push: Push, scene: Scene, seed: int = 0) -> PrescribedPoints:
    """Gripper, block and target, helpers of the first two, and the marks on the table as anchors.

    Where they lie says how far away they are, as a depth camera would; so no picture has to be
    drawn.

    Args:
        push: The task.
        scene: Whose camera sees the annotated frame.
        seed: Of the episode whose first frame is annotated.
    """
    scene.dress(push.reset(seed))
    camera, model, data = scene.camera, scene.model, scene.data
    spots: dict[str, np.ndarray] = {}
    carriers: dict[str, str] = {}
    for name, (carrier, offset) in {**_SPOTS, **_HELPERS}.items():
        pos, mat = carrier_pose(model, data, carrier)
        spots[name], carriers[name] = pos + mat @ np.array(offset), carrier
    toward = camera.pos - spots["target"]
    spots["target"] = spots["target"] + _TARGET_RADIUS_M * toward / np.linalg.norm(toward)
    for name, (x, y) in MARKS.items():
        spots[name], carriers[name] = np.array([x, y, TABLE_M + 0.001]), "body:world"
    seen = {name: camera.project(spot) for name, spot in spots.items()}
    depth = {name: float(at[2]) for name, at in seen.items()}
    pixels = {name: (float(at[0]), float(at[1])) for name, at in seen.items()}
    return prescribe(
        pixels, depth, carriers, camera, model, data, tuple(MARKS), tuple(_HELPERS),
        (_BLOCK, _TARGET),
    )  # fmt: skip
