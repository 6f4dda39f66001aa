"""The push task's prescribed points: in place of a person's clicks on one frame."""

from __future__ import annotations

import numpy as np

from vvipe.robot.points.camera import Camera
from vvipe.robot.points.dressing import MARKS, TABLE_M, mj
from vvipe.robot.points.prescribed import PrescribedPoints, carrier_pose, prescribe
from vvipe.robot.points.push import Push
from vvipe.robot.points.scene import Scene

GRIPPER = "gripper"
_TARGET_RADIUS_M = 0.02
# Where a person would click: the fingers, three corners of the block's top that the camera sees.
_SPOTS = {
    GRIPPER: ("body:robot0:gripper_link", "site:robot0:grip", (0.0, 0.0, 0.0)),
    "block_near": ("body:object0", "body:object0", (0.022, -0.022, 0.025)),
    "block_left": ("body:object0", "body:object0", (-0.022, -0.022, 0.025)),
    "block_right": ("body:object0", "body:object0", (0.022, 0.022, 0.025)),
    "target": ("site:target0", "site:target0", (0.0, 0.0, 0.0)),
}


def push_points(push: Push, scene: Scene, seed: int = 0) -> PrescribedPoints:
    """Gripper, three corners of the block, target, and the four marks on the table as anchors.

    A ray through each pixel says how far away is what it shows, as a depth camera would; so no
    picture has to be drawn.

    Args:
        push: The task.
        scene: Whose camera sees the annotated frame.
        seed: Of the episode whose first frame is annotated.
    """
    scene.dress(push.reset(seed))
    camera, model, data = scene.camera, scene.model, scene.data
    spots: dict[str, np.ndarray] = {}
    carriers: dict[str, str] = {}
    for name, (carrier, lies_in, offset) in _SPOTS.items():
        pos, mat = carrier_pose(model, data, lies_in)
        spots[name], carriers[name] = pos + mat @ np.array(offset), carrier
    toward = camera.pos - spots["target"]
    spots["target"] = spots["target"] + _TARGET_RADIUS_M * toward / np.linalg.norm(toward)
    for name, (x, y) in MARKS.items():
        spots[name], carriers[name] = np.array([x, y, TABLE_M + 0.001]), "body:world"
    seen = {name: camera.project(spot) for name, spot in spots.items()}
    depth = {name: float(at[2]) for name, at in seen.items()}
    depth[GRIPPER] = surface_depth(scene, camera, seen[GRIPPER])
    pixels = {name: (float(at[0]), float(at[1])) for name, at in seen.items()}
    return prescribe(pixels, depth, carriers, camera, model, data, tuple(MARKS))


def surface_depth(scene: Scene, camera: Camera, seen: np.ndarray) -> float:
    """Metres along the optical axis to the first surface behind a pixel; -1 for none.

    Args:
        scene: Its geoms; sites, such as the target, are not hit.
        camera: That sees them.
        seen: u, v, and more that is not looked at.
    """
    ray = camera.unproject(np.array([seen[0], seen[1], 1.0])) - camera.pos
    return float(
        mj.mj_ray(
            scene.model, scene.data, camera.pos, ray, None, 1, -1, np.zeros(1, np.int32), None
        )
    )
