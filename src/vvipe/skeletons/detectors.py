"""Skeletons of 2D keypoint detectors; their joints already bear the names of roles."""

from __future__ import annotations

from vvipe.skeletons.skeleton import Skeleton


def _sides(*parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for part in parts for side in ("left", "right"))


_LIMB_PARENTS = {
    f"{side}_{child}": f"{side}_{parent}"
    for side in ("left", "right")
    for child, parent in (
        ("elbow", "shoulder"),
        ("wrist", "elbow"),
        ("knee", "hip"),
        ("ankle", "knee"),
        ("heel", "ankle"),
        ("big_toe", "ankle"),
        ("small_toe", "big_toe"),
        ("foot_index", "ankle"),
        ("ear", "eye"),
        ("eye_inner", "eye"),
        ("eye_outer", "eye"),
        ("pinky", "wrist"),
        ("index", "wrist"),
        ("thumb", "wrist"),
        ("hip", "shoulder"),
    )
} | {f"{side}_{part}": "nose" for side in ("left", "right") for part in ("eye", "shoulder")}
_NECK_PARENTS = _LIMB_PARENTS | {
    "left_shoulder": "neck",
    "right_shoulder": "neck",
    "nose": "neck",
    "hip": "neck",
    "left_hip": "hip",
    "right_hip": "hip",
}

COCO13 = Skeleton(
    "coco13",
    ("nose", *_sides("shoulder", "elbow", "wrist", "hip", "knee", "ankle")),
    _LIMB_PARENTS,
)
COCO17 = Skeleton(
    "coco17",
    ("nose", *_sides("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")),
    _LIMB_PARENTS,
)
BODY25 = Skeleton(
    "body25",
    (
        "nose", "neck",
        "right_shoulder", "right_elbow", "right_wrist",
        "left_shoulder", "left_elbow", "left_wrist",
        "hip", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "right_eye", "left_eye", "right_ear", "left_ear",
        "left_big_toe", "left_small_toe", "left_heel",
        "right_big_toe", "right_small_toe", "right_heel",
    ),
    _NECK_PARENTS,
)  # fmt: skip
OPENPOSE18 = Skeleton(
    "openpose18",
    (
        "nose", "neck",
        "right_shoulder", "right_elbow", "right_wrist",
        "left_shoulder", "left_elbow", "left_wrist",
        "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
        "right_eye", "left_eye", "right_ear", "left_ear",
    ),
    _NECK_PARENTS | {"left_hip": "neck", "right_hip": "neck"},
)  # fmt: skip
MEDIAPIPE33 = Skeleton(
    "mediapipe33",
    (
        "nose",
        "left_eye_inner", "left_eye", "left_eye_outer",
        "right_eye_inner", "right_eye", "right_eye_outer",
        "left_ear", "right_ear", "mouth_left", "mouth_right",
        *_sides("shoulder", "elbow", "wrist", "pinky", "index", "thumb"),
        *_sides("hip", "knee", "ankle", "heel", "foot_index"),
    ),
    _LIMB_PARENTS | {"mouth_left": "nose", "mouth_right": "nose"},
)  # fmt: skip
HALPE26 = Skeleton(
    "halpe26",
    (
        "nose",
        *_sides("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle"),
        "head", "neck", "hip",
        *_sides("big_toe", "small_toe", "heel"),
    ),
    _NECK_PARENTS | {"head": "neck"},
)  # fmt: skip
MPII16 = Skeleton(
    "mpii16",
    (
        "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle",
        "hip", "thorax", "neck", "head",
        "right_wrist", "right_elbow", "right_shoulder",
        "left_shoulder", "left_elbow", "left_wrist",
    ),
    _NECK_PARENTS
    | {"thorax": "hip", "neck": "thorax", "head": "neck"}
    | {"left_shoulder": "thorax", "right_shoulder": "thorax", "hip": ""},
)  # fmt: skip

DETECTORS = (COCO13, COCO17, BODY25, OPENPOSE18, MEDIAPIPE33, HALPE26, MPII16)
