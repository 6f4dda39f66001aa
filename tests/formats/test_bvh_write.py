"""BVH with rotations: read back by pybvh and by ourselves, steady, honest about what it bends."""

import warnings

import numpy as np
import pytest
from bodies import moving, standing

from vvipe import Poses3D, VvipeError
from vvipe.formats import WriteOptions, read, write
from vvipe.formats.axes import rows_y_up
from vvipe.formats.bvh_file import parse_bvh
from vvipe.geometry.rotations import rotation_angle


def by_pybvh(path, joints):
    """(F, J, 3) positions as pybvh has them, in the file's axes and unit."""
    import pybvh

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clip = pybvh.read_bvh_file(path)
    names = [node.name for node in clip.nodes]
    return np.asarray(clip.node_positions())[:, [names.index(j) for j in joints]]


def off_mm(poses, path):
    """The largest distance of any joint in any frame, by pybvh and by our own reader."""
    theirs = by_pybvh(path, poses.skeleton.joints) - rows_y_up(poses)
    ours = read(path).to_skeleton(poses.skeleton).positions - poses.positions
    return [1000 * np.linalg.norm(d, axis=-1).max() for d in (theirs, ours)]


def turns_deg(path):
    """The largest change of any joint's rotation between neighbouring frames, and of any angle."""
    file = parse_bvh(path.read_text(), path)
    local = file._local_rotations()
    steps = rotation_angle(np.swapaxes(local[:, :-1], -1, -2) @ local[:, 1:])
    return np.degrees(steps.max()), np.abs(np.diff(file.values[:, 3:], axis=0)).max()


def test_a_body_of_fixed_bones_reads_back_exactly(tmp_path):
    poses = moving("h36m17")
    report = write(poses, tmp_path / "a.bvh")
    assert report == {"mean_error_mm": 0.0, "largest_error_mm": 0.0}
    assert max(off_mm(poses, tmp_path / "a.bvh")) < 0.01
    assert read(tmp_path / "a.bvh").skeleton.name == "h36m17"
    assert "position" not in (tmp_path / "a.bvh").read_text().split("JOINT", 1)[1]


def test_what_bones_of_changing_length_cost_is_told(tmp_path):
    """Shoulders of coco17 hang on the nose, which turns with the thorax alone."""
    report = write(moving("coco17"), tmp_path / "a.bvh")
    assert 10 < report["largest_error_mm"] < 50
    np.testing.assert_allclose(
        off_mm(moving("coco17"), tmp_path / "a.bvh"), report["largest_error_mm"], atol=0.01
    )
    assert {*read(tmp_path / "a.bvh").skeleton.joints} == {*moving("coco17").skeleton.joints}


def test_lifted_poses_read_back_within_5_mm(tmp_path, data_root):
    from vvipe import load

    poses = load().lift(read(data_root / "openpose_sequences" / "seq1"))
    write(poses, tmp_path / "a.bvh")
    assert max(off_mm(poses, tmp_path / "a.bvh")) < 0.01
    turn, angle = turns_deg(tmp_path / "a.bvh")
    assert turn < 90 and angle < 120


def test_fast_motion_capture_is_exact_and_does_not_flip(tmp_path, data_root):
    """Acrobatics; the source's own rotations jump by 180 degrees."""
    poses = read(data_root / "cmu/bvh/49/49_06.bvh")
    write(poses, tmp_path / "a.bvh")
    assert max(off_mm(poses, tmp_path / "a.bvh")) < 0.01
    turn, angle = turns_deg(tmp_path / "a.bvh")
    assert turn < 25 and angle < 25
    mapped = poses.to_skeleton("h36m17")
    report = write(mapped, tmp_path / "b.bvh")
    np.testing.assert_allclose(
        off_mm(mapped, tmp_path / "b.bvh"), report["largest_error_mm"], atol=0.01
    )
    turn, angle = turns_deg(tmp_path / "b.bvh")
    assert turn < 15 and angle < 20


