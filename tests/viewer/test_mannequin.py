import numpy as np
from bodies import moving, standing

from vvipe.models.inputs import H36M17
from vvipe.view.body import body_joints, torso_length
from vvipe.viewer.mannequin import BALLS, RODS, ball_mesh, colours, instances, rod_mesh


def turned(wxyz, vectors):
    """Vectors turned by a quaternion, written out."""
    w, xyz = wxyz[0], wxyz[1:]
    return vectors + 2 * np.cross(xyz, np.cross(xyz, vectors) + w * vectors)


def test_rods_go_from_joint_to_joint():
    bodies = moving(frames=12).positions
    _, rods = instances(bodies)
    assert rods.positions.shape == (12 * RODS, 3)
    for number, body in enumerate(bodies):
        joints = body_joints(body, H36M17)
        starts = rods.positions[number * RODS : (number + 1) * RODS]
        for i in range(RODS):
            k = number * RODS + i
            end = starts[i] + turned(rods.wxyzs[k], rods.scales[k] * [0, 0, 1])
            gaps = {role: np.linalg.norm(place - end) for role, place in joints.items()}
            assert min(gaps.values()) < 1e-4


def test_a_joint_that_is_not_seen_is_not_drawn():
    body = standing().positions.copy()
    whole = instances(body[None])
    body[H36M17.index("left_wrist")] = np.nan
    balls, rods = instances(body[None])
    assert len(balls.positions) == BALLS and np.isfinite(balls.positions).all()
    for before, after in zip(whole, (balls, rods), strict=True):
        gone = (after.scales == 0).all(1) & (before.scales > 0).any(1)
        assert gone.sum() == 1
    assert instances(np.full((1, 17, 3), np.nan))[0].scales.max() == 0


def test_the_head_lies_above_the_trunk_and_in_proportion():
    body = standing().positions
    balls, _ = instances(body[None])
    head = balls.positions[BALLS - 5]
    assert head[2] > body[H36M17.index("thorax"), 2]
    torso = torso_length(body_joints(body, H36M17))
    assert balls.scales.max() < torso


def test_faces_look_outwards():
    for vertices, faces in (ball_mesh(), rod_mesh()):
        a, b, c = (vertices[faces[:, i]] for i in range(3))
        normal = np.cross(b - a, c - a)
        middle = (a + b + c) / 3 - np.array([0, 0, vertices[:, 2].mean()])
        area = np.linalg.norm(normal, axis=1) > 1e-6
        assert ((normal * middle).sum(1)[area] > 0).all()


def test_left_and_right_have_their_colours():
    balls, rods = colours()
    assert (len(balls), len(rods)) == (BALLS, RODS)
    left, right = balls[0], balls[6]
    assert left[2] > left[0] and right[0] > right[2]
    assert (colours(pale=0.5)[0].astype(int) >= balls).all()
