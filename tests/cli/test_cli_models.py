import json

import vvipe.models
import vvipe.models.registry as registry


def test_details_of_a_folder(cli, tiny):
    said = cli("models", tiny, "--json").json
    config = json.loads((tiny / "config.json").read_text())
    assert {k: said[k] for k in config} == config
    assert said["folder"] == str(tiny) and said["size_mb"] > 0
    text = cli("models", tiny)
    assert config["sha256"] in text.out and "made-up" in text.out and "12.5" in text.out


def test_list_of_what_ships(cli, tiny, monkeypatch):
    monkeypatch.setattr(registry, "SHIPPED", tiny.parent)
    assert [m["name"] for m in cli("models", "--json").json["models"]] == ["tiny"]
    assert "tiny" in cli("models").out and "nothing" in cli("models").out
    assert cli("models", "tiny", "--json").json["name"] == "tiny"


def test_no_models(cli, tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "SHIPPED", tmp_path)
    assert cli("models", "--json").json == {"models": []}
    assert "no models" in cli("models").out


def test_listing_does_not_need_torch(cli, tiny, monkeypatch):
    monkeypatch.setattr(registry, "SHIPPED", tiny.parent)
    monkeypatch.setitem(__import__("sys").modules, "torch", None)  # importing it fails
    assert cli("models").code == 0


def test_bad_names(cli, tmp_path):
    assert "no model 'nowhere'" in cli("models", "nowhere").error()
    said = cli("models", tmp_path).error()
    assert f"{tmp_path}: not a model; expected config.json and model.safetensors" in said
    (tmp_path / "config.json").write_text("{")
    assert f"{tmp_path / 'config.json'}: broken JSON" in cli("models", tmp_path).error()
    assert vvipe.models.shipped_models() is not None
