import numpy as np
import pytest
from matplotlib.figure import Figure

from vvipe.skeletons import skeleton_names
from vvipe.view.draw import draw_pose_2d, draw_pose_3d, fit
from vvipe.view.look import SOLID, STICKS
from vvipe.view.viewpoint import View

BACK, FROM_LEFT = View(turn_deg=180.0), View(turn_deg=90.0)
FACING = View(turn_deg=0.0)


def picture(render, draw) -> np.ndarray:
    fig = Figure(figsize=(3, 3))
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    box = draw(ax)
    if box is not None:
        fit(ax, box, 1.0)
    return render(fig)


def column(mask: np.ndarray) -> float:
    return float(np.nonzero(mask)[1].mean())


def row(mask: np.ndarray) -> float:
    return float(np.nonzero(mask)[0].mean())


def only(poses, side: str) -> np.ndarray:
    """Coordinates with everything but one side's limbs taken away."""
    coords = poses.coords.copy()
    limbs = ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")
    keep = poses.skeleton.indices(*(f"{side}_{part}" for part in limbs))
    gone = np.setdiff1d(np.arange(len(poses.skeleton)), keep)
    coords[gone] = np.nan
    return coords


@pytest.mark.parametrize("name", skeleton_names())
def test_every_skeleton_shows_both_sides(name, person, film, render, is_left, is_right):
    pose, keypoints = person(name), film(name)
    solid = picture(render, lambda ax: draw_pose_3d(ax, pose.coords, name, "canonical", FACING))
    flat = picture(render, lambda ax: draw_pose_2d(ax, keypoints.coords, name))
    for pixels in (solid, flat):
        assert is_left(pixels).mean() > 0.004
        assert is_right(pixels).mean() > 0.004
        # Seen from the front, a person's left is on the right of the picture.
        assert column(is_left(pixels)) > column(is_right(pixels)) + 20


@pytest.mark.parametrize("look", [SOLID, STICKS])
@pytest.mark.parametrize("side", ["left", "right"])
def test_only_the_colour_of_the_visible_side(side, look, person, film, render, is_left, is_right):
    pose, keypoints = only(person("h36m17"), side), only(film("coco17"), side)
    pictures = (
        picture(render, lambda ax: draw_pose_3d(ax, pose, "h36m17", "canonical", look=look)),
        picture(render, lambda ax: draw_pose_2d(ax, keypoints, "coco17", look)),
    )
    shown, absent = (is_left, is_right) if side == "left" else (is_right, is_left)
    for pixels in pictures:
        assert shown(pixels).mean() > 0.004
        assert not absent(pixels).any()


def test_sides_swap_when_seen_from_behind(person, render, is_left, is_right):
    pose = person("h36m17").coords
    pixels = picture(render, lambda ax: draw_pose_3d(ax, pose, "h36m17", "canonical", BACK))
    assert column(is_left(pixels)) < column(is_right(pixels)) - 20


def test_the_nearer_side_hides_the_farther_one(person, render, is_left, is_right):
    pose = person("h36m17").coords
    pixels = picture(render, lambda ax: draw_pose_3d(ax, pose, "h36m17", "canonical", FROM_LEFT))
    assert is_left(pixels).sum() > 5 * is_right(pixels).sum()


def test_the_default_view_turns_with_the_person(person, render):
    pose = person("h36m17").coords
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    straight, turned = (
        picture(render, lambda ax, p=p: draw_pose_3d(ax, p, "h36m17", "world"))
        for p in (pose, pose @ turn.T)
    )
    np.testing.assert_allclose(straight, turned, atol=0.02)


def test_a_camera_frame_is_drawn_as_the_camera_sees_it(person, render, is_left, is_right):
    x, y, z = person("h36m17").coords.T
    in_camera = np.stack([-y, -z, x + 4], axis=-1)  # the camera stands in front of the person
    pixels = picture(render, lambda ax: draw_pose_3d(ax, in_camera, "h36m17", "camera"))
    assert column(is_left(pixels)) > column(is_right(pixels)) + 20
    legs = in_camera.copy()
    legs[person("h36m17").skeleton.indices("left_shoulder", "left_elbow", "left_wrist")] = np.nan
    legs_only = picture(render, lambda ax: draw_pose_3d(ax, legs, "h36m17", "camera"))
    assert row(is_left(legs_only)) > row(is_right(legs_only)) + 10  # legs lie below arms


def test_image_y_points_down(film, render, is_left):
    keypoints = film("coco17").coords.copy()
    boxes = []
    ax = Figure().add_subplot()
    for shift in (0, 100):
        boxes.append(draw_pose_2d(ax, keypoints + np.array([0, shift]), "coco17"))
    np.testing.assert_allclose(boxes[1], np.array(boxes[0]) - (0, 100, 0, 100), atol=1e-3)


@pytest.mark.parametrize("name", ["h36m17", "coco17", "mediapipe33", "cmu_asf"])
def test_any_joint_may_be_missing(name, person, film, rng):
    ax = Figure().add_subplot()
    for _ in range(40):
        gone = rng.random(len(person(name).skeleton)) < rng.random()
        solid, flat = person(name).coords.copy(), film(name).coords.copy()
        solid[gone], flat[gone] = np.nan, np.nan
        for box in (draw_pose_3d(ax, solid, name), draw_pose_2d(ax, flat, name)):
            assert box is None or np.isfinite(box).all()


def test_no_joint_draws_nothing(render):
    nothing = np.full((17, 3), np.nan)
    pixels = picture(render, lambda ax: draw_pose_3d(ax, nothing, "h36m17"))
    assert (pixels == 1).all()
    assert draw_pose_2d(Figure().add_subplot(), nothing[:, :2], "coco17") is None


def test_joints_in_one_place_are_drawn(person):
    ax = Figure().add_subplot()
    box = draw_pose_3d(ax, np.zeros((17, 3)), "h36m17")
    assert box is not None and np.isfinite(box).all()


def test_fit_keeps_the_aspect_and_holds_the_box():
    ax = Figure().add_subplot()
    fit(ax, (0, 0, 4, 1), width_over_height=2.0, pad=0.0)
    assert ax.get_xlim() == (0, 4)
    assert ax.get_ylim() == (-0.5, 1.5)


def test_real_detections_are_drawn(data_root):
    import vvipe

    poses = vvipe.read(data_root / "openpose_sequences" / "seq0")
    ax = Figure().add_subplot()
    for i in range(0, len(poses), 40):
        box = draw_pose_2d(ax, poses.coords[i], poses.skeleton)
        assert box is not None
        seen = poses.coords[i][poses.mask[i]] * (1, -1)
        centre = seen.mean(axis=0)
        assert box[0] < centre[0] < box[2] and box[1] < centre[1] < box[3]
