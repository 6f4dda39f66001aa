"""Files of models: paths, addresses downloaded once, zips, hashes."""

import hashlib
import zipfile

import pytest

from vvipe import VvipeError
from vvipe.video.model_files import file_sha256, model_file

CONTENT = b"a model"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def model(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "m.onnx"
    path.write_bytes(CONTENT)
    return path


def test_a_path_is_taken_as_it_is(model):
    assert model_file(str(model)) == model == model_file(str(model), SHA256.upper())
    assert file_sha256(model) == SHA256


def test_an_address_is_downloaded_once(model, tmp_path):
    address = model.as_uri()
    first = model_file(address, SHA256)
    assert first.read_bytes() == CONTENT and tmp_path / "cache" in first.parents
    model.unlink()
    assert model_file(address) == first
    assert [p.name for p in first.parent.iterdir()] == [first.name]


def test_another_content_than_was_said(model, tmp_path):
    for source in (str(model), model.as_uri()):
        with pytest.raises(VvipeError, match=f"wrong SHA-256; expected {'0' * 64}; got {SHA256}"):
            model_file(source, "0" * 64)
    assert model.exists() and not list((tmp_path / "cache").rglob("*.onnx"))
    assert model_file(model.as_uri(), SHA256).read_bytes() == CONTENT


def test_the_model_in_a_zip(model, tmp_path):
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("20230831/end2end.onnx", CONTENT)
        archive.writestr("20230831/detail.json", "{}")
    found = model_file(str(path), file_sha256(path))
    assert found.read_bytes() == CONTENT and found == model_file(path.as_uri())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("another.onnx", CONTENT)
    with pytest.raises(VvipeError, match="not one model in this zip"):
        model_file(str(path))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("nowhere.onnx", "nowhere.onnx: no such model file"),
        ("file:///nowhere/m.onnx", "file:///nowhere/m.onnx: cannot be downloaded"),
        ("odd://somewhere/m.onnx", "cannot be downloaded .*download it elsewhere"),
    ],
)
def test_no_file(model, source, message):
    with pytest.raises(VvipeError, match=message):
        model_file(source)
