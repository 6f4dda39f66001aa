"""Qualisys calibration: XML with one camera element a camera."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.text import read_text, to_number
from vvipe.geometry.brown_camera import BrownCamera

_MM_M = 0.001
_SUBPIXELS = 64  # the file counts in 64ths of a pixel
_TO_OPENCV = np.diag([1.0, -1.0, -1.0])  # from x right, y up, z towards the viewer
_ROTATION = tuple(f"r{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3))
_DISTORTION = (
    "radialDistortion1", "radialDistortion2", "tangentalDistortion1", "tangentalDistortion2",
    "radialDistortion3",
)  # fmt: skip


def read_qualisys(path: Path) -> tuple[BrownCamera, ...]:
    """Reads the cameras of a calibration file, in its order; pixels are those of the sensor.

    Raises:
        VvipeError: Not such a file, a number missing or damaged, or a camera whose view is turned.
    """
    text = read_text(path)
    try:
        root = ElementTree.fromstring(text[max(text.find("<calibration"), 0) :])
    except ElementTree.ParseError as error:
        raise VvipeError(f"broken XML ({error})", where=path) from None
    cameras = tuple(_camera(element, path) for element in root.iter("camera"))
    if root.tag != "calibration" or not cameras:
        raise VvipeError("no cameras", where=path, expected="a Qualisys calibration")
    return cameras


def _camera(element: ElementTree.Element, path: Path) -> BrownCamera:
    name = element.get("serial", "?")
    where = f"{path}: camera {name}"
    if element.get("viewrotation", "0") != "0":
        turned = element.get("viewrotation")
        raise VvipeError("its view is turned", where=where, expected="viewrotation 0", got=turned)
    rotation = _numbers(element, "transform", _ROTATION, where).reshape(3, 3)
    if np.abs(rotation @ rotation.T - np.eye(3)).max() > 1e-3 or np.linalg.det(rotation) < 0:
        raise VvipeError("its transform is no rotation", where=where)
    focal = _numbers(element, "intrinsic", ("focalLengthU", "focalLengthV"), where)
    if focal.min() <= 0:
        raise VvipeError("focal length must be positive", where=where, got=focal.min())
    left, top, right, bottom = _numbers(
        element, "fov_video", ("left", "top", "right", "bottom"), where
    )
    if right < left or bottom < top:
        raise VvipeError("no field of view", where=where)
    centre = _numbers(element, "intrinsic", ("centerPointU", "centerPointV"), where)
    return BrownCamera(
        name,
        _TO_OPENCV @ rotation,
        _numbers(element, "transform", ("x", "y", "z"), where) * _MM_M,
        focal / _SUBPIXELS,
        centre / _SUBPIXELS,
        _numbers(element, "intrinsic", _DISTORTION, where),
        (int(right - left) + 1, int(bottom - top) + 1),
    )


def _numbers(
    element: ElementTree.Element, tag: str, names: tuple[str, ...], where: str
) -> np.ndarray:
    found = element.find(tag)
    if found is None:
        raise VvipeError(f"no <{tag}>", where=where)
    for name in names:
        if name not in found.attrib:
            raise VvipeError(f"<{tag}> without {name}", where=where)
    return np.array([to_number(found.attrib[name], f"{where}: {name}") for name in names])
