from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton, skeleton_names

COCO = get_skeleton("coco17")
values = st.floats(width=32) | st.floats(allow_nan=True, allow_infinity=True)


def keypoints(rng: np.random.Generator, *leading: int) -> np.ndarray:
    return rng.uniform(0, 1000, (*leading, len(COCO), 2))


@given(arrays(np.float64, (3, 17, 2), elements=values))
def test_a_joint_is_seen_as_a_whole_or_not_at_all(coords: np.ndarray) -> None:
    poses = Poses2D(coords, "coco17")
    assert poses.keypoints.dtype == np.float32
    np.testing.assert_array_equal(np.isnan(poses.keypoints).any(-1), ~poses.mask)
    np.testing.assert_array_equal(np.isnan(poses.keypoints).all(-1), ~poses.mask)
    assert not np.isinf(poses.keypoints).any()
    small = (np.abs(coords) < 1e38).all(-1)
    assert poses.mask[small].all()


def test_confidence_zero_or_not_a_number_is_not_seen(rng: np.random.Generator) -> None:
    confidence = np.ones((2, 17))
    confidence[0, 3], confidence[1, 4] = 0, np.nan
    coords = keypoints(rng, 2)
    coords[0, 5, 1] = np.nan
    poses = Poses2D(coords, "coco17", confidence=confidence)
    assert np.argwhere(~poses.mask).tolist() == [[0, 3], [0, 5], [1, 4]]
    np.testing.assert_array_equal(poses.confidence > 0, poses.mask)


def test_the_callers_array_is_not_touched(rng: np.random.Generator) -> None:
    coords = keypoints(rng, 2).astype(np.float32)
    coords[0, 0, 0] = np.nan
    before = coords.copy()
    Poses2D(coords, "coco17", confidence=np.zeros((2, 17), np.float32)).to_skeleton("h36m17")
    np.testing.assert_array_equal(coords, before)


def test_numpy_takes_poses_as_their_coordinates(rng: np.random.Generator) -> None:
    poses = Poses2D(keypoints(rng, 2), "coco17")
    assert poses.shape == (2, 17, 2)
    np.testing.assert_array_equal(np.asarray(poses), poses.keypoints)
    assert np.array(poses, dtype=np.float64).dtype == np.float64
    copy = np.array(poses)
    copy[:] = 0
    assert poses.keypoints.max() > 0


def test_poses_cannot_be_reassigned(rng: np.random.Generator) -> None:
    poses = Poses2D(keypoints(rng, 1), "coco17")
    with pytest.raises(FrozenInstanceError):
        poses.coords = keypoints(rng, 1)  # pyright: ignore


def test_units_and_frames() -> None:
    image, world = Poses2D(np.zeros((17, 2)), "coco17"), Poses3D(np.zeros((17, 3)), "h36m17")
    assert (image.unit, image.frame_of_reference) == ("px", "image")
    assert (world.unit, world.frame_of_reference, world.up) == ("m", "world", "z")
    assert Poses3D(np.zeros((17, 3)), "h36m17", frame_of_reference="camera").up == "-y"


def test_frames_are_numbered_and_timed(rng: np.random.Generator) -> None:
    poses = Poses2D(keypoints(rng, 4), "coco17", fps=50)
    np.testing.assert_allclose(poses.time_s, [0, 0.02, 0.04, 0.06])
    assert Poses2D(keypoints(rng, 4), "coco17").time_s is None
    uneven = Poses2D(keypoints(rng, 4), "coco17", fps=50, stamp_s=[0, 0.02, 0.09, 0.1])
    np.testing.assert_allclose(uneven[2:].mirrored().time_s, [0.09, 0.1])
    assert Poses2D(keypoints(rng), "coco17").frame is None


