"""Videos as a format: recognised by content, one person, detected once."""

import numpy as np
import pytest

pytest.importorskip("av")

from films import SHAPE, SIZE, Squares, film, picture

from vvipe import VvipeError
from vvipe.formats import format_of, read, read_all, video, write
from vvipe.formats.video import VIDEO, is_video


@pytest.fixture
def squares(monkeypatch, tmp_path):
    """The default detector, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    detector = Squares()
    monkeypatch.setattr(video, "load_detector", lambda: detector)
    return detector


def two(frames=10):
    """One is seen in all frames, the other in the first half."""
    return [picture((10 + 2 * i, 20), (80, 44) if i < frames // 2 else None) for i in range(frames)]


CONTAINERS = {
    "a.mp4": "libx264", "a.mov": "libx264", "a.mkv": "libx264", "a.webm": "libvpx-vp9",
    "a.avi": "libx264", "a.mts": "libx264", "a.flv": "libx264",
}  # fmt: skip


@pytest.mark.parametrize("name", CONTAINERS)
def test_recognised_by_content(tmp_path, name):
    path = film(tmp_path / name, two(3), codec=CONTAINERS[name])
    other = path.rename(tmp_path / "no-suffix")
    assert is_video(other) and format_of(other) is VIDEO


@pytest.mark.parametrize(
    "content",
    [b"The free and the brave", b"{}", b"", b"G" + b"a" * 400, b"RIFF0000WAVE", b"\xff\xd8"],
)
def test_other_content(tmp_path, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    assert not is_video(path) and not is_video(tmp_path)


def test_the_most_prominent_person(squares, tmp_path):
    times_ms = np.cumsum([0, 40, 40, 10, 200, 40, 40, 40, 40, 40])
    poses = read(film(tmp_path / "a.mkv", two(), times_ms))
    np.testing.assert_allclose(
        poses.joint("nose"), [(10 + 2 * i, 20) + SHAPE[0] for i in range(10)], atol=1
    )
    np.testing.assert_allclose(poses.time_s * 1000, times_ms, atol=1)
    assert (poses.skeleton.name, poses.image_size) == ("coco17", SIZE)
    assert poses.frame.tolist() == list(range(10))


def test_another_person(squares, tmp_path):
    path = film(tmp_path / "a.mp4", two())
    second = read(path, person=2)
    assert second.mask.any(1).tolist() == [True] * 5 + [False] * 5
    np.testing.assert_allclose(second.joint("nose")[:5], [(80, 44) + SHAPE[0]] * 5, atol=1)
    for person in (0, 3):
        with pytest.raises(VvipeError, match=f"no person {person}; expected 1 to 2"):
            read(path, person=person)


def test_of_a_detector_for_one_person_nothing_is_lost(squares, tmp_path):
    images = [picture((20, 20) if i < 4 else (70, 44)) if i != 6 else picture() for i in range(9)]
    path = film(tmp_path / "a.mp4", images)
    squares.several = False
    assert read(path).mask.any(1).sum() == 8


def test_nobody(squares, tmp_path):
    path = film(tmp_path / "a.mp4", [picture()] * 4)
    with pytest.raises(VvipeError, match=r"nobody is seen; expected a person in 4 frames.*--turn"):
        read(path)


def test_detected_once(squares, tmp_path):
    path = film(tmp_path / "a.mp4", two())
    told = []
    first = read(path, on_progress=told.append)
    assert squares.images == 10 == len(told)
    other = tmp_path / "b.mp4"
    other.write_bytes(path.read_bytes())
    again, second = read(other, on_progress=told.append), read(other, person=2)
    assert squares.images == 10 == len(told) and second.mask.any()
    np.testing.assert_array_equal(again.keypoints, first.keypoints)
    np.testing.assert_array_equal(again.stamp_s, first.stamp_s)
    np.testing.assert_array_equal(again.confidence, first.confidence)
    assert (again.fps, again.image_size, again.source) == (25, SIZE, str(other))
    squares.name = "squares, better"
    read(path)
    assert squares.images == 20


@pytest.mark.parametrize("damage", ["cut", "empty", "text", "other"])
def test_a_damaged_cache_is_made_anew(squares, tmp_path, damage):
    path = film(tmp_path / "a.mp4", two())
    whole = read(path)
    (kept,) = (tmp_path / "cache").rglob("*.npz")
    if damage == "other":
        np.savez(kept, keypoints=np.zeros(3))
    else:
        kept.write_bytes({"cut": kept.read_bytes()[:-80], "empty": b"", "text": b"x"}[damage])
    np.testing.assert_array_equal(read(path).keypoints, whole.keypoints)
    assert squares.images == 20
    read(path)
    assert squares.images == 20


def test_a_cache_that_cannot_be_written(squares, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    path = film(tmp_path / "a.mp4", two())
    assert len(read(path)) == len(read(path)) == 10 and squares.images == 20


def test_a_damaged_end_is_told_each_time(squares, tmp_path, monkeypatch):
    from vvipe.video import detections

    path = film(tmp_path / "a.mp4", two())
    monkeypatch.setattr(detections, "_sound_frames", short := cut_at(7))
    other = tmp_path / "b.mp4"
    other.write_bytes(path.read_bytes())
    for same in (path, other):
        told = []
        assert len(read(same, on_error=told.append)) == 7
        assert [str(e) for e in told] == [f"{same}: frame 7: damaged"]
    assert short.calls == 1
    with pytest.warns(UserWarning, match="frame 7: damaged"):
        read(path)


def cut_at(frame):
    from vvipe.video import frames

    def short(path, damages):
        short.calls += 1
        for i, f in enumerate(frames(path)):
            if i == frame:
                damages.append(f"frame {i}: damaged")
                return
            yield f

    short.calls = 0
    return short


def test_folders_are_read_without_their_videos(squares, tmp_path):
    folder = tmp_path / "clips"
    folder.mkdir()
    path = film(folder / "a.mp4", two())
    with pytest.raises(VvipeError, match=r"no pose files .* videos are read where they are named"):
        list(read_all(folder))
    write(read(path), folder / "a.npz")
    assert [p.name for p, _ in read_all(folder)] == ["a.npz"]
    assert [p.name for p, _ in read_all(path)] == ["a.mp4"]


def test_keypoints_are_written_with_their_times(squares, tmp_path):
    poses = read(film(tmp_path / "a.mkv", two(), np.arange(10) ** 2 * 10))
    write(poses, tmp_path / "a.npz")
    np.testing.assert_array_equal(read(tmp_path / "a.npz").time_s, poses.time_s)


def test_a_skeleton_that_does_not_fit(squares, tmp_path):
    path = film(tmp_path / "a.mp4", two())
    with pytest.raises(VvipeError, match="wrong shape for body25"):
        read(path, skeleton="body25")
