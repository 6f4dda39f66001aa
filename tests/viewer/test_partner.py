from dataclasses import replace

import numpy as np
import pytest
from bodies import moving

from vvipe.errors import VvipeError
from vvipe.models.inputs import H36M17
from vvipe.viewer.partner import NOBODY, aligned, passage
from vvipe.viewer.recording import to_recording


@pytest.fixture(scope="module")
def slow(shipped):
    """The movement of `mocap` at half its speed, the left hand a little elsewhere."""
    poses = moving(frames=80, seed=1)
    coords = np.repeat(poses.coords, 2, axis=0)
    coords[:, H36M17.index("left_wrist"), 2] += 0.08
    return to_recording(shipped, replace(poses, coords=coords, frame=np.arange(160)), "slow")


def test_another_performance_is_laid_over_the_open_one(shipped, mocap, slow):
    partner = aligned(shipped, mocap, slow)
    shared = np.flatnonzero(partner.rows != NOBODY)
    assert len(shared) > 60 and "one movement (" in partner.note
    assert np.abs(partner.rows[shared] - 2 * shared).mean() < 8
    assert np.nanmedian(partner.distance) < 2.0
    middle = int(shared[len(shared) // 2])
    assert len(partner.joints(middle, 5)) == 5
    names, mm, deg = zip(*partner.joints(middle, 5), strict=True)
    assert names[0] == "left_wrist" and mm[0] > 20 and list(mm) == sorted(mm, reverse=True)
    angle = dict(zip(names, deg, strict=True)).get("left_elbow")
    assert angle is None or abs(angle) > 1
    assert partner.body(middle).shape == (17, 3)
    worst = partner.worst(3)
    assert partner.distance[worst[0]] == np.nanmax(partner.distance)


def test_a_passage_is_stretched_over_the_rows_that_were_asked_for(mocap, slow):
    partner = passage(mocap, 10, 20, slow)
    assert partner.rows[10] == 0 and partner.rows[20] == len(slow) - 1
    assert partner.body(9) is None and partner.body(21) is None
    assert (np.diff(partner.rows[10:21]) > 0).all()
    assert partner.worst(3) == [] and partner.joints(12, 3) == []


def test_who_is_hardly_seen_cannot_be_aligned(shipped, mocap):
    vectors = np.full_like(mocap.embeddings.vectors, np.nan)
    unseen = replace(mocap, embeddings=replace(mocap.embeddings, vectors=vectors))
    with pytest.raises(VvipeError, match="too few joints"):
        aligned(shipped, mocap, unseen)
