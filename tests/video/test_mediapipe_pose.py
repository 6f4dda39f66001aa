"""MediaPipe on real frames."""

import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="mediapipe is not installed (vvipe[mediapipe-offline])")
pytest.importorskip("av")

from vvipe.detectors.view_residuals import view_errors
from vvipe.formats.qualisys import read_qualisys
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.poses import Poses2D
from vvipe.video import frames
from vvipe.video.detector import Turned
from vvipe.video.mediapipe_pose import MediaPipe

CAMERAS = ("cam01", "cam02", "cam03", "cam04")


@pytest.fixture(scope="module")
def detector():
    return MediaPipe()


def test_four_cameras_agree_on_a_person_and_nothing_is_said(data_root, detector, capfd):
    folder = data_root / "pose2sim_single"
    views, cameras = [], []
    for name, camera in zip(CAMERAS, read_qualisys(folder / "Calib.qca.txt"), strict=True):
        image = next(frames(folder / "videos" / f"{name}.mp4")).image
        (person,) = detector.detect(image)
        poses = Poses2D(person[None, :, :2], "mediapipe33", confidence=person[None, :, 2])
        views.append(poses.to_skeleton(KEYPOINTS).keypoints)
        cameras.append(camera.resized(image.shape[1::-1]))
    errors, _ = view_errors(cameras, np.stack(views).astype(float))
    assert np.nanmedian(np.linalg.norm(errors, axis=-1)) < 0.06
    assert capfd.readouterr() == ("", "")


def test_a_camera_on_its_side(data_root, detector):
    image = next(frames(data_root / "pose2sim_single" / "videos" / "cam01.mp4")).image
    on_its_side = np.ascontiguousarray(np.rot90(image, -1))
    (upright,), (turned,) = detector.detect(image), Turned(detector, 90).detect(on_its_side)
    height = image.shape[0]
    np.testing.assert_allclose(turned[:, 0], height - upright[:, 1], atol=1e-6)
    np.testing.assert_allclose(turned[:, 1], upright[:, 0], atol=1e-6)


def test_nobody(detector):
    found = detector.detect(np.zeros((90, 120, 3), np.uint8))
    assert found.shape == (0, 33, 3) and detector.name.startswith("mediapipe 0.10.14")
