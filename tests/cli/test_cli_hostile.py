"""Bad input to every verb that reads poses: one line, exit code 2, what was there stays."""

import json

import numpy as np
import pytest

BVH = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  End Site
  {
    OFFSET 0 1 0
  }
}
MOTION
Frames: 2
Frame Time: 0.033
0 1 0 0 0 0
0 1 0
"""


def missing(path):
    return path / "nowhere.npz"


def truncated_bvh(path):
    (path / "cut.bvh").write_text(BVH)
    return path / "cut.bvh"


def json_without_people(path):
    (path / "empty.json").write_text('{"version": 1.3, "people": []}')
    return path / "empty.json"


def broken_json(path):
    (path / "broken.json").write_text('{"people": [{"pose_keypoints_2d": [1, 2')
    return path / "broken.json"


def npz_of_objects(path):
    people = np.array([{"a": 1}, None], dtype=object)
    np.savez(path / "objects.npz", keypoints=people, skeleton="coco17")
    return path / "objects.npz"


def npz_of_a_wrong_shape(path):
    np.savez(path / "shape.npz", keypoints=np.zeros((3, 5, 2)), skeleton="coco17")
    return path / "shape.npz"


def npz_cut_short(path):
    np.savez(path / "cut.npz", keypoints=np.ones((3, 17, 2)), skeleton="coco17")
    content = (path / "cut.npz").read_bytes()
    (path / "cut.npz").write_bytes(content[: len(content) // 2])
    return path / "cut.npz"


def unknown_skeleton(path):
    np.savez(path / "skeleton.npz", keypoints=np.ones((3, 17, 2)), skeleton="coco71")
    return path / "skeleton.npz"


def nobody(path):
    np.savez(path / "nan.npz", keypoints=np.full((3, 17, 2), np.nan), skeleton="coco17")
    return path / "nan.npz"


def empty_folder(path):
    (path / "folder").mkdir()
    return path / "folder"


def empty_file(path):
    (path / "none.npz").touch()
    return path / "none.npz"


def something_else(path):
    (path / "notes.txt").write_text("not poses")
    return path / "notes.txt"


INPUTS = (
    missing, truncated_bvh, json_without_people, broken_json, npz_of_objects, npz_of_a_wrong_shape,
    npz_cut_short, unknown_skeleton, nobody, empty_folder, empty_file, something_else,
)  # fmt: skip
VERBS = {
    "embed": ("embed", "{bad}", "-o", "{out}.npz"),
    "lift": ("lift", "{bad}", "-o", "{out}.npz"),
    "compare-a": ("compare", "{bad}", "{good}"),
    "compare-b": ("compare", "{good}", "{bad}"),
    "generate": ("generate", "{bad}", "-o", "{out}.npz"),
    "interpolate-a": ("interpolate", "{bad}", "{good}", "-o", "{out}.npz"),
    "interpolate-b": ("interpolate", "{good}", "{bad}", "-o", "{out}.npz"),
    "convert": ("convert", "{bad}", "{out}.npz"),
    "plot-lift": ("plot", "lift", "{bad}", "-o", "{out}.png"),
    "plot-map": ("plot", "map", "{bad}", "-o", "{out}.png"),
    "plot-variants": ("plot", "variants", "{bad}", "-o", "{out}.png"),
    "train": ("train", "vvipe", "--data", "{bad}", "--out", "{out}.run"),
    "eval": ("eval", "--data", "{bad}", "--out", "{out}.json"),
    "demo": ("demo", "--data", "{bad}", "--out", "{out}.demo"),
    "models": ("models", "{bad}"),
}


@pytest.mark.parametrize("bad", INPUTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("verb", VERBS)
def test_bad_input(cli, tiny, keypoints, tmp_path, verb, bad):
    stem = tmp_path / "result"
    kept = [stem.with_suffix(s) for s in (".npz", ".png", ".json")]
    for path in kept:
        path.write_bytes(b"precious")
    folder = tmp_path / "input"
    folder.mkdir()
    bad_path = bad(folder)
    words = [w.format(bad=bad_path, good=keypoints, out=stem) for w in VERBS[verb]]
    model = [] if verb in ("convert", "train", "models") else ["--model", tiny]
    said = cli(*words, *model, "--json").error()
    if verb not in ("train", "eval", "demo"):  # those name the collection below
        assert str(bad_path) in said
    assert len(said) < 600 and "Traceback" not in said
    assert all(path.read_bytes() == b"precious" for path in kept)
    assert {p.name for p in tmp_path.iterdir()} <= {
        *(p.name for p in kept),
        "input",
        keypoints.name,
    }


def test_model_that_is_damaged(cli, tiny, keypoints, tmp_path):
    """Cut weights, no weights, wrong architecture, another representation, pickled weights."""
    config = json.loads((tiny / "config.json").read_text())
    weights = (tiny / "model.safetensors").read_bytes()
    wide = config | {"architecture": config["architecture"] | {"width_2d": 64}}
    models = {
        "cut": (config, weights[:1000]),
        "none": (config, None),
        "wide": (wide, weights),
        "other": (config | {"representation": "pr-vipe"}, weights),
        "pickle": (config, b"\x80\x04\x95"),
        "bare": ({"name": "x"}, weights),
    }
    for name, (about, content) in models.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps(about))
        if content is not None:
            (folder / "model.safetensors").write_bytes(content)
        said = cli("embed", keypoints, "-o", tmp_path / "e.npz", "--model", folder).error()
        assert str(folder) in said
    assert not (tmp_path / "e.npz").exists()


@pytest.mark.parametrize(("protocol", "missing"), [
    ("h36m", "no folder with Human3.6M"), ("3dhp", "no folder with MPI-INF-3DHP"),
])  # fmt: skip
def test_licensed_files_that_are_not_there(cli, tmp_path, protocol, missing):
    error = cli("eval", "--protocol", protocol, "--data", tmp_path).error()
    assert missing in error and "http" in error
