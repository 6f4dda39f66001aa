"""BVH: any hierarchy, with the known peculiarities of the CMU and Bandai-Namco collections."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from vvipe.formats.axes import y_up_to_z_up
from vvipe.formats.bvh_file import BvhFile, parse_bvh
from vvipe.formats.bvh_write import write_bvh
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.mocap_joints import pick_joints, skeleton_of
from vvipe.formats.text import read_head, read_text
from vvipe.formats.units import guess_unit_m, unit_to_m
from vvipe.geometry.articulation import BONE
from vvipe.poses import Poses3D
from vvipe.skeletons import Skeleton

# The thorax of the ASF skeleton, which the cgspeed conversion loses, in Spine1's frame, CMU units.
CMU_LOST_BONE = np.array([0.0015, 2.0681, 0.0080])
CMU_SPINE1_LENGTH = 2.0652
_CMU_MARKS = {"LHipJoint", "LowerBack", "Spine1", "Neck1", "LeftForeArm", "RightToeBase"}


def read_bvh(path: Path, options: ReadOptions = DEFAULTS) -> Poses3D:
    """Reads a BVH file as positions in metres, z up.

    A CMU file (cgspeed conversion) gets the bone back that the conversion lost, and loses the
    rest pose that the conversion put in front. The unit is guessed from the height of the skeleton
    (`guess_unit_m`) unless `options.unit` gives it.

    Raises:
        VvipeError: The file is damaged; the message names the line.
    """
    file = parse_bvh(read_text(path), path)
    positions, rotations = file.forward_kinematics()
    joints = tuple(j.name for j in file.joints)
    frame = np.arange(len(positions))
    if set(joints) >= _CMU_MARKS:
        positions = _with_lost_bone(file, positions, rotations)
        joints = tuple(j.replace("ToeBase_end", "Toe_end") for j in joints)
        if _starts_with_rest_pose(file):
            positions, frame = positions[1:], frame[1:]
    skeleton = options.skeleton or _skeleton(file, joints, path)
    if options.unit is None:
        # Roots may stay behind at the origin, metres away from the body.
        unit_m = guess_unit_m(positions[:, [j.parent >= 0 for j in file.joints]])
    else:
        unit_m = unit_to_m(options.unit, where=path)
    return Poses3D(
        y_up_to_z_up(pick_joints(positions, joints, skeleton, path)) * unit_m,
        skeleton,
        frame=frame,
        fps=_fps(file.frame_time_s),
        source=str(path),
    )


def _fps(frame_time_s: float) -> float:
    """Files round the frame time: .0083333 is meant to be 120 Hz."""
    fps = 1 / frame_time_s
    return float(round(fps)) if abs(fps - round(fps)) < 1e-4 * fps else fps


def _skeleton(file: BvhFile, joints: tuple[str, ...], path: Path) -> Skeleton:
    # An end site without an offset says nothing that its joint does not say, nor does the node of
    # a joint's own bone, which lies at the joint's parent.
    own = [
        name
        for name, joint in zip(joints, file.joints, strict=True)
        if (joint.channels or joint.offset.any())
        and name.removesuffix(BONE) not in {*joints} - {name}
    ]
    parent_of: dict[str, str] = {}
    for joint in range(len(joints)):
        above = [joints[i] for i in file.line_of_descent(joint) if joints[i] in own]
        parent_of |= dict(pairwise(above[:2]))
    return skeleton_of(own, parent_of, path)


def _starts_with_rest_pose(file: BvhFile) -> bool:
    """Whether frame 0 is the pose that the cgspeed conversion adds.

    Its hips do not turn and all its angles are whole degrees, which no captured frame has.
    """
    columns = [c for joint in file.joints for c in joint.columns("rotation")[1]]
    angles = file.values[:2, columns]
    return not angles[0, :3].any() and (angles % 1).any(axis=1).tolist() == [False, True]


def _with_lost_bone(file: BvhFile, positions: np.ndarray, rotations: np.ndarray) -> np.ndarray:
    """Moves neck, head and arms to the far end of the thorax, if they hang at its near end."""
    names = [j.name for j in file.joints]
    spine1 = names.index("Spine1")
    hung = {names.index(n) for n in ("Neck", "LeftShoulder", "RightShoulder") if n in names}
    for joint in (file.joints[i] for i in hung):
        if joint.parent != spine1 or joint.offset.any() or joint.columns("position")[0]:
            return positions
    above = [i for i in range(len(names)) if hung & set(file.line_of_descent(i))]
    out = positions.copy()
    # The constant is subject 02's; in other subjects' ASF files the bone is as much longer or
    # shorter as the one below it, within 1 %.
    scale = np.linalg.norm(file.joints[spine1].offset) / CMU_SPINE1_LENGTH
    out[:, above] += (rotations[:, spine1] @ CMU_LOST_BONE * scale)[:, None]
    return out


def _sniff(path: Path) -> bool:
    return read_head(path).lstrip().upper().startswith("HIERARCHY")


BVH = Format("BVH", (".bvh",), _sniff, read_bvh, write_bvh, (Poses3D,))
