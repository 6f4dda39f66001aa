from itertools import product

import numpy as np
from bodies import filmed
from hypothesis import given
from hypothesis import strategies as st

from vvipe.embeddings import Embeddings
from vvipe.models.sides import (
    embedded_in_sequence,
    sides_put_right,
    swapped_frames,
    with_swapped_sides,
)


def length(both, states, usual):
    """Of one way, by a loop."""
    total = usual * sum(states)
    for i in range(1, len(states)):
        total += ((both[states[i]][i] - both[states[i - 1]][i - 1]) ** 2).sum()
    return total


@given(st.integers(2, 7), st.integers(0, 999))
def test_no_way_is_shorter(count, seed):
    both = np.random.default_rng(seed).normal(0, 1, (2, count, 3))
    both[1] += 4  # far from each other, so that steps tell of the sides
    usual = np.median((np.diff(both[0], axis=0) ** 2).sum(1))
    ways = {s: length(both, s, usual) for s in product((0, 1), repeat=count)}
    found = tuple(swapped_frames(*both).astype(int).tolist())
    assert np.isclose(ways[found], min(ways.values()))


class Sided:
    """Embeds keypoints as they are."""

    def embed(self, poses):
        flat = poses.coords.reshape(len(poses), -1)
        return Embeddings(flat, np.zeros_like(flat), poses.frame, poses.source)


def film(rng):
    """Half a second of one body that hardly moves, seen from one side."""
    pose = filmed("coco13", frames=1).coords
    return np.repeat(pose, 15, 0) + rng.normal(0, 1, (15, 13, 2)).astype(np.float32)


def test_swapped_frames_are_put_right(rng):
    from vvipe import Poses2D

    coords = film(rng)
    coords[11] = np.nan
    poses = Poses2D(coords, "coco13")
    broken = coords.copy()
    broken[4:7] = with_swapped_sides(poses).coords[4:7]
    found = embedded_in_sequence(Sided(), Poses2D(broken, "coco13"))
    np.testing.assert_array_equal(found.vectors, Sided().embed(poses).vectors)
    right, swapped = sides_put_right(Sided(), Poses2D(broken, "coco13"))
    assert np.flatnonzero(swapped).tolist() == [4, 5, 6]
    np.testing.assert_array_equal(right.coords, coords)


def test_frames_that_do_not_follow_each_other_stay(rng):
    from vvipe import Poses2D

    poses = Poses2D(rng.normal(300, 100, (40, 13, 2)), "coco13")
    assert not sides_put_right(Sided(), poses)[1].any()


def test_sides_of_keypoints_and_confidence_are_swapped(rng):
    from dataclasses import replace

    from vvipe import Poses2D

    poses = Poses2D(film(rng), "coco13", confidence=rng.uniform(0.1, 1, (15, 13)))
    other = with_swapped_sides(poses)
    np.testing.assert_array_equal(other.joint("left_knee"), poses.joint("right_knee"))
    np.testing.assert_array_equal(other.joint("nose"), poses.joint("nose"))
    left, right = (poses.skeleton.index(f"{s}_knee") for s in ("left", "right"))
    np.testing.assert_array_equal(other.confidence[:, left], poses.confidence[:, right])
    one = replace(poses, coords=poses.coords[:1], confidence=None, frame=None)
    assert len(embedded_in_sequence(Sided(), one)) == 1
