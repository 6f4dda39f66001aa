"""Skeletons of motion capture rigs, and Human3.6M-17, the working skeleton of the package."""

from __future__ import annotations

from vvipe.skeletons.skeleton import Skeleton


def _chain(*joints: str) -> dict[str, str]:
    return dict(zip(joints[1:], joints, strict=False))


def _both_sides(roles: dict[str, str], left: str, right: str) -> dict[str, str]:
    """Expands {"hip": "{}UpLeg"} to left_hip and right_hip."""
    return {
        f"{side}_{role}": joint.format(mark)
        for role, joint in roles.items()
        for side, mark in (("left", left), ("right", right))
    }


H36M17 = Skeleton(
    "h36m17",
    (
        "hip",
        "right_hip", "right_knee", "right_ankle",
        "left_hip", "left_knee", "left_ankle",
        "spine", "thorax", "nose", "head",
        "left_shoulder", "left_elbow", "left_wrist",
        "right_shoulder", "right_elbow", "right_wrist",
    ),
    _chain("hip", "right_hip", "right_knee", "right_ankle")
    | _chain("hip", "left_hip", "left_knee", "left_ankle")
    | _chain("hip", "spine", "thorax", "nose")
    | {"head": "thorax"}
    | _chain("thorax", "left_shoulder", "left_elbow", "left_wrist")
    | _chain("thorax", "right_shoulder", "right_elbow", "right_wrist"),
    dims=3,
)  # fmt: skip

CMU_BVH = Skeleton(
    "cmu_bvh",
    (
        "Hips",
        "LHipJoint", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase", "LeftToe_end",
        "RHipJoint", "RightUpLeg", "RightLeg", "RightFoot", "RightToeBase", "RightToe_end",
        "LowerBack", "Spine", "Spine1", "Neck", "Neck1", "Head", "Head_end",
        "LeftShoulder", "LeftArm", "LeftForeArm", "LeftHand",
        "RightShoulder", "RightArm", "RightForeArm", "RightHand",
    ),
    _chain("Hips", "LHipJoint", "LeftUpLeg", "LeftLeg", "LeftFoot", "LeftToeBase", "LeftToe_end")
    | _chain(
        "Hips", "RHipJoint", "RightUpLeg", "RightLeg", "RightFoot", "RightToeBase", "RightToe_end"
    )
    | _chain("Hips", "LowerBack", "Spine", "Spine1", "Neck", "Neck1", "Head", "Head_end")
    | _chain("Neck", "LeftShoulder", "LeftArm", "LeftForeArm", "LeftHand")
    | _chain("Neck", "RightShoulder", "RightArm", "RightForeArm", "RightHand"),
    # `Hips` lies 10 cm above the hip joints, so no joint plays `hip`: it is their middle.
    {"spine": "Spine", "thorax": "Neck", "neck": "Neck1", "head_base": "Head", "head": "Head_end"}
    | _both_sides(
        {"hip": "{}UpLeg", "knee": "{}Leg", "ankle": "{}Foot", "big_toe": "{}ToeBase",
         "shoulder": "{}Arm", "elbow": "{}ForeArm", "wrist": "{}Hand"},
        "Left", "Right",
    ),
    dims=3,
)  # fmt: skip

# A joint here is the far end of the ASF bone of the same name; `root` is the origin.
CMU_ASF = Skeleton(
    "cmu_asf",
    (
        "root",
        "lhipjoint", "lfemur", "ltibia", "lfoot", "ltoes",
        "rhipjoint", "rfemur", "rtibia", "rfoot", "rtoes",
        "lowerback", "upperback", "thorax", "lowerneck", "upperneck", "head",
        "lclavicle", "lhumerus", "lradius", "lwrist", "lhand", "lfingers", "lthumb",
        "rclavicle", "rhumerus", "rradius", "rwrist", "rhand", "rfingers", "rthumb",
    ),
    _chain("root", "lhipjoint", "lfemur", "ltibia", "lfoot", "ltoes")
    | _chain("root", "rhipjoint", "rfemur", "rtibia", "rfoot", "rtoes")
    | _chain("root", "lowerback", "upperback", "thorax", "lowerneck", "upperneck", "head")
    | _chain("thorax", "lclavicle", "lhumerus", "lradius", "lwrist", "lhand", "lfingers")
    | _chain("thorax", "rclavicle", "rhumerus", "rradius", "rwrist", "rhand", "rfingers")
    | {"lthumb": "lwrist", "rthumb": "rwrist"},
    {"spine": "lowerback", "neck": "lowerneck", "head_base": "upperneck"}
    | _both_sides(
        {"hip": "{}hipjoint", "knee": "{}femur", "ankle": "{}tibia", "big_toe": "{}foot",
         "shoulder": "{}clavicle", "elbow": "{}humerus", "wrist": "{}radius"},
        "l", "r",
    ),
    dims=3,
)  # fmt: skip

