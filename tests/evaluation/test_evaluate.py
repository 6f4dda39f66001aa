import json

import numpy as np
import pytest

from vvipe import Poses2D, Poses3D, get_skeleton
from vvipe.evaluation import (
    Keypoints2D,
    Lifter,
    MeanPose,
    Oracle,
    Protocol,
    Random,
    Representation,
    evaluate,
    evaluate_3d_queries,
    rows_to_json,
)
from vvipe.evaluation.baselines import Vectors
from vvipe.evaluation.protocols import camera_pairs, project
from vvipe.evaluation.retrieval import euclidean
from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.layouts import MPI_INF_3DHP
from vvipe.geometry.matching import match_distance

H36M17 = get_skeleton("h36m17")


@pytest.fixture
def protocol(rng, tmp_path):
    """Forty bodies in eight bunches: pairs within a bunch match or just do not."""
    kinds = 0.3 * rng.normal(size=(8, 1, 17, 3))
    apart = np.linspace(0.01, 0.08, 5)[:, None, None]
    bodies = (kinds + apart * rng.normal(size=(8, 5, 17, 3))).reshape(40, 17, 3)
    groups = {
        "all": camera_pairs(MPI_INF_3DHP),
        "unseen": camera_pairs(MPI_INF_3DHP, unseen=True),
    }
    file = tmp_path / "bodies.txt"
    file.write_text("bodies")
    poses = stand_on_floor(bodies.astype(np.float32), 0)
    return Protocol("toy", poses, MPI_INF_3DHP, groups, (file,))


class Fake:
    """Knows the answers: each camera's poses, and where they are in space."""

    name = "fake"

    def __init__(self, protocol, scale=1.0):
        self.protocol, self.scale = protocol, scale
        self.views = [project(protocol, i).keypoints for i in range(len(protocol.layout))]

    def embed(self, poses):
        return Vectors(poses.keypoints.reshape(len(poses), -1))

    def distance(self, a, b):
        return euclidean(a, b)

    def lift(self, poses, frame="canonical"):
        (view,) = (i for i, v in enumerate(self.views) if np.array_equal(v, poses.keypoints))
        positions, _ = to_canonical(self.protocol.poses, universal_lengths(), H36M17)
        if frame == "camera":
            positions = self.protocol.camera(view).to_camera(self.protocol.poses)
        return Poses3D(self.scale * positions, H36M17, frame_of_reference=frame)


def naive_hits(protocol, pairs, k):
    """Hit@k of normalised 2D keypoints by plain loops over pairs, queries and candidates."""
    vectors = [Keypoints2D().embed(project(protocol, i)).vectors for i in range(11)]
    shares = []
    for a, b in pairs:
        hits = 0
        for i, query in enumerate(vectors[a]):
            order = sorted(range(40), key=lambda j: np.linalg.norm(query - vectors[b][j]))
            hits += any(
                match_distance(protocol.poses[i], protocol.poses[j]) < 0.10 for j in order[:k]
            )
        shares.append(hits / 40)
    return 100 * sum(shares) / len(shares)


def test_agrees_with_loops(protocol):
    pairs = ((0, 7), (7, 0), (2, 3))
    small = Protocol("toy", protocol.poses, MPI_INF_3DHP, {"some": pairs, "one": pairs[:1]})
    some, one = evaluate(Keypoints2D(), small, ks=(1, 5))
    for row, members in ((some, pairs), (one, pairs[:1])):
        assert row.hits == pytest.approx({k: naive_hits(protocol, members, k) for k in (1, 5)})
    assert 5 < some.hits[1] < 95  # neither trivial nor hopeless, so that a mistake would show


def test_no_query_is_searched_within_its_own_camera(protocol):
    """Embedding the camera's number alone makes each camera a heap of its own."""

    searched = []

    class Spy(Keypoints2D):
        def embed(self, poses):
            number = int(poses.source.rsplit(" ", 1)[1])
            return Vectors(np.full((len(poses), 1), float(number)))

        def distance(self, a, b):
            searched.append((a.vectors[0, 0], b.vectors[0, 0]))
            return euclidean(a.vectors, b.vectors)

    evaluate(Spy(), protocol)
    assert set(searched) == {(a, b) for a in range(11) for b in range(11) if a != b}
    assert len(searched) == 110  # pairs of both groups are searched once


def test_oracle_is_perfect_and_random_is_not(protocol):
    assert all(
        row.hits == {1: 100, 10: 100, 20: 100} for row in evaluate(Oracle(protocol), protocol)
    )
    hits = evaluate(Random(), protocol)[0].hits
    assert hits[1] < 40 and hits[1] < hits[10] < hits[20]


class Shuffled(Fake):
    """Numbers poses in 3D, and in each view a few of them wrongly."""

    embeds_3d = True

    def embed(self, poses):
        numbers = np.arange(len(poses))
        if isinstance(poses, Poses2D):
            (view,) = (i for i, v in enumerate(self.views) if np.array_equal(v, poses.keypoints))
            numbers = np.roll(numbers, 5 * (view % 2))  # into another bunch, for odd cameras
        return Vectors(numbers[:, None].astype(float))


