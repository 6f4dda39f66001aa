"""The three forms of Human3.6M give the same poses; what is missing is named."""

import numpy as np
import pytest
from licensed_files import TEST, TRAIN, motion, pixels_of, write_cdfs, write_mmpose, write_videopose

from vvipe import VvipeError
from vvipe.datasets import catalogue, human36m_catalogue
from vvipe.datasets.human36m import human36m_recordings
from vvipe.datasets.human36m_cameras import CAMERA_IDS

CPN = "data_2d_h36m_cpn_ft_h36m_dbb.npz"


def error_of(call, *args, **options):
    with pytest.raises(VvipeError) as error:
        call(*args, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_splits(tmp_path):
    write_videopose(tmp_path, actions=("Directions", "Directions 1"))
    clips = human36m_catalogue(tmp_path)
    assert {c.subject for c in clips if c.split == "train"} == set(TRAIN)
    assert {c.subject for c in clips if c.split == "test"} == set(TEST)
    assert len(clips) == 2 * 7 - 1  # without S11's Directions
    assert "S11 Directions" not in {c.name for c in clips}
    assert {c.action for c in clips} == {"Directions"}
    assert catalogue(tmp_path) == clips


@pytest.fixture(params=["videopose", "cdf", "mmpose"])
def form(request, tmp_path):
    """A folder in one of the forms, and every how many frames it holds."""
    if request.param == "videopose":
        write_videopose(tmp_path, TEST)
    elif request.param == "cdf":
        pytest.importorskip("cdflib")
        write_cdfs(tmp_path)
    else:
        write_mmpose(tmp_path / "annotation_body3d" / "fps10" / "h36m_test.npz")
    return tmp_path, 5 if request.param == "mmpose" else 1


def test_every_form_gives_the_same_poses(form):
    root, step = form
    clips = {c.name: c for c in catalogue(root)}
    for subject in TEST:
        for action in ("Walking 1", "Photo"):
            clip = clips[f"{subject} {action}"]
            poses = clip.poses(None)
            np.testing.assert_allclose(poses.positions, motion(subject, action)[::step], atol=1e-5)
            np.testing.assert_array_equal(poses.frame, np.arange(len(poses)))
            assert poses.fps == clip.fps == 50 / step
            assert poses.frame_of_reference == "world" and poses.skeleton.name == "h36m17"


def test_thinning_counts_from_the_form_s_own_rate(form):
    root, _ = form
    clip = next(c for c in human36m_catalogue(root) if c.name == "S9 Photo")
    thin = clip.poses(10)
    np.testing.assert_allclose(thin.positions, motion("S9", "Photo")[::5], atol=1e-5)
    assert thin.fps == 10


def test_recordings_fit_their_cameras(form):
    root, step = form
    for recording in human36m_recordings(root):
        subject, _, action = recording.name.partition(" ")
        if action in ("Walking 1", "Photo"):
            expected = pixels_of(subject, motion(subject, action)[::step])
            for camera, pixels in zip(recording.cameras, expected, strict=True):
                seen = camera.project(recording.poses.positions)
                np.testing.assert_allclose(seen, pixels, atol=0.05)


def test_detections_are_cut_to_the_motion_and_thinned_with_it(tmp_path):
    write_videopose(tmp_path, TEST, extra=3)
    for recording in human36m_recordings(tmp_path, fps=25, detected=True):
        subject, _, action = recording.name.partition(" ")
        assert len(recording.poses) == 6 and len(recording.detections) == 4
        for view, pixels in zip(
            recording.detections, pixels_of(subject, motion(subject, action)), strict=True
        ):
            np.testing.assert_allclose(view.keypoints, pixels[::2], rtol=1e-6)


def test_nothing_there(tmp_path):
    for root in (tmp_path / "nowhere", tmp_path):
        message = error_of(human36m_catalogue, root)
        assert str(root) in message and "vision.imar.ro/human3.6m" in message
    assert "nothing of Human3.6M here; expected data_3d_h36m.npz, S1/MyPoseFeatures" in message


@pytest.mark.parametrize(("subjects", "absent"), [(("S9",), "S11"), (("S1", "S5", "S7"), "S6")])
def test_a_split_that_is_there_in_part(tmp_path, subjects, absent):
    write_videopose(tmp_path, subjects)
    message = error_of(human36m_catalogue, tmp_path)
    assert f"{tmp_path}: subject {absent} is missing; its owners give it" in message


def test_training_subjects_alone_cannot_be_tested(tmp_path):
    write_videopose(tmp_path, TRAIN)
    assert {c.split for c in human36m_catalogue(tmp_path)} == {"train"}
    assert "subject S9 is missing" in error_of(list, human36m_recordings(tmp_path))


def test_a_folder_of_cdf_that_is_not_whole(tmp_path):
    pytest.importorskip("cdflib")
    write_cdfs(tmp_path, ("S9",), count=3)
    message = error_of(human36m_catalogue, tmp_path)
    assert f"{tmp_path / 'S9'}" in message and "3 files; expected the 30 of S9" in message


def test_an_annotation_file_without_one_camera(tmp_path):
    write_mmpose(tmp_path / "h36m_test.npz", cameras=CAMERA_IDS[:3])
    clips = human36m_catalogue(tmp_path)
    message = error_of(clips[0].poses)
    assert "h36m_test.npz" in message and f"camera {CAMERA_IDS[3]} is missing" in message


def test_frames_that_a_camera_lacks_are_left_out(tmp_path):
    path = tmp_path / "h36m_test.npz"
    write_mmpose(path, step=1)
    arrays = dict(np.load(path))
    gone = [n.endswith(f"Photo.{CAMERA_IDS[2]}_000004.jpg") for n in arrays["imgname"]]
    assert sum(gone) == 2  # of S9 and of S11
    np.savez(path, **{k: v[~np.array(gone)] for k, v in arrays.items()})
    clips = {c.name: c for c in human36m_catalogue(tmp_path)}
    expected = np.delete(motion("S9", "Photo"), 3, axis=0)
    poses = clips["S9 Photo"].poses(None)
    np.testing.assert_allclose(poses.positions, expected, atol=1e-5)
    assert 3 not in poses.frame and len(clips["S9 Walking 1"].poses(None)) == 12


def test_detections_that_are_missing_or_do_not_fit(tmp_path):
    write_videopose(tmp_path, TEST)
    flat = {s: {"Photo": pixels_of(s, motion(s, "Photo"))} for s in TEST}
    np.savez(tmp_path / CPN, positions_2d=flat)
    message = error_of(list, human36m_recordings(tmp_path, detected=True))
    assert "do not fit 'S9 Walking 1'; expected 4 cameras, 12 frames; got none" in message
    flat["S9"]["Walking 1"] = [view[:7] for view in flat["S9"]["Photo"]]
    np.savez(tmp_path / CPN, positions_2d=flat)
    from vvipe.formats.videopose3d import read_videopose_2d

    read_videopose_2d.cache_clear()
    message = error_of(list, human36m_recordings(tmp_path, detected=True))
    assert "got 7, 7, 7, 7" in message
    (tmp_path / CPN).unlink()
    message = error_of(list, human36m_recordings(tmp_path, detected=True))
    assert f"no detections; expected {CPN}; VideoPose3D's DATASETS.md" in message


def test_which_collection_a_folder_holds(tmp_path):
    (tmp_path / "notes.txt").touch()
    assert "no pose files in this folder" in error_of(catalogue, tmp_path)
    (tmp_path / "cmu" / "bvh").mkdir(parents=True)
    assert f"a folder of collections; name {tmp_path / 'cmu'}" in error_of(catalogue, tmp_path)
    assert "no CMU clips" in error_of(catalogue, tmp_path / "cmu")
