import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.geometry.layouts import HUMAN36M, MPI_INF_3DHP
from vvipe.robot.join.filming import filmed
from vvipe.robot.join.signals import Signal, SignalBank
from vvipe.skeletons import get_skeleton


class Flat:
    """A representation whose embeddings are numbers on a line."""

    def distance(self, a, b):
        return np.abs(np.asarray(a)[:, None] - np.asarray(b))


def bank(**clips):
    return SignalBank(Flat(), [Signal(c, v) for c, many in clips.items() for v in many])


def test_the_likest_clip_decides_whatever_its_tempo():
    rise, fall = np.linspace(0, 1, 9), np.linspace(1, 0, 9)
    signals = bank(rise=[rise], fall=[fall])
    slow = np.repeat(rise, 3)
    assert signals.command(slow) == "rise" and signals.command(slow[::-1]) == "fall"
    costs = signals.costs(slow)
    assert list(costs) == ["rise", "fall"] and costs["rise"] == 0.0 < costs["fall"]


def test_a_command_is_as_near_as_its_nearest_clip():
    signals = bank(low=[np.zeros(5), np.full(5, 0.9)], high=[np.full(5, 1.2)])
    costs = signals.costs(np.ones(4))
    assert costs == {"low": pytest.approx(0.1), "high": pytest.approx(0.2)}
    assert signals.commands == ("low", "high")


def test_frames_in_which_nobody_was_seen_decide_nothing():
    signals = bank(rise=[np.linspace(0, 1, 9)], fall=[np.linspace(1, 0, 9)])
    query = np.linspace(0, 1, 9)
    query[3:5] = np.nan
    assert signals.command(query) == "rise"


def test_an_empty_bank_is_refused():
    with pytest.raises(VvipeError, match="a clip of each command"):
        SignalBank(Flat(), [])


def test_every_camera_sees_the_whole_person_on_the_floor():
    h36m17 = get_skeleton("h36m17")
    body = np.random.default_rng(0).normal(0, 0.3, (5, 17, 3))
    for layout in (HUMAN36M, MPI_INF_3DHP):
        for camera in range(len(layout)):
            seen = filmed(body + np.array([9.0, -4.0, 1.0]), layout, camera)
            assert seen.keypoints.shape == (5, 13, 2) and seen.mask.all()
            inside = (seen.keypoints > 0) & (seen.keypoints < layout.size_px)
            assert inside.all()
            np.testing.assert_allclose(
                seen.keypoints, filmed(body, layout, camera).keypoints, atol=0.5
            )
    hips = [seen.joint("left_hip"), seen.joint("right_hip")]
    middle = np.mean(hips, axis=0) - np.array(MPI_INF_3DHP.size_px) / 2
    assert np.abs(middle).max() < 400 and h36m17.index("hip") == 0
