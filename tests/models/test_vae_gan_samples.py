"""The unsupervised lifter: bodies sampled from its latent, and the elevations it tells."""

import numpy as np
import pytest
import torch
from bodies import filmed, moving

from vvipe import VvipeError, load
from vvipe.models.inputs import keypoint_inputs
from vvipe.models.storage import save_model
from vvipe.models.vae_gan_networks import COLUMNS, VaeGanArchitecture, VaeGanNetworks

SMALL = {"latent": 6, "width": 24, "blocks": 1, "prior": "none"}


def written(folder, **changes):
    """A lifter that looks at its latent, as a trained one does."""
    torch.manual_seed(0)
    networks = VaeGanNetworks(VaeGanArchitecture(**SMALL | changes)).eval()
    networks.known.fill_(1)
    torch.nn.init.normal_(networks.decoder[1].weight, std=0.05)
    if networks.elevation is not None:
        torch.nn.init.normal_(networks.elevation.weight, std=0.1)
    save_model(folder, networks, {"name": "unsupervised", "representation": "vae-gan"})
    return load(folder)


@pytest.fixture
def lifter(tmp_path):
    return written(tmp_path / "m")


@pytest.fixture
def keypoints():
    poses = filmed(frames=5)
    poses.coords[2] = np.nan
    return poses


def test_samples_differ_and_are_the_same_every_time(lifter, keypoints):
    samples = lifter.hypotheses(keypoints, count=4)
    assert samples.shape == (4, 5, 17, 3)
    assert (samples.frame_of_reference, samples.unit, samples.fps) == ("camera", "m", 30)
    rows = np.isfinite(samples.positions).all((0, 2, 3))
    assert rows.tolist() == [True, True, False, True, True]
    assert samples.positions[:, rows].std(0).mean() > 0.01
    again, other = (lifter.hypotheses(keypoints, 4, seed=s).positions for s in (0, 1))
    np.testing.assert_array_equal(again, samples.positions)
    assert np.nanmax(np.abs(other - again)) > 0.01


def test_without_noise_they_are_the_usual_lift(lifter, keypoints):
    for frame in ("camera", "canonical"):
        samples = lifter.hypotheses(keypoints, 2, scale=0.0, frame=frame)
        lifted = lifter.lift(keypoints, frame=frame)
        np.testing.assert_allclose(samples.positions, [lifted.positions] * 2, atol=1e-5)
        assert samples.frame_of_reference == lifted.frame_of_reference == frame


def test_a_row_does_not_depend_on_the_others(lifter, keypoints):
    every = lifter.hypotheses(keypoints, 3).positions
    np.testing.assert_allclose(lifter.hypotheses(keypoints[3:4], 3).positions[:, 0], every[:, 3],
                               atol=1e-5)  # fmt: skip
    assert lifter.hypotheses(keypoints[3], 3).shape == (3, 17, 3)


def test_seen_joints_keep_to_their_keypoints(tmp_path):
    """However far the samples are apart in depth: by what the networks say, before placing."""
    poses, lifter = filmed(frames=4), written(tmp_path / "rays", rays=True)
    free = written(tmp_path / "free", rays=False)
    points, mask, _ = (torch.from_numpy(x) for x in keypoint_inputs(poses, "rms"))

    def off_and_deep(model, seed):
        torch.manual_seed(seed)
        body = model._networks.decode(5 * torch.randn(4, 6), points, mask)[0][:, COLUMNS]
        image = body[..., :2] * (8.0 / (8.0 + body[..., 2:]))
        return (image - points).abs().max(), body[..., 2]

    (off, deep), (_, deep_too) = off_and_deep(lifter, 0), off_and_deep(lifter, 1)
    assert off < 1e-5 and (deep - deep_too).abs().mean() > 0.1
    assert off_and_deep(free, 0)[0] > 0.1


def test_what_has_no_samples(tmp_path, lifter, keypoints):
    with pytest.raises(VvipeError, match=r"no hypotheses; train.*variational=true"):
        written(tmp_path / "point", variational=False).hypotheses(keypoints)
    with pytest.raises(VvipeError, match="count >= 1"):
        lifter.hypotheses(keypoints, 0)
    with pytest.raises(VvipeError, match="unknown frame"):
        lifter.hypotheses(keypoints, frame="world")


@pytest.mark.parametrize("call", ["embed", "lift", "hypotheses", "elevation"])
def test_3d_poses_are_refused(lifter, call):
    with pytest.raises(VvipeError, match="only 2D keypoints"):
        getattr(lifter, call)(moving(frames=2))


def test_elevations_are_what_the_networks_tell(lifter, keypoints, tmp_path):
    told = lifter.elevation(keypoints)
    points, mask, usable = keypoint_inputs(keypoints, "rms")
    with torch.no_grad():
        plain = lifter._networks(torch.from_numpy(points), torch.from_numpy(mask)).elevation
    np.testing.assert_allclose(told[usable], plain.numpy()[usable], atol=1e-6)
    assert np.isnan(told).tolist() == [False, False, True, False, False]
    assert told[usable].std() > 1e-3
    assert lifter.elevation(keypoints[0]).shape == ()
    silent = written(tmp_path / "silent", elevation=False)
    assert (silent.elevation(keypoints)[usable] == 0).all()
