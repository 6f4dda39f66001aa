"""rtmlib's own reading of what models say, on small models with the shapes of the real ones."""

import numpy as np
import pytest

pytest.importorskip("onnx", exc_type=ImportError)
pytest.importorskip("rtmlib")

from onnx_models import BESIDE, GRID, model, rtmo, rtmpose, yolox

from vvipe import VvipeError
from vvipe.video import load_detector
from vvipe.video.rtmlib_pose import RtmLib

IMAGE = np.zeros((128, 96, 3), np.uint8)


def test_rtmo_finds_several_in_pixels_of_the_image(tmp_path, capsys):
    detector = RtmLib([rtmo(tmp_path / "m.onnx")])
    found = detector.detect(IMAGE)
    assert (detector.skeleton, detector.several) == ("coco17", True)
    order = np.argsort(found[:, 0, 0])
    np.testing.assert_allclose(found[order, :, :2], 2 * np.stack([GRID, BESIDE]), rtol=1e-5)
    np.testing.assert_allclose(found[..., 2], 0.8, rtol=1e-5)
    assert capsys.readouterr() == ("", "")


def test_rtmo_with_nobody(tmp_path):
    assert RtmLib([rtmo(tmp_path / "m.onnx", (0.1, 0.2, 0))]).detect(IMAGE).shape == (0, 17, 3)


def test_rtmo_is_given_blue_first(tmp_path):
    detector = RtmLib([rtmo(tmp_path / "m.onnx", channel=0)])
    image = np.full((64, 64, 3), (1, 3, 7), np.uint8)
    found = detector.detect(image)
    assert found[:, 0, 0].min() == pytest.approx(10 + 7)


def test_rtmpose_and_yolox_find_one_a_box(tmp_path):
    files = [rtmpose(tmp_path / "pose.onnx"), yolox(tmp_path / "people.onnx")]
    for given in (files, files[::-1]):
        detector = RtmLib(given)
        found = detector.detect(IMAGE)
        assert found.shape == (2, 17, 3) and detector.several
        np.testing.assert_allclose(found[..., 2], 0.8, rtol=1e-5)
    # Boxes of 32 x 64 and 64 x 64 pixels, widened to 3:4 and by a quarter, about their middles.
    middles = np.array([[16, 32], [96, 64]])
    sizes = 1.25 * np.array([[48, 64], [64, 64 * 4 / 3]])
    grid = np.stack([np.arange(17) / 96, np.arange(17) * 2 / 128], -1)
    expected = middles[:, None] + sizes[:, None] * (grid - 0.5)
    np.testing.assert_allclose(found[..., :2], expected, atol=0.01)


def test_rtmpose_without_anybody_in_a_box(tmp_path):
    files = [rtmpose(tmp_path / "pose.onnx"), yolox(tmp_path / "people.onnx", (0.1, 0.1))]
    assert RtmLib(files).detect(IMAGE).shape == (0, 17, 3)


def test_rtmpose_alone_takes_the_image_for_one_person(tmp_path):
    detector = RtmLib([rtmpose(tmp_path / "pose.onnx", joints=26)])
    found = detector.detect(IMAGE)
    assert found.shape == (1, 26, 3)
    assert (detector.skeleton, detector.several) == ("halpe26", False)


def test_of_the_whole_body_the_body_is_kept(tmp_path):
    detector = RtmLib([rtmpose(tmp_path / "pose.onnx", joints=133)])
    assert detector.detect(IMAGE).shape == (1, 17, 3) and detector.skeleton == "coco17"


def test_its_name_tells_the_models(tmp_path):
    a, b = rtmo(tmp_path / "a.onnx"), rtmo(tmp_path / "b.onnx", (0.9, 0.9, 0.9))
    assert RtmLib([a]).name != RtmLib([b]).name == RtmLib([b]).name
    assert RtmLib([a]).name.startswith("rtmlib 0.")


def test_models_that_do_not_fit(tmp_path):
    people, pose = yolox(tmp_path / "people.onnx"), rtmpose(tmp_path / "pose.onnx", joints=21)
    odd = model(tmp_path / "odd.onnx", (8, 8), {"x": (np.zeros((1, 2)), None)})
    (tmp_path / "text.onnx").write_text("no model")
    for files, message in (
        ([people], "expected an RTMO, an RTMPose, or an RTMPose and a YOLOX; got YOLOX"),
        ([pose, pose], "got RTMPose and RTMPose"),
        ([pose], "no skeleton is known for this model; expected 17, 26, 133 joints; got 21"),
        ([odd], r"odd.onnx: not a model that rtmlib runs.*got x \[1, 2\]"),
        ([tmp_path / "text.onnx"], "text.onnx: not an ONNX model"),
    ):
        with pytest.raises(VvipeError, match=message):
            RtmLib(files).detect(IMAGE)


def test_by_the_registry(tmp_path):
    file = rtmo(tmp_path / "m.onnx")
    assert load_detector("rtmlib", [str(file)]).detect(IMAGE).shape == (2, 17, 3)
