"""The four calibrated cameras of Human3.6M, which move a little from subject to subject.

Source: the calibration in the data set's `metadata.xml`, in the form in which VideoPose3D's
`common/h36m_dataset.py` prints it: neither the npz files nor the CDF hold it. Rotations there are
quaternions (w, x, y, z) from camera to world, translations the camera's place in the world in
millimetres. The tangential coefficients stand by axis, x first. Rounded to 1e-7, 0.01 mm and
0.001 pixels.
"""

from __future__ import annotations

import numpy as np

from vvipe.geometry.rig import CalibratedCamera

CAMERA_IDS = ("54138969", "55011271", "58860488", "60457274")

# width, height; focal x, y; principal x, y (pixels); radial 1 to 3; tangential x, y
_INTRINSICS = (
    (1000, 1002, 1145.049, 1143.781, 512.542, 515.451,
     -0.2070989, 0.2477752, -0.0030752, -0.0009757, -0.0014245),
    (1000, 1000, 1149.676, 1147.592, 508.849, 508.065,
     -0.1942136, 0.2404085, 0.0068200, -0.0016190, -0.0027409),
    (1000, 1000, 1149.141, 1148.799, 519.816, 501.403,
     -0.2083382, 0.2554880, -0.0024605, 0.0014844, -0.0007600),
    (1000, 1002, 1145.511, 1144.774, 514.968, 501.882,
     -0.1983841, 0.2183237, -0.0089478, -0.0005872, -0.0018134),
)  # fmt: skip

# quaternion w, x, y, z; place x, y, z (millimetres); one row a camera
_EXTRINSICS = {
    "S1": (
        (0.1407056, -0.1500702, -0.7552408, 0.6223280, 1841.11, 4955.28, 1563.45),
        (0.6157188, -0.7648363, -0.1483383, 0.1179474, 1761.28, -5078.01, 1606.27),
        (0.1465147, -0.1464785, 0.7653024, -0.6094176, -1846.78, 5215.05, 1491.97),
        (0.5834008, -0.7853162, 0.1454882, -0.1474959, -1794.79, -3722.70, 1574.89),
    ),
    "S5": (
        (0.1467377, -0.1623710, -0.7551893, 0.6178939, 2097.39, 4880.94, 1605.73),
        (0.6159759, -0.7626792, -0.1572819, 0.1189815, 2031.70, -5167.93, 1612.92),
        (0.1429137, -0.1290784, 0.7678385, -0.6110143, -1620.59, 5171.66, 1496.44),
        (0.5920480, -0.7814218, 0.1274749, -0.1503642, -1637.17, -3867.32, 1547.03),
    ),
    "S6": (
        (0.1337898, -0.1569240, -0.7571090, 0.6198879, 1935.45, 4950.25, 1618.08),
        (0.6147197, -0.7628813, -0.1617477, 0.1181924, 1969.80, -5128.74, 1632.78),
        (0.1529948, -0.1352913, 0.7646096, -0.6112781, -1769.60, 5185.36, 1476.99),
        (0.5916101, -0.7804774, 0.1283227, -0.1561594, -1721.67, -3884.13, 1540.49),
    ),
    "S7": (
        (0.1435242, -0.1631337, -0.7548329, 0.6188825, 1974.51, 4926.35, 1597.83),
        (0.6141673, -0.7638263, -0.1596646, 0.1177930, 1937.06, -5119.79, 1631.57),
        (0.1455006, -0.1287482, 0.7660517, -0.6127139, -1741.81, 5208.25, 1464.82),
        (0.5912848, -0.7821764, 0.1244547, -0.1519649, -1734.71, -3832.42, 1548.58),
    ),
    "S8": (
        (0.1411059, -0.1558987, -0.7561917, 0.6196440, 2150.65, 4896.16, 1611.90),
        (0.6169602, -0.7647668, -0.1484635, 0.1115816, 2219.97, -5148.45, 1613.04),
        (0.1471444, -0.1337712, 0.7670128, -0.6100370, -1571.22, 5137.02, 1498.18),
        (0.5927824, -0.7825871, 0.1214782, -0.1463200, -1476.91, -3896.74, 1547.97),
    ),
    "S9": (
        (0.1554059, -0.1554822, -0.7532095, 0.6199595, 2044.46, 4935.12, 1481.23),
        (0.6187845, -0.7634735, -0.1413224, 0.1193397, 1990.96, -5123.81, 1568.80),
        (0.1335783, -0.1367100, 0.7689455, -0.6100739, -1670.99, 5211.99, 1528.39),
        (0.5879399, -0.7823407, 0.1427614, -0.1479487, -1696.04, -3827.10, 1591.41),
    ),
    "S11": (
        (0.1523247, -0.1544232, -0.7547563, 0.6191070, 2098.44, 4926.55, 1500.28),
        (0.6189449, -0.7600917, -0.1530063, 0.1255258, 2083.18, -4912.17, 1561.08),
        (0.1494323, -0.1565023, 0.7681234, -0.6026304, -1609.82, 5177.34, 1537.90),
        (0.5894251, -0.7818877, 0.1399121, -0.1471536, -1590.74, -3854.17, 1578.02),
    ),
}  # fmt: skip


def human36m_cameras(subject: str) -> tuple[CalibratedCamera, ...]:
    """The cameras of a subject (`S1`, …), in the order of `CAMERA_IDS`; world in metres, z up."""
    return tuple(
        _camera(np.array(place), np.array(inner))
        for place, inner in zip(_EXTRINSICS[subject], _INTRINSICS, strict=True)
    )


def _camera(place: np.ndarray, inner: np.ndarray) -> CalibratedCamera:
    width, height = inner[:2].astype(int).tolist()
    return CalibratedCamera(
        rotation=_rotmat(place[:4]).T, centre=place[4:] / 1000, focal_px=inner[2:4],
        size_px=(width, height), principal_px=inner[4:6], radial=inner[6:9], tangential=inner[9:],
    )  # fmt: skip


def _rotmat(quaternion: np.ndarray) -> np.ndarray:
    """The matrix of a quaternion w, x, y, z of any length: w² - |v|² + 2 v vᵀ + 2 w [v]."""
    w, v = quaternion[0], quaternion[1:]
    cross = np.cross(np.eye(3), v)
    turned = (w * w - v @ v) * np.eye(3) + 2 * np.outer(v, v) + 2 * w * cross
    return turned / (quaternion @ quaternion)
