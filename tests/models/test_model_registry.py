import json
import os

import pytest

from vvipe import VvipeError, load
from vvipe.models.registry import DEFAULT, SHIPPED, model_folder, shipped_models


def test_a_folder_is_loaded_by_its_path(folder):
    for name in (folder, str(folder)):
        model = load(name)
        assert (model.name, model.dim, model.folder) == ("small", 8, folder)
        digest = json.loads((folder / "config.json").read_text())["sha256"]
        assert model.id == f"small@{digest[:12]}"


def test_an_unknown_name_is_told_what_ships(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(VvipeError, match="no model 'vviper'") as caught:
        load("vviper")
    assert "folder" in str(caught.value)
    for name in shipped_models():
        assert name in str(caught.value)


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(VvipeError, match=r"no model here.*config\.json"):
        load(tmp_path)


@pytest.mark.parametrize("representation", ["os.system", "vvipe.models.vvipe.VVipe", "", None, 3])
def test_the_class_comes_from_the_registry(folder, representation):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"representation": representation}))
    with pytest.raises(VvipeError, match=r"unknown representation.*expected vvipe"):
        load(folder)


def test_shipped_models_have_their_folder():
    for name in shipped_models():
        assert model_folder(name) == SHIPPED / name
        assert (model_folder(name) / "model.safetensors").is_file()


@pytest.mark.skipif(DEFAULT not in shipped_models(), reason="no weights in this checkout")
def test_the_shipped_model_loads():
    model = load()
    assert model.name == DEFAULT and model.folder == SHIPPED / DEFAULT


def test_a_path_like_object_is_a_path(folder):
    class Place(os.PathLike):
        def __fspath__(self):
            return str(folder)

        def __str__(self):
            return str(folder)

    assert load(Place()).name == "small"