def test_no_rotation_is_a_person_upright_with_arms_out(tmp_path):
    write(standing(), tmp_path / "a.bvh")
    file = parse_bvh((tmp_path / "a.bvh").read_text(), tmp_path)
    still = parse_bvh((tmp_path / "a.bvh").read_text(), tmp_path)
    still.values[:] = 0
    place = dict(zip((j.name for j in file.joints), still.forward_kinematics()[0][0], strict=True))
    assert place["head"][1] > place["thorax"][1] > place["hip"][1] > place["left_ankle"][1]
    assert place["left_wrist"][0] > 0.5 > -0.5 > place["right_wrist"][0]
    assert place["nose"][2] > 0.05
    assert 1.5 < place["head"][1] - place["left_ankle"][1] < 1.8, "metres"


def test_gaps_are_filled_on_straight_lines_and_told(tmp_path):
    poses = moving("h36m17", frames=20)
    positions = poses.positions.copy()
    positions[7:9] = np.nan
    positions[:2, poses.skeleton.index("left_wrist")] = np.nan
    report = write(Poses3D(positions, "h36m17", fps=30), tmp_path / "a.bvh")
    assert report["filled_rows"] == 4
    hips = read(tmp_path / "a.bvh").joint("hip")
    between = (
        poses.joint("hip")[6] + np.outer([1, 2], poses.joint("hip")[9] - poses.joint("hip")[6]) / 3
    )
    np.testing.assert_allclose(hips[7:9], between, atol=1e-5)


def test_joints_never_seen_are_left_out(tmp_path):
    poses = moving("h36m17")
    positions = poses.positions.copy()
    positions[:, poses.skeleton.indices("left_elbow", "head")] = np.nan
    report = write(Poses3D(positions, "h36m17", fps=30), tmp_path / "a.bvh")
    assert report["left_out"] == ["head", "left_elbow"]
    again = read(tmp_path / "a.bvh")
    assert set(again.skeleton.joints) == {*poses.skeleton.joints} - {"head", "left_elbow"}
    assert again.skeleton.parent_of["left_wrist"] == "left_shoulder"
    with pytest.raises(VvipeError, match="no joint is seen anywhere"):
        write(Poses3D(positions * np.nan, "h36m17"), tmp_path / "b.bvh")


def test_a_root_that_stays_behind_is_left_out(tmp_path, data_root):
    poses = read(data_root / "bandai_namco_2/dataset-2_run_active_021.bvh")
    assert write(poses, tmp_path / "a.bvh")["left_out"] == ["joint_Root"]
    again = read(tmp_path / "a.bvh")
    np.testing.assert_allclose(again.joint("Hand_L"), poses.joint("Hand_L"), atol=1e-5)
    write(poses, tmp_path / "b.bvh", options=WriteOptions(bones="moving"))
    np.testing.assert_allclose(read(tmp_path / "b.bvh").positions, poses.positions, atol=1e-5)


def test_rates(tmp_path):
    positions, stamps = moving("h36m17", frames=4).positions, [0, 0.1, 0.2, 0.3]
    for poses, fps, report in (
        (Poses3D(positions, "h36m17", fps=50), 50, {}),
        (Poses3D(positions, "h36m17", fps=50, stamp_s=stamps), 10, {}),
        (Poses3D(positions, "h36m17"), 30, {"assumed_fps": 30.0}),
        (Poses3D(positions, "h36m17", stamp_s=[0, 0.02, 0.04, 0.3]), 10, {"uneven_ms": 160.0}),
    ):
        got = write(poses, tmp_path / "a.bvh")
        assert {k: v for k, v in got.items() if not k.endswith("_mm")} == report
        assert read(tmp_path / "a.bvh").fps == pytest.approx(fps)


def test_the_hierarchy_is_the_same_for_every_clip_of_a_skeleton(tmp_path):
    for seed in (1, 2):
        write(moving("h36m17", seed=seed), tmp_path / f"{seed}.bvh")
    a, b = (parse_bvh((tmp_path / f"{s}.bvh").read_text(), tmp_path).joints for s in (1, 2))
    assert [(j.name, j.parent) for j in a] == [(j.name, j.parent) for j in b]
    for one, other in zip(a, b, strict=True):
        np.testing.assert_allclose(one.offset, other.offset, atol=1e-6)
