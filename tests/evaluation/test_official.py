"""The protocols on Human3.6M and MPI-INF-3DHP, on small folders in the official forms."""

import json

import numpy as np
import pytest
from licensed_files import (
    SEQUENCES,
    TEST,
    motion,
    mpi_motion,
    mpi_views,
    pixels_of,
    write_mpi,
    write_mpi_test,
    write_videopose,
)

from vvipe import Poses3D, VvipeError, get_skeleton
from vvipe.evaluation import (
    Keypoints2D,
    Oracle,
    Random,
    evaluate,
    load_protocol,
    protocol_names,
    rows_to_json,
)
from vvipe.evaluation.baselines import Vectors
from vvipe.evaluation.official import OFFICIAL
from vvipe.evaluation.protocols import project
from vvipe.evaluation.tables import plain_table
from vvipe.geometry.keypoints import normalise_torso
from vvipe.geometry.matching import match_matrix

H36M17 = get_skeleton("h36m17")
CPN = "data_2d_h36m_cpn_ft_h36m_dbb.npz"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    pytest.importorskip("scipy.io")
    pytest.importorskip("h5py")
    root = tmp_path_factory.mktemp("data")
    write_videopose(root / "human36m", TEST)
    write_mpi(root / "mpi_inf_3dhp")
    write_mpi_test(root / "mpi_inf_3dhp" / "mpi_inf_3dhp_test_set")
    return root


@pytest.fixture(params=OFFICIAL)
def protocol(request, data):
    return load_protocol(request.param, data)


def test_they_are_known():
    assert set(protocol_names()) - set(protocol_names(licensed=False)) == set(OFFICIAL)


def test_cameras_and_pairs(protocol):
    cameras, pairs = {
        "h36m": (4, {"all": 12}), "h36m-detected": (4, {"all": 12}), "h36m-lifting": (4, {}),
        "h36m-lifting-detected": (4, {}), "3dhp": (11, {"all": 110, "unseen": 60}),
        "3dhp-lifting": (1, {}),
    }[protocol.name]  # fmt: skip
    assert len(protocol.layout) == cameras
    assert {k: len(v) for k, v in protocol.groups.items()} == pairs
    assert len(protocol.data_hash) == 64
    names = {path.name for path in protocol.files}
    assert (CPN in names) == protocol.name.endswith("detected")
    assert ("camera.calibration" in names) == (protocol.name == "3dhp")


def test_unseen_pairs_a_chest_camera_with_another(data):
    chest = {0, 2, 4, 7, 8}
    for a, b in load_protocol("3dhp", data).groups["unseen"]:
        assert (a in chest) != (b in chest)


def test_which_poses(data):
    lifting = load_protocol("h36m-lifting", data).poses
    expected = [motion(s, a)[::5] for s in TEST for a in ("Walking 1", "Photo")]
    np.testing.assert_allclose(lifting, np.concatenate(expected), atol=1e-6)
    searched = load_protocol("h36m", data).poses
    all_of = np.concatenate([motion(s, a)[::2] for s in TEST for a in ("Walking 1", "Photo")])
    known = {pose.tobytes() for pose in all_of}
    assert 0 < len(searched) <= len(all_of) and all(p.tobytes() in known for p in searched)
    matrix = match_matrix(searched)
    assert matrix[np.triu_indices(len(matrix), 1)].min() >= 0.02 - 1e-6
    mpi = load_protocol("3dhp", data)
    assert {p.parent.parent.name + "/" + p.parent.name for p in mpi.files} == set(SEQUENCES)
    test = load_protocol("3dhp-lifting", data)
    assert len(test.poses) == 6 * 6  # the valid ones


def test_keypoints_are_the_recorded_pixels_up_to_shift_and_scale(data):
    """Ground truth is what VideoPose3D's own keypoints are, as every method sees them."""
    columns = H36M17.indices(*get_skeleton("coco13").joints)
    protocol = load_protocol("h36m-lifting", data)
    detected = load_protocol("h36m-lifting-detected", data)
    for i in range(4):
        pixels = np.concatenate(
            [pixels_of(s, motion(s, a)[::5])[i] for s in TEST for a in ("Walking 1", "Photo")]
        )[:, columns]
        for seen in (project(protocol, i), project(detected, i)):
            assert seen.mask.all() and seen.skeleton.name == "coco13"
            # The two focal lengths differ by 0.2 %, which standardising takes away.
            np.testing.assert_allclose(
                normalise_torso(seen.keypoints, seen.mask),
                normalise_torso(pixels, seen.mask), atol=0.01,
            )  # fmt: skip


