"""The lifter as a representation: its canonical pose is the vector."""

import numpy as np
import pytest
import torch
from bodies import filmed, moving

from vvipe import VvipeError, load
from vvipe.geometry.matching import match_distance
from vvipe.models.inputs import torso_m
from vvipe.models.lifter import LifterArchitecture, LifterNetworks
from vvipe.models.storage import save_model


@pytest.fixture(params=[True, False], ids=["masks", "no masks"])
def networks(request):
    torch.manual_seed(0)
    networks = LifterNetworks(LifterArchitecture(width=24, masks=request.param))
    for module in networks.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
    return networks.eval()


@pytest.fixture
def lifter(networks, tmp_path):
    save_model(tmp_path / "lifter", networks, {"name": "lifter", "representation": "lifter"})
    return load(tmp_path / "lifter")


def test_the_vector_is_what_the_network_says(networks, lifter):
    poses = filmed("coco13", frames=4)
    from vvipe.models.inputs import keypoint_inputs

    points, mask, _ = keypoint_inputs(poses, lifter.arch.normaliser)
    with torch.no_grad():
        plain = networks(torch.from_numpy(points), torch.from_numpy(mask)).numpy()
    np.testing.assert_allclose(lifter.embed(poses).vectors, plain, atol=2e-2)  # float16 on disk


def test_lifted_poses_are_the_vectors_in_metres(lifter):
    poses = filmed(frames=4)
    poses.coords[1] = np.nan
    lifted = lifter.lift(poses)
    expected = lifter.embed(poses).vectors.reshape(4, 17, 3) * torso_m()
    np.testing.assert_allclose(lifted.positions, expected, rtol=1e-6)
    assert np.isnan(lifted.positions[1]).all()
    assert (lifted.frame_of_reference, lifted.unit) == ("canonical", "m")
    assert lifter.lift(poses, frame="camera").frame_of_reference == "camera"


def test_both_rankings(lifter):
    z, (other,) = lifter.embed(filmed(frames=5)), lifter.others()
    assert (lifter.name, other.name) == ("lifter", "lifter (procrustes)")
    naive = np.linalg.norm(z.vectors[:2, None] - z.vectors[None], axis=-1)
    np.testing.assert_allclose(lifter.distance(z[:2], z), naive, atol=1e-3)
    poses = z.vectors.reshape(5, 17, 3)
    naive = [[match_distance(poses[i], poses[j]) for j in range(5)] for i in range(2)]
    np.testing.assert_allclose(other.distance(z[:2], z), naive, atol=1e-4)


@pytest.mark.parametrize("call", ["embed", "lift"])
def test_3d_poses_are_refused(lifter, call):
    with pytest.raises(VvipeError, match="only 2D keypoints"):
        getattr(lifter, call)(moving(frames=2))


def test_another_frame_is_refused(lifter):
    with pytest.raises(VvipeError, match="unknown frame 'world'"):
        lifter.lift(filmed(frames=1), frame="world")
