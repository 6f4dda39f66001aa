"""C3D there and back, our reader against ezc3d, in all processors' numbers, and damaged."""

import json
import struct
import subprocess
import sys

import numpy as np
import pytest
from bodies import moving

from vvipe import Poses3D, VvipeError
from vvipe.formats import read, write
from vvipe.formats.c3d_file import parse_c3d

BLOCK, MARK = 512, 0x50


@pytest.fixture
def holed():
    positions = moving("h36m17", frames=7).positions.copy()
    positions[2, 4] = np.nan
    return Poses3D(positions, "h36m17", fps=50)


def by_hand(path, points, order="<", processor=84, scale=-1.0, labels=(), unit="mm"):
    """A file of one group: header, parameters, frames of float or 16-bit points."""
    frames, count = points.shape[:2]

    def number(v):
        if processor == 85:
            raw = struct.pack("<f", v * 4)
            return raw[2:] + raw[:2]
        return struct.pack(f"{order}f", v)

    def parameter(name, kind, dims, data):
        body = struct.pack("bB", kind, len(dims)) + bytes(dims) + data + b"\0"
        return (
            struct.pack("bb", len(name), 1) + name + struct.pack(f"{order}h", 2 + len(body)) + body
        )

    names = [(labels[i] if labels else f"P{i}").ljust(20).encode() for i in range(count)]
    group = struct.pack("bb", 5, -1) + b"POINT" + struct.pack(f"{order}h", 3) + b"\0"
    section = (
        bytes([1, MARK, 1, processor]) + group
        + parameter(b"LABELS", -1, (20, count), b"".join(names))
        + parameter(b"UNITS", -1, (len(unit),), unit.encode()) + b"\0\0"
    )  # fmt: skip
    header = (
        bytes([2, MARK]) + struct.pack(f"{order}4H", count, 0, 1, frames)
        + struct.pack(f"{order}H", 10) + number(scale)
        + struct.pack(f"{order}2H", 4, 0) + number(60.0)
    )  # fmt: skip
    words = np.concatenate([points / (scale if scale > 0 else 1), np.zeros((frames, count, 1))], -1)
    if scale > 0:
        data = b"".join(struct.pack(f"{order}h", round(v)) for v in words.ravel())
    else:
        data = b"".join(map(number, words.ravel().tolist()))
    path.write_bytes(header.ljust(BLOCK, b"\0") + section.ljust(2 * BLOCK, b"\0") + data)
    return path


def test_there_and_back(tmp_path, holed):
    assert write(holed, tmp_path / "a.c3d") == {}
    got = read(tmp_path / "a.c3d")
    assert (got.skeleton.name, got.fps, got.frame.tolist()) == ("h36m17", 50, list(range(7)))
    np.testing.assert_allclose(got.positions, holed.positions, atol=1e-6, equal_nan=True)


BY_EZC3D = """
import json, sys, ezc3d
file = ezc3d.c3d(sys.argv[1])
point = file["parameters"]["POINT"]
told = {n: list(point[n]["value"]) for n in ("LABELS", "UNITS", "RATE", "X_SCREEN", "Y_SCREEN")}
first = file["header"]["points"]["first_frame"]
points = file["data"]["points"][:3].transpose(2, 1, 0).tolist()
print(json.dumps({"points": points, "first": int(first), **told}))
"""


def test_ezc3d_reads_what_we_write(tmp_path, holed):
    pytest.importorskip("ezc3d")
    poses = Poses3D(holed.positions, "h36m17", frame=np.arange(40, 47), fps=50)
    write(poses, tmp_path / "a.c3d")
    # In a process of its own: it does not bear faiss, which other tests have loaded.
    said = subprocess.run(
        [sys.executable, "-c", BY_EZC3D, tmp_path / "a.c3d"], check=True, capture_output=True
    )
    theirs = json.loads(said.stdout)
    ours = parse_c3d((tmp_path / "a.c3d").read_bytes(), tmp_path)
    np.testing.assert_allclose(ours.points, theirs["points"], equal_nan=True)
    assert list(ours.labels) == theirs["LABELS"] == list(poses.skeleton.joints)
    assert (ours.unit, ours.fps, ours.first_frame) == ("mm", 50, 41)
    assert (theirs["UNITS"], theirs["RATE"], theirs["first"]) == (["mm"], [50], 40)
    assert (theirs["X_SCREEN"], theirs["Y_SCREEN"]) == (["+X"], ["+Z"])
    assert read(tmp_path / "a.c3d").frame.tolist() == list(range(40, 47))


@pytest.mark.parametrize("order, processor", [("<", 84), ("<", 85), (">", 86)])
@pytest.mark.parametrize("scale", [-1.0, 0.5])
def test_numbers_of_every_processor(tmp_path, rng, order, processor, scale):
    points = rng.integers(-900, 900, (3, 4, 3)) / 2
    path = by_hand(tmp_path / "a.c3d", points, order, processor, scale)
    file = parse_c3d(path.read_bytes(), path)
    np.testing.assert_allclose(file.points, points)
    assert (file.labels, file.fps, file.unit) == (("P0", "P1", "P2", "P3"), 60, "mm")


def test_names_of_a_subject_and_y_up(tmp_path):
    poses = moving("h36m17", frames=3)
    x, y, z = np.moveaxis(poses.positions, -1, 0)
    names = tuple(f"Ann:{joint}" for joint in poses.skeleton.joints)
    path = by_hand(tmp_path / "a.c3d", np.stack([x, z, -y], -1), labels=names, unit="m")
    got = read(path, skeleton=None)
    np.testing.assert_allclose(got.joint("left_knee"), poses.joint("left_knee"), atol=1e-6)


@pytest.mark.parametrize("keep", [1030, 1067, 1200, 1500, 2048, 3300, 4100])
def test_cut_short(tmp_path, holed, keep):
    """Within header, parameters and frames; within parameters, ezc3d never comes back."""
    write(holed, tmp_path / "a.c3d")
    (tmp_path / "a.c3d").write_bytes((tmp_path / "a.c3d").read_bytes()[:keep])
    with pytest.raises(VvipeError, match=r"a\.c3d: (damaged or )?cut short"):
        read(tmp_path / "a.c3d")


def test_changed_bytes_are_read_or_refused_in_a_line(tmp_path, holed):
    write(holed, tmp_path / "a.c3d")
    good = bytearray((tmp_path / "a.c3d").read_bytes())
    for seed in range(100):
        rng = np.random.default_rng(seed)
        data = good.copy()
        for at in rng.integers(2, 1536, rng.integers(1, 12)):
            data[at] = rng.integers(256)
        (tmp_path / "a.c3d").write_bytes(data)
        try:
            read(tmp_path / "a.c3d")
        except VvipeError as error:
            assert "a.c3d" in str(error)


def test_uneven_times_are_told(tmp_path, holed):
    stamps = [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.6]
    uneven = Poses3D(holed.positions, "h36m17", stamp_s=stamps)
    assert write(uneven, tmp_path / "a.c3d") == {"uneven_ms": 450.0}


def test_without_the_library_c3d(tmp_path, holed, monkeypatch):
    monkeypatch.setitem(sys.modules, "c3d", None)
    with pytest.raises(VvipeError, match=r"needs c3d, .*pip install 'vvipe\[c3d\]'"):
        write(holed, tmp_path / "a.c3d")
    assert not list(tmp_path.iterdir())
