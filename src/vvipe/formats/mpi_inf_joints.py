"""The joints of MPI-INF-3DHP: 28 in `annot.mat`, 17 of them in the test set and in MMPose's npz.

Source: `util/mpii_get_joint_set.m` of the data set, the sets `all` and `relevant`.
"""

from __future__ import annotations

from vvipe.skeletons import Skeleton, get_skeleton

MPI28 = get_skeleton("mpi_inf_3dhp28")
MPI17 = Skeleton(
    MPI28.name,
    (
        "head_top", "neck",
        "right_shoulder", "right_elbow", "right_wrist",
        "left_shoulder", "left_elbow", "left_wrist",
        "right_hip", "right_knee", "right_ankle",
        "left_hip", "left_knee", "left_ankle",
        "pelvis", "spine", "head",
    ),
    MPI28.parent_of,
    MPI28.roles,
    dims=3,
)  # fmt: skip
