"""Which detector is taken."""

import pytest

from vvipe import VvipeError
from vvipe.video import load_detector
from vvipe.video.choosing import importlib
from vvipe.video.detector import Turned
from vvipe.video.mediapipe_pose import MediaPipe
from vvipe.video.rtmlib_pose import RtmLib


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Sets what is installed and configured; gives a model file."""
    file = tmp_path / "m.onnx"
    file.write_bytes(b"x")

    def set_up(mediapipe=True, name=None, files=None):
        found = object() if mediapipe else None
        monkeypatch.setattr(importlib.util, "find_spec", lambda module: found)
        for key, value in (("VVIPE_DETECTOR", name), ("VVIPE_MODEL_FILES", files)):
            monkeypatch.delenv(key, raising=False)
            if value is not None:
                monkeypatch.setenv(key, value)
        return str(file)

    return set_up


def test_mediapipe_if_it_is_installed(machine):
    file = machine(files="elsewhere.onnx")
    assert isinstance(load_detector(), MediaPipe)
    assert isinstance(load_detector(model_files=[file]), RtmLib)


def test_rtmlib_if_its_models_are_configured(machine):
    file = machine(mediapipe=False)
    machine(mediapipe=False, files=f"{file}, {file}")
    detector = load_detector()
    assert isinstance(detector, RtmLib) and [str(f) for f in detector.files] == [file, file]


def test_the_environment_says_which(machine):
    file = machine()
    machine(name="rtmlib", files=file)
    assert isinstance(load_detector(), RtmLib)
    assert isinstance(load_detector("mediapipe"), MediaPipe)


def test_turned(machine):
    machine()
    detector = load_detector(turn_deg=90)
    assert isinstance(detector, Turned) and detector.name.endswith("turned by 90")


def test_none(machine):
    file = machine(mediapipe=False)
    for words, message in (
        ((), r"no detector to find people with; pip install 'vvipe\[mediapipe-offline\]'"),
        (("yolo",), "unknown detector 'yolo'; expected mediapipe or rtmlib"),
        (("rtmlib",), "rtmlib needs the files of its models"),
        (("rtmlib", ["no.onnx"]), "no.onnx: no such model file"),
        (("rtmlib", [file], ["0" * 64, "1" * 64]), "as many --sha256 as model files"),
        (("mediapipe", [file]), "mediapipe carries its own model"),
        (("mediapipe", (), (), 45), "no quarter turn; expected 0, 90, 180, 270; got 45"),
    ):
        with pytest.raises(VvipeError, match=message):
            load_detector(*words)
