"""Pictures: which files they are, and which way is up."""

import numpy as np
from PIL import Image

from vvipe.video import frames, video_info
from vvipe.video.picture import is_picture


def test_a_phone_s_photo_is_turned_upright(tmp_path):
    image = np.zeros((48, 64, 3), np.uint8)
    image[:8] = 250  # a bright band on top
    turned = Image.Exif()
    turned[0x0112] = 6  # to be turned clockwise by a quarter
    Image.fromarray(image).save(tmp_path / "a.jpg", exif=turned.tobytes(), quality=95)
    (frame,) = frames(tmp_path / "a.jpg")
    assert frame.image.shape == (64, 48, 3) and video_info(tmp_path / "a.jpg").size == (48, 64)
    assert frame.image[:, -6:].mean() > 200 > frame.image[:, :-12].mean()  # now on the right


def test_told_by_content(tmp_path):
    for suffix in ("png", "jpg", "webp"):
        Image.new("RGB", (4, 4)).save(tmp_path / f"a.{suffix}")
        assert is_picture((tmp_path / f"a.{suffix}").rename(tmp_path / "b"))
    (tmp_path / "b").write_bytes(b"RIFF0000AVI ")
    assert not is_picture(tmp_path / "b") and not is_picture(tmp_path)
