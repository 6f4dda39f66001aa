from pathlib import Path

import numpy as np
import pytest
from flat_model import FlatModel

from vvipe import VvipeError
from vvipe.library import Library
from vvipe.library import adding as adding_module
from vvipe.library.adding import add_files
from vvipe.library.content import content_of_file


def rows(library):
    return [
        (row["clip"], row["frame"])
        for row in library.store.dataset.to_table(["clip", "frame"]).to_pylist()
    ]


def test_a_folder_of_files(library, model, films):
    added = add_files(library, model, [films], camera_in_path="(left|right)/", tags=("x",))
    assert (added.files, added.added, added.known, added.rows) == (4, 4, 0, 5 + 6 + 7 + 8)
    assert added.errors == [] and added.committed and added.absent == 0
    clips = library.clips()
    assert [(c["clip"], c["camera"]) for c in clips] == [
        ("left/a", "left"), ("left/b", "left"), ("right/a", "right"), ("right/c", "right"),
    ]  # fmt: skip
    assert all(c["tags"] == ["x"] for c in clips)
    times = library.store.read("time_s")["time_s"].to_numpy()
    np.testing.assert_allclose(times[:5], np.arange(5) / 10)


def test_what_is_in_already_is_passed_over_wherever_it_lies(library, model, films, tmp_path):
    add_files(library, model, [films / "left"])
    (tmp_path / "copy.npz").write_bytes((films / "left" / "a.npz").read_bytes())
    added = add_files(library, model, [films, tmp_path / "copy.npz"])
    assert (added.files, added.added, added.known) == (5, 2, 3)
    assert len(rows(library)) == len(set(rows(library))) == 26


def test_damaged_files_do_not_stop_it(library, model, films):
    (films / "left" / "aa.npz").write_bytes(b"PK broken")
    (films / "right" / "b.json").write_text("{")
    added = add_files(library, model, [films, films / "nowhere"])
    assert (added.files, added.added, added.rows) == (6, 4, 26)
    said = " ".join(map(str, added.errors))
    assert len(added.errors) == 3
    assert all(name in said for name in ("aa.npz", "b.json", "nowhere"))


def test_nothing_at_all_is_an_error(library, model, tmp_path):
    with pytest.raises(VvipeError, match="no such file or folder"):
        add_files(library, model, [tmp_path / "nowhere"])
    with pytest.raises(VvipeError, match="nothing to add"):
        add_files(library, model, [])


def test_another_model_is_refused(library, films):
    with pytest.raises(VvipeError, match="of another model; expected flat@0123; got flat@9"):
        add_files(library, FlatModel(id="flat@9"), [films])


class StoppedError(Exception):
    """Somebody pressed a key."""


@pytest.mark.parametrize("commit_rows", [1, 10, 1000])
@pytest.mark.parametrize("after", [1, 2, 3])
def test_an_interruption_leaves_whole_files(library, model, films, monkeypatch, commit_rows, after):
    monkeypatch.setattr(adding_module, "COMMIT_ROWS", commit_rows)

    def stop(added):
        if added.added == after:
            raise StoppedError

    with pytest.raises(StoppedError):
        add_files(library, model, [films], progress=stop)
    assert [c["rows"] for c in library.clips()] == [5, 6, 7, 8][:after]
    added = add_files(Library.open(library.store.uri), model, [films])
    assert (added.known, added.added) == (after, 4 - after)
    assert len(rows(Library.open(library.store.uri))) == 26


def test_it_says_what_is_durable(library, model, films, monkeypatch):
    monkeypatch.setattr(adding_module, "COMMIT_ROWS", 10)
    told = []

    def show(added):
        told.append((added.rows, added.committed, Library.open(library.store.uri).__len__()))

    add_files(library, model, [films], progress=show)
    assert [committed for _, committed, _ in told] == [False, True, False, True]
    assert all(there == added for added, committed, there in told if committed)


def test_content_is_that_of_the_frames_of_a_folder(tmp_path):
    hashes = set()
    for name, second in (("a", "{}"), ("b", "{}"), ("c", "[]")):
        folder = tmp_path / name
        folder.mkdir()
        for i, text in enumerate(('{"people": []}', f'{{"people": {second}}}')):
            (folder / f"{i:04}_keypoints.json").write_text(text)
        hashes.add(content_of_file(folder))
    assert len(hashes) == 2
    assert content_of_file(Path(folder / "0000_keypoints.json")) not in hashes


def test_another_skeleton_is_another_content(films):
    path = films / "left" / "a.npz"
    assert content_of_file(path) != content_of_file(path, "coco13")


def test_workers_share_the_files(library, model, films):
    from vvipe.formats.shards import Shard

    others = [Library.open(library.store.uri) for _ in range(3)]  # opened before any of them adds
    added = [
        add_files(other, model, [films], shard=Shard(i + 1, 3)) for i, other in enumerate(others)
    ]
    assert sum(a.added for a in added) == 4 and sum(a.rows for a in added) == 26
    assert len(rows(Library.open(library.store.uri))) == 26
