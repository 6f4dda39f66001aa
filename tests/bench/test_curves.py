from dataclasses import replace

import numpy as np

from vvipe.bench.curves import (
    AZIMUTH_DEG,
    curves_of,
    turned,
    with_missing,
    with_noise,
)
from vvipe.evaluation import Keypoints2D, Oracle, evaluate
from vvipe.evaluation.protocols import project, thinned


def test_as_many_joints_go_missing_as_are_asked_for(protocol):
    clean = project(protocol, 1)
    for count in range(5):
        seen = with_missing(protocol, 1, count)
        assert ((~seen.mask).sum(1) == count).all()
        np.testing.assert_array_equal(seen.keypoints[seen.mask], clean.keypoints[seen.mask])
    two = with_missing(protocol, 1, 2).mask
    assert len(np.unique(two, axis=0)) > 10 and (two.mean(0) < 1).all()
    np.testing.assert_array_equal(two, with_missing(protocol, 1, 2).mask)
    assert (two != with_missing(protocol, 2, 2).mask).any()


def test_noise_is_in_units_of_the_pose(protocol):
    clean, noisy = project(protocol, 0), with_noise(protocol, 0, 0.1)
    centred = clean.keypoints - clean.keypoints.mean(1, keepdims=True)
    size = np.sqrt((centred**2).sum(-1).mean(1))
    off = (noisy.keypoints - clean.keypoints) / size[:, None, None]
    assert abs(off.std() - 0.1) < 0.01 and abs(off.mean()) < 0.01
    np.testing.assert_allclose(with_noise(protocol, 0, 0.0).keypoints, clean.keypoints)


def test_cameras_stand_at_the_angles_that_they_are_called_by(protocol):
    for what, degrees in (("azimuth", (30, 180)), ("elevation", (15, 60))):
        apart = turned(protocol, what, degrees)
        around = apart.layout.centres_m - [0, 0, 0.95]
        np.testing.assert_allclose(np.linalg.norm(around, axis=1), 4)
        for name, ((a, b), back) in apart.groups.items():
            assert back == (b, a) and a == 0
            cosine = around[a] @ around[b] / 16
            np.testing.assert_allclose(np.degrees(np.arccos(cosine)), float(name), atol=1e-4)
        assert (around[:, 2] == 0).all() == (what == "azimuth")


def test_few_poses_evenly_spaced(protocol):
    assert len(thinned(protocol, 7).poses) == 7
    np.testing.assert_array_equal(thinned(protocol, 7).poses[[0, -1]], protocol.poses[[0, -1]])
    assert len(thinned(protocol, 999).poses) == 40


def test_curves_start_at_the_plain_figure_and_fall(protocol):
    curves = {c["what"]: c for c in curves_of(Keypoints2D(), protocol)}
    assert set(curves) == {"query", "missing", "noise", "azimuth", "elevation"}
    plain = round(evaluate(Keypoints2D(), protocol)[0].hits[1], 2)
    assert curves["query"]["hit@1"][0] == plain
    assert curves["query"]["hit@1"][2] > curves["missing"]["hit@1"][2]
    assert curves["missing"]["hit@1"][0] == curves["noise"]["hit@1"][0] == plain
    assert curves["azimuth"]["x"] == list(map(float, AZIMUTH_DEG))
    assert curves["azimuth"]["hit@1"][0] > curves["azimuth"]["hit@1"][-1]
    assert all(c["model"] == "2D keypoints" for c in curves.values())


def test_the_truth_is_found_from_every_angle(protocol):
    few = replace(protocol, poses=protocol.poses[:15])
    curves = {c["what"]: c for c in curves_of(Oracle(few), few)}
    assert set(curves["azimuth"]["hit@1"]) == set(curves["elevation"]["hit@1"]) == {100.0}
