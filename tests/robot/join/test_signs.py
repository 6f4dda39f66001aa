from pathlib import Path

import pytest

from vvipe.datasets.clip import Clip
from vvipe.robot.join.people import SPOT_OF, clips_of, command_of
from vvipe.robot.join.spots import SPOTS_M


def clip(action):
    return Clip(action, "x", Path("x.bvh"), "test", 30.0, action)


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("raise-up-left-hand", "left hand"),
        ("wave-right-hand", "right hand"),
        ("wave-both-hands", "both hands"),
        ("walk-turn-left", "walk"),
        ("walk", "walk"),
        ("run", "run"),
    ],
)
def test_what_a_clip_asks_for(action, command):
    assert command_of(clip(action)) == command and command in SPOT_OF


def test_each_command_has_a_spot_of_its_own():
    assert sorted(SPOT_OF.values()) == sorted(SPOTS_M)


def test_every_real_clip_is_a_command(data_root):
    for split in ("validation", "test"):
        clips = clips_of(data_root, split)
        assert {command_of(c) for c in clips} == set(SPOT_OF)
    takes = {c.number for c in clips_of(data_root, "validation")}
    assert not takes & {c.number for c in clips_of(data_root, "test")}
