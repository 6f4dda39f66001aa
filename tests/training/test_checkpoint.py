import pickle

import pytest
import torch
from safetensors.torch import save_file

from vvipe import VvipeError
from vvipe.training.checkpoint import (
    FILE,
    Checkpoint,
    load_checkpoint,
    optimiser_state,
    restore_optimiser,
    run_key,
    save_checkpoint,
)


@pytest.fixture
def parts(seed):
    return {
        "networks": {"a.weight": torch.randn(3, 2), "a.count": torch.tensor(7)},
        "mean": {"0": torch.randn(2, 3).T},
        "optimiser": {},
    }


def test_round_trip_bit_for_bit(tmp_path, parts):
    save_checkpoint(tmp_path, Checkpoint(1, 420, True, 1.5, parts), "key")
    found = load_checkpoint(tmp_path, "key")
    assert (found.stage, found.step, found.bf16, found.seconds) == (1, 420, True, 1.5)
    again = found.parts
    assert again.keys() == {"networks", "mean"}  # nothing is kept of what is empty
    for part, tensors in again.items():
        assert tensors.keys() == parts[part].keys()
        for name, tensor in tensors.items():
            assert (
                torch.equal(tensor, parts[part][name]) and tensor.dtype == parts[part][name].dtype
            )
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_the_last_one_stays(tmp_path, parts):
    for step in (10, 20):
        save_checkpoint(tmp_path, Checkpoint(0, step, True, 1.5, parts), "key")
    assert load_checkpoint(tmp_path, "key").step == 20


def test_a_write_that_fails_leaves_the_last_one(tmp_path, parts, monkeypatch):
    save_checkpoint(tmp_path, Checkpoint(0, 10, True, 1.5, parts), "key")
    monkeypatch.setattr("pathlib.Path.write_bytes", lambda *_: (_ for _ in ()).throw(OSError))
    with pytest.raises(VvipeError, match="cannot be written"):
        save_checkpoint(tmp_path, Checkpoint(0, 20, True, 1.5, parts), "key")
    assert load_checkpoint(tmp_path, "key").step == 10


def test_nothing_to_resume(tmp_path):
    with pytest.raises(VvipeError, match=f"{FILE}: nothing to resume; train without --resume"):
        load_checkpoint(tmp_path, "key")


def test_another_key_does_not_fit(tmp_path, parts):
    save_checkpoint(tmp_path, Checkpoint(0, 10, True, 1.5, parts), "key")
    with pytest.raises(VvipeError, match="of another configuration, device or other data"):
        load_checkpoint(tmp_path, "other")


@pytest.mark.parametrize("keep", [0, 5, 60, -1])
def test_cut_short(tmp_path, parts, keep):
    save_checkpoint(tmp_path, Checkpoint(0, 10, True, 1.5, parts), "key")
    path = tmp_path / FILE
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(VvipeError, match=f"{FILE}: damaged checkpoint"):
        load_checkpoint(tmp_path, "key")


def test_what_is_no_checkpoint(tmp_path):
    (tmp_path / FILE).write_bytes(pickle.dumps({"stage": 0}))
    with pytest.raises(VvipeError, match="damaged checkpoint"):
        load_checkpoint(tmp_path, "key")
    save_file({"a": torch.zeros(2)}, tmp_path / FILE)  # weights without the words on top
    with pytest.raises(VvipeError, match="of another configuration"):
        load_checkpoint(tmp_path, "key")


def test_the_key_depends_on_every_part():
    keys = {run_key(*parts) for parts in (("a", "b"), ("a", "c"), ("ab", ""), ("a", "b", ""))}
    assert len(keys) == 4 and run_key("a", "b") in keys


def test_an_optimiser_goes_on_where_it_was(seed):
    def fresh():
        torch.manual_seed(1)
        layer = torch.nn.Linear(4, 3)
        return layer, torch.optim.Adam(layer.parameters(), lr=0.1, fused=True)

    def step(layer, optimiser, i):
        torch.manual_seed(i)
        optimiser.zero_grad()
        layer(torch.randn(8, 4)).square().sum().backward()
        optimiser.step()

    whole, first, second = fresh(), fresh(), fresh()
    for i in range(6):
        step(*whole, i)
    for i in range(3):
        step(*first, i)
    second[0].load_state_dict(first[0].state_dict())
    restore_optimiser(second[1], optimiser_state(first[1]))
    for i in range(3, 6):
        step(*second, i)
    assert torch.equal(second[0].weight, whole[0].weight)
    assert torch.equal(second[0].bias, whole[0].bias)
