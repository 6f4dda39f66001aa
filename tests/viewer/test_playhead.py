import pytest

from vvipe.viewer.playhead import Playhead


def test_playing_goes_at_its_speed_and_begins_anew():
    head = Playhead(count=60, fps=30)
    head.toggle()
    for _ in range(30):
        head.advance(1 / 30)
    assert head.row == 30
    head.speed = 0.5
    for _ in range(30):
        head.advance(1 / 30)
    assert head.row == 45
    head.speed = 2.0
    head.advance(0.5)
    assert head.row == 0


def test_a_passage_is_played_over_and_over():
    head = Playhead(count=100, fps=30, position=20, first=20, last=30)
    head.toggle()
    rows = set()
    for _ in range(60):
        head.advance(1 / 30)
        rows.add(head.row)
    assert min(rows) == 20 and max(rows) <= 31


def test_a_scrubbed_playhead_glides_there_and_stops():
    head = Playhead(count=100, playing=True)
    head.scrub(40)
    seen = []
    while head.moving:
        head.advance(1 / 60)
        seen.append(head.row)
        assert len(seen) < 100
    assert seen[-1] == 40 and seen == sorted(seen) and len(set(seen)) > 10
    assert not head.playing


@pytest.mark.parametrize(("row", "there"), [(-3, 0), (7, 7), (400, 9)])
def test_there_is_no_row_beyond_the_ends(row, there):
    head = Playhead(count=10)
    head.jump(row)
    assert head.row == there


def test_one_pose_does_not_play():
    head = Playhead(count=1)
    head.toggle()
    assert not head.moving