@pytest.mark.parametrize(
    "key",
    [slice(1, 3), [2, 0], np.array([False, True, True, False]), np.array([3])],
    ids=["slice", "list", "mask", "array"],
)
def test_selection_carries_frames_and_confidence(rng: np.random.Generator, key: object) -> None:
    coords, confidence = keypoints(rng, 4).astype(np.float32), rng.uniform(0.1, 1, (4, 17))
    frame = np.array([10, 20, 30, 40])
    poses = Poses2D(coords, "coco17", frame=frame, fps=30, source="a.json", confidence=confidence)
    picked = poses[key]
    np.testing.assert_array_equal(picked.keypoints, coords[key])
    np.testing.assert_array_equal(picked.frame, frame[key])
    np.testing.assert_array_equal(picked.confidence, confidence[key].astype(np.float32))
    assert (picked.fps, picked.source, len(picked)) == (30, "a.json", len(frame[key]))


def test_one_pose_out_of_many(rng: np.random.Generator) -> None:
    poses = Poses3D(rng.normal(size=(4, 24, 3)), "smpl24", frame=np.array([5, 6, 7, 8]))
    assert poses[2].positions.shape == (24, 3)
    assert poses[2].frame == 7
    np.testing.assert_array_equal(poses[2].joint("neck"), poses.joint("neck")[2])


@pytest.mark.parametrize("leading", [(), (1,), (0,), (2, 3)])
def test_leading_dimensions_are_free(rng: np.random.Generator, leading: tuple[int, ...]) -> None:
    poses = Poses2D(keypoints(rng, *leading), "coco17", confidence=np.ones((*leading, 17)))
    mapped = poses.to_skeleton("h36m17")
    assert mapped.keypoints.shape == (*leading, 17, 2)
    assert mapped.confidence is not None
    assert mapped.confidence.shape == mapped.mask.shape == (*leading, 17)


@pytest.mark.parametrize("target", skeleton_names())
def test_mapping_keeps_rows_and_provenance(rng: np.random.Generator, target: str) -> None:
    coords = keypoints(rng, 3)
    coords[1] = np.nan
    poses = Poses2D(coords, "coco17", frame=np.array([7, 8, 9]), fps=25, source="a.json")
    mapped = poses.to_skeleton(target)
    assert mapped.skeleton is get_skeleton(target)
    assert mapped.mask.any(-1).tolist() == [True, False, True]
    assert (mapped.frame, mapped.fps, mapped.source) == (pytest.approx([7, 8, 9]), 25, "a.json")
    assert set(mapped.synthesised) <= set(mapped.skeleton.joints)


def test_the_same_joints_need_no_mapping(rng: np.random.Generator) -> None:
    poses = Poses2D(keypoints(rng, 2), "coco17")
    assert poses.to_skeleton("coco17") is poses


def test_what_was_synthesised_once_stays_listed(rng: np.random.Generator) -> None:
    poses = Poses2D(keypoints(rng, 2), "coco17").to_skeleton("h36m17").to_skeleton("mpii16")
    assert poses.synthesised == ("hip", "thorax", "neck", "head")
    assert Poses2D(keypoints(rng, 2), "coco17").to_skeleton("coco13").synthesised == ()


def test_a_made_joint_has_the_mean_confidence_of_its_makers(rng: np.random.Generator) -> None:
    confidence = np.ones((1, 17))
    confidence[0, COCO.indices("left_hip", "right_hip")] = 0.2, 0.6
    mapped = Poses2D(keypoints(rng, 1), COCO, confidence=confidence).to_skeleton("h36m17")
    columns = mapped.skeleton.indices("hip", "left_hip", "left_knee", "spine")
    assert mapped.confidence is not None
    np.testing.assert_allclose(mapped.confidence[0, columns], [0.4, 0.2, 1, 0.7], rtol=1e-6)


def test_shoulders_stand_in_for_a_neck_without_confidence(rng: np.random.Generator) -> None:
    body25 = get_skeleton("body25")
    confidence = np.full((2, 25), 0.5)
    confidence[0, body25.index("neck")] = 0
    coords = rng.uniform(0, 1000, (2, 25, 2))
    mapped = Poses2D(coords, body25, confidence=confidence).to_skeleton("h36m17")
    shoulders = coords[0, body25.indices("left_shoulder", "right_shoulder")]
    np.testing.assert_allclose(mapped.joint("thorax")[0], shoulders.mean(0), rtol=1e-6)
    assert mapped.confidence is not None
    assert mapped.confidence[0, mapped.skeleton.index("thorax")] == 0.5


