from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from vvipe.detectors.noise import fitted_noise
from vvipe.evaluation import Keypoints2D, Oracle, Protocol, detections_view, evaluate, project
from vvipe.evaluation.protocols import camera_pairs
from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.layouts import HUMAN36M


@pytest.fixture
def protocol(rng):
    poses = stand_on_floor((0.3 * rng.normal(size=(60, 17, 3))).astype(np.float32), 0)
    return Protocol("toy", poses, HUMAN36M, {"all": camera_pairs(HUMAN36M)})


def test_a_camera_and_a_seed_fix_what_is_seen(protocol):
    first, again = (detections_view(protocol, 1, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.keypoints, again.keypoints)
    np.testing.assert_array_equal(first.confidence, again.confidence)
    exact = project(protocol, 1)
    assert (first.source, first.image_size) == (exact.source, exact.image_size)
    off = first.keypoints - exact.keypoints
    other_seed = detections_view(protocol, 1, seed=4).keypoints - exact.keypoints
    other_camera = detections_view(protocol, 2, seed=3).keypoints - project(protocol, 2).keypoints
    for other in (other_seed, other_camera):
        assert abs(np.nanmedian(off - other)) < np.nanmedian(abs(off - other))
        assert not np.isclose(off, other, rtol=0.01).any(-1).mean() > 0.1


def test_errors_have_the_size_of_real_ones(protocol):
    exact, found = project(protocol, 0), detections_view(protocol, 0)
    away = exact.keypoints - exact.keypoints.mean(1, keepdims=True)
    size = np.sqrt((away**2).sum(-1).mean(1))
    off = np.linalg.norm(found.keypoints - exact.keypoints, axis=-1) / size[:, None]
    assert 0.01 < np.nanmedian(off) < 0.05
    assert (found.confidence[found.mask] > 0).all() and found.mask.mean() > 0.95


def test_poses_stay_in_place_and_noise_costs_hits(protocol):
    noisy = replace(fitted_noise(), level=1.5)
    exact = evaluate(Keypoints2D(), protocol)[0].hits[1]
    found = evaluate(Keypoints2D(), protocol, view=partial(detections_view, noise=noisy))[0]
    assert found.hits[1] <= exact
    oracle = evaluate(Oracle(protocol), protocol, view=detections_view)[0]
    assert oracle.hits[1] == 100
