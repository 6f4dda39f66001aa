from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")
pytest.importorskip("mujoco")


from vvipe.robot.points.cloned import Cloning
from vvipe.robot.points.cloning import clone
from vvipe.robot.points.comparison import (
    compare,
    contestants,
    demonstrations,
    error_curve,
    train,
)
from vvipe.robot.points.evaluation import evaluate
from vvipe.robot.points.kept import Kept
from vvipe.robot.points.observers import Points
from vvipe.robot.points.push_points import GRIPPER
from vvipe.robot.points.recordings import observed
from vvipe.robot.points.shifts import SHIFTS
from vvipe.robot.points.state import PointState


def test_training_is_the_same_by_seed(push, scene, points, recordings):
    small = [replace(c, how=Cloning(history=2, chunk=2, width=16, steps=30)) for c in
             contestants(points) if not c.name.startswith("pixels")]  # fmt: skip
    assert len(small) == 4
    for entry in small:
        one, two = (train(entry, recordings, scene, 1) for _ in range(2))
        told = np.zeros((1, 2, *one.network.shape), np.float32)
        np.testing.assert_array_equal(one.chunks(told), two.chunks(told))


def test_the_table_has_a_row_for_each_policy_and_shift(push, scene, points, tmp_path):
    entries = [replace(c, how=replace(c.how, width=32, steps=60)) for c in contestants(points)[:2]]
    told = []
    rest = (2, tmp_path, (0, 1), SHIFTS[:2], 2, told.append)
    rows = compare(push, scene, entries, *rest)
    assert [(r["policy"], r["shift"]) for r in rows] == [
        (e.name, s.name) for e in entries for s in SHIFTS[:2]
    ]
    assert all(r["episodes"] == 4 and r["demonstrations"] == 2 for r in rows)
    assert rows[2]["success"] == rows[3]["success"]  # anchored: the camera does not matter
    assert len(told) == 8
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*")}
    assert len(kept) == 4 * 3
    assert compare(push, scene, entries, *rest) == rows
    assert kept == {path: path.stat().st_mtime_ns for path in tmp_path.glob("*/*")}


def test_the_curve_begins_at_the_undisturbed_policy_and_falls(
    push, scene, points, recordings, tmp_path
):
    state = PointState(points, "anchored", GRIPPER)
    told = observed(recordings, Points(state), scene)
    how = Cloning(history=1, width=64, steps=100)
    policy = clone(told, how)
    kept = Kept(tmp_path, how, lambda: policy)
    rows = error_curve(push, scene, points, {0: kept}, (0.0, 20.0), episodes=6)
    plain = evaluate(push, scene, policy, Points(state), episodes=6)
    assert rows[0]["success"] == plain.row()["success"]
    assert [r["noise_px"] for r in rows] == [0, 20] and rows[1]["success"] <= 50


def test_demonstrations_of_seeds_differ(push):
    one, two = (demonstrations(push, 1, seed)[0] for seed in (0, 1))
    assert not np.array_equal(one.actions, two.actions)
