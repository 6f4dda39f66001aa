import numpy as np
import pytest
from bodies import filmed

from vvipe.library import Filter
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses2D
from vvipe.viewer.recording import to_recording
from vvipe.viewer.session import Session


def test_the_query_follows_the_playhead(session, film):
    first = session.query
    session.head.jump(40)
    session.follow()
    assert np.array_equal(session.query.vector, film.embeddings.vectors[40])
    assert np.array_equal(session.query.body, film.bodies[40])
    assert not np.array_equal(first.vector, session.query.vector)
    assert not session.edited


def test_matches_are_those_of_the_library_with_their_bodies(session, known):
    session.k = 5
    found = session.search()
    plain = known.library.search(session.query.embedding, 5)
    assert [m.hit.distance for m in found] == pytest.approx([h.distance for h in plain])
    assert [m.hit.rank for m in found] == [1, 2, 3, 4, 5]
    bodies = session.model.decode(np.stack([m.vector for m in found])).positions
    assert np.allclose(np.stack([m.body for m in found]), bodies)


def test_filters_and_the_own_recording(session, known):
    motion = known.recording("05_16, frames 58–117", "05_16")
    session.open(motion)
    assert all(m.hit.source != motion.embeddings.source for m in session.search())
    session.elsewhere = False
    assert session.search()[0].hit.distance == pytest.approx(0, abs=1e-3)
    session.where = Filter(tags=("key pose",))
    assert {m.hit.clip for m in session.search()} <= {*map(str, known_names(session))}


def known_names(session):
    from vvipe.models.prototypes import load_prototypes

    names = load_prototypes(session.model)
    return names.names[: names.key_poses]


def test_a_dragged_joint_changes_the_pose_and_can_be_taken_back(session):
    before = session.query
    wrist = H36M17.index("right_wrist")
    target = before.body[wrist] + np.array([0.0, 0.2, 0.4])
    session.drag("right_wrist", target - 0.1, first=True)
    session.drag("right_wrist", target, first=False)
    assert session.edited
    gap = np.linalg.norm(session.query.body[wrist] - target)
    assert gap < np.linalg.norm(before.body[wrist] - target)
    assert np.linalg.norm(session.query.vector - before.vector) > 0.5
    session.make_possible()
    session.undo()  # the whole drag is one edit
    assert session.query is before and not session.edited


def test_reset_takes_all_back(session):
    before = session.query
    for step in range(3):
        session.steer(0, step - 1.0, first=True)
    assert session.query is not before
    session.reset()
    assert session.query is before and not session.edited


def test_steering_moves_along_one_direction_alone(session):
    session.drag("left_wrist", np.zeros(3), first=True)
    before = session.directions.coordinates(session.query.vector)
    session.steer(2, 1.5, first=True)
    after = session.directions.coordinates(session.query.vector)
    assert after[2] == pytest.approx(1.5, abs=1e-4)
    assert np.allclose(np.delete(after, 2), np.delete(before, 2), atol=1e-3)


def test_the_path_between_two_poses(session, film):
    assert session.path(5) is None
    session.pick_end(0)
    session.head.jump(60)
    session.follow()
    session.pick_end(1)
    vectors, bodies = session.path(5)
    assert np.allclose(vectors[[0, -1]], film.embeddings.vectors[[film.first_usable(), 60]])
    assert bodies.shape == (5, 17, 3)
    session.blend(0.5, first=True)
    assert np.allclose(session.query.vector, vectors[2], atol=1e-5)


def test_variants_differ_by_their_strength(session):
    near, far = (session.variants(strength, 4, seed=1) for strength in (0.1, 0.5))
    here = session.query.vector
    assert near[1].shape == (4, 17, 3)
    assert np.allclose(5 * (near[0] - here), far[0] - here, atol=1e-3)
    assert not np.allclose(session.variants(0.1, 4, seed=2)[0], near[0])


def test_a_pose_of_which_too_little_is_seen_finds_nothing(session, shipped):
    coords = filmed(frames=6).coords.copy()
    coords[3, 2:] = np.nan
    session.open(to_recording(shipped, Poses2D(coords, "coco17"), "half seen"))
    session.head.jump(3)
    session.follow()
    assert session.search() == [] and session.variants(0.3, 2, 0) is None
    session.undo()
    session.drag("left_wrist", np.zeros(3), first=True)  # not a body to drag: nothing breaks
    assert session.search() == []


class Rival:
    """A representation that lifts nothing and decodes nothing."""

    id, dim, embeds_3d = "rival@1", 26, False

    def embed(self, poses):
        from vvipe.embeddings import Embeddings

        vectors = poses.to_skeleton("coco13").coords.reshape(len(poses), -1)
        return Embeddings(vectors, np.zeros_like(vectors), poses.frame, poses.source, self.id)


def test_a_model_that_can_only_embed():
    model = Rival()
    opened = Session(model, None)
    opened.open(to_recording(model, filmed(frames=5), "film"))
    assert opened.query.usable and np.isnan(opened.query.body).all()
    assert opened.search() == [] and opened.directions is None
    assert opened.variants(0.3, 2, 0) is None
    opened.steer(0, 1.0, first=True)
    opened.pick_end(0), opened.pick_end(1)
    assert opened.path(3) is None and not opened.edited
