import numpy as np
import pytest

import vvipe
from vvipe.errors import VvipeError
from vvipe.library import Filter
from vvipe.models.prototypes import load_prototypes
from vvipe.viewer.collection import Collection, called
from vvipe.viewer.query import of_vector
from vvipe.viewer.space import space_map_of


def test_prototypes_are_found_by_their_names(known, shipped):
    names = load_prototypes(shipped)
    assert len(known) == len(names) + sum(map(len, names.motions.values()))
    crouch = of_vector(shipped, names.vector("crouch"), "crouch")
    (match,) = known.matches(crouch.embedding, 1)
    assert called(match.hit) == "crouch" and match.hit.distance == pytest.approx(0, abs=1e-3)
    assert np.allclose(match.body, crouch.body)


def test_a_motion_is_found_and_its_rows_come_in_order(known, shipped):
    codes = next(iter(load_prototypes(shipped).motions.values()))
    motion = next(m for m in known.library.clips() if m["rows"] == len(codes))
    recording = known.recording(motion["source"], motion["clip"])
    assert len(recording) == len(codes) and np.allclose(recording.embeddings.vectors, codes)
    hits = known.passages(recording.embeddings[10:50], recording.times_s[10:50], 3)
    assert hits[0].source == motion["source"] and hits[0].cost < 0.01
    others = known.passages(
        recording.embeddings[10:50], recording.times_s[10:50], 3, but=motion["source"]
    )
    assert all(hit.source != motion["source"] for hit in others) and others[0].rank == 1


def test_a_library_with_2d_and_3d_clips(library, shipped):
    opened = Collection(vvipe.Library.open(library), shipped, "moves")
    walk = opened.recording(*(opened.library.clips()[0][key] for key in ("source", "clip")))
    assert walk.keypoints is not None and walk.keypoints.skeleton.name == "coco13"
    dance = opened.recording(*(opened.library.clips()[1][key] for key in ("source", "clip")))
    assert dance.keypoints is None and dance.poses.frame_of_reference == "world"
    assert np.allclose(np.diff(dance.times_s), 1 / 30)
    found = opened.matches(walk.embeddings[20:21], 4, Filter(cameras=("cam-dance",)))
    assert {m.hit.clip for m in found} == {"dance"} and found[0].keypoints is None
    assert opened.first_recording().name == "walk"
    part = opened.recording("array", "dance", 10, 19)
    assert len(part) == 10
    with pytest.raises(VvipeError, match="no such clip"):
        opened.recording("array", "nothing")


def test_points_of_the_map_are_picked_by_rays(known):
    space = space_map_of(known)
    assert len(space.plane) == 3000 and np.quantile(np.abs(space.plane), 0.9) < 4
    eye = np.array([-6.0, 0.0, 7.0])
    gap = np.linalg.norm(space.plane[:, None] - space.plane[None, ::100], axis=-1)
    alone = np.sort(gap, axis=0)[1].argmax() * 100  # a point with room around it
    target = np.array([*space.plane[alone], 0.0])
    assert space.picked(eye, target - eye) == alone
    assert space.picked(eye, np.array([0.0, 0.0, 1.0])) is None
    assert space.picked(eye, np.array([40.0, 90.0, 0.0]) - eye) is None
    assert np.allclose(space.place(space.vectors[alone]), space.plane[alone], atol=0.05)
