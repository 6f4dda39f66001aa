"""The unsupervised lifter as a representation: lifted poses, and its latents, are vectors."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed, moving

from vvipe import VvipeError, load
from vvipe.geometry.bones import bone_lengths, universal_lengths
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.models.inputs import H36M17, keypoint_inputs, torso_m
from vvipe.models.storage import save_model
from vvipe.models.vae_gan import VaeGan
from vvipe.models.vae_gan_networks import VaeGanArchitecture

OURS = VaeGanArchitecture(latent=6, width=16, blocks=1, prior_width=8)
THESIS = replace(
    OURS, masks=False, rays=False, elevation=False, prior="critic", normaliser="head", distance=10.0
)
BY_DETECTORS = ("spine", "thorax", "head")  # those that a detector does not tell


def write(folder, networks):
    save_model(folder, networks, {"name": "unsupervised", "representation": "vae-gan"})
    return load(folder)


@pytest.fixture(params=[OURS, THESIS], ids=["ours", "thesis"])
def networks(request, unsupervised):
    return unsupervised(request.param, 0.3)


@pytest.fixture
def lifter(networks, tmp_path):
    return write(tmp_path / "unsupervised", networks)


@pytest.fixture
def knowing(unsupervised, tmp_path):
    """Our lifter, trained where these joints were never told."""

    def make(*unknown):
        networks = unsupervised(OURS, 0.3)
        networks.known[H36M17.indices(*unknown)] = 0
        return write(tmp_path / "partly", networks)

    return make


def drawn(networks, poses):
    """(N, 17, 3) what the networks themselves make of poses."""
    points, mask, _ = keypoint_inputs(poses, networks.arch.normaliser)
    with torch.no_grad():
        return networks(torch.from_numpy(points), torch.from_numpy(mask)).body.numpy()


def test_lifted_is_what_the_networks_draw_at_the_universal_size(networks, tmp_path):
    poses = filmed(frames=5)
    model = VaeGan(networks, {"name": "x", "sha256": "0" * 64}, tmp_path)
    for body, lifted in zip(drawn(networks, poses), model._lifted(poses)[0], strict=True):
        size = universal_lengths().sum() / sum(
            np.linalg.norm(body[child] - body[parent]) for parent, child in H36M17.bones
        )
        np.testing.assert_allclose(lifted, (body - body[0]) * size, atol=1e-4)


def test_saved_and_loaded_it_gives_the_same_answers(networks, lifter, tmp_path):
    poses = filmed(frames=6)
    live = VaeGan(networks, lifter.config, tmp_path)
    for name, dims in (("unsupervised", 51), ("unsupervised (latent)", 6)):
        assert (lifter.name, lifter.dim) == (name, dims)
        expected, got = live.embed(poses), lifter.embed(poses)
        np.testing.assert_allclose(got.vectors, expected.vectors, atol=2e-2)  # float16 on disk
        np.testing.assert_allclose(got.variance, expected.variance, atol=2e-2, rtol=2e-2)
        (lifter,), (live,) = lifter.others(), live.others()
    again = load(tmp_path / "unsupervised")
    np.testing.assert_array_equal(again.lift(poses).positions, lifter.lift(poses).positions)


def test_loading_calculates_nothing(lifter, monkeypatch):
    """On the meta device these import sympy and the compiler: as long as torch itself takes."""
    monkeypatch.setattr(torch.Tensor, "normal_", lambda *_: pytest.fail("drawn"))
    for name in ("eye", "diag"):
        monkeypatch.setattr(torch, name, lambda *_: pytest.fail("calculated"))
    load(lifter.folder)


def test_vectors_are_canonical_poses_in_torso_lengths(lifter):
    z = lifter.embed(filmed(frames=4))
    lifted = lifter.lift(filmed(frames=4))
    assert z.vectors.shape == z.variance.shape == (4, 51) and not z.variance.any()
    np.testing.assert_allclose(
        z.vectors.reshape(4, 17, 3) * torso_m(), lifted.positions, rtol=1e-5, atol=1e-6
    )
    canonical, _ = to_canonical(lifted.positions, universal_lengths(), H36M17)
    np.testing.assert_allclose(lifted.positions, canonical, atol=1e-5)
    lengths = bone_lengths(lifted.positions, H36M17)
    np.testing.assert_allclose(lengths, np.tile(universal_lengths(), (4, 1)), atol=1e-5)


def test_latents_are_the_means_of_the_bottleneck(networks, lifter):
    poses = filmed(frames=4)
    points, mask, _ = keypoint_inputs(poses, networks.arch.normaliser)
    with torch.no_grad():
        lifted = networks(torch.from_numpy(points), torch.from_numpy(mask))
    (latent,) = lifter.others()
    z = latent.embed(poses)
    np.testing.assert_allclose(z.vectors, lifted.mean, atol=2e-2)
    np.testing.assert_allclose(z.variance, lifted.log_variance.exp(), atol=2e-2, rtol=2e-2)
    np.testing.assert_allclose(latent.lift(poses).positions, lifter.lift(poses).positions)


def test_a_bottleneck_that_is_a_point_has_no_variance(unsupervised, tmp_path):
    model = write(tmp_path / "point", unsupervised(replace(OURS, variational=False)))
    z = model.others()[0].embed(filmed(frames=3))
    assert z.vectors.any() and not z.variance.any()


def test_results_do_not_depend_on_who_is_beside(lifter):
    poses = filmed(frames=7)
    (latent,) = lifter.others()
    for call in (lambda p: lifter.lift(p).positions, lambda p: latent.embed(p).vectors):
        whole = call(poses)
        alone = [call(replace(poses, coords=poses.coords[i : i + 1], frame=None))
                 for i in range(7)]  # fmt: skip
        np.testing.assert_allclose(np.concatenate(alone), whole, atol=1e-5)


def test_rows_stay_rows(lifter):
    poses = filmed(frames=5)
    whole = lifter.lift(poses).positions
    poses.coords[1] = np.nan
    poses.coords[3, 4:] = np.nan  # a face is no pose
    (latent,) = lifter.others()
    for values in (
        lifter.lift(poses).positions, lifter.embed(poses).vectors, latent.embed(poses).vectors,
        lifter.lift(poses, frame="camera").positions,
    ):  # fmt: skip
        lost = np.isnan(values.reshape(5, -1))
        assert lost[[1, 3]].all() and not lost[[0, 2, 4]].any()
    np.testing.assert_allclose(lifter.lift(poses).positions[[0, 2, 4]], whole[[0, 2, 4]], atol=1e-5)


def test_leading_dimensions_stay(lifter):
    poses = filmed(frames=6)
    folded = poses.coords.reshape(2, 3, -1, 2)
    flat = lifter.embed(poses).vectors
    got = lifter.embed(folded, skeleton="coco17").vectors
    np.testing.assert_allclose(got, flat.reshape(2, 3, 51), atol=1e-5)
    assert lifter.lift(folded, skeleton="coco17").positions.shape == (2, 3, 17, 3)


def test_in_the_camera_s_frame_joints_lie_on_the_rays_of_their_pixels(knowing):
    poses, lifter = filmed(frames=4), knowing()
    placed = lifter.lift(poses, frame="camera", focal_px=1145.0)
    assert (placed.frame_of_reference, placed.unit) == ("camera", "m")
    body = placed.positions[:, H36M17.indices(*KEYPOINTS.joints)]
    pixels = 1145 * body[..., :2] / body[..., 2:] + 500
    np.testing.assert_allclose(pixels, poses.to_skeleton("coco13").keypoints, atol=2)
    assert lifter.lift(poses).frame_of_reference == "canonical"


def test_what_goes_with_the_poses_stays_with_them(lifter):
    poses = replace(filmed(frames=3), frame=np.array([4, 6, 8]), source="clip.npz")
    lifted, z = lifter.lift(poses), lifter.embed(poses)
    assert (lifted.fps, lifted.source, z.source, z.model) == (30, "clip.npz", "clip.npz", lifter.id)
    np.testing.assert_array_equal(lifted.frame, [4, 6, 8])
    np.testing.assert_array_equal(z.frame, [4, 6, 8])


@pytest.mark.parametrize("unknown", [BY_DETECTORS, (*BY_DETECTORS, "nose")])
def test_joints_that_the_data_never_told_are_made_from_the_others(knowing, unknown):
    poses, lifter = filmed(frames=4), knowing(*unknown)
    body = lifter._lifted(poses)[0]
    place = {joint: body[:, H36M17.index(joint)] for joint in H36M17.joints}
    thorax = (place["left_shoulder"] + place["right_shoulder"]) / 2
    hip = (place["left_hip"] + place["right_hip"]) / 2
    np.testing.assert_allclose(place["thorax"], thorax, atol=1e-5)
    # The root is known and drawn; half-way counts from the middle of the hips.
    np.testing.assert_allclose(place["spine"], (thorax + hip) / 2, atol=1e-5)
    assert np.isfinite(lifter.lift(poses).positions).all()


def test_what_is_drawn_of_unknown_joints_shows_nowhere(knowing, tmp_path):
    unknown = (*BY_DETECTORS, "nose")
    lifter, poses = knowing(*unknown), filmed(frames=4)
    poses.coords[:, poses.skeleton.index("nose")] = np.nan  # as data that never told it have it
    bodies = []
    for shift in (0.0, 50.0):
        with torch.no_grad():
            bias = lifter._networks.decoder[1].bias.view(17, 3)
            bias[H36M17.indices(*unknown)] += shift
        bodies.append(lifter._lifted(poses)[0])
    np.testing.assert_allclose(*bodies, atol=1e-5)


@pytest.mark.parametrize("unknown", [(), BY_DETECTORS])
def test_bones_are_as_long_as_the_universal_ones_whatever_is_known(knowing, unknown):
    """All together; a bone without a joint at its end, which lies on its start, left out."""
    lengths = bone_lengths(knowing(*unknown)._lifted(filmed(frames=4))[0], H36M17)
    there = lengths > 1e-6
    assert there.sum(1).tolist() == [15 if unknown else 16] * 4  # no detector tells the head's top
    np.testing.assert_allclose(lengths.sum(1), (universal_lengths() * there).sum(1), rtol=1e-4)


def test_distances_are_euclidean(lifter):
    for model in (lifter, *lifter.others()):
        z = model.embed(filmed(frames=5))
        naive = np.linalg.norm(z.vectors[:2, None] - z.vectors[None], axis=-1)
        np.testing.assert_allclose(model.distance(z[:2], z), naive, atol=1e-3)


@pytest.mark.parametrize("call", ["embed", "lift"])
def test_3d_poses_are_refused(lifter, call):
    with pytest.raises(VvipeError, match="only 2D keypoints"):
        getattr(lifter, call)(moving(frames=2))


def test_another_frame_is_refused(lifter):
    with pytest.raises(VvipeError, match="unknown frame 'world'"):
        lifter.lift(filmed(frames=1), frame="world")


def test_a_training_goes_on_with_networks_that_a_model_was_made_of(networks, tmp_path):
    networks.train()
    VaeGan(networks, {"name": "x", "sha256": "0" * 64}, tmp_path)
    assert networks.training and all(p.requires_grad for p in networks.parameters())