@given(
    st.sampled_from(skeleton_names()),
    st.sampled_from(skeleton_names()),
    st.integers(0, 2**32 - 1),
)
def test_confidence_stays_within_that_of_the_input(source: str, target: str, seed: int) -> None:
    rng, joints = np.random.default_rng(seed), len(get_skeleton(source))
    confidence = np.where(rng.random((4, joints)) < 0.3, 0, rng.uniform(0.1, 1, (4, joints)))
    coords = rng.uniform(0, 1000, (4, joints, 2))
    poses = Poses2D(coords, source, confidence=confidence)
    mapped = poses.to_skeleton(target)
    np.testing.assert_array_equal(mapped.confidence > 0, mapped.mask)
    unsure = Poses2D(poses.keypoints, source).to_skeleton(target)
    np.testing.assert_array_equal(mapped.keypoints, unsure.keypoints)
    assert mapped.confidence.max() <= poses.confidence.max() + 1e-6
    assert (mapped.confidence[mapped.mask] > 0.1 - 1e-6).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"coords": np.zeros((2, 16, 2))}, r"wrong shape for coco17; expected \(..., 17, 2\); got"),
        ({"coords": np.zeros((2, 17, 3))}, "wrong shape"),
        ({"coords": np.zeros(34)}, "wrong shape"),
        ({"coords": 1.0}, "wrong shape"),
        ({"coords": [["a"] * 17] * 2}, "coordinates are not numbers"),
        ({"coords": [[1, 2], [3]]}, "coordinates are not numbers"),
        ({"coords": [["a"]], "confidence": np.ones((2, 17))}, "coordinates are not numbers"),
        ({"confidence": np.ones((2, 16))}, r"confidence does not fit the keypoints; expected \(2,"),
        ({"confidence": "high"}, "confidences are not numbers"),
        ({"frame": [1, 2, 3]}, r"frames do not fit the poses; expected \(2,\); got \(3,\)"),
        ({"frame": ["one", "two"]}, "frames are not numbers"),
        ({"skeleton": "coco"}, "unknown skeleton 'coco'; did you mean coco1"),
    ],
)
def test_bad_input_is_one_line_that_names_its_source(
    arguments: dict[str, object], message: str
) -> None:
    good = {"coords": np.zeros((2, 17, 2)), "skeleton": "coco17", "source": "clip.npz"}
    with pytest.raises(VvipeError, match=message) as caught:
        Poses2D(**(good | arguments))
    assert str(caught.value).startswith("clip.npz: ")
    assert "\n" not in str(caught.value)


def test_a_mirror_image_swaps_the_sides():
    coords = np.arange(2 * 13 * 2, dtype=np.float32).reshape(2, 13, 2)
    confidence = np.linspace(0.1, 1, 26).reshape(2, 13).astype(np.float32)
    poses = Poses2D(coords, "coco13", confidence=confidence)
    mirrored = poses.mirrored()
    for side, other in (("left", "right"), ("right", "left")):
        there = poses.joint(f"{other}_wrist") * [-1, 1]
        np.testing.assert_array_equal(mirrored.joint(f"{side}_wrist"), there)
    left, right = (poses.skeleton.index(f"{s}_knee") for s in ("left", "right"))
    np.testing.assert_array_equal(mirrored.confidence[:, left], confidence[:, right])
    np.testing.assert_array_equal(mirrored.mirrored().coords, coords)


def test_the_mirror_image_of_a_body_keeps_its_bones():
    poses = Poses3D(np.random.default_rng(0).normal(size=(3, 17, 3)), "h36m17", fps=30)
    mirrored = poses.mirrored()
    np.testing.assert_array_equal(mirrored.joint("hip"), poses.joint("hip") * [-1, 1, 1])
    assert mirrored.fps == 30 and mirrored.skeleton == poses.skeleton
