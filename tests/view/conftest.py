"""A plausible standing person on any skeleton, and pictures as pixels."""

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton, get_skeleton, map_joints

# Canonical frame: faces -x, left at -y, z up; metres. Left side only; right is its mirror image.
_MIDDLE = {
    "hip": (0, 0, 0), "pelvis": (0, 0, 0), "spine": (0, 0, 0.24), "thorax": (0, 0, 0.5),
    "neck": (0, 0, 0.5), "nose": (-0.11, 0, 0.66), "head": (0, 0, 0.75), "head_base": (0, 0, 0.6),
    "lower_spine": (0, 0, 0.15), "upper_spine": (0, 0, 0.33),
}  # fmt: skip
_LEFT = {
    "hip": (0, -0.13, 0), "knee": (-0.03, -0.14, -0.45), "ankle": (0.03, -0.14, -0.88),
    "heel": (0.08, -0.14, -0.93), "big_toe": (-0.12, -0.15, -0.93),
    "foot_index": (-0.12, -0.15, -0.93), "shoulder": (0, -0.17, 0.48),
    "elbow": (0.02, -0.3, 0.24), "wrist": (-0.1, -0.36, 0.03),
    "eye": (-0.09, -0.03, 0.69), "ear": (0, -0.08, 0.67),
}  # fmt: skip
_PERSON = (
    _MIDDLE
    | {f"left_{part}": place for part, place in _LEFT.items()}
    | {f"right_{part}": (x, -y, z) for part, (x, y, z) in _LEFT.items()}
)
_FULL = Skeleton("full", tuple(_PERSON), dims=3)


def standing(skeleton: str = "h36m17") -> Poses3D:
    """One pose, (J, 3), canonical."""
    full = np.array(list(_PERSON.values()), np.float32)
    positions = map_joints(full, _FULL, get_skeleton(skeleton))[0]
    return Poses3D(positions, get_skeleton(skeleton), frame_of_reference="canonical")


def filmed(skeleton: str = "coco17") -> Poses2D:
    """One pose, (J, 2), the standing person seen from the front: pixels, y down."""
    full = np.array(list(_PERSON.values()), np.float32)
    pixels = 400 * np.stack([-full[:, 1], -full[:, 2]], axis=-1) + 500
    keypoints = map_joints(pixels.astype(np.float32), _FULL, get_skeleton(skeleton))[0]
    return Poses2D(keypoints, get_skeleton(skeleton))


def pixels_of(fig: Figure) -> np.ndarray:
    """(height, width, 3) of 0..1."""
    small = fig.get_figwidth() * fig.get_figheight() < 50
    fig.set_dpi(100 if small else 60)  # large sheets need no fine detail
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float) / 255


def blue(pixels: np.ndarray) -> np.ndarray:
    """(height, width) bool: clearly blue, the left side."""
    return pixels[..., 2] - pixels[..., 0] > 0.3


def orange(pixels: np.ndarray) -> np.ndarray:
    """(height, width) bool: clearly orange, the right side."""
    return pixels[..., 0] - pixels[..., 2] > 0.3


@pytest.fixture
def person() -> Callable[[str], Poses3D]:
    return standing


@pytest.fixture
def film() -> Callable[[str], Poses2D]:
    return filmed


@pytest.fixture
def render() -> Callable[[Figure], np.ndarray]:
    return pixels_of


@pytest.fixture
def is_left() -> Callable[[np.ndarray], np.ndarray]:
    return blue


@pytest.fixture
def is_right() -> Callable[[np.ndarray], np.ndarray]:
    return orange
