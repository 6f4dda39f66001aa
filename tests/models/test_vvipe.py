import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed, moving

from vvipe import Embeddings, Poses2D, Poses3D, VvipeError, get_skeleton, load
from vvipe.embeddings import euclidean, matching_distance
from vvipe.geometry.bones import bone_lengths, universal_lengths, with_bone_lengths
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.models.inputs import H36M17, TORSO, keypoint_inputs, pose_inputs, torso_m
from vvipe.models.running import CHUNK
from vvipe.models.storage import load_networks

LIMBS = H36M17.indices("left_wrist", "right_ankle")


def both(frames=6):
    return [filmed(frames=frames), moving(frames=frames)]


def test_embeddings_are_what_the_networks_say(model):
    networks, _ = load_networks(model.folder)
    flat, body = both()
    points, mask, _ = keypoint_inputs(flat, "rms")
    canonical, seen, _, _ = pose_inputs(body)
    for poses, encoder, inputs in (
        (flat, networks.encoder_2d, (points, mask)),
        (body, networks.encoder_3d, (canonical, seen)),
    ):
        with torch.no_grad():
            mean, log_variance = encoder(*(torch.from_numpy(np.float32(x)) for x in inputs))
        got = model.embed(poses)
        np.testing.assert_allclose(got.vectors, mean, atol=1e-5)
        np.testing.assert_allclose(got.variance, log_variance.exp(), rtol=1e-4)
        assert got.vectors.dtype == got.variance.dtype == np.float32
        assert (got.source, got.model) == ("array", model.id)


@pytest.mark.parametrize("poses", both(), ids=["2D", "3D"])
def test_one_pose_in_gives_one_vector_out(model, poses):
    one, all_ = model.embed(poses.coords[2], poses.skeleton), model.embed(poses)
    assert one.vectors.shape == one.variance.shape == (8,) and one.frame is None
    np.testing.assert_allclose(one.vectors, all_.vectors[2], atol=1e-5)
    assert model.embed(poses[2]).frame == 2


@pytest.mark.parametrize("poses", both(), ids=["2D", "3D"])
@pytest.mark.parametrize("shape", [(2, 3), (1, 2, 3), (6, 1)])
def test_leading_dimensions_are_free(model, poses, shape):
    folded = poses.coords.reshape(*shape, *poses.coords.shape[-2:])
    got = model.embed(folded, poses.skeleton)
    assert got.vectors.shape == (*shape, 8)
    expected = model.embed(poses).vectors
    np.testing.assert_allclose(got.vectors.reshape(-1, 8), expected, atol=1e-5)


@pytest.mark.parametrize("poses", both(), ids=["2D", "3D"])
def test_no_pose_in_gives_no_vector_out(model, poses):
    assert model.embed(poses[:0]).vectors.shape == (0, 8)


