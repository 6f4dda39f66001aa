import json

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from vvipe.errors import VvipeError
from vvipe.robot.points.cloned import Cloning
from vvipe.robot.points.cloning import clone
from vvipe.robot.points.policy_files import load_policy, save_policy

SHAPES = {"mlp": (5,), "transformer": (5,), "pixels": (20, 20, 3)}


def trained(network="mlp"):
    rng = np.random.default_rng(0)
    told = rng.integers(0, 99, (6, *SHAPES[network])).astype(
        np.uint8 if network == "pixels" else np.float32
    )
    how = Cloning(network, history=2, chunk=3, width=16, steps=3, batch=4)
    policy = clone([(told, rng.uniform(-1, 1, (6, 4)).astype(np.float32))], how)
    policy.about["task"] = "push"
    return policy, told


@pytest.mark.parametrize("network", SHAPES)
def test_a_stored_policy_acts_the_same(tmp_path, network):
    policy, told = trained(network)
    save_policy(tmp_path / "p", policy)
    again = load_policy(tmp_path / "p")
    np.testing.assert_array_equal([policy.act(o) for o in told], [again.act(o) for o in told])
    assert again.about == {"task": "push"} and again.network.how == policy.network.how
    assert sorted(f.name for f in (tmp_path / "p").iterdir()) == [
        "config.json",
        "model.safetensors",
    ]


@pytest.fixture
def folder(tmp_path):
    save_policy(tmp_path / "p", trained()[0])
    return tmp_path / "p"


def refused(folder, message):
    with pytest.raises(VvipeError, match=message) as error:
        load_policy(folder)
    assert "\n" not in str(error.value) and str(folder) in str(error.value)


def test_nothing_there(folder, tmp_path):
    refused(tmp_path / "q", "no policy here")
    (folder / "model.safetensors").unlink()
    refused(folder, "no weights")


@pytest.mark.parametrize("keep", [0, 7, 100, -1])
def test_cut_weights(folder, keep):
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[:keep])
    refused(folder, "damaged weights")


def test_a_changed_weight(folder):
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    refused(folder, "do not bear the hash")


def rewritten(folder, **changes):
    path = folder / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps(config | changes))


def test_weights_of_another_network(folder):
    import hashlib

    path = folder / "model.safetensors"
    tensors = load_file(path)
    tensors["mean"] = tensors["mean"][:3].clone()
    save_file(tensors, path)
    rewritten(folder, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    refused(folder, "do not fit the configuration")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shape": [5, -1]}, "not a size"),
        ({"shape": [10**9]}, "do not fit|not a configuration"),
        ({"shape": []}, "not a configuration"),
        ({"shape": None}, "not a configuration"),
        ({"shape": [5, 5]}, "not a configuration|do not fit"),
        ({"actions": "4"}, "not a size"),
        ({"actions": 3}, "do not fit"),
        ({"cloning": {}}, "not a configuration"),
        ({"cloning": 5}, "not a configuration"),
        ({"about": 5}, "'about' is no table"),
        ({"more": 5}, "no policy; expected keys"),
    ],
)
def test_other_configurations(folder, changes, message):
    rewritten(folder, **changes)
    refused(folder, message)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network": "gpt"}, "unknown network"),
        ({"history": 0}, "not a size"),
        ({"width": 10**8}, "do not fit|not a configuration"),
        ({"depth": 3}, "not a configuration"),
        ({"history": 3}, "do not fit"),
    ],
)
def test_other_trainings(folder, changes, message):
    config = json.loads((folder / "config.json").read_text())
    rewritten(folder, cloning=config["cloning"] | changes)
    refused(folder, message)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"a"'])
def test_no_configuration(folder, text):
    (folder / "config.json").write_text(text)
    refused(folder, "is not JSON|no policy")
