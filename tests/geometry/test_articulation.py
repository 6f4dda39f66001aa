"""Fixed bones that follow positions, without flips, whatever way they pass."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.geometry.articulation import articulate
from vvipe.geometry.rotations import rotation_angle
from vvipe.skeletons import Skeleton

ROD = Skeleton("rod", ("a", "b", "c"), {"b": "a", "c": "b"}, dims=3)
FORK = Skeleton("fork", ("a", "b", "c", "d"), {"b": "a", "c": "a", "d": "a"}, dims=3)
REST = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0.0]])


def places(body):
    """Naive twin: forward kinematics by loops, (F, nodes, 3)."""
    frames = len(body.roots_m)
    out = np.zeros((frames, len(body.nodes), 3))
    for f in range(frames):
        turns = []
        for i, node in enumerate(body.nodes):
            if node.parent < 0:
                out[f, i] = body.roots_m[f, 0]
                turns.append(node.rotations[f])
            else:
                out[f, i] = out[f, node.parent] + turns[node.parent] @ node.offset_m
                turns.append(turns[node.parent] @ node.rotations[f])
    return out


@given(st.integers(0, 2**32 - 1))
def test_errors_are_those_of_the_hierarchy(seed):
    rng = np.random.default_rng(seed)
    positions = rng.normal(size=(5, 4, 3))
    body = articulate(positions, FORK, rng.normal(size=(4, 3)))
    columns = [[n.name for n in body.nodes].index(j) for j in FORK.joints]
    off = np.linalg.norm(places(body)[:, columns] - positions, axis=-1)
    np.testing.assert_allclose(off, body.errors_m, atol=1e-9)
    for node in body.nodes:
        eye = node.rotations @ np.swapaxes(node.rotations, -1, -2)
        np.testing.assert_allclose(eye, np.broadcast_to(np.eye(3), eye.shape), atol=1e-9)
        np.testing.assert_allclose(np.linalg.det(node.rotations), 1)


@given(st.integers(0, 2**32 - 1))
def test_a_rigid_body_is_followed_exactly_by_one_rotation(seed):
    from scipy.spatial.transform import Rotation

    rng = np.random.default_rng(seed)
    rest = rng.normal(size=(4, 3))
    turns = Rotation.random(6, rng=rng).as_matrix()
    positions = (turns[:, None] @ (rest - rest[0])[..., None])[..., 0] + rng.normal(size=(6, 1, 3))
    body = articulate(positions, FORK, rest)
    assert body.errors_m.max() < 1e-9
    assert [n.name for n in body.nodes] == ["a", "b_bone", "b", "c_bone", "c", "d_bone", "d"]


def swept(azimuth, polar):
    """A rod of two bones whose first sweeps about the direction opposite to rest."""
    first = np.stack(
        [-np.cos(polar), np.sin(polar) * np.cos(azimuth), np.sin(polar) * np.sin(azimuth)], -1
    )
    return np.stack([np.zeros_like(first), first, 2 * first], axis=1)


@pytest.mark.parametrize("miss_rad", [0.0, 1e-6, 0.01, 0.1])
def test_a_bone_that_passes_the_point_opposite_to_rest_does_not_flip(miss_rad):
    """It goes straight past, 3 degrees a frame; the shortest turn from rest would spin by 360."""
    along = np.radians(np.arange(-60, 61, 3.0))
    side, miss = np.sin(along) * np.cos(miss_rad), np.sin(miss_rad)
    first = np.stack([-np.cos(along) * np.cos(miss_rad), side, np.full_like(along, miss)], -1)
    positions = np.stack([np.zeros_like(first), first, 2 * first], axis=1)
    body = articulate(positions, ROD, REST)
    steps = rotation_angle(
        np.swapaxes(body.nodes[0].rotations[:-1], -1, -2) @ body.nodes[0].rotations[1:]
    )
    assert np.degrees(steps.max()) < 12
    assert body.errors_m.max() < 2e-5


def test_nothing_winds_up():
    """Ten cones later the bone's turn about itself is what it was."""
    azimuth = np.linspace(0, 20 * np.pi, 601)
    positions = swept(azimuth, np.full(601, np.pi - 0.6))
    first = articulate(positions, ROD, REST).nodes[0].rotations
    after_one, after_nine = first[60], first[540]
    assert np.degrees(rotation_angle(after_one.T @ after_nine)) < 1
    steps = rotation_angle(np.swapaxes(first[:-1], -1, -2) @ first[1:])
    assert np.degrees(steps.max()) < 6
