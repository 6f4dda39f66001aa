"""Whole trainings of the unsupervised lifter, tiny ones: every variant, its critic, going on."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed
from safetensors.torch import load_file
from stopping import StoppedError

from vvipe import VvipeError, load
from vvipe.models.vae_gan_networks import VaeGanNetworks
from vvipe.training import PRESETS, loop, whole_views
from vvipe.training.methods import vae_gan_stages
from vvipe.training.methods.vae_gan import NovelViews
from vvipe.training.methods.vae_gan_stages import CLIPPED, Lifting2D, PriorFitting

TINY = {"latent": 6, "width": 16, "blocks": 1, "prior_width": 16}
OURS, THESIS = (
    replace(
        PRESETS[name](), batch=64, steps=3, steps_prior=3,
        architecture=replace(PRESETS[name]().architecture, **TINY),
    )
    for name in ("vae-gan", "vae-gan-paper")
)  # fmt: skip


def sized(config, **changes):
    return replace(config, architecture=replace(config.architecture, **changes))


VARIANTS = {
    "ours": OURS,
    "thesis": THESIS,
    "two blocks": sized(THESIS, blocks=2),
    "not variational": sized(THESIS, variational=False),
    "no prior": sized(THESIS, prior="none"),
    "wgan": replace(THESIS, adversary="wgan"),
    "wgan-gp": replace(THESIS, adversary="wgan-gp"),
    "limited azimuth": replace(THESIS, novel=NovelViews(azimuth_rad=0.5)),
    "our critic": sized(OURS, prior="critic"),
}


@pytest.fixture
def run(stoppable, monkeypatch):
    monkeypatch.setattr(whole_views, "SAMPLE", 640)
    return stoppable


def weights(folder):
    return load_file(folder / "model.safetensors")


def initial(config):
    torch.manual_seed(config.seed)
    return {k: v.half() for k, v in VaeGanNetworks(config.architecture).state_dict().items()}


@pytest.mark.parametrize("config", VARIANTS.values(), ids=VARIANTS)
def test_every_variant_trains_and_lifts(run, config):
    stages = []
    config = replace(config, lr=0.01)  # moves weights by more than float16 rounds
    folder = run(config, progress=lambda p: stages.append(p.stage))
    flow = config.architecture.prior == "flow"
    assert stages == ["prior"] * (3 if flow else 0) + ["lifting"] * 3
    trained, before = weights(folder), initial(config)
    learnt = {"features", "mean", "decoder"} | {k.split(".")[0] for k in before if "judge" in k}
    assert learnt <= {k.split(".")[0] for k in before if not torch.equal(trained[k], before[k])}
    model = load(folder)
    assert np.isfinite(model.lift(filmed(frames=3)).positions).all()
    about = json.loads((folder / "config.json").read_text())
    assert (about["name"], about["representation"]) == (config.model, "vae-gan")
    assert about["trained_on"].startswith("CMU mocap, 2 clips, 140 poses")
    assert trained["known"].all()


@pytest.mark.parametrize(
    ("variant", "stop", "bf16"),
    [
        ("ours", ("prior", 3), False), ("ours", ("lifting", 2), True),
        ("thesis", ("lifting", 2), False), ("thesis", ("lifting", 3), True),
    ],
)  # fmt: skip
def test_a_stopped_training_goes_on_bit_for_bit(run, precision, variant, stop, bf16):
    config, precision = VARIANTS[variant], replace(precision, bf16=bf16)
    whole = run(config, "whole", precision=precision)
    with pytest.raises(StoppedError):
        run(config, "cut", stop, precision=precision)
    told = []
    again = run(config, "cut", resume=True, precision=precision, progress=told.append)
    assert (again / "model.safetensors").read_bytes() == (whole / "model.safetensors").read_bytes()
    assert (told[0].stage, told[0].step) == stop


def test_a_critic_that_takes_no_turn_goes_on_as_well(run):
    config = replace(THESIS, critic_steps=0)
    with pytest.raises(StoppedError):
        run(config, "cut", ("lifting", 2))
    trained = weights(run(config, "cut", resume=True))
    before = initial(config)
    assert all(torch.equal(trained[k], before[k]) for k in before if k.startswith("prior.judge"))


def parameters(networks):
    return {k: v.detach().clone() for k, v in networks.named_parameters()}


def changed(before, after):
    return {k.split(".")[0] for k in before if not torch.equal(before[k], after[k])}


def test_the_critic_takes_three_turns_a_step_and_nothing_else_learns_in_them(run, monkeypatch):
    turns, batches, original = [], [], loop._Run._learn
    drawn = Lifting2D.batch

    def spied(self):
        batch = drawn(self)
        batches.append(batch[2])
        return batch

    def learn(self, loss_of, optimiser, step):
        before = parameters(self.networks)
        free = {k.split(".")[0] for k, v in self.networks.named_parameters() if v.requires_grad}
        parts = original(self, loss_of, optimiser, step)
        assert changed(before, parameters(self.networks)) == free
        turns.append((step, "critic" in parts, free))
        return parts

    monkeypatch.setattr(loop._Run, "_learn", learn)
    monkeypatch.setattr(Lifting2D, "batch", spied)
    run(THESIS)
    assert [(step, critic) for step, critic, _ in turns] == [
        (step, critic) for step in range(3) for critic in (True, True, True, False)
    ]
    for _, critic, learnt in turns:
        assert learnt == ({"prior"} if critic else {"features", "mean", "log_variance", "decoder"})
    assert all(not torch.equal(a, b) for i, a in enumerate(batches) for b in batches[:i])


def test_a_flow_learns_first_and_stays_while_lifting_is_learnt(run):
    alone, both = (weights(run(replace(OURS, steps=n), f"{n}")) for n in (0, 3))
    before = initial(OURS)
    for name in before:
        if name.startswith("prior."):
            assert torch.equal(alone[name], both[name]), name
        elif name.startswith("decoder.") and "num_batches" not in name:
            assert torch.equal(alone[name], before[name]), name


def test_a_wgan_keeps_its_critic_small(run):
    judge = [v for k, v in weights(run(VARIANTS["wgan"])).items() if k.startswith("prior.judge")]
    assert max(v.abs().max() for v in judge) <= CLIPPED + 2 * THESIS.lr


def test_gradients_are_clipped(run, monkeypatch):
    lengths, original = [], torch.optim.Adam.step

    def spied(self, closure=None):
        grads = [p.grad for group in self.param_groups for p in group["params"]]
        lengths.append(torch.stack([g.norm() for g in grads if g is not None]).norm())
        return original(self, closure)

    monkeypatch.setattr(torch.optim.Adam, "step", spied)
    for clip in (1e-3, 1e3):
        run(replace(THESIS, clip=clip))
    clipped, free = torch.stack(lengths).chunk(2)
    assert len(clipped) == 4 * 3 and clipped.max() <= 1e-3 * 1.001
    assert free.min() > 2e-3


def test_no_3d_pose_reaches_a_stage(run, monkeypatch):
    """All that a loss is given, turn by turn, is flat, and nothing lies beside it."""
    given = []
    for kind, name in ((PriorFitting, "loss"), (Lifting2D, "loss"), (Lifting2D, "_critic_loss")):
        original = getattr(kind, name)

        def spied(self, batch, original=original):
            given.append([tuple(x.shape[1:]) for x in batch])
            bank, self.bank = self.bank, None
            try:
                return original(self, batch)
            finally:
                self.bank = bank

        monkeypatch.setattr(kind, name, spied)
    run(OURS, "ours")
    run(THESIS, "thesis")
    assert given == [[(13, 2), (13,), (17, 2), (17,)]] * (3 + 3 + 4 * 3)


def test_a_training_that_collapses_is_stopped(run, monkeypatch):
    monkeypatch.setattr(vae_gan_stages.Watch, "check", _collapsed)
    with pytest.raises(VvipeError, match="collapsed at step 2"):
        run(THESIS)


def _collapsed(self, step, parts):
    assert {"depth", "flips", "balance"} <= parts.keys()
    if step == 2:
        raise VvipeError(f"collapsed at step {step}")


@pytest.mark.parametrize("variant", ["ours", "thesis"])
def test_validation_on_the_way_changes_nothing(run, monkeypatch, variant):
    monkeypatch.setattr(loop, "VALIDATE_STEPS", 1)
    told = []

    def validate(model):
        told.append(model.lift(filmed(frames=2)).positions)
        return {"figure": 1.0}

    plain = run(VARIANTS[variant], "plain")
    watched = run(VARIANTS[variant], "watched", validate=validate)
    name = "model.safetensors"
    assert (plain / name).read_bytes() == (watched / name).read_bytes()
    assert len(told) == 3
    assert len((watched / "history.jsonl").read_text().splitlines()) == 3
