"""The schema in, and the same poses back after writing, in npz, Parquet and JSON alike."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe import Poses2D, Poses3D, VvipeError, get_skeleton
from vvipe.formats import read, write

SKELETONS_2D = ["coco17", "body25", "mediapipe33"]
SKELETONS_3D = ["h36m17", "cmu_bvh", "smpl24"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("npz")


@st.composite
def poses_2d(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, name = draw(st.integers(1, 5)), draw(st.sampled_from(SKELETONS_2D))
    joints = len(get_skeleton(name))
    keypoints = rng.normal(300, 200, (rows, joints, 2))
    keypoints[rng.uniform(size=(rows, joints)) < 0.3] = np.nan
    keypoints[0, 0] = 1
    confidence = rng.uniform(0.01, 1, (rows, joints)) if draw(st.booleans()) else None
    size = draw(st.none() | st.just((1920, 1080)))
    fps = draw(st.none() | st.just(29.97))
    frame = draw(st.none() | st.just(rng.integers(0, 10**6, rows)))
    stamps = draw(st.none() | st.just(np.sort(rng.uniform(0, 9, rows))))
    return Poses2D(
        keypoints, name, frame, fps, confidence=confidence, image_size=size, stamp_s=stamps
    )


@st.composite
def poses_3d(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows, name = draw(st.integers(1, 5)), draw(st.sampled_from(SKELETONS_3D))
    joints = len(get_skeleton(name))
    positions = rng.normal(0, 3, (rows, joints, 3))
    positions[rng.uniform(size=(rows, joints)) < 0.3] = np.nan
    positions[0, 0] = 1
    reference = draw(st.sampled_from(["world", "camera", "canonical"]))
    return Poses3D(positions, name, fps=25.0, frame_of_reference=reference)


def assert_same(again, poses, atol=0.0):
    assert type(again) is type(poses)
    assert again.skeleton == poses.skeleton
    assert again.fps == poses.fps
    np.testing.assert_array_equal(again.frame, poses.frame)
    assert (again.stamp_s is None) == (poses.stamp_s is None)
    if poses.stamp_s is not None:
        np.testing.assert_array_equal(again.stamp_s, poses.stamp_s)
    np.testing.assert_allclose(again.coords, poses.coords, rtol=0, atol=atol)
    if isinstance(poses, Poses3D):
        assert again.frame_of_reference == poses.frame_of_reference
        return
    assert again.image_size == poses.image_size
    assert (again.confidence is None) == (poses.confidence is None)
    if poses.confidence is not None:
        np.testing.assert_array_equal(again.confidence, poses.confidence)


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
@given(poses=poses_2d() | poses_3d())
def test_round_trip(folder, suffix, poses):
    path = folder / f"poses{suffix}"
    write(poses, path)
    again = read(path)
    assert_same(again, poses)
    assert again.source == str(path)


@given(poses=poses_3d())
def test_json_round_trip(folder, poses):
    write(poses, folder / "poses.json")
    assert_same(read(folder / "poses.json"), poses, atol=1e-6)


def save(tmp_path, **arrays):
    np.savez(tmp_path / "in.npz", **arrays)
    return tmp_path / "in.npz"


def body(rng, n=2, joints=17, dims=3):
    return rng.uniform(-0.8, 0.8, (n, joints, dims))


def test_unit_and_up(tmp_path, rng):
    positions = body(rng)
    x, y, z = np.moveaxis(positions, -1, 0)
    path = save(tmp_path, positions=positions * 1000, skeleton="h36m17", unit="mm", up="y")
    poses = read(path)
    np.testing.assert_allclose(poses.positions, np.stack([x, -z, y], -1), atol=1e-6)
    assert (poses.unit, poses.up, poses.frame_of_reference) == ("m", "z", "world")
    path = save(tmp_path, positions=positions * 100, skeleton="h36m17", unit="cm", up="z")
    np.testing.assert_allclose(read(path).positions, positions, atol=1e-6)


def test_missing_unit_is_metres_only_if_a_person_can_be_so_tall(tmp_path, rng):
    positions = body(rng)
    path = save(tmp_path, positions=positions, skeleton="h36m17")
    np.testing.assert_allclose(read(path).positions, positions, atol=1e-6)
    path = save(tmp_path, positions=positions * 100, skeleton="h36m17")
    with pytest.raises(VvipeError, match="no unit"):
        read(path)


def test_joints_instead_of_a_skeleton(tmp_path, rng):
    names = ["nose", "left_hip", "right_hip"]
    poses = read(save(tmp_path, keypoints=body(rng, joints=3, dims=2), joints=names))
    assert poses.skeleton.joints == tuple(names)
    joints = np.array(get_skeleton("body25").joints, dtype="S")
    assert read(save(tmp_path, keypoints=body(rng, joints=25), joints=joints)).skeleton == (
        get_skeleton("body25")
    )


def test_skeleton_of_the_caller_wins(tmp_path, rng):
    path = save(tmp_path, keypoints=body(rng, dims=2))
    with pytest.raises(VvipeError, match="no skeleton"):
        read(path)
    assert read(path, skeleton="coco17").skeleton.name == "coco17"
    with pytest.raises(VvipeError, match="wrong shape for body25"):
        read(path, skeleton="body25")


def test_one_pose_and_several_leading_dimensions(tmp_path, rng):
    one = read(save(tmp_path, keypoints=body(rng, dims=2)[0], skeleton="coco17"))
    assert one.keypoints.shape == (17, 2)
    many = rng.uniform(size=(4, 3, 17, 3))
    path = save(tmp_path, positions=many, skeleton="h36m17", unit="m", up="z", frame=range(4))
    assert read(path).positions.shape == many.shape


def test_zero_confidence_is_unseen(tmp_path, rng):
    keypoints = np.concatenate([body(rng, dims=2), np.ones((2, 17, 1))], -1)
    keypoints[1, 4, 2] = 0
    mask = read(save(tmp_path, keypoints=keypoints, skeleton="coco17")).mask
    assert not mask[1, 4] and mask.sum() == 2 * 17 - 1


def test_action_clips_in_one_file(data_root):
    poses = read(data_root / "cmu/actions/cmu_actions.npz")
    assert poses.skeleton == get_skeleton("cmu_bvh")
    assert poses.positions.shape == (24196, 28, 3)
    assert poses.fps == 30
    assert 1.3 < np.median(np.ptp(poses.positions[..., 2], axis=1)) < 1.8


KEYPOINTS, POSITIONS = np.ones((2, 17, 2)), np.ones((2, 17, 3))
JOINTS = list(get_skeleton("coco17").joints)


@pytest.mark.parametrize(
    "arrays, message",
    [
        ({"skeleton": "coco17"}, "expected either keypoints"),
        ({"embeddings": KEYPOINTS}, "expected either keypoints .* got embeddings"),
        ({"keypoints": KEYPOINTS, "positions": POSITIONS}, "got keypoints and positions"),
        ({"keypoints": np.ones((2, 17, 4)), "skeleton": "coco17"}, "wrong shape of keypoints"),
        ({"keypoints": np.ones(17), "skeleton": "coco17"}, "wrong shape of keypoints"),
        ({"keypoints": np.ones((2, 16, 2)), "skeleton": "coco17"}, "wrong shape for coco17"),
        ({"positions": KEYPOINTS, "skeleton": "h36m17"}, "wrong shape of positions"),
        ({"keypoints": KEYPOINTS.astype(str), "skeleton": "coco17"}, "keypoints are not numbers"),
        ({"keypoints": KEYPOINTS, "skeleton": "coco71"}, "did you mean coco17"),
        ({"keypoints": KEYPOINTS, "skeleton": "coco17", "joints": JOINTS[::-1]}, "joints are not"),
        ({"keypoints": KEYPOINTS, "joints": ["nose"] * 17}, "listed twice"),
        ({"keypoints": KEYPOINTS, "skeleton": "coco17", "frame": [1]}, "wrong shape of frame"),
        ({"keypoints": KEYPOINTS, "skeleton": "coco17", "frame": [1, 1.5]}, "whole numbers"),
        ({"keypoints": KEYPOINTS, "skeleton": "coco17", "fps": 0}, "fps must be one positive"),
        ({"keypoints": KEYPOINTS, "skeleton": "coco17", "image_size": 7}, "wrong image_size"),
        ({"positions": POSITIONS, "skeleton": "h36m17", "unit": "km"}, "unknown unit"),
        ({"positions": POSITIONS, "skeleton": "h36m17", "up": "x"}, "wrong up"),
        (
            {"positions": POSITIONS, "skeleton": "h36m17", "frame_of_reference": "moon"},
            "unknown frame_of_reference",
        ),
    ],
)
def test_wrong_columns(tmp_path, arrays, message):
    path = save(tmp_path, **arrays)
    with pytest.raises(VvipeError, match=message) as error:
        read(path)
    assert str(path) in str(error.value)


def test_parquet_of_someone_elses_lists(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "in.parquet"
    rows = KEYPOINTS.tolist()
    pq.write_table(pa.table({"keypoints": rows, "skeleton": ["coco17"] * 2}), path)
    np.testing.assert_array_equal(read(path).keypoints, KEYPOINTS)
    pq.write_table(pa.table({"keypoints": rows, "skeleton": ["coco17", "body25"]}), path)
    with pytest.raises(VvipeError, match="column 'skeleton': more than one value"):
        read(path)
    rows[1] = rows[1][:5]
    pq.write_table(pa.table({"keypoints": rows, "skeleton": ["coco17"] * 2}), path)
    with pytest.raises(VvipeError, match="column 'keypoints': lists of different lengths"):
        read(path)


def test_json_is_strict_and_names_its_joints(tmp_path):
    positions = POSITIONS.copy()
    positions[0, 1] = np.nan
    write(Poses3D(positions, "h36m17"), tmp_path / "out.json")
    content = json.loads((tmp_path / "out.json").read_text(), parse_constant=pytest.fail)
    assert content["positions"][0][1] == [None] * 3
    assert content["joints"] == list(get_skeleton("h36m17").joints)
    assert (content["unit"], content["up"]) == ("m", "z")
