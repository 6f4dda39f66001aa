import json
import pickle
from dataclasses import asdict

import pytest
import torch
from safetensors.torch import load_file, save_file

from vvipe import VvipeError
from vvipe.models.networks import Architecture, Networks
from vvipe.models.storage import load_networks, read_config, save_model


def change_config(folder, **changes):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refused(folder, *words):
    """The one line that loading a damaged folder ends in."""
    with pytest.raises(VvipeError) as caught:
        load_networks(folder)
    line = str(caught.value)
    assert "\n" not in line and str(folder) in line
    for word in words:
        assert word in line
    return line


def test_round_trip_to_float16_precision(folder, tmp_path):
    networks, config = load_networks(folder)
    assert not networks.training
    again = tmp_path / "again"
    assert save_model(again, networks, config) == config["sha256"]
    assert (again / "model.safetensors").read_bytes() == (folder / "model.safetensors").read_bytes()
    values = load_networks(again)[0].state_dict()
    for name, tensor in networks.state_dict().items():
        assert torch.equal(values[name], tensor)
        assert tensor.dtype == (torch.float32 if tensor.is_floating_point() else torch.int64)


def test_weights_are_stored_in_two_bytes_each(tmp_path):
    networks = Networks(Architecture(width_2d=64, width_3d=64))
    save_model(tmp_path, networks, {"name": "x", "representation": "vvipe"})
    tensors = load_file(tmp_path / "model.safetensors")
    assert {t.dtype for t in tensors.values()} == {torch.float16, torch.int64}
    numbers = sum(t.numel() for t in networks.state_dict().values())
    assert (tmp_path / "model.safetensors").stat().st_size < 2 * numbers + 20_000
    stored = networks.decoder[1].weight.detach().half()
    assert torch.equal(tensors["decoder.1.weight"], stored)


def test_the_folder_says_what_it_holds(tmp_path):
    networks = Networks(Architecture(latent=5, width_2d=16, width_3d=16, normaliser="torso"))
    metrics = [{"protocol": "cmu-seen", "hit@1": 73.1}]
    about = {"name": "mine", "representation": "vvipe", "metrics": metrics, "data_hash": "abc"}
    digest = save_model(tmp_path / "new" / "folder", networks, about)
    config = read_config(tmp_path / "new" / "folder")
    assert config == about | {"architecture": asdict(networks.arch), "sha256": digest}
    card = (tmp_path / "new" / "folder" / "README.md").read_text()
    for word in ("# mine", digest, "5-dimensional", "| cmu-seen | 73.1 |", "mocap.cs.cmu.edu"):
        assert word in card
    assert sorted(p.name for p in (tmp_path / "new" / "folder").iterdir()) == [
        "README.md", "config.json", "model.safetensors",
    ]  # fmt: skip


def test_missing_files_are_named(folder):
    (folder / "model.safetensors").unlink()
    refused(folder, "model.safetensors", "no weights")
    (folder / "config.json").unlink()
    refused(folder, "no model here", "config.json")


@pytest.mark.parametrize("keep", [0, 7, 100, -1])
def test_weights_cut_short(folder, keep):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:keep])
    refused(folder, "model.safetensors", "damaged")


def test_one_flipped_bit_is_noticed(folder):
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    refused(folder, "hash")


def test_pickle_is_never_read(folder):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("a pickle was loaded",))

    (folder / "model.safetensors").write_bytes(pickle.dumps(Trap()))
    refused(folder, "damaged")
    torch.save({"weights": torch.zeros(3)}, folder / "model.safetensors")
    refused(folder, "damaged")


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "3", "null", '"name"', "\udcff"])
def test_a_broken_config(folder, text):
    (folder / "config.json").write_bytes(text.encode(errors="surrogateescape"))
    refused(folder, "config.json")


@pytest.mark.parametrize("key", ["name", "representation", "architecture", "sha256"])
def test_a_key_that_is_missing_is_named(folder, key):
    config = read_config(folder)
    del config[key]
    (folder / "config.json").write_text(json.dumps(config))
    refused(folder, repr(key))


@pytest.mark.parametrize(
    "architecture",
    [{"depth": 3}, {"latent": "many"}, {"width_2d": -4}, {"blocks": 1.5}],
    ids=["unknown key", "text", "negative", "not whole"],
)
def test_an_architecture_that_is_none(folder, architecture):
    change_config(folder, architecture=read_config(folder)["architecture"] | architecture)
    refused(folder, "config.json", "architecture", next(iter(architecture)))


@pytest.mark.parametrize("architecture", [{"blocks": 3}, {"latent": 9}, {"masks": False}])
def test_an_architecture_of_other_weights(folder, architecture):
    change_config(folder, architecture=read_config(folder)["architecture"] | architecture)
    refused(folder, "model.safetensors", "do not fit the architecture")


def test_tensors_too_many_or_too_few_are_named(folder):
    import hashlib

    path = folder / "model.safetensors"
    tensors = load_file(path)
    del tensors["decoder.1.bias"]
    save_file(tensors | {"decoder.1.colour": torch.zeros(1)}, path)
    change_config(folder, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    refused(folder, "decoder.1.bias", "decoder.1.colour")


def test_loading_draws_no_random_weights(folder, monkeypatch):
    # Doing so on the meta device imports sympy and the compiler: as long as torch itself takes.
    monkeypatch.setattr(torch.Tensor, "normal_", lambda *_: pytest.fail("drawn"))
    load_networks(folder)
