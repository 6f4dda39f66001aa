"""Whole trainings, tiny ones: what comes out, and that a stopped one goes on bit for bit."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed, moving
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from stopping import StoppedError

from vvipe import VvipeError, load, write
from vvipe.models.networks import Networks
from vvipe.models.prototypes import load_prototypes
from vvipe.training import PRESETS, TrainingFailedError, config_from_toml, loop, train
from vvipe.training.checkpoint import FILE
from vvipe.training.loss_history import FILE as LOSSES
from vvipe.training.loss_history import append_losses
from vvipe.training.methods.vvipe_stages import Mapping, PoseVae

WEIGHTS = "model.safetensors"


FAST = 0.5  # a learning rate that moves every weight by more than float16 rounds


@pytest.fixture
def run(stoppable, tmp_path, config):
    def go(name="run", stop=None, **options):
        return stoppable(options.pop("config", config), name, stop, **options)

    go.folder = tmp_path
    return go


def weights(folder, *parts):
    tensors = load_file(folder / WEIGHTS)
    return {k: v for k, v in tensors.items() if not parts or k.startswith(parts)}


def same(a, b):
    return a.keys() == b.keys() and all(torch.equal(a[k], b[k]) for k in a)


def test_what_a_training_leaves_behind(run, config):
    folder = run()
    assert {p.name for p in folder.iterdir()} == {
        WEIGHTS, "config.json", "README.md", "train.toml", "prototypes.npz", FILE, LOSSES,
    }  # fmt: skip
    assert config_from_toml(folder / "train.toml") == config
    about = json.loads((folder / "config.json").read_text())
    assert about["training"]["poses_seen"] == 12 * 64
    assert about["training"]["config"]["batch"] == 64
    assert about["trained_on"].startswith("CMU mocap, 2 clips, 140 poses")
    assert len(about["data_hash"]) == 64 and len(about["latent_std"]) == 8
    model = load(folder)
    assert np.isfinite(model.lift(filmed(frames=3)).positions).all()
    library = load_prototypes(model)
    assert len(library) == 140 and library.names[0] == "stand" and library.key_poses == 10
    assert {name.partition("@")[0] for name in library.motions} == {"walking_90", "soccer_91"}


def test_the_same_again(run):
    folders = [run("a"), run("b")]
    assert folders[0].joinpath(WEIGHTS).read_bytes() == folders[1].joinpath(WEIGHTS).read_bytes()


def test_another_seed_is_another_model(run, config):
    assert not same(weights(run("a")), weights(run("b", config=replace(config, seed=1))))


@pytest.mark.parametrize(
    "stop", [("vae", 2), ("vae", 6), ("map", 1), ("map", 4)], ids=lambda s: f"{s[0]} {s[1]}"
)
@pytest.mark.parametrize("bf16", [False, True], ids=["float32", "bfloat16"])
def test_a_stopped_training_goes_on_bit_for_bit(run, precision, stop, bf16):
    precision = replace(precision, bf16=bf16)
    whole = run("whole", precision=precision)
    with pytest.raises(StoppedError):
        run("stopped", stop, precision=precision)
    told = []
    again = run("stopped", precision=precision, resume=True, progress=told.append)
    assert (again / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()
    # It did go on: the first step told is the one that the stopped run had not saved.
    assert (told[0].stage, told[0].step) == stop
    a, b = (json.loads((f / "config.json").read_text()) for f in (again, whole))
    for config in (a, b):
        del config["training"]["seconds"]
    assert a == b
    assert (again / "prototypes.npz").read_bytes() == (whole / "prototypes.npz").read_bytes()


@pytest.mark.parametrize("preset", ["vvipe-paper", "no-pretrain"])
def test_so_do_other_configurations(run, config, preset):
    if preset == "vvipe-paper":
        paper = PRESETS[preset]()
        small = replace(paper.architecture, latent=8, width_2d=32, width_3d=32)
        config = replace(paper, steps_vae=6, steps_map=6, batch=64, architecture=small)
    else:
        config = replace(config, pretrain=False)
    whole = run("whole", config=config)
    with pytest.raises(StoppedError):
        run("stopped", ("map", 3), config=config)
    again = run("stopped", config=config, resume=True)
    assert (again / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()


def test_a_training_stopped_twice(run):
    whole = run("whole")
    for stop, resume in ((("vae", 3), False), (("vae", 5), True), (("map", 5), True)):
        with pytest.raises(StoppedError):
            run("stopped", stop, resume=resume)
    again = run("stopped", resume=True)
    assert (again / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()


def test_resuming_needs_a_checkpoint_that_fits(run, config, precision, tmp_path):
    with pytest.raises(VvipeError, match="nothing to resume"):
        run("fresh", resume=True)
    with pytest.raises(StoppedError):
        run("stopped", ("vae", 4))
    for changes in (
        {"config": replace(config, lr=2e-3)},
        {"config": replace(config, seed=1)},
    ):
        with pytest.raises(VvipeError, match="another configuration, device or other data"):
            run("stopped", resume=True, **changes)
    path = tmp_path / "stopped" / FILE
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(VvipeError, match="damaged checkpoint"):
        run("stopped", resume=True)
    run("stopped")  # without --resume it begins anew


def test_a_resumed_training_keeps_its_type_whatever_the_self_test_says(run, precision):
    whole = run("whole", precision=replace(precision, bf16=True))
    with pytest.raises(StoppedError):
        run("stopped", ("map", 3), precision=replace(precision, bf16=True))
    again = run("stopped", precision=replace(precision, bf16=False), resume=True)
    assert (again / WEIGHTS).read_bytes() == (whole / WEIGHTS).read_bytes()


def test_training_time_counts_what_was_spent_before(run, precision, tmp_path):
    with pytest.raises(StoppedError):
        run("stopped", ("map", 3))
    path = tmp_path / "stopped" / FILE
    with safe_open(path, "pt") as file:
        about = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    numbers = json.loads(about["numbers"])
    assert 0 < numbers["seconds"] < 600
    save_file(tensors, path, about | {"numbers": json.dumps(numbers | {"seconds": 5000.0})})
    again = json.loads((run("stopped", resume=True) / "config.json").read_text())
    assert 5000 < again["training"]["seconds"] < 5600


def test_a_damaged_clip_is_told_once(config, precision, tmp_path, clips, write_cmu):
    data = write_cmu(tmp_path / "cmu", {"soccer_91": clips["soccer_91"]})
    broken = data / "bvh" / "05" / "05_02.bvh"
    broken.parent.mkdir(parents=True)
    broken.write_text("HIERARCHY\nROOT Hips\n{\n")
    told = []
    folder = train(config, data, tmp_path / "run", precision=precision, on_error=told.append)
    assert len(told) == 1 and "05_02.bvh" in str(told[0])
    about = json.loads((folder / "config.json").read_text())
    assert about["trained_on"].startswith("CMU mocap, 1 clips, 70 poses")


def test_what_learned_from_ones_own_mocap_does_not_claim_another(config, precision, tmp_path):
    (tmp_path / "mine").mkdir()
    write(moving(frames=70), tmp_path / "mine" / "take.npz")
    folder = train(config, tmp_path / "mine", tmp_path / "run", precision=precision)
    about = json.loads((folder / "config.json").read_text())
    assert about["trained_on"].startswith("own mocap, 1 clips")
    assert about["licence"] == "the terms of the data that it was trained on"
    card = (folder / "README.md").read_text()
    assert "own mocap" in card and "CMU" not in card and "Apache" not in card


def test_other_data_does_not_fit_the_checkpoint(run, config, precision, tmp_path, clips, write_cmu):
    with pytest.raises(StoppedError):
        run("stopped", ("vae", 4))
    other = write_cmu(tmp_path / "other", {"soccer_91": clips["soccer_91"][:50]})
    with pytest.raises(VvipeError, match="other data"):
        train(config, other, tmp_path / "stopped", precision=precision, resume=True)


def test_stage_two_leaves_the_vae_alone_unless_it_is_joint(run, config):
    config = replace(config, lr=FAST, joint=False)
    before = weights(run("vae", config=replace(config, steps_map=0)))
    after = weights(run("both", config=config))
    frozen = [k for k in before if k.startswith(("decoder.", "encoder_3d."))]
    assert any("running_mean" in k for k in frozen)
    assert any("num_batches_tracked" in k for k in frozen)
    for name in frozen:
        assert torch.equal(before[name], after[name]), name
    for name in (k for k in before if k.startswith("encoder_2d.")):
        assert not torch.equal(before[name], after[name]), name
    together = weights(run("joint", config=replace(config, joint=True)))
    for name in before:
        assert not torch.equal(before[name], together[name]), name


def test_stage_one_leaves_the_2d_encoder_alone(run, config):
    config = replace(config, lr=FAST)
    untrained = weights(run("none", config=replace(config, steps_vae=0, steps_map=0)))
    vae = weights(run("vae", config=replace(config, steps_map=0)))
    for name, tensor in untrained.items():
        assert torch.equal(vae[name], tensor) == name.startswith("encoder_2d."), name


def test_without_pretraining_decoder_and_2d_encoder_learn_together(run, config):
    config = replace(config, pretrain=False, joint=False, lr=FAST)
    config = replace(config, objective=replace(config.objective, matching=0.0))
    untrained = weights(run("none", config=replace(config, steps_map=0)))
    stages = set()
    folder = run("joint", config=config, progress=lambda p: stages.add(p.stage))
    assert stages == {"map"}
    # There is no 3D latent that the variance could be fitted to.
    alone = ("encoder_3d.", "encoder_2d.log_variance.")
    for name, tensor in weights(folder).items():
        assert torch.equal(untrained[name], tensor) == name.startswith(alone), name


@pytest.mark.parametrize("averaging", [0.0, 0.999])
def test_the_running_mean_is_what_stays(run, config, averaging):
    """By loops over the live weights of every step."""
    live = []
    original = loop._Run._step

    def spy(self, step):
        original(self, step)
        live.append([t.clone() for t in loop._floats(self.stage.trained)])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop._Run, "_step", spy)
        config = replace(config, steps_map=0, averaging=averaging)
        folder = run(config=config)
    torch.manual_seed(config.seed)
    start = Networks(config.architecture)
    mean = loop._floats([start.encoder_3d, start.decoder])
    for step, now in enumerate(live):
        decay = min(averaging, (1 + step) / (10 + step))
        mean = [decay * m + (1 - decay) * w for m, w in zip(mean, now, strict=True)]
    got = [v for v in weights(folder, "encoder_3d.", "decoder.").values() if v.is_floating_point()]
    names = list(weights(folder, "encoder_3d.", "decoder."))
    kept = dict(zip(
        [k for p in ("encoder_3d", "decoder") for k, v in getattr(start, p).state_dict(
            prefix=f"{p}.").items() if v.is_floating_point()],
        mean, strict=True,
    ))  # fmt: skip
    assert len(got) == len(kept) and set(kept) <= set(names)
    for name, expected in kept.items():
        torch.testing.assert_close(
            weights(folder)[name].float(), expected, atol=2e-3, rtol=2e-3, msg=name
        )


def test_every_step_draws_a_batch_of_its_own(run, monkeypatch):
    batches = []
    for stage in (PoseVae, Mapping):
        monkeypatch.setattr(stage, "batch", _spied(stage.batch, batches))
    run()
    assert len(batches) == 12
    for i, batch in enumerate(batches):
        assert not any(torch.equal(batch, other) for other in batches[:i])


def _spied(batch, batches):
    def spy(self):
        drawn = batch(self)
        batches.append(drawn[2])  # the targets, which both stages have
        return drawn

    return spy


def test_the_learning_rate_warms_up_and_falls():
    rates = [loop._schedule(step, 2000) for step in range(2000)]
    assert rates[0] == pytest.approx(1 / loop.WARM_UP, rel=0.01)
    assert rates.index(max(rates)) == pytest.approx(loop.WARM_UP, abs=1)
    assert rates[loop.WARM_UP :] == sorted(rates[loop.WARM_UP :], reverse=True)
    assert rates[-1] == pytest.approx(loop.LOWEST, rel=0.01)
    short = [loop._schedule(step, 300) for step in range(300)]
    assert short.index(max(short)) == pytest.approx(30, abs=1)


def test_progress_is_told(cmu, tmp_path, config, precision, monkeypatch):
    monkeypatch.setattr(loop, "REPORT_STEPS", 3)
    told = []
    train(config, cmu, tmp_path / "run", precision=precision, progress=told.append)
    assert [(p.stage, p.step) for p in told] == [("vae", 3), ("vae", 6), ("map", 3), ("map", 6)]
    for p in told:
        assert p.steps == 6 and p.poses_per_s > 0 and p.remaining_s >= 0
        assert all(np.isfinite(v) for v in p.losses.values())
    assert told[0].losses.keys() == {"mse", "kl", "triplet", "neighbours"}
    both, joint = {"mse", "latent", "triplet", "neighbours", "matching"}, {"mse 3d", "kl 3d"}
    assert told[-1].losses.keys() == both | joint
    assert told[-1].remaining_s == 0


def test_validation_sees_the_mean_and_changes_nothing(run, monkeypatch):
    monkeypatch.setattr(loop, "VALIDATE_STEPS", 2)
    seen = []

    def validate(model):
        torch.manual_seed(99)
        vectors = model.embed(filmed(frames=4)).vectors
        seen.append(vectors)
        return {"spread": float(vectors.std())}

    folder = run("validated", validate=validate)
    assert (folder / WEIGHTS).read_bytes() == (run("plain") / WEIGHTS).read_bytes()
    lines = [json.loads(s) for s in (folder / "history.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [2, 4, 6]
    assert lines[0]["spread"] == pytest.approx(float(seen[0].std()))
    final = load(folder).embed(filmed(frames=4)).vectors
    np.testing.assert_allclose(seen[-1], final, atol=0.02)  # but for float16


def test_a_damaged_clip_is_told_and_left_out(run, clips, write_cmu, tmp_path, config, precision):
    folder = write_cmu(tmp_path / "data", {"soccer_91": clips["soccer_91"]})
    broken = folder / "bvh" / "05" / "05_02.bvh"
    broken.parent.mkdir(parents=True)
    broken.write_text("HIERARCHY\nROOT Hips\n{\n")
    told = []
    out = train(config, folder, tmp_path / "out", precision=precision, on_error=told.append)
    assert "05_02.bvh" in str(told[0]) and (out / WEIGHTS).exists()


def test_divergence_ends_in_one_line(run, config):
    wild = replace(config, lr=1e30, steps_vae=60)
    with pytest.raises(TrainingFailedError, match=r"vae step \d+: training diverged; lower lr"):
        run(config=wild)


def test_so_does_what_a_stage_sees_going_wrong(run, monkeypatch):
    def check(self, parts):
        assert parts.keys() >= {"mse", "kl"}
        raise VvipeError("it came to nothing", hint="lower lr")

    monkeypatch.setattr(PoseVae, "check", check)
    with pytest.raises(TrainingFailedError, match=r"^it came to nothing; lower lr$"):
        run()


def losses(folder):
    lines = [json.loads(line) for line in (folder / LOSSES).read_text().splitlines()]
    return [(x["stage"], x["step"]) for x in lines], lines


def test_losses_are_noted_on_the_way(run, monkeypatch, config):
    monkeypatch.setattr(loop, "LOSS_STEPS", 4)
    monkeypatch.setattr(loop, "REPORT_STEPS", 2)
    told = {}
    places, lines = losses(run(progress=lambda p: told.setdefault((p.stage, p.step), p.losses)))
    assert places == [("vae", 4), ("vae", 6), ("map", 4), ("map", 6)]
    for line in lines:
        expected = told[line["stage"], line["step"]]
        assert line["losses"] == pytest.approx(expected, rel=1e-5) and len(expected) > 2
    seconds = [line["seconds"] for line in lines]
    assert seconds == sorted(seconds) and 0 <= seconds[-1] < 600
    again, _ = losses(run(config=replace(config, seed=3)))  # a new training in the same folder
    assert again == places


@pytest.mark.parametrize("stop", [("vae", 3), ("map", 2), ("map", 5)])
def test_a_resumed_training_has_each_step_once(run, monkeypatch, stop):
    """The checkpoint is a step behind what was noted."""
    monkeypatch.setattr(loop, "LOSS_STEPS", 1)
    with pytest.raises(StoppedError):
        run("stopped", stop)
    append_losses(run.folder / "stopped", *stop, 1.0, {"mse": 1.0})
    places, resumed = losses(run("stopped", resume=True))
    assert places == [(stage, step) for stage in ("vae", "map") for step in range(1, 7)]
    _, whole = losses(run("whole"))
    again = next(i for i, place in enumerate(places) if place == stop)
    for line, expected in zip(resumed[:again], whole[:again], strict=True):
        assert line["losses"] == expected["losses"]


@pytest.mark.parametrize("pretrain", [True, False])
def test_training_lowers_the_losses(run, config, pretrain):
    config = replace(config, steps_vae=80, steps_map=80, lr=1e-2, pretrain=pretrain, averaging=0.9)
    told = []
    run(config=config, progress=told.append)
    # After a pretraining the decoder draws well from the start.
    for stage, share in {"vae": 0.5, "map": 0.9}.items() if pretrain else [("map", 0.5)]:
        losses = [p.losses for p in told if p.stage == stage]
        for name, most in (("mse", share), ("triplet", 1.0)):
            first, last = (np.mean([x[name] for x in part]) for part in (losses[:5], losses[-5:]))
            assert last < most * first, (stage, name)