@pytest.mark.parametrize("kind", [0, 1], ids=["2D", "3D"])
def test_the_size_of_the_batch_does_not_matter(model, kind):
    poses = both(10)[kind]
    many = np.tile(poses.coords, (CHUNK // 10 + 7, 1, 1))
    assert len(many) > CHUNK
    got = model.embed(many, poses.skeleton).vectors
    alone = np.stack([model.embed(p, poses.skeleton).vectors for p in poses.coords])
    np.testing.assert_allclose(got, np.tile(alone, (len(many) // 10, 1)), atol=1e-5)


@pytest.mark.parametrize("kind", [0, 1], ids=["2D", "3D"])
def test_rows_without_a_pose_are_nan_and_the_others_untouched(model, kind):
    poses = both(5)[kind]
    coords = poses.coords.copy()
    coords[[1, 3]] = np.nan
    got = model.embed(coords, poses.skeleton)
    assert np.isnan(got.vectors[[1, 3]]).all() and np.isnan(got.variance[[1, 3]]).all()
    expected = model.embed(poses).vectors[[0, 2, 4]]
    np.testing.assert_allclose(got.vectors[[0, 2, 4]], expected, atol=1e-6)
    nothing = model.embed(np.full_like(coords, np.nan), poses.skeleton)
    assert nothing.vectors.shape == (5, 8) and np.isnan(nothing.vectors).all()


def test_numpy_takes_embeddings_as_their_vectors(model):
    embeddings = model.embed(filmed(frames=4))
    assert embeddings.shape == (4, 8)
    np.testing.assert_array_equal(np.asarray(embeddings), embeddings.vectors)
    np.testing.assert_array_equal(np.stack([embeddings[0], embeddings[1]]), embeddings.vectors[:2])


def test_keypoints_may_be_of_any_size(model):
    """A float32 that overflows when it is squared."""
    flat = filmed(frames=2)
    huge = model.embed(replace(flat, coords=flat.keypoints * np.float32(1e30))).vectors
    np.testing.assert_allclose(huge, model.embed(flat).vectors, atol=1e-4)


def test_frames_and_source_travel_with_the_vectors(model):
    poses = replace(filmed(frames=4), frame=np.array([3, 5, 9, 10]), source="clip.npz")
    got = model.embed(poses)
    assert got.frame.tolist() == [3, 5, 9, 10] and got.source == "clip.npz"
    assert got[1:3].frame.tolist() == [5, 9] and len(got[1:3]) == 2
    lifted = model.lift(poses)
    assert lifted.frame.tolist() == [3, 5, 9, 10] and lifted.fps == 30


def test_detectors_agree_where_their_thirteen_joints_coincide(model):
    expected = model.embed(filmed("coco17")).vectors
    for skeleton in ("coco13", "body25", "halpe26", "openpose18", "mediapipe33"):
        got = model.embed(filmed(skeleton)).vectors
        np.testing.assert_allclose(got, expected, atol=1e-5)


@pytest.mark.parametrize(
    "skeleton", ["h36m17", "cmu_bvh", "cmu_asf", "bandai_namco", "smpl24", "mpi_inf_3dhp28"]
)
def test_every_rig_can_be_embedded(model, skeleton):
    assert np.isfinite(model.embed(moving(skeleton, frames=3)).vectors).all()


def test_a_hidden_joint_changes_the_vector_but_not_wildly(model):
    keypoints = filmed(frames=3).keypoints.copy()
    keypoints[:, get_skeleton("coco17").index("left_wrist")] = np.nan
    got = model.embed(keypoints, "coco17").vectors
    assert np.isfinite(got).all()
    assert np.abs(got - model.embed(filmed(frames=3)).vectors).max() > 1e-3


def test_decoded_poses_are_canonical_metres(model):
    embeddings = model.embed(filmed(frames=3))
    poses = model.decode(embeddings)
    assert isinstance(poses, Poses3D) and poses.positions.shape == (3, 17, 3)
    assert (poses.frame_of_reference, poses.skeleton) == ("canonical", H36M17)
    networks, _ = load_networks(model.folder)
    with torch.no_grad():
        drawn = networks.decode(torch.from_numpy(embeddings.vectors)).numpy() * torso_m()
    bones = drawn - drawn[:, list(H36M17.parents)]
    got = poses.positions - poses.positions[:, list(H36M17.parents)]
    length = np.linalg.norm(bones, axis=-1)[:, 1:, None]
    expected = bones[:, 1:] / length * universal_lengths()[1:, None]
    np.testing.assert_allclose(got[:, 1:], expected, atol=1e-5)
    assert (poses.joint("hip") == 0).all()
    assert model.decode(embeddings.vectors[0]).positions.shape == (17, 3)
    assert model.decode(np.zeros((2, 4, 8))).positions.shape == (2, 4, 17, 3)


def test_without_a_universal_skeleton_bones_are_as_they_are_drawn(folder):
    path = folder / "config.json"
    about = json.loads(path.read_text()) | {"training": {"config": {"universal": False}}}
    path.write_text(json.dumps(about))
    vectors = np.random.default_rng(0).normal(size=(3, 8)).astype(np.float32)
    networks, _ = load_networks(folder)
    with torch.no_grad():
        drawn = networks.decode(torch.from_numpy(vectors)).numpy() * torso_m()
    np.testing.assert_allclose(load(folder).decode(vectors).positions, drawn, atol=1e-5)


def test_rows_that_are_nan_stay_nan(model):
    vectors = np.zeros((3, 8))
    vectors[1, 4] = np.nan
    positions = model.decode(vectors).positions
    assert np.isnan(positions[1]).all() and np.isfinite(positions[[0, 2]]).all()


@pytest.mark.parametrize("shape", [(), (7,), (3, 9), (8, 3)])
def test_vectors_of_another_width(model, shape):
    vectors = np.zeros(shape)
    for use in (model.decode, model.generate, lambda v: model.interpolate(v, np.zeros(8))):
        with pytest.raises(VvipeError, match=r"small: not embeddings.*expected \(\.\.\., 8\)"):
            use(vectors)


def test_lifting_refuses_what_it_cannot_lift(model):
    with pytest.raises(VvipeError, match="unknown frame 'world'; expected canonical or camera"):
        model.lift(filmed(), frame="world")
    with pytest.raises(VvipeError, match="only 2D keypoints can be lifted"):
        model.lift(moving())


@pytest.fixture
def scene(model, monkeypatch):
    """Universal bodies before cameras, and a model that lifts them perfectly."""
    frames, rng = 24, np.random.default_rng(3)
    world = with_bone_lengths(moving(frames=frames).positions, universal_lengths(), H36M17)
    azimuth, elevation = rng.uniform(-np.pi, np.pi, frames), rng.uniform(-0.1, 0.4, frames)
    centre = orbit(azimuth, elevation, rng.uniform(3, 6, frames)).astype(np.float32)
    camera = Camera(look_at(centre, np.zeros(3, np.float32)), centre, 1145.0)
    pixels = camera.project(world[:, H36M17.indices(*KEYPOINTS.joints)])
    canonical = pose_inputs(Poses3D(world, "h36m17"))[0] * torso_m()

    def decode(embeddings):
        seen = np.isfinite(embeddings.vectors).all(-1)
        places = np.where(seen[..., None, None], canonical.reshape(*seen.shape, 17, 3), np.nan)
        return Poses3D(places, "h36m17", frame_of_reference="canonical")

    monkeypatch.setattr(model, "decode", decode)
    return Poses2D(pixels, "coco13", image_size=(1000, 1000)), camera.to_camera(world)


def reprojected(lifted, focal=1145.0, centre=(500, 500)):
    body = lifted.positions[..., H36M17.indices(*KEYPOINTS.joints), :]
    return focal * body[..., :2] / body[..., 2:] + np.array(centre)


def test_a_good_lift_is_put_back_where_the_body_was(model, scene):
    poses, in_camera = scene
    lifted = model.lift(poses, frame="camera")
    assert (lifted.frame_of_reference, lifted.up) == ("camera", "-y")
    np.testing.assert_allclose(lifted.positions, in_camera, atol=0.02)
    np.testing.assert_allclose(reprojected(lifted), poses.keypoints, atol=1)


def test_bodies_in_the_camera_are_upright_and_in_front(model, scene):
    lifted = model.lift(scene[0], frame="camera")
    assert (lifted.positions[..., 2] > 1).all()
    assert (lifted.joint("head")[:, 1] < lifted.joint("hip")[:, 1]).all()
    assert (lifted.joint("hip")[:, 1] < lifted.joint("left_ankle")[:, 1]).all()
    got = bone_lengths(lifted.positions, H36M17)
    np.testing.assert_allclose(got, np.tile(universal_lengths(), (24, 1)), atol=1e-4)


def test_hidden_joints_do_not_move_the_body(model, scene):
    poses, in_camera = scene
    keypoints = poses.keypoints.copy()
    keypoints[:, KEYPOINTS.indices("left_wrist", "right_ankle", "nose")] = np.nan
    lifted = model.lift(replace(poses, coords=keypoints), frame="camera")
    assert np.median(np.linalg.norm(lifted.positions - in_camera, axis=-1)) < 0.02


def test_another_focal_length_moves_the_body_not_its_image(model, scene):
    near, far = (model.lift(scene[0], frame="camera", focal_px=f) for f in (800, 1600))
    ratio = far.joint("hip")[:, 2] / near.joint("hip")[:, 2]
    np.testing.assert_allclose(ratio, 2, atol=0.3)
    for lifted, focal in ((near, 800), (far, 1600)):
        assert np.abs(reprojected(lifted, focal) - scene[0].keypoints).mean() < 20


def test_without_the_size_of_the_image_the_body_stands_before_the_camera(model, scene):
    lifted = model.lift(replace(scene[0], image_size=None), frame="camera")
    assert (lifted.positions[..., 2] > 0.5).all()
    assert (lifted.joint("head")[:, 1] < lifted.joint("left_ankle")[:, 1]).all()


@pytest.mark.parametrize("size", [None, (1000, 1000)])
def test_a_lift_into_the_camera_is_that_of_the_pose_alone(model, size):
    poses = replace(filmed(frames=7), image_size=size)
    keypoints = poses.keypoints * np.linspace(0.5, 2, 7, dtype=np.float32)[:, None, None]
    many = model.lift(replace(poses, coords=keypoints), frame="camera").positions
    for row, pose in zip(many, keypoints, strict=True):
        alone = model.lift(replace(poses, coords=pose, frame=None), frame="camera").positions
        np.testing.assert_allclose(row, alone, atol=1e-4)


def test_rows_without_a_person_stay_nan_in_the_camera(model, scene):
    poses, in_camera = scene
    keypoints = poses.keypoints.copy()
    keypoints[[0, 5]] = np.nan
    lifted = model.lift(replace(poses, coords=keypoints), frame="camera").positions
    assert np.isnan(lifted[[0, 5]]).all()
    others = np.setdiff1d(np.arange(24), [0, 5])
    np.testing.assert_allclose(lifted[others], in_camera[others], atol=0.02)
    for size in (None, (1000, 1000)):
        nobody = replace(poses, coords=np.full_like(keypoints, np.nan), image_size=size)
        assert np.isnan(model.lift(nobody, frame="camera").positions).all()


def test_lifted_poses_keep_the_leading_dimensions(model, scene):
    poses, in_camera = scene
    folded = Poses2D(poses.keypoints.reshape(2, 3, 4, 13, 2), "coco13", image_size=(1000, 1000))
    lifted = model.lift(folded, frame="camera")
    np.testing.assert_allclose(lifted.positions, in_camera.reshape(2, 3, 4, 17, 3), atol=0.02)


def test_completed_poses_stand_where_they_stood(model, monkeypatch):
    world = 1.1 * with_bone_lengths(moving(frames=4).positions, universal_lengths(), H36M17) + 2
    canonical = pose_inputs(Poses3D(world, "h36m17"))[0] * torso_m()
    perfect = Poses3D(canonical, "h36m17", frame_of_reference="canonical")
    monkeypatch.setattr(model, "decode", lambda _: perfect)
    holed = world.copy()
    holed[:, LIMBS] = np.nan
    np.testing.assert_allclose(model.complete(holed, "h36m17").positions, world, atol=2e-3)
    with pytest.raises(VvipeError, match="needs 3D poses"):
        model.complete(filmed())


def test_distances_agree_with_loops(model, rng):
    a, b = rng.normal(size=(4, 8)).astype(np.float32), rng.normal(size=(3, 8)).astype(np.float32)
    expected = [[np.linalg.norm(x - y) for y in b] for x in a]
    np.testing.assert_allclose(model.distance(a, b), expected, atol=1e-5)
    as_embeddings = model.distance(Embeddings(a, a), Embeddings(b, b))
    np.testing.assert_array_equal(as_embeddings, model.distance(a, b))
    a[1] = np.nan
    assert np.isnan(model.distance(a, b)).any(axis=1).tolist() == [False, True, False, False]


def test_a_model_that_learnt_to_weighs_dimensions_by_how_sure_it_is(ours):
    a, b = ours.embed(filmed(frames=4)), ours.embed(filmed(frames=3, seed=1))
    np.testing.assert_allclose(ours.distance(a, b), matching_distance(a, b), rtol=1e-6)
    np.testing.assert_allclose(ours.distance(a.vectors, b.vectors), euclidean(a, b), rtol=1e-6)
    (plain,) = ours.others()
    assert plain.name == f"{ours.name} (euclidean)" and plain.others() == ()
    np.testing.assert_allclose(plain.distance(a, b), euclidean(a, b), rtol=1e-6)
    assert ours.ranking == "matching"


def test_other_models_have_no_other_ranking(model):
    assert model.ranking == "euclidean" and model.others() == ()


def test_before_the_camera_bodies_have_their_own_proportions(ours):
    poses = filmed(frames=6)
    canonical, camera = (ours.lift(poses, frame=f).positions for f in ("canonical", "camera"))
    universal, own = (bone_lengths(x, H36M17) for x in (canonical, camera))
    np.testing.assert_allclose(universal, np.tile(universal_lengths(), (6, 1)), atol=1e-4)
    assert np.abs(own[:, 1:] / universal[:, 1:] - 1).mean() > 0.02
    np.testing.assert_allclose(own[:, TORSO].sum(1), torso_m(), atol=0.02)  # drawn to rays
    alone = ours.lift(poses[:1], frame="camera").positions
    np.testing.assert_allclose(alone, camera[:1], atol=1e-4)


def test_generated_points_lie_on_rays_from_the_point(model, rng):
    z = rng.normal(size=(3, 8)).astype(np.float32)
    points = model.generate(z, alphas=(0.2, 0.4), directions=5, seed=1)
    assert points.shape == (3, 5, 2, 8)
    step = points - z[:, None, None]
    np.testing.assert_allclose(step[:, :, 1], 2 * step[:, :, 0], atol=1e-5)
    np.testing.assert_allclose(step[0], step[2], atol=1e-5)  # one noise for all
    assert model.generate(z[0]).shape == (2, 4, 8)
    assert model.decode(points).positions.shape == (3, 5, 2, 17, 3)


def test_noise_is_as_large_as_the_space(model):
    noise = model.generate(np.zeros(8), alphas=(1.0,), directions=4000)[:, 0]
    np.testing.assert_allclose(noise.std(0), 0.5, atol=0.03)  # latent_std of the model
    np.testing.assert_allclose(noise.mean(0), 0, atol=0.03)


def test_the_seed_decides_what_is_generated(model):
    z = np.ones(8)
    np.testing.assert_array_equal(model.generate(z, seed=4), model.generate(z, seed=4))
    assert np.abs(model.generate(z, seed=4) - model.generate(z, seed=5)).max() > 0.01


def test_interpolation_runs_from_end_to_end(model, rng):
    a, b = rng.normal(size=(2, 3, 8)).astype(np.float32)
    path = model.interpolate(a, b, steps=5)
    assert path.shape == (3, 5, 8)
    np.testing.assert_array_equal(path[:, 0], a)
    np.testing.assert_array_equal(path[:, -1], b)
    np.testing.assert_allclose(path[:, 1], 0.75 * a + 0.25 * b, atol=1e-6)
    assert model.interpolate(a[0], b[0]).shape == (8, 8)
    embedded = model.interpolate(Embeddings(a, a), Embeddings(b, b), steps=2)
    np.testing.assert_array_equal(embedded, np.stack([a, b], 1))


@pytest.mark.parametrize("steps", [1, 0, -3])
def test_an_interpolation_has_two_ends(model, steps):
    with pytest.raises(VvipeError, match=f"expected steps >= 2; got {steps}"):
        model.interpolate(np.zeros(8), np.ones(8), steps)