def test_3d_queries_are_searched_among_the_views_of_each_camera(protocol):
    (row,) = evaluate_3d_queries(Shuffled(protocol), protocol, ks=(1, 40))
    assert (row.model, row.views, row.lifting) == ("fake", "3D query", {})
    matches = protocol.match_distances < 0.10
    shifted = np.mean([matches[i, (i + 5) % 40] for i in range(40)])
    assert row.hits == pytest.approx({1: 100 * (6 + 5 * shifted) / 11, 40: 100})
    assert row.hits[1] < 80


def test_models_for_2d_alone_have_no_row_of_3d_queries(protocol):
    assert evaluate_3d_queries(Keypoints2D(), protocol) == []
    blind = Shuffled(protocol)
    blind.embeds_3d = False
    assert evaluate_3d_queries(blind, protocol) == []


def test_what_is_searched_may_be_another_view_than_the_query(protocol):
    def blank(protocol, camera):
        poses = project(protocol, camera)
        return Poses2D(0 * poses.keypoints + np.arange(2), poses.skeleton)

    model, pairs = Fake(protocol), {"one": ((0, 7),)}
    one = Protocol("toy", protocol.poses, MPI_INF_3DHP, pairs)
    (row,) = evaluate(model, one, ks=(1,), searched=blank, lifting=False)
    matches = protocol.match_distances < 0.10
    assert row.hits[1] == pytest.approx(100 * matches[:, 0].mean())  # all alike: the first is near
    assert row.lifting == {}


def test_a_model_without_lifting_has_nulls(protocol):
    row = evaluate(Random(), protocol)[0].to_json()
    assert not isinstance(Random(), Lifter)
    assert row["mpjpe_mm"] is None and row["auc"] is None and row["flipped"] is None


def test_what_lifts_alone_has_one_row_without_hits(protocol):
    mean = MeanPose.of(protocol)
    assert isinstance(mean, Lifter) and not isinstance(mean, Representation)
    (row,) = evaluate(mean, protocol)
    assert (row.model, row.views, row.hits) == ("mean pose", "each", {})
    assert row.to_json()["pa_mpjpe_mm"] > 0 and "hit@1" not in row.to_json()


def test_true_poses_lift_without_error(protocol):
    lifting = evaluate(Fake(protocol), protocol)[0].lifting
    for key in ("mpjpe_mm", "pa_mpjpe_mm", "n_mpjpe_mm", "mpjpe_canonical_mm"):
        assert lifting[key] == pytest.approx(0, abs=0.01)
    assert lifting["pck_150mm"] == lifting["lifted"] == 100
    assert lifting["flipped"] == 0


def test_lifting_covers_every_camera_and_the_true_size(protocol):
    """Poses 10 % too large: MPJPE is a tenth of the mean distance from the root."""
    lifting = evaluate(Fake(protocol, scale=1.1), protocol)[0].lifting
    from_root = protocol.poses - protocol.poses[:, :1]
    assert lifting["mpjpe_mm"] == pytest.approx(
        100 * np.linalg.norm(from_root, axis=-1).mean(), rel=1e-3
    )
    assert lifting["n_mpjpe_mm"] == pytest.approx(0, abs=0.01)
    canonical, _ = to_canonical(protocol.poses, universal_lengths(), H36M17)
    assert lifting["mpjpe_canonical_mm"] == pytest.approx(
        100 * np.linalg.norm(canonical, axis=-1).mean(), rel=1e-3
    )


def test_a_replaced_view_is_what_the_model_sees(protocol):
    def blind_in_camera_zero(protocol, camera):
        poses = project(protocol, camera)
        return Poses2D(poses.keypoints * (np.nan if camera == 0 else 1), poses.skeleton)

    blind = evaluate(Keypoints2D(), protocol, view=blind_in_camera_zero)[0].hits
    whole = evaluate(Keypoints2D(), protocol)[0].hits
    assert blind[20] <= whole[20] - 100 * 10 / 110 / 2  # twenty of 110 pairs miss everything
    assert blind[20] > 0


def test_json_is_that_of_the_command_line(protocol):
    rows = [*evaluate(Fake(protocol), protocol), *evaluate(Random(), protocol)]
    result = rows_to_json(protocol, rows, seed=3)
    assert json.loads(json.dumps(result)) == result
    assert list(result) == ["protocol", "rows", "data_hash", "seed"]
    assert (result["protocol"], result["seed"]) == ("toy", 3)
    assert len(result["data_hash"]) == 64
    assert [(r["model"], r["views"]) for r in result["rows"]] == [
        ("fake", "all"), ("fake", "unseen"), ("random", "all"), ("random", "unseen"),
    ]  # fmt: skip
    for row in result["rows"]:
        assert list(row)[:7] == [
            "model", "views", "hit@1", "hit@10", "hit@20", "mpjpe_mm", "pa_mpjpe_mm",
        ]  # fmt: skip
        assert list(row)[-4:] == ["auc", "lifted", "flipped", "keypoints"]
        assert 0 <= row["hit@1"] <= 100 and row["hit@1"] == round(row["hit@1"], 2)
