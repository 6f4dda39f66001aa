import builtins

import numpy as np
import pytest
from licensed_files import in_32, motion, pixels_of, write_cdf

from vvipe import VvipeError
from vvipe.formats import format_of, read

pytest.importorskip("cdflib")


@pytest.fixture
def walking():
    return motion("S9", "Walking 1")


def test_positions_in_the_world(tmp_path, walking):
    path = tmp_path / "S9" / "MyPoseFeatures" / "D3_Positions" / "Walking 1.cdf"
    write_cdf(path, in_32(walking) * 1000)
    assert format_of(path).name == "Human3.6M CDF"
    poses = read(path)
    np.testing.assert_allclose(poses.positions, walking, atol=1e-6)
    assert (poses.fps, poses.frame_of_reference, poses.skeleton.name) == (50, "world", "h36m17")


def test_positions_in_a_camera(tmp_path, walking):
    path = tmp_path / "D3_Positions_mono" / "Walking 1.54138969.cdf"
    write_cdf(path, in_32(walking) * 1000)
    assert read(path).frame_of_reference == "camera"


def test_pixels(tmp_path, walking):
    pixels = pixels_of("S9", walking)[2]
    path = tmp_path / "D2_Positions" / "Walking 1.58860488.cdf"
    write_cdf(path, in_32(pixels))
    poses = read(path)
    np.testing.assert_allclose(poses.keypoints, pixels, rtol=1e-6)
    assert poses.fps == 50


def test_damaged(tmp_path, walking):
    path = tmp_path / "a.cdf"
    write_cdf(path, in_32(walking))
    whole = path.read_bytes()
    for end in (4, 100, 400):
        path.write_bytes(whole[:end])
        with pytest.raises(VvipeError, match=r"a\.cdf: no CDF file of Human3\.6M, or damaged"):
            read(path)


def test_other_shapes(tmp_path, rng):
    path = tmp_path / "a.cdf"
    write_cdf(path, rng.normal(size=(4, 26, 3)))
    with pytest.raises(VvipeError, match=r"a\.cdf: not positions.*got \(1, 4, 78\)"):
        read(path)


def test_without_the_library(tmp_path, walking, monkeypatch):
    path = tmp_path / "a.cdf"
    write_cdf(path, in_32(walking))
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("cdflib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    import importlib

    monkeypatch.setattr(importlib, "import_module", lambda name: without(name))
    with pytest.raises(VvipeError, match=r"needs cdflib.*pip install .vvipe\[datasets\]"):
        read(path)
