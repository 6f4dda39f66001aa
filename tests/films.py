"""Videos that tests make, and a detector that finds the coloured squares in them."""

from fractions import Fraction

import av
import numpy as np

from vvipe import get_skeleton

SIZE = (96, 64)
JOINTS = len(get_skeleton("coco17"))
# Where the joints of a square's person are about its middle, pixels.
SHAPE = np.stack([np.linspace(-6, 6, JOINTS), np.linspace(-9, 9, JOINTS) ** 2 / 9 - 4], -1)


def picture(*places):
    """(H, W, 3): a square of 8 pixels about each place, the first red, then green, then blue."""
    image = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    for channel, place in enumerate(places):
        if place is not None:
            x, y = place
            image[y - 4 : y + 4, x - 4 : x + 4, channel] = 255
    return image


def film(path, images, times_ms=None, codec="libx264", **options):
    """Writes a video; frames are shown at the given times, else 40 ms each."""
    times_ms = np.arange(len(images)) * 40 if times_ms is None else times_ms
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = *images[0].shape[1::-1], "yuv444p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        stream.options = {"preset": "ultrafast"} if codec == "libx264" else {}
        for image, time_ms in zip(images, times_ms, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = int(time_ms), Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


class Squares:
    """Finds the coloured squares, and counts the images that it was given."""

    name, skeleton, several = "squares", "coco17", True

    def __init__(self, several=True):
        self.several = several
        self.images = 0

    def detect(self, image):
        self.images += 1
        people = []
        for channel in range(3):
            rows, columns = np.nonzero(image[..., channel] > 128)
            if len(rows) > 20:
                middle = np.array([columns.mean() + 0.5, rows.mean() + 0.5])
                people.append(np.c_[middle + SHAPE, np.full(JOINTS, 0.9)])
        people.reverse()
        return np.array(people).reshape(-1, JOINTS, 3)
