"""Writing of 3D poses as BVH: joints that move, exact whatever the bones do."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.axes import z_up_to_y_up
from vvipe.formats.format import Poses
from vvipe.poses import Poses3D
from vvipe.skeletons import Skeleton

_CM_PER_M = 100
_DEFAULT_FPS = 30.0
_CHANNELS = "CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation"


def write_bvh(poses: Poses, path: Path) -> None:
    """Writes centimetres, y up: each joint's place relative to its parent, all rotations zero.

    Positions alone do not tell how a bone turns about itself, and bones of estimated poses change
    their length, so translations are what is exact. Without a frame rate, 30 Hz is written.

    Raises:
        VvipeError: A joint is not seen somewhere, which BVH cannot say.
    """
    assert isinstance(poses, Poses3D)
    positions = poses.positions.reshape(-1, *poses.positions.shape[-2:]).astype(np.float64)
    seen = np.isfinite(positions).all(-1)
    if not seen.all():
        frame, joint = np.argwhere(~seen)[0]
        raise VvipeError(
            f"joint {poses.skeleton.joints[joint]} is not seen in row {frame}",
            where=poses.source, expected="every joint in every row, for BVH",
        )  # fmt: skip
    up = positions * [1, -1, -1] if poses.up == "-y" else z_up_to_y_up(positions)
    shift = _shifts(up * _CM_PER_M, poses.skeleton)
    order = _depth_first(poses.skeleton)
    values = np.concatenate([shift, np.zeros_like(shift)], axis=-1)[:, order]
    with path.open("w") as file:
        file.write("HIERARCHY\n")
        for root in (i for i, p in enumerate(poses.skeleton.parents) if p < 0):
            file.writelines(_block(poses.skeleton, root, shift[0], 0))
        file.write(f"MOTION\nFrames: {len(values)}\n")
        file.write(f"Frame Time: {1 / (poses.fps or _DEFAULT_FPS):.10f}\n")
        np.savetxt(file, values.reshape(len(values), -1), fmt="%.6f")


def _shifts(positions: np.ndarray, skeleton: Skeleton) -> np.ndarray:
    parents = np.array(skeleton.parents)
    return positions - np.where((parents < 0)[:, None], 0, positions[:, parents])


def _children(skeleton: Skeleton, joint: int) -> list[int]:
    return [i for i, p in enumerate(skeleton.parents) if p == joint]


def _depth_first(skeleton: Skeleton, joint: int = -1) -> list[int]:
    below = [j for c in _children(skeleton, joint) for j in _depth_first(skeleton, c)]
    return below if joint < 0 else [joint, *below]


def _block(skeleton: Skeleton, joint: int, offsets: np.ndarray, depth: int) -> list[str]:
    children = _children(skeleton, joint)
    x, y, z = offsets[joint]
    lines = [
        f"{'JOINT' if depth else 'ROOT'} {skeleton.joints[joint]}",
        "{",
        f"\tOFFSET {x:.6f} {y:.6f} {z:.6f}",
        f"\t{_CHANNELS}",
    ]
    tail = [] if children else ["\tEnd Site", "\t{", "\t\tOFFSET 0 0 0", "\t}"]
    indent = "\t" * depth
    return (
        [f"{indent}{line}\n" for line in (*lines, *tail)]
        + [line for c in children for line in _block(skeleton, c, offsets, depth + 1)]
        + [f"{indent}}}\n"]
    )
