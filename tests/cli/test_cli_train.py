import json

import numpy as np
import pytest

import vvipe
from vvipe.cli import train as verb
from vvipe.cli.parsing import parse
from vvipe.errors import VvipeError
from vvipe.training import PRESETS, VVipeConfig

SMALL = (
    "--steps-vae", 20, "--steps-map", 20, "--set", "batch=32", "--set", "architecture.width_2d=16",
    "--set", "architecture.width_3d=16",
)  # fmt: skip


@pytest.fixture
def cmu(tmp_path, walkers):
    """A folder `cmu` with three clips for training."""
    folder = tmp_path / "data" / "cmu" / "actions"
    folder.mkdir(parents=True)
    names = ["jumping_90", "soccer_91", "walking_92"]
    np.savez(
        folder / "small.npz", positions=walkers(90), skeleton="h36m17", unit="m", up="z", fps=30,
        clips=np.array(names), clip_index=np.repeat(np.arange(3), 30),
    )  # fmt: skip
    return tmp_path / "data" / "cmu"


def config(*words: str) -> VVipeConfig:
    options = parse(verb.Options, "train", ["vvipe", "--out", "r", *words])
    return verb.configuration(options)


def test_from_data_to_a_model_that_embeds(cli, cmu, film, tmp_path):
    out = tmp_path / "run"
    result = cli("train", "vvipe", "--data", cmu, "--out", out, *SMALL, "--seed", 5, "--json")
    about = json.loads((out / "config.json").read_text())
    assert result.json == {
        "out": str(out), "name": about["name"], "sha256": about["sha256"],
        "data_hash": about["data_hash"],
    }  # fmt: skip
    first, last = result.err.splitlines()
    assert "pose VAE 20/20" in first and "2D mapping 20/20" in last
    assert all(said in last for said in ("poses/s", "mse ", "left"))
    assert vvipe.load(out).embed(film(3)).vectors.shape == (3, 32)
    training = about["training"]["config"]
    assert (training["seed"], training["batch"], training["steps_map"]) == (5, 32, 20)


def test_interruption_says_how_to_go_on(cli, tmp_path, cmu, monkeypatch):
    def stopped(config, data, out, **_):
        out.mkdir()
        (out / "checkpoint.safetensors").write_bytes(b"")
        raise KeyboardInterrupt

    monkeypatch.setattr("vvipe.training.train", stopped)
    result = cli("train", "vvipe", "--data", cmu, "--out", tmp_path / "run")
    assert (result.code, result.out) == (130, "")
    assert "--resume" in result.err and str(tmp_path / "run") in result.err


def test_nothing_to_resume(cli, cmu, tmp_path):
    words = ("--data", cmu, "--out", tmp_path / "run", *SMALL, "--resume")
    assert "nothing to resume" in cli("train", "vvipe", *words).error()


def test_options_that_shape_the_configuration(tmp_path):
    assert config() == PRESETS["vvipe"]()
    assert config("--preset", "paper") == PRESETS["vvipe-paper"]()
    assert config("--no-triplet").objective.triplet == 0
    assert not config("--no-align").align and not config("--no-universal").universal
    assert not config("--no-pretrain").pretrain and config("--no-augment").views.random == 0
    assert config("--seed", "7", "--steps-vae", "3", "--steps-map", "4") == VVipeConfig(
        seed=7, steps_vae=3, steps_map=4
    )
    changed = config("--set", "lr=1", "--set", "views.distance_m=[1, 2.5]", "--set", "align=false")
    assert (changed.lr, changed.views.distance_m, changed.align) == (1.0, (1.0, 2.5), False)
    (tmp_path / "c.toml").write_text("seed = 9\n[objective]\ntriplet = 0.5\n")
    from_file = config("--config", str(tmp_path / "c.toml"), "--set", "seed=10")
    assert (from_file.objective.triplet, from_file.seed) == (0.5, 10)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--set", "objective.tripled=1"], "nearest is 'triplet'"),
        (["--set", "sed=1"], "nearest is 'seed'"),
        (["--set", "seed"], "expected key=value"),
        (["--set", "seed=soon"], "wrong kind"),
        (["--set", "seed.x=1"], "no table"),
        (["--set", "objective=1"], "wrong kind"),
        (["--set", "views.distance_m=[1]"], "wrong kind"),
        (["--set", "align=0"], "wrong kind"),
        (["--seed", "-1"], "--seed must not be negative"),
        (["--config", "nowhere.toml"], "nowhere.toml"),
    ],
)
def test_configurations_that_are_none(words, said):
    with pytest.raises(VvipeError) as caught:
        config(*words)
    assert said in str(caught.value)


def test_bad_words(cli, tmp_path):
    out = tmp_path / "run"
    assert "did you mean vvipe?" in cli("train", "vvip", "--out", out).error()
    assert "no such folder" in cli("train", "vvipe", "--data", "nowhere", "--out", out).error()
    out.write_text("")
    assert "is not a folder" in cli("train", "vvipe", "--data", tmp_path, "--out", out).error()
