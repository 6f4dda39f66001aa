"""The geometry-aware representation in use: vectors, lifted poses, G and views made of it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed, moving
from view_pairs import SMALL, VIEWS, make_networks

from vvipe import Poses2D, VvipeError, load
from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.canonical import rotate, to_canonical
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.rotations import euler_to_rotmat
from vvipe.models.generators import UNET
from vvipe.models.geometry_aware import LIFTER, LINEAR, POINTS, GeometryAware
from vvipe.models.geometry_networks import GeometryNetworks
from vvipe.models.inputs import H36M17, keypoint_inputs, torso_m
from vvipe.models.storage import save_model

ARCH = SMALL["keypoints"]


def write(folder, arch):
    about = {"name": "seen", "representation": "geometry-aware"}
    save_model(folder, make_networks(arch), about)
    return load(folder)


@pytest.fixture
def model(tmp_path):
    return write(tmp_path / "seen", ARCH)


@pytest.fixture(params=[LIFTER, LINEAR, POINTS])
def ranked(request, model):
    """The model under each ranking."""
    return GeometryAware(model._networks, model.config, model.folder, request.param)


@pytest.fixture(params=SMALL)
def any_kind(request, tmp_path):
    """A model of each architecture."""
    return write(tmp_path / "seen", SMALL[request.param])


def told(model, poses):
    """(N, M, 3) and two (N, 17, 3): what the networks themselves make of poses."""
    points, mask, _ = keypoint_inputs(poses, model.arch.normaliser)
    with torch.no_grad():
        found, bodies = model._networks(torch.from_numpy(points), torch.from_numpy(mask))
    return found.numpy(), bodies.linear.numpy(), bodies.lifter.numpy()


def kind_of(model):
    return next(kind for kind, arch in SMALL.items() if arch == model.arch)


def turns(rng, *shape):
    return euler_to_rotmat(rng.uniform(-3, 3, (*shape, 3)), "XYZ")


def test_saved_and_loaded_it_gives_the_same_answers(any_kind):
    poses = filmed(frames=4)
    live = GeometryAware(make_networks(any_kind.arch), any_kind.config, any_kind.folder)
    for one, other in zip(
        (any_kind, *any_kind.others()), (live, *live.others()), strict=True
    ):  # float16 on disk
        np.testing.assert_allclose(one.embed(poses).vectors, other.embed(poses).vectors, atol=3e-2)
    again = load(any_kind.folder)
    np.testing.assert_array_equal(again.lift(poses).positions, any_kind.lift(poses).positions)
    np.testing.assert_array_equal(again.points(poses), any_kind.points(poses))


def test_names_and_dimensions_of_the_others(model):
    linear, points = model.others()
    assert (model.name, linear.name, points.name) == ("seen", "seen (linear)", "seen (points)")
    assert (model.dim, linear.dim, points.dim) == (51, 51, 12)
    assert (linear.ranking, points.ranking) == (LINEAR, POINTS)
    assert not model.embeds_3d


def test_a_baseline_has_no_points_to_rank_by(tmp_path):
    model = write(tmp_path / "baseline", replace(ARCH, inject=False))
    assert [other.ranking for other in model.others()] == [LINEAR]


def test_what_looks_at_a_picture_ranks_and_lifts_too(tmp_path):
    model, poses = write(tmp_path / "painted", replace(ARCH, picture=2)), filmed(frames=2)
    linear, integral, points = model.others()
    assert (integral.name, integral.dim, points.ranking) == ("seen (integral)", 51, POINTS)
    others = [head.embed(poses).vectors for head in (model, linear)]
    vectors = integral.embed(poses).vectors
    assert min(np.abs(vectors - other).max() for other in others) > 0.01
    lifted = integral.lift(poses).positions
    np.testing.assert_allclose(vectors.reshape(2, 17, 3) * torso_m(), lifted, rtol=1e-5, atol=1e-6)


def test_shapes_and_where_results_come_from(ranked):
    poses = replace(filmed(frames=3), frame=np.array([4, 6, 8]), source="clip.npz")
    lifted, z = ranked.lift(poses), ranked.embed(poses)
    assert z.vectors.shape == z.variance.shape == (3, ranked.dim) and not z.variance.any()
    assert z.vectors.dtype == np.float32 and lifted.positions.shape == (3, 17, 3)
    assert (lifted.fps, lifted.source, z.source, z.model) == (30, "clip.npz", "clip.npz", ranked.id)
    np.testing.assert_array_equal(lifted.frame, [4, 6, 8])
    np.testing.assert_array_equal(z.frame, [4, 6, 8])


def test_leading_dimensions_stay_and_one_pose_is_one_vector(ranked):
    poses = filmed(frames=6)
    folded = poses.coords.reshape(2, 3, -1, 2)
    flat, lifted, points = ranked.embed(poses), ranked.lift(poses), ranked.points(poses)
    many = ranked.embed(folded, skeleton="coco17").vectors
    np.testing.assert_allclose(many, flat.vectors.reshape(2, 3, -1), atol=1e-5)
    one = ranked.embed(folded[0, 1], skeleton="coco17").vectors
    np.testing.assert_allclose(one, flat.vectors[1], atol=1e-5)
    placed = ranked.lift(folded, skeleton="coco17").positions
    np.testing.assert_allclose(placed, lifted.positions.reshape(2, 3, 17, 3), atol=1e-5)
    own = ranked.points(folded[0, 1], skeleton="coco17")
    np.testing.assert_allclose(own, points[1], atol=1e-5)
    assert ranked.points(folded, skeleton="coco17").shape == (2, 3, 4, 3)


def test_of_no_pose_there_is_no_result(any_kind):
    poses = filmed(frames=2)[:0]
    assert any_kind.embed(poses).vectors.shape == (0, 51)
    assert any_kind.lift(poses).positions.shape == (0, 17, 3)
    assert any_kind.points(poses).shape == (0, any_kind.arch.points, 3)


def test_rows_stay_rows(ranked):
    poses = filmed(frames=5)
    calls = (
        lambda: ranked.embed(poses).vectors, lambda: ranked.lift(poses).positions,
        lambda: ranked.lift(poses, frame="camera").positions, lambda: ranked.points(poses),
        lambda: ranked.turned_views(poses, np.eye(3)),
    )  # fmt: skip
    whole = [call() for call in calls]
    poses.coords[1] = np.nan
    poses.coords[3, 4:] = np.nan  # a face is no pose
    for call, before in zip(calls, whole, strict=True):
        values = call()
        lost = np.isnan(values.reshape(5, -1))
        assert lost[[1, 3]].all() and not lost[[0, 2, 4]].any()
        np.testing.assert_allclose(values[[0, 2, 4]], before[[0, 2, 4]], atol=1e-4)


def test_joints_that_are_not_seen_are_filled_in(any_kind):
    poses = filmed("coco13", frames=3)
    poses.coords[:, KEYPOINTS.indices("nose", "left_wrist")] = np.nan
    assert np.isfinite(any_kind.embed(poses).vectors).all()
    assert np.isfinite(any_kind.turned_views(poses, np.eye(3))).all()


def test_results_do_not_depend_on_who_is_beside(any_kind):
    poses = filmed(frames=7)
    views = any_kind.points(poses)
    vectors, bodies = any_kind.embed(poses).vectors, any_kind.lift(poses).positions
    for i in range(7):
        alone = poses[i : i + 1]
        np.testing.assert_allclose(any_kind.points(alone)[0], views[i], atol=1e-4)
        np.testing.assert_allclose(any_kind.embed(alone).vectors[0], vectors[i], atol=1e-4)
        np.testing.assert_allclose(any_kind.lift(alone).positions[0], bodies[i], atol=1e-4)


def test_vectors_of_heads_are_lifted_poses_in_torso_lengths(model):
    poses, vectors = filmed(frames=4), []
    for head in (model, model.others()[0]):
        lifted = head.lift(poses).positions
        vectors.append(head.embed(poses).vectors)
        np.testing.assert_allclose(
            vectors[-1].reshape(4, 17, 3) * torso_m(), lifted, rtol=1e-5, atol=1e-6
        )
        canonical, _ = to_canonical(lifted, universal_lengths(), H36M17)
        np.testing.assert_allclose(lifted, canonical, atol=1e-5)
    assert np.abs(vectors[0] - vectors[1]).max() > 0.1


def test_each_head_tells_its_own_body(model):
    poses = filmed(frames=4)
    _, linear, lifter = told(model, poses)
    for head, body in zip((*model.others(), model), (linear, lifter, lifter), strict=True):
        canonical, _ = to_canonical(body, universal_lengths(), H36M17)
        np.testing.assert_allclose(head.lift(poses).positions, canonical, atol=1e-4)
        np.testing.assert_allclose(head._found(poses)[1], body * torso_m(), atol=1e-5)  # metres


def test_points_are_g_of_mean_square_one(any_kind):
    poses = filmed(frames=5)
    points = any_kind.points(poses)
    np.testing.assert_allclose(points, told(any_kind, poses)[0], atol=1e-5)
    np.testing.assert_allclose((points**2).sum(-1).mean(-1), 1, atol=1e-3)


def test_the_points_vector_is_g_in_the_person_s_own_axes(model):
    poses = filmed(frames=4)
    points, _, lifter = told(model, poses)
    _, removed = to_canonical(lifter, universal_lengths(), H36M17)
    expected = np.einsum("nij,nmj->nmi", removed.rotation, points)
    got = model.others()[1].embed(poses).vectors
    np.testing.assert_allclose(got.reshape(4, 4, 3), expected, atol=1e-5)


def test_the_points_vector_stays_when_g_and_the_body_are_turned_together(model, rng, monkeypatch):
    (_, points), poses = model.others(), filmed(frames=4)
    before, found, turn = points.embed(poses).vectors, points._found(poses), turns(rng, 4)
    turned = [rotate(turn, x) for x in found]
    assert np.abs(turned[0] - found[0]).max() > 0.5
    monkeypatch.setattr(points, "_found", lambda *_: turned)
    np.testing.assert_allclose(points.embed(poses).vectors, before, atol=1e-4)
    monkeypatch.setattr(points, "_found", lambda *_: (turned[0], found[1]))
    assert np.abs(points.embed(poses).vectors - before).max() > 0.1


@pytest.mark.parametrize("turn", ["none", "one", "each"])
def test_turned_views_are_what_the_decoder_makes_of_turned_points(any_kind, rng, turn):
    poses = filmed(frames=3)
    rotation = {"none": np.eye(3), "one": turns(rng), "each": turns(rng, 3)}[turn]
    points = torch.from_numpy(any_kind.points(poses))
    if turn != "none":
        each = torch.from_numpy(np.broadcast_to(rotation, (3, 3, 3)).copy()).float()
        points = torch.stack([p @ r.T for p, r in zip(points, each, strict=True)])
    with torch.no_grad():
        expected = any_kind._networks.synthesise(points).numpy()
    got = any_kind.turned_views(poses, rotation)
    assert got.shape == (3, *VIEWS[kind_of(any_kind)])
    np.testing.assert_allclose(got, expected, atol=1e-4)


def test_turned_views_keep_leading_dimensions(model, rng):
    folded, rotation = filmed(frames=6).coords.reshape(2, 3, -1, 2), turns(rng, 2, 3)
    got = model.turned_views(folded, rotation, skeleton="coco17")
    assert got.shape == (2, 3, 13, 2)
    one = model.turned_views(folded[1, 2], rotation[1, 2], skeleton="coco17")
    np.testing.assert_allclose(one, got[1, 2], atol=1e-4)


def test_a_body_is_put_before_the_camera_that_saw_it(ranked, monkeypatch):
    """True bodies, as heads would tell them: in the axes of the camera, the hip at the origin."""
    true = moving(frames=4).positions
    root = true[:, H36M17.index("hip")]
    centre = root + orbit(np.array([0.3, 2.0, -1.0, 3.0]), np.full(4, 0.2), 4.0).astype(np.float32)
    camera = Camera(look_at(centre, root + 0.3), centre, 1145.0)
    body, pixels = camera.to_camera(true), camera.project(true)
    keypoints = pixels[:, H36M17.indices(*KEYPOINTS.joints)]
    poses = Poses2D(keypoints, "coco13", image_size=(1000, 1000))
    monkeypatch.setattr(ranked, "_found", lambda *_: (None, body - body[:, :1]))
    placed = ranked.lift(poses, frame="camera", focal_px=1145.0)
    assert (placed.frame_of_reference, placed.unit) == ("camera", "m")
    np.testing.assert_allclose(placed.positions, body, atol=0.02)
    lifted = ranked.lift(poses)
    assert lifted.frame_of_reference == "canonical"
    canonical, _ = to_canonical(true, universal_lengths(), H36M17)
    np.testing.assert_allclose(lifted.positions, canonical, atol=1e-4)


def test_the_frame_of_the_camera_is_told(model):
    placed = model.lift(filmed(frames=4), frame="camera", focal_px=1145.0)
    assert placed.frame_of_reference == "camera" and (placed.positions[..., 2] > 0).all()


def test_distances_are_euclidean(ranked):
    z = ranked.embed(filmed(frames=5))
    naive = np.linalg.norm(z.vectors[:2, None] - z.vectors[None], axis=-1)
    got = ranked.distance(z[:2], z)
    assert got.dtype == np.float32 and naive.max() > 0.1
    np.testing.assert_allclose(got, naive, atol=1e-3)


@pytest.mark.parametrize("call", ["embed", "lift", "points"])
def test_3d_poses_are_refused(model, call):
    with pytest.raises(VvipeError, match="only 2D keypoints"):
        getattr(model, call)(moving(frames=2))
    with pytest.raises(VvipeError, match="only 2D keypoints"):
        model.turned_views(moving(frames=2), np.eye(3))


def test_another_frame_is_refused(model):
    with pytest.raises(VvipeError, match="unknown frame 'world'"):
        model.lift(filmed(frames=1), frame="world")


def test_a_training_goes_on_with_networks_that_a_model_was_made_of(model):
    networks = make_networks(ARCH).train()
    GeometryAware(networks, model.config, model.folder)
    assert networks.training and all(p.requires_grad for p in networks.parameters())


def test_loading_calculates_nothing(tmp_path, monkeypatch):
    """On the meta device drawing imports sympy and the compiler: as long as torch itself takes."""
    folder = write(tmp_path / "unet", SMALL[UNET]).folder
    monkeypatch.setattr(torch.Tensor, "normal_", lambda *_: pytest.fail("drawn"))
    for name in ("eye", "diag"):
        monkeypatch.setattr(torch, name, lambda *_: pytest.fail("calculated"))
    load(folder)


def test_rankings_lifting_and_embedding_pass_the_networks_once(ranked, monkeypatch):
    poses, calls, original = filmed(frames=3), [], GeometryNetworks.forward

    def counted(self, *arrays):
        calls.append(len(arrays[0]))
        return original(self, *arrays)

    monkeypatch.setattr(GeometryNetworks, "forward", counted)
    for model in (ranked, *ranked.others()):
        model.embed(poses)
        model.lift(poses)
    assert calls == [3]
    ranked.embed(poses[:2])
    assert calls == [3, 2]
