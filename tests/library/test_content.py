import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.library.content import content_of, content_of_file


def test_parts_do_not_run_into_each_other():
    assert content_of(b"ab", b"c") != content_of(b"a", b"bc") != content_of(b"abc")
    assert 0 <= content_of(b"x") < 2**63


def test_a_file_is_known_wherever_it_lies(tmp_path):
    for name in ("a.npz", "b.npz"):
        np.savez(tmp_path / name, keypoints=np.zeros((2, 13, 2)), skeleton="coco13")
    a, b = tmp_path / "a.npz", tmp_path / "b.npz"
    b.write_bytes(a.read_bytes())
    assert content_of_file(a) == content_of_file(b) != content_of_file(a, "coco13")
    assert content_of_file(a, "coco13") == content_of(a.read_bytes(), b"coco13")


def test_other_bones_are_another_recording(tmp_path):
    found = []
    for bones in ("long", "short"):
        folder = tmp_path / bones
        folder.mkdir()
        (folder / "77.asf").write_text(bones)
        (folder / "77_01.amc").write_text("1\nroot 0 0 0 0 0 0\n")
        found.append(content_of_file(folder / "77_01.amc"))
    assert found[0] != found[1]
    (folder / "77.asf").unlink()
    with pytest.raises(VvipeError, match="no skeleton for this motion"):
        content_of_file(folder / "77_01.amc")