def test_detections_follow_their_poses(data):
    """Near-duplicates go from poses, cameras and detections alike."""
    protocol, truth = load_protocol("h36m-detected", data), load_protocol("h36m", data)
    for i in range(4):
        np.testing.assert_allclose(
            project(protocol, i).keypoints, project(truth, i).keypoints, atol=0.02
        )


def test_mpi_keypoints_are_the_annotated_ones(data):
    protocol = load_protocol("3dhp", data)
    mpi = get_skeleton("mpi_inf_3dhp28")
    world = mpi_motion("S1/Seq1")
    first = world[0, mpi.index("left_knee")]
    row = np.argmin(np.linalg.norm(protocol.poses[:, H36M17.index("left_knee")] - first, axis=-1))
    for i in range(11):
        pixels = mpi_views(world)[i][1][0, mpi.index("left_knee")]
        seen = project(protocol, i)
        camera = protocol.camera(i)
        own = (seen.joint("left_knee")[row] - 1024) / (1.145 * 2048)
        got = own * camera.focal_px[row] + camera.principal_px[row]
        np.testing.assert_allclose(got, pixels, atol=0.2)
        assert seen.mask.all()  # the nose, which is synthesised, included


class Knows:
    """Lifts every view to the truth."""

    name = "knows"

    def __init__(self, protocol):
        self.protocol, self.asked = protocol, {"camera": 0, "canonical": 0}

    def embed(self, poses):
        return Vectors(poses.keypoints.reshape(len(poses), -1))

    def distance(self, a, b):
        return np.linalg.norm(a.vectors[:, None] - b.vectors, axis=-1)

    def lift(self, poses, frame="canonical"):
        from vvipe.geometry.bones import universal_lengths
        from vvipe.geometry.canonical import to_canonical

        view = self.asked[frame]
        self.asked[frame] += 1
        positions, _ = to_canonical(self.protocol.poses, universal_lengths(), H36M17)
        if frame == "camera":
            positions = self.protocol.camera(view).to_camera(self.protocol.poses)
        return Poses3D(positions, H36M17, frame_of_reference=frame)


def test_lifting_is_measured_in_the_recording_cameras(protocol):
    rows = evaluate(Knows(protocol), protocol)
    assert [row.views for row in rows] == (list(protocol.groups) or ["each"])
    for key in ("mpjpe_mm", "pa_mpjpe_mm", "n_mpjpe_mm", "mpjpe_canonical_mm"):
        assert rows[0].lifting[key] == pytest.approx(0, abs=0.01)


def test_retrieval_and_json(protocol):
    methods = (Keypoints2D(), Random(), Oracle(protocol))
    rows = [row for method in methods for row in evaluate(method, protocol)]
    result = rows_to_json(protocol, rows, 0)
    assert json.loads(json.dumps(result)) == result
    assert plain_table([result]).startswith("model")
    if protocol.groups:
        assert rows[-1].hits == {1: 100, 10: 100, 20: 100}
    else:
        assert all(row.hits == {} for row in rows)


def test_a_model_runs_through(data):
    """The lifting protocol needs no more than the keypoints: the shipped model lifts them."""
    from vvipe.models import load

    row = evaluate(load("vvipe"), load_protocol("h36m-lifting", data))[0].to_json()
    assert row["lifted"] == 100 and 10 < row["pa_mpjpe_mm"] < row["mpjpe_mm"] < 300


@pytest.mark.parametrize(("name", "message"), [
    ("h36m", r"human36m: no folder with Human3\.6M; .*vision\.imar\.ro"),
    ("h36m-lifting", r"human36m: no folder with Human3\.6M"),
    ("3dhp", r"mpi_inf_3dhp: no folder with MPI-INF-3DHP; .*vcai\.mpi-inf\.mpg\.de"),
    ("3dhp-lifting", "mpi_inf_3dhp: no folder with MPI-INF-3DHP"),
])  # fmt: skip
def test_without_the_files(tmp_path, name, message):
    with pytest.raises(VvipeError, match=message) as error:
        load_protocol(name, tmp_path)
    assert "\n" not in str(error.value) and str(tmp_path) in str(error.value)


def test_without_detections(tmp_path):
    write_videopose(tmp_path / "human36m", TEST)
    (tmp_path / "human36m" / CPN).unlink()
    load_protocol("h36m", tmp_path)
    with pytest.raises(VvipeError, match=f"no detections; expected {CPN}"):
        load_protocol("h36m-detected", tmp_path)


def test_a_misspelt_name(tmp_path):
    with pytest.raises(VvipeError, match=r"did you mean h36m\?"):
        load_protocol("h36", tmp_path)
