import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.skeletons.names import mirror_columns, role_of_name

SIDED = [
    "{left}_hip", "{Left} Hip", "hip_{left}", "hip-{left}", "{L}Hip", "{l}_hip", "{left}Hip",
    "Hip_{L}", "hip.{l}", "{LEFT}_HIP",
]  # fmt: skip
SIDES = {
    "left": {"left": "left", "Left": "Left", "LEFT": "LEFT", "L": "L", "l": "l"},
    "right": {"left": "right", "Left": "Right", "LEFT": "RIGHT", "L": "R", "l": "r"},
}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("spelling", SIDED)
def test_every_spelling_of_a_side_is_understood(spelling: str, side: str) -> None:
    assert role_of_name(spelling.format(**SIDES[side])) == f"{side}_hip"


@pytest.mark.parametrize(
    ("joint", "role"),
    [
        ("Nose", "nose"),
        ("MidHip", "hip"),
        ("pelvis", "hip"),
        ("head_top", "head"),
        ("LBigToe", "left_big_toe"),
        ("Left_Shoulder", "left_shoulder"),
        ("LowerBack", "lower_back"),
        ("Root", "hip"),
    ],
)
def test_roles_of_names(joint: str, role: str) -> None:
    assert role_of_name(joint) == role


def test_mirror_pairs_names_in_every_convention() -> None:
    joints = ["nose", "mouth_left", "LHip", "mouth_right", "lfemur", "RHip", "rfemur", "lowerback"]
    assert mirror_columns(joints).tolist() == [0, 3, 5, 1, 6, 2, 4, 7]


def test_a_joint_without_counterpart_stays_where_it_is() -> None:
    assert mirror_columns(["left_hip", "nose"]).tolist() == [0, 1]


@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.builds("{}{}{}".format, st.sampled_from(["left", "right", "L", "R", "l", "r"]),
                      st.sampled_from(["_", "", " "]), st.sampled_from(["hip", "Hip", "foot"])),
            st.sampled_from(["hip", "pelvis", "root", "head", "head_top"]),
        ),
        min_size=1, unique=True,
    )
)  # fmt: skip
def test_mirroring_twice_changes_nothing_whatever_the_names(joints: list[str]) -> None:
    mirror = mirror_columns(joints)
    np.testing.assert_array_equal(mirror[mirror], np.arange(len(joints)))
