import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.formats.qualisys import read_qualisys

# The camera stands at (1, -2, 1.5) m, upright, and looks along world y.
CAMERA = """
    <camera active="1" serial="{name}" viewrotation="0">
      <fov_video bottom="1919" left="0" right="1087" top="0"/>
      <transform r11="1" r12="0" r13="0" r21="0" r22="0" r23="1" r31="0" r32="-1" r33="0"
        x="1000" y="-2000" z="1500"/>
      <intrinsic centerPointU="34816" centerPointV="61440" focalLengthU="102400"
        focalLengthV="105600" radialDistortion1="-0.04" radialDistortion2="0.1"
        radialDistortion3="0.02" tangentalDistortion1="0.001" tangentalDistortion2="0.002"/>
    </camera>"""
HEAD = "<?xml version='1.0' encoding='ASCII'?>\n<calibration source='x'>\n  <cameras>"
WHOLE = HEAD + CAMERA.format(name="a") + CAMERA.format(name="b") + "\n</cameras></calibration>\n"


def written(tmp_path, text):
    path = tmp_path / "calib.qca.txt"
    path.write_text(text)
    return path


def test_cameras(tmp_path):
    first, second = read_qualisys(written(tmp_path, WHOLE))
    assert (first.name, second.name) == ("a", "b") and first.size_px == (1088, 1920)
    np.testing.assert_allclose(first.centre, [1, -2, 1.5])
    np.testing.assert_allclose(first.focal_px, [1600, 1650])
    np.testing.assert_allclose(first.principal_px, [544, 960])
    np.testing.assert_allclose(first.distortion, [-0.04, 0.1, 0.001, 0.002, 0.02])


def test_points_appear_where_they_are_looked_for(tmp_path):
    camera = read_qualisys(written(tmp_path, WHOLE))[0]
    ahead, right, above = np.array([[1, 2, 1.5], [1.004, 2, 1.5], [1, 2, 1.504]])
    np.testing.assert_allclose(camera.project(ahead), [544, 960], atol=1e-6)
    np.testing.assert_allclose(camera.project(right), [545.6, 960], atol=0.01)
    np.testing.assert_allclose(camera.project(above), [544, 958.35], atol=0.01)
    assert np.isnan(camera.project(np.array([1, -4, 1.5]))).all()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</cameras></calibration>", "", "broken XML"),
        (WHOLE, "", "broken XML"),
        (WHOLE, "<calibration/>", "no cameras"),
        (WHOLE, "<camera/>", "camera ?: no <transform>"),
        ("<fov_video", "<fov_marker", "camera a: no <fov_video>"),
        (' focalLengthU="102400"', "", "<intrinsic> without focalLengthU"),
        ('r11="1"', 'r11="one"', "camera a: r11: not a number"),
        ('r11="1"', 'r11="2"', "no rotation"),
        ('r11="1"', 'r11="-1"', "no rotation"),
        ('focalLengthU="102400"', 'focalLengthU="-1"', "focal length must be positive"),
        ('right="1087"', 'right="nan"', "not a finite number"),
        ('right="1087"', 'right="-3"', "no field of view"),
        ('viewrotation="0"', 'viewrotation="90"', "expected viewrotation 0; got 90"),
    ],
)
def test_damage_is_one_line(tmp_path, old, new, said):
    path = written(tmp_path, WHOLE.replace(old, new, 1))
    with pytest.raises(VvipeError) as caught:
        read_qualisys(path)
    assert said in str(caught.value) and str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(VvipeError, match="cannot be read"):
        read_qualisys(tmp_path / "absent.txt")
