"""The prototype library of a model that keeps poses as they are: its codes are the joints."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from bodies import moving, standing

from vvipe import Poses3D, get_skeleton
from vvipe.models.inputs import pose_inputs, torso_m
from vvipe.training.prototypes import MOTION_FRAMES, _spread_out, build_prototypes

H36M17 = get_skeleton("h36m17")


@dataclass
class Faithful:
    """Embeds a 3D pose as its canonical joint positions."""

    def embed(self, poses):
        points, _, usable, _ = pose_inputs(poses)
        vectors = np.where(usable[:, None], points.reshape(len(points), -1), np.nan)
        return SimpleNamespace(vectors=vectors.astype(np.float32))

    def decode(self, vectors):
        positions = vectors.reshape(-1, 17, 3) * torso_m()
        return Poses3D(positions, H36M17, frame_of_reference="canonical")


def clip(name, frames=90, seed=0):
    return SimpleNamespace(name=name), moving(frames=frames, seed=seed)


@pytest.fixture
def library():
    clips = [clip("a", 90, 1), clip("b", 120, 2), clip("short", MOTION_FRAMES - 1, 3)]
    return build_prototypes(Faithful(), iter(clips))


def naive_spread(points, count):
    chosen = [min(range(len(points)), key=lambda i: np.linalg.norm(points[i] - points.mean(0)))]
    while len(chosen) < count:
        chosen.append(
            max(
                range(len(points)),
                key=lambda i: min(np.linalg.norm(points[i] - points[j]) for j in chosen),
            )
        )
    return chosen


def test_poses_are_spread_out_as_by_loops(rng):
    points = rng.normal(size=(40, 3)).astype(np.float32)
    assert _spread_out(points, 12) == naive_spread(points, 12)


def test_every_name_leads_to_its_pose(library):
    clips = {name: Faithful().embed(moving(frames=f, seed=s)).vectors
             for name, f, s in (("a", 90, 1), ("b", 120, 2), ("short", 59, 3))}  # fmt: skip
    assert len(library) == len(library.names) == len(set(library.names)) == 90 + 120 + 59
    for name in library.names[library.key_poses :]:
        source, _, frame = name.partition("@")
        np.testing.assert_array_equal(library.vector(name), clips[source][int(frame)])


LEFT_UP = {"left_elbow": (0, -0.25, 0.7), "left_wrist": (0, -0.25, 0.95)}
RIGHT_UP = {"right_elbow": (0, 0.25, 0.7), "right_wrist": (0, 0.25, 0.95)}
OUT = {"left_elbow": (0, -0.46, 0.44), "left_wrist": (0, -0.72, 0.44),
       "right_elbow": (0, 0.46, 0.44), "right_wrist": (0, 0.72, 0.44)}  # fmt: skip
LEGS = {"left_knee": (0, -0.12), "left_ankle": (0, -0.12), "right_knee": (0, 0.12),
        "right_ankle": (0, 0.12)}  # fmt: skip


def legs(left_knee, left_ankle, right_knee, right_ankle):
    """Where the legs are, (x, z) each."""
    places = zip(LEGS, (left_knee, left_ankle, right_knee, right_ankle), strict=True)
    return {joint: (x, LEGS[joint][1], z) for joint, (x, z) in places}


KEY_POSES = {
    "stand": {},
    "t-pose": OUT,
    "arms-up": LEFT_UP | RIGHT_UP,
    "left-arm-up": LEFT_UP,
    "right-arm-up": RIGHT_UP,
    "crouch": legs((-0.38, -0.1), (0, -0.2), (-0.38, -0.1), (0, -0.2)),
    "bow": legs((-0.4, -0.15), (-0.75, -0.3), (-0.4, -0.15), (-0.75, -0.3))
    | {"head": (-0.3, 0, 0.65)},
    "stride": legs((-0.2, -0.35), (-0.4, -0.75), (0.2, -0.35), (0.4, -0.75)),
    "left-leg-up": legs((-0.4, 0), (-0.4, -0.1), (0, -0.43), (0, -0.85)),
    "right-leg-up": legs((0, -0.43), (0, -0.85), (-0.4, 0), (-0.4, -0.1)),
}


def test_key_poses_are_what_their_names_say():
    poses = np.tile(standing().positions, (len(KEY_POSES), 1, 1))
    for pose, places in zip(poses, KEY_POSES.values(), strict=True):
        for joint, place in places.items():
            pose[H36M17.index(joint)] = place
    recorded = Poses3D(poses[::-1], H36M17)  # the order of the frames does not help
    library = build_prototypes(Faithful(), [(SimpleNamespace(name="clip"), recorded)])
    assert library.names == tuple(KEY_POSES) and library.key_poses == len(KEY_POSES)
    expected = Faithful().embed(Poses3D(poses, H36M17)).vectors
    for name, vector in zip(KEY_POSES, expected, strict=True):
        got = np.abs(expected - library.vector(name)).max(1).argmin()
        assert list(KEY_POSES)[got] == name
        np.testing.assert_allclose(library.vector(name), vector, atol=1e-6)


def test_motions_are_two_lively_seconds(library):
    assert len(library.motions) == 2  # the third clip is too short
    for name, codes in library.motions.items():
        source, _, start = name.partition("@")
        frames, seed = {"a": (90, 1), "b": (120, 2)}[source]
        whole = Faithful().embed(moving(frames=frames, seed=seed)).vectors
        np.testing.assert_array_equal(codes, whole[int(start) : int(start) + MOTION_FRAMES])
        travel = [
            np.linalg.norm(np.diff(whole[i : i + MOTION_FRAMES], axis=0), axis=1).sum()
            for i in range(frames - MOTION_FRAMES + 1)
        ]
        assert travel[int(start)] == pytest.approx(max(travel), rel=1e-4)


def test_rows_without_a_pose_are_left_out():
    about, poses = clip("a", 30)
    holed = poses.positions.copy()
    holed[3:9] = np.nan
    library = build_prototypes(Faithful(), [(about, Poses3D(holed, H36M17))])
    assert len(library) == 24 and np.isfinite(library.vectors).all()


@pytest.mark.parametrize("frames", [1, 9])
def test_a_tiny_bank_has_fewer_key_poses(frames):
    library = build_prototypes(Faithful(), [clip("a", frames)])
    assert library.key_poses == len(library) == frames and library.names[0] == "stand"
