import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")
pytest.importorskip("mujoco")

from drawing import need_drawing

from vvipe.robot.points.evaluation import TEST_SEED, tracking_row
from vvipe.robot.points.learned import Correspondence, patch_features
from vvipe.robot.points.lucas_kanade import LucasKanade
from vvipe.robot.points.observers import Points, exact
from vvipe.robot.points.push import expert
from vvipe.robot.points.scene import Scene
from vvipe.robot.points.state import PointState, depth_at
from vvipe.robot.points.tracking import Disturbed


def test_lucas_kanade_follows_the_experts_episodes(push, points):
    """Nearly all that is seen; what the gripper or the block hides is told as hidden, and found."""
    need_drawing()
    large = Scene(push.xml, (480, 480))
    observer = Points(PointState(points), lambda *_: LucasKanade(), drawn=True)
    now = push.reset(TEST_SEED)
    large.dress(now)
    observer.reset(large)
    hidden, believed, errors = [], [], []
    for _ in range(50):
        large.show(now)
        observer(large)
        true = large.camera.project(points.places(large.model, large.data))
        hidden.append(depth_at(large.depth(), true[:, :2]) < true[:, 2] - 0.012)
        believed.append(observer.visible)
        errors.append(np.linalg.norm(observer.pixels - true[:, :2], axis=1))
        now = push.step(np.clip(expert(now), -1, 1))
    row = tracking_row(push, large, observer, episodes=1)
    large.close()
    hidden, believed, errors = (np.array(x)[:, ~points.anchors] for x in (hidden, believed, errors))
    assert hidden.mean() > 0.1  # or there is nothing to tell
    assert (~believed[~hidden]).mean() < 0.15 and believed[hidden].mean() < 0.1
    assert np.percentile(errors[hidden], 90) <= 10
    assert row["median_px"] == round(float(np.median(errors)), 2) <= 2


def test_depth_under_hidden_points_is_not_taken_for_theirs(push, points):
    """Exact pixels, drawn depth: what the arm hides is where the block carries it."""
    need_drawing()
    large = Scene(push.xml, (240, 240))
    state = PointState(points, "camera", None)
    observer, truly = Points(state, exact, drawn=True), Points(state)
    hidden, errors = [], []
    now = push.reset(2_000_003)
    large.dress(now)
    observer.reset(large)
    truly.reset(large)
    for _ in range(50):
        large.show(now)
        told = observer(large), truly(large)
        errors.append(np.abs(told[0] - told[1]).reshape(-1, 3).max(1))
        hidden.append(~observer.visible[~points.helpers])
        now = push.step(np.clip(expert(now), -1, 1))
    large.close()
    errors, hidden = np.array(errors), np.array(hidden)
    assert 0.02 < hidden.mean() < 0.4
    assert np.quantile(errors[~hidden], 0.95) < 0.01 and np.median(errors[hidden]) < 0.02


def test_drawn_depth_is_the_depth_of_what_is_seen(push, points):
    need_drawing()
    large = Scene(push.xml, (240, 240))
    large.dress(push.reset(0))
    observer = Points(PointState(points, "camera", None), lambda *_: LucasKanade(), drawn=True)
    observer.reset(large)
    told = observer(large).reshape(-1, 3)
    truly = Points(PointState(points, "camera", None))
    truly.reset(large)
    near = np.abs(told - truly(large).reshape(-1, 3)).max(1)
    assert np.median(near) < 0.005
    large.close()


def test_points_can_begin_where_descriptors_find_them(push, scene, points):
    need_drawing()
    scene.dress(push.reset(0))
    places = points.places(scene.model, scene.data)
    clicked = scene.camera.project(places)[:, :2]
    known = Correspondence(patch_features(), scene.frame(), clicked)
    state = PointState(points)
    observer = Points(
        state, lambda *_: LucasKanade(), drawn=True, first=lambda frame: known.find(frame)[0]
    )
    observer.reset(scene)
    assert np.abs(observer.pixels - clicked).max() <= 0.5
    assert np.isfinite(observer(scene)).all()


def test_a_lost_point_keeps_its_place_and_its_depth(push, scene, points):
    state = PointState(points, "camera", None)
    observer = Points(state, lambda s, p: Disturbed(exact(s, p), dropout=1.0))
    now = push.reset(4)
    scene.dress(now)
    observer.reset(scene)
    first = observer(scene)
    for _ in range(5):
        now = push.step(expert(now))
        scene.show(now)
    np.testing.assert_array_equal(observer(scene), first)
    seen = Points(state)
    seen.reset(scene)
    assert not np.allclose(seen(scene), first, atol=1e-3)
