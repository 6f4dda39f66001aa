import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")
pytest.importorskip("mujoco")

from drawing import need_drawing

from vvipe.errors import VvipeError
from vvipe.robot.points.comparison import (
    disturbed,
)
from vvipe.robot.points.evaluation import evaluate, run_episode
from vvipe.robot.points.observers import Pixels, Points, Truth
from vvipe.robot.points.push import expert
from vvipe.robot.points.push_points import GRIPPER
from vvipe.robot.points.recordings import observed, record
from vvipe.robot.points.shifts import ANY_CAMERA, NONE, SHIFTS, Shift
from vvipe.robot.points.state import PointState

BY_NAME = {s.name: s for s in SHIFTS}


def test_the_expert_pushes_the_block_to_the_target(push, scene):
    rate = evaluate(push, scene, expert, Truth(), episodes=12)
    assert rate.successes >= 11


def test_doing_nothing_does_not(push, scene):
    rate = evaluate(push, scene, lambda now: np.zeros(4), Truth(), episodes=12)
    assert rate.successes <= 3  # a target can lie where the block already is


def test_demonstrations_keep_the_experts_wish_and_come_again_by_seed(push, recordings):
    for recording in recordings:
        assert len(recording.moments) == len(recording.actions) == 50
        assert np.abs(recording.actions).max() <= 1
        wishes = np.array([expert(m) for m in recording.moments])
        np.testing.assert_array_equal(wishes, recording.actions)
    again = record(push, 3, seed=5)
    assert all((a.actions == b.actions).all() for a, b in zip(recordings, again, strict=True))
    with pytest.raises(VvipeError, match="fails too often; expected 2"):
        record(push, 2, seed=5, steps=1)


def test_a_scene_shows_where_things_are(push, scene):
    now = push.reset(3)
    scene.dress(now, BY_NAME["all"], seed=1)
    np.testing.assert_allclose(scene.data.site("robot0:grip").xpos, now.gripper, atol=1e-9)
    np.testing.assert_allclose(scene.data.site("object0").xpos, now.block, atol=1e-9)
    np.testing.assert_allclose(scene.data.site("target0").xpos, now.target, atol=1e-9)


def test_how_it_looks_is_not_felt(push, scene):
    def path(shift):
        trace = run_episode(push, scene, expert, Truth(), shift, seed=11)
        return trace.steps, scene.snapshot.qpos.copy()

    plain, dressed = path(NONE), path(BY_NAME["all"])
    assert plain[0] == dressed[0]
    np.testing.assert_array_equal(plain[1], dressed[1])


def test_a_dress_is_taken_off_again_and_comes_again_by_seed(push, scene):
    now = push.reset(3)

    def looks(shift, seed):
        scene.dress(now, shift, seed)
        model = scene.model
        parts = (model.geom_rgba, model.mat_rgba, model.geom_pos, model.cam_pos, model.light_dir)
        return np.concatenate([p.ravel() for p in parts])

    plain, dressed = looks(NONE, 0), looks(BY_NAME["all"], 4)
    assert not np.array_equal(plain, dressed)
    np.testing.assert_array_equal(looks(BY_NAME["all"], 4), dressed)
    assert not np.array_equal(looks(BY_NAME["all"], 5), dressed)
    np.testing.assert_array_equal(looks(NONE, 9), plain)
    with pytest.raises(VvipeError, match="too many distractors"):
        scene.dress(now, Shift("more", distractors=99))


def test_prescribed_points_lie_on_what_they_name(push, scene, points):
    scene.dress(push.reset(0))
    places = points.places(scene.model, scene.data)
    now = scene.snapshot
    assert np.linalg.norm(places[points.index("target")] - now.target) == pytest.approx(0.02)
    assert np.linalg.norm(places[points.index("block_near")] - now.block) < 0.045
    assert np.linalg.norm(places[points.index(GRIPPER)] - now.gripper) < 0.15
    assert points.anchors.sum() == 4
    assert scene.camera.inside(scene.camera.project(places)).all()


def test_anchored_points_are_told_alike_from_every_camera(push, scene, points, recordings):
    state = PointState(points, "anchored", GRIPPER)
    plain = observed(recordings, Points(state), scene)
    moved = observed(recordings, Points(state), scene, ANY_CAMERA, looks=2)
    assert len(moved) == 2 * len(plain) == 6
    for i, (told, actions) in enumerate(moved):
        np.testing.assert_allclose(told, plain[i % 3][0], atol=1e-5)
        np.testing.assert_array_equal(actions, plain[i % 3][1])
    scaled = PointState(points, "scaled", GRIPPER)
    other = [observed(recordings, Points(scaled), scene, s)[0][0] for s in (NONE, ANY_CAMERA)]
    assert not np.allclose(*other, atol=1e-2)


def test_policies_on_points_see_neither_colours_nor_lamps_nor_distractors(push, scene, points):
    kinds = [PointState(points, k, GRIPPER) for k in ("scaled", "camera", "anchored")]
    now = push.reset(8)
    for state in kinds:
        told = []
        for name in ("none", "colours", "distractors", "light"):
            observer = Points(state)
            scene.dress(now, BY_NAME[name], 2)
            observer.reset(scene)
            told.append(observer(scene))
        assert all(np.array_equal(t, told[0]) for t in told)


def test_a_trace_has_what_a_film_needs(push, scene, points):
    need_drawing()
    observer = Points(PointState(points))
    trace = run_episode(push, scene, expert, observer, BY_NAME["all"], seed=2, frames=True)
    assert len(trace.frames) == len(trace.pixels) == len(trace.visible) == trace.steps
    assert trace.frames[0].shape == (72, 96, 3)
    assert trace.errors_px.max() == 0  # exact projection
    assert not np.array_equal(trace.frames[0], trace.frames[-1])
    noisy = run_episode(push, scene, expert, disturbed(points, 2.0, 0.5, 0), seed=2)
    assert 1.5 < noisy.errors_px.mean() < 3.5


def test_shifts_can_be_seen_and_distractors_too(push, scene):
    need_drawing()
    now = push.reset(3)
    frames = {}
    for shift in SHIFTS:
        scene.dress(now, shift, 4)
        frames[shift.name] = scene.frame().astype(int)
    apart = {n: (np.abs(f - frames["none"]).max(-1) > 20).mean() for n, f in frames.items()}
    assert apart.pop("none") == 0
    assert min(apart.values()) > 0.01 and apart["colours"] > 0.3


def test_pixels_are_frames(push, scene, recordings):
    need_drawing()
    frames, actions = observed(recordings[:1], Pixels(), scene)[0]
    assert frames.shape == (50, 72, 96, 3) and frames.dtype == np.uint8
    assert actions.shape == (50, 4)