BANDAI_NAMCO = Skeleton(
    "bandai_namco",
    (
        "joint_Root", "Hips", "Spine", "Chest", "Neck", "Head",
        "Shoulder_L", "UpperArm_L", "LowerArm_L", "Hand_L",
        "Shoulder_R", "UpperArm_R", "LowerArm_R", "Hand_R",
        "UpperLeg_L", "LowerLeg_L", "Foot_L", "Toes_L",
        "UpperLeg_R", "LowerLeg_R", "Foot_R", "Toes_R",
    ),
    _chain("joint_Root", "Hips", "Spine", "Chest", "Neck", "Head")
    | _chain("Chest", "Shoulder_L", "UpperArm_L", "LowerArm_L", "Hand_L")
    | _chain("Chest", "Shoulder_R", "UpperArm_R", "LowerArm_R", "Hand_R")
    | _chain("Hips", "UpperLeg_L", "LowerLeg_L", "Foot_L", "Toes_L")
    | _chain("Hips", "UpperLeg_R", "LowerLeg_R", "Foot_R", "Toes_R"),
    # `Head` is the base of the skull; there is no top of the head and no joint at mid-torso.
    {"thorax": "Neck", "head_base": "Head", "lower_spine": "Spine", "upper_spine": "Chest"}
    | _both_sides(
        {"hip": "UpperLeg_{}", "knee": "LowerLeg_{}", "ankle": "Foot_{}", "big_toe": "Toes_{}",
         "shoulder": "UpperArm_{}", "elbow": "LowerArm_{}", "wrist": "Hand_{}"},
        "L", "R",
    ),
    dims=3,
)  # fmt: skip

MPI_INF_3DHP28 = Skeleton(
    "mpi_inf_3dhp28",
    (
        "spine3", "spine4", "spine2", "spine", "pelvis", "neck", "head", "head_top",
        "left_clavicle", "left_shoulder", "left_elbow", "left_wrist", "left_hand",
        "right_clavicle", "right_shoulder", "right_elbow", "right_wrist", "right_hand",
        "left_hip", "left_knee", "left_ankle", "left_foot", "left_toe",
        "right_hip", "right_knee", "right_ankle", "right_foot", "right_toe",
    ),
    _chain("pelvis", "spine", "spine2", "spine3", "spine4", "neck", "head", "head_top")
    | _chain("spine4", "left_clavicle", "left_shoulder", "left_elbow", "left_wrist", "left_hand")
    | _chain(
        "spine4", "right_clavicle", "right_shoulder", "right_elbow", "right_wrist", "right_hand"
    )
    | _chain("pelvis", "left_hip", "left_knee", "left_ankle", "left_foot", "left_toe")
    | _chain("pelvis", "right_hip", "right_knee", "right_ankle", "right_foot", "right_toe"),
    {"thorax": "neck", "head": "head_top", "head_base": "head"}
    | _both_sides({"big_toe": "{}_toe"}, "left", "right"),
    dims=3,
)  # fmt: skip

SMPL24 = Skeleton(
    "smpl24",
    (
        "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2",
        "left_ankle", "right_ankle", "spine3", "left_foot", "right_foot", "neck",
        "left_collar", "right_collar", "head", "left_shoulder", "right_shoulder",
        "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hand", "right_hand",
    ),
    _chain("pelvis", "spine1", "spine2", "spine3", "neck", "head")
    | _chain("pelvis", "left_hip", "left_knee", "left_ankle", "left_foot")
    | _chain("pelvis", "right_hip", "right_knee", "right_ankle", "right_foot")
    | _chain("spine3", "left_collar", "left_shoulder", "left_elbow", "left_wrist", "left_hand")
    | _chain(
        "spine3", "right_collar", "right_shoulder", "right_elbow", "right_wrist", "right_hand"
    ),
    # SMPL's `head` is the base of the skull.
    {"thorax": "neck", "spine": "spine2", "head": "", "head_base": "head"}
    | _both_sides({"big_toe": "{}_foot"}, "left", "right"),
    dims=3,
)  # fmt: skip

MOCAP = (H36M17, CMU_ASF, CMU_BVH, BANDAI_NAMCO, MPI_INF_3DHP28, SMPL24)
