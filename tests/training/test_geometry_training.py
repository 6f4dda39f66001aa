"""Whole trainings of the geometry-aware representation, tiny ones."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed
from safetensors.torch import load_file
from stopping import StoppedError
from view_pairs import SMALL

from vvipe import VvipeError, load
from vvipe.models.geometry_networks import GeometryNetworks
from vvipe.training import GeometryConfig, config_from_toml, loop
from vvipe.training.checkpoint import FILE

KINDS = ("camera", "keypoints", "strided")
WEIGHTS = "model.safetensors"
TINY = GeometryConfig(
    steps_pairs=3, steps_heads=2, pairs=6, batch=10, lr=0.02, lr_pairs=0.01,
    architecture=SMALL["keypoints"],
)  # fmt: skip
VARIANTS = {kind: replace(TINY, architecture=SMALL[kind]) for kind in KINDS}
VARIANTS |= {
    "one generator": replace(TINY, architecture=replace(TINY.architecture, generators=1)),
    "few labels": replace(TINY, labels=0.5),
    "of themselves": replace(TINY, autoencode=True),
}
BASELINE = replace(TINY, architecture=replace(TINY.architecture, inject=False))
PAIRS, HEADS = ("pairs",) * 3, ("heads",) * 2


@pytest.fixture
def run(stoppable):
    return stoppable


@pytest.fixture
def earlier(run):
    """A folder of a training with pairs, and its weights."""
    folder = run(TINY, "earlier")
    return folder, weights(folder)


def weights(folder):
    return load_file(folder / WEIGHTS)


def initial(config):
    torch.manual_seed(config.seed)
    return {k: v.half() for k, v in GeometryNetworks(config.architecture).state_dict().items()}


def changed(before, after):
    """The parts of the networks of which some weights, and not only counters, differ."""
    return {
        k.split(".")[0]
        for k in before
        if "num_batches" not in k and not torch.equal(before[k].half(), after[k].half())
    }


def generators(config):
    return {"encoders"} if config.architecture.projects else {"encoders", "decoders"}


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_every_variant_trains_and_lifts(run, config):
    stages = []
    folder = run(config, progress=lambda p: stages.append(p.stage))
    assert tuple(stages) == PAIRS + HEADS
    assert changed(initial(config), weights(folder)) == {"heads", *generators(config)}
    model, poses = load(folder), filmed(frames=3)
    for head in (model, *model.others()):
        assert np.isfinite(head.embed(poses).vectors).all()
    assert np.isfinite(model.lift(poses).positions).all()
    assert np.isfinite(model.turned_views(poses, np.eye(3))).all()
    about = json.loads((folder / "config.json").read_text())
    assert (about["name"], about["representation"]) == ("geometry-aware", "geometry-aware")
    assert about["trained_on"].startswith("CMU mocap, 2 clips, 140 poses")
    assert about["training"]["poses_seen"] == 3 * 6 + 2 * 10
    assert config_from_toml(folder / "train.toml") == config
    assert f"{config.architecture.points} points" in (folder / "README.md").read_text()


def test_baselines_learn_nothing_from_pairs(run):
    stages = []
    folder = run(BASELINE, progress=lambda p: stages.append(p.stage))
    assert tuple(stages) == HEADS
    assert changed(initial(BASELINE), weights(folder)) == {"heads"}
    assert np.isfinite(load(folder).lift(filmed(frames=3)).positions).all()


@pytest.mark.parametrize("kind", KINDS)
def test_heads_leave_the_generators_as_they_are(run, kind):
    """Weights and batch statistics."""
    alone, both = (
        weights(run(replace(VARIANTS[kind], steps_heads=n), f"{n}")) for n in (0, 2)
    )  # fmt: skip
    assert changed(alone, both) == {"heads"}
    assert changed(initial(VARIANTS[kind]), alone) == generators(VARIANTS[kind])
    for name in alone:
        if not name.startswith("heads."):
            assert torch.equal(alone[name], both[name]), name


@pytest.mark.parametrize(
    ("variant", "stop", "bf16"),
    [
        ("keypoints", ("pairs", 3), False), ("keypoints", ("heads", 2), True),
        ("strided", ("pairs", 2), True), ("camera", ("pairs", 3), True),
        ("few labels", ("heads", 2), False),
    ],
)  # fmt: skip
def test_a_stopped_training_goes_on_bit_for_bit(run, precision, variant, stop, bf16):
    config, precision = VARIANTS[variant], replace(precision, bf16=bf16)
    whole = run(config, "whole", precision=precision)
    with pytest.raises(StoppedError):
        run(config, "cut", stop, precision=precision)
    told = []
    again = run(config, "cut", resume=True, precision=precision, progress=told.append)
    assert (again / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()
    assert (told[0].stage, told[0].step) == stop


def test_a_training_begins_with_the_weights_of_an_earlier_one(run, earlier):
    folder, before = earlier
    nothing = replace(TINY, start=str(folder), steps_pairs=0, steps_heads=0)
    assert changed(before, weights(run(nothing, "nothing"))) == set()
    stages = []
    heads = replace(nothing, steps_heads=2)
    after = weights(run(heads, "heads", progress=lambda p: stages.append(p.stage)))
    assert tuple(stages) == HEADS and changed(before, after) == {"heads"}
    for name in before:
        if not name.startswith("heads."):
            assert torch.equal(before[name], after[name]), name


def test_what_began_with_weights_goes_on_bit_for_bit(run, earlier):
    config = replace(TINY, start=str(earlier[0]), seed=1)
    whole = run(config, "whole")
    with pytest.raises(StoppedError):
        run(config, "cut", ("pairs", 3))
    for file in earlier[0].iterdir():
        file.unlink()  # the checkpoint has all that is needed
    again = run(config, "cut", resume=True)
    assert (again / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()


def test_weights_of_another_architecture_are_refused(run, earlier, tmp_path):
    wider = replace(TINY.architecture, width=24)
    config = replace(TINY, start=str(earlier[0]), architecture=wider)
    told = []
    with pytest.raises(VvipeError, match=r"earlier.*own architecture.*width=24.*width=16"):
        run(config, "wider", progress=told.append)
    assert not told and not (tmp_path / "wider" / FILE).exists()


def rates(run, monkeypatch, config):
    """The greatest learning rate of each stage, by the optimiser."""
    told, original = {}, torch.optim.Adam.step

    def spied(self, closure=None):
        (group,) = self.param_groups
        told.setdefault(id(self), []).append(group["lr"])
        return original(self, closure)

    with monkeypatch.context() as patch:
        patch.setattr(torch.optim.Adam, "step", spied)
        run(config)
    return [max(values) for values in told.values()]


def test_each_stage_has_a_learning_rate_of_its_own(run, monkeypatch):
    pairs, heads = rates(run, monkeypatch, TINY)
    assert (pairs, heads) == (pytest.approx(0.01), pytest.approx(0.02))


def test_a_learning_rate_of_zero_is_zero(run):
    folder = run(replace(TINY, lr_pairs=0.0, steps_heads=0))
    before = dict(GeometryNetworks(TINY.architecture).named_parameters())  # no statistics
    fresh, after = initial(TINY), weights(folder)
    assert all(torch.equal(fresh[k], after[k]) for k in before)


def test_each_stage_takes_as_many_poses_as_it_says(run, monkeypatch):
    counts = []
    for kind in loop.METHODS["geometry-aware"].stages:
        original = kind.loss

        def spied(self, batch, original=original):
            counts.append(len(batch[0]))
            return original(self, batch)

        monkeypatch.setattr(kind, "loss", spied)
    run(TINY)
    assert counts == [6] * 3 + [10] * 2


def test_no_3d_pose_reaches_the_loss_of_pairs(run, monkeypatch):
    given, kind = [], loop.METHODS["geometry-aware"].stages[0]
    original = kind.loss

    def spied(self, batch):
        given.append([tuple(x.shape[1:]) for x in batch])
        bank, self.bank = self.bank, None
        try:
            return original(self, batch)
        finally:
            self.bank = bank

    monkeypatch.setattr(kind, "loss", spied)
    run(TINY)
    assert given == [[(13, 2), (13,), (13, 2), (13,), (39,), (39,), (3, 3)]] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_validation_on_the_way_changes_nothing(run, monkeypatch, kind):
    monkeypatch.setattr(loop, "VALIDATE_STEPS", 1)
    told = []

    def validate(model):
        told.extend(other.embed(filmed(frames=2)).vectors for other in (model, *model.others()))
        return {"figure": 1.0}

    plain = run(VARIANTS[kind], "plain")
    watched = run(VARIANTS[kind], "watched", validate=validate)
    assert (plain / WEIGHTS).read_bytes() == (watched / WEIGHTS).read_bytes()
    assert len(told) == 2 * 3  # the heads' steps, three rankings
    assert len((watched / "history.jsonl").read_text().splitlines()) == 2
