import numpy as np
import pytest
from bodies import standing

from vvipe.geometry.bones import bone_lengths
from vvipe.models.inputs import H36M17
from vvipe.viewer.posing import MOVABLE, moved

BODY = standing().positions


@pytest.mark.parametrize("joint", MOVABLE)
def test_bones_keep_their_lengths_wherever_a_joint_goes(joint, rng):
    for target in rng.normal(0, 1, (20, 3)):
        after = moved(BODY, joint, target)
        before = bone_lengths(BODY, H36M17)
        assert np.allclose(bone_lengths(after, H36M17), before, atol=2e-4)


@pytest.mark.parametrize("joint", ["left_wrist", "right_wrist", "left_ankle", "right_ankle"])
def test_the_end_of_a_limb_reaches_what_is_within_reach(joint):
    target = BODY[H36M17.index(joint)] + np.array([-0.1, 0.05, 0.2])
    after = moved(BODY, joint, target)
    assert np.allclose(after[H36M17.index(joint)], target, atol=1e-4)
    side, end = joint.split("_")
    limb = {"wrist": ("elbow", "wrist"), "ankle": ("knee", "ankle")}[end]
    still = [j for j in H36M17.joints if j not in [f"{side}_{part}" for part in limb]]
    columns = H36M17.indices(*still)
    assert np.allclose(after[columns], BODY[columns])


def test_what_hangs_on_a_joint_moves_along():
    after = moved(BODY, "thorax", BODY[H36M17.index("thorax")] + np.array([0.0, 0.3, 0.0]))
    columns = H36M17.indices("head", "left_wrist", "right_elbow")
    shift = after[columns] - BODY[columns]
    assert np.allclose(shift, shift[0], atol=1e-6) and shift[0, 1] > 0.1
    assert np.allclose(after[H36M17.index("left_knee")], BODY[H36M17.index("left_knee")])
