"""Files that are sent."""

import io
import json
import zipfile

import numpy as np
import pytest
from bodies import filmed, moving
from inside import caller

import vvipe
from vvipe.formats import write
from vvipe.service.limits import Limits

BYTES = {"Content-Type": "application/octet-stream"}


def send(http, content, name, **query):
    return http.post("/read", params={"name": name, **query}, content=content, headers=BYTES)


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def openpose(frames=4):
    """Files of an OpenPose sequence."""
    files = {}
    for number, row in enumerate(np.nan_to_num(filmed("body25", frames).keypoints).astype(float)):
        people = [{"pose_keypoints_2d": np.c_[row, row[:, 0] > 0].ravel().tolist()}]
        files[f"take/f_{number:04d}_keypoints.json"] = json.dumps({"people": people})
    return files


@pytest.mark.parametrize("suffix", ["npz", "json", "bvh"])
def test_what_a_file_holds_can_be_embedded(http, tmp_path, model, suffix):
    path = tmp_path / f"clip.{suffix}"
    write(moving(frames=4), path)
    poses = vvipe.read(path)
    read = send(http, path.read_bytes(), f"C:\\takes\\clip.{suffix}").json()
    assert read["source"] == f"clip.{suffix}" and read["unit"] == "m"
    z = http.post("/embed", json={"poses": read}).json()
    assert np.array_equal(np.array(z["embeddings"], np.float32), model.embed(poses).vectors)


def test_a_zip_of_an_openpose_folder(http):
    read = send(http, zipped(openpose() | {"take/.hidden": "x"}), "take.zip").json()
    assert (read["skeleton"], len(read["keypoints"])) == ("body25", 4)


def test_the_skeleton_may_be_named(http, tmp_path):
    np.savez(tmp_path / "a.npz", keypoints=filmed(frames=2).keypoints)
    content = (tmp_path / "a.npz").read_bytes()
    assert "a.npz: no skeleton" in send(http, content, "a.npz").json()["detail"]
    assert send(http, content, "a.npz", skeleton="coco17").json()["skeleton"] == "coco17"
    assert "coco17?" in send(http, content, "a.npz", skeleton="coco71").json()["detail"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.npz", "a.npz: the file is empty"),
        (b"nonsense", "../../etc/passwd", "passwd: the format is not recognised"),
        (b"PK\x03\x04 cut", "a.npz", "damaged or cut short"),
        (zipped({"a.txt": "x"}), "a.zip", "no pose files"),
        (zipped(openpose() | {"b/f_0000_keypoints.json": "{}"}), "a.zip", "keypoints.json twice"),
    ],
)
def test_files_that_are_none(http, content, name, said):
    answer = send(http, content, name)
    assert answer.status_code == 422
    assert said in answer.json()["detail"] and "/tmp" not in answer.text


def test_several_recordings_in_a_zip(http, tmp_path):
    files = {}
    for name in ("a.npz", "b.npz"):
        write(filmed(frames=2), tmp_path / name)
        files[name] = (tmp_path / name).read_bytes()
    assert "several recordings" in send(http, zipped(files), "two.zip").json()["detail"]


def test_a_zip_keeps_to_its_folder(http, tmp_path):
    write(filmed(frames=2), tmp_path / "a.npz")
    out = tmp_path / "out.npz"
    content = zipped({f"../../../../../..{out}": (tmp_path / "a.npz").read_bytes()})
    assert send(http, content, "a.zip").json()["source"] == "a.zip"
    assert not out.exists()


def test_formats_of_other_libraries_are_not_opened(http, tmp_path):
    write(filmed(frames=2), tmp_path / "a.parquet")
    answer = send(http, (tmp_path / "a.parquet").read_bytes(), "a.json")
    assert answer.json()["detail"].startswith("a.json: Parquet cannot be sent; expected .amc")


def test_what_unpacks_to_too_much(served):
    with caller(served(limits=Limits(body_mb=0.05, poses=5, threads=1))) as http:
        packed = io.BytesIO()
        np.savez_compressed(packed, keypoints=np.zeros((9000, 17, 2)), skeleton="coco17")
        for name in ("a.npz", "a.zip"):
            answer = send(http, packed.getvalue(), name)
            assert answer.status_code == 413 and "unpacks to more than" in answer.json()["detail"]
        packed = io.BytesIO()
        np.savez_compressed(packed, keypoints=np.ones((6, 17, 2)), skeleton="coco17")
        assert "6 poses in one file" in send(http, packed.getvalue(), "a.npz").json()["detail"]


def test_an_array_that_claims_to_be_huge(http):
    head = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, "
    head += b"'shape': (100000000000, 17, 2), }"
    content = zipped({"keypoints.npy": head.ljust(128) + b"\n" * 64})
    answer = send(http, content, "a.npz")
    assert answer.status_code in (413, 422)
