"""The training loop: both stages, progress, checkpoints, and what is written in the end."""

from __future__ import annotations

import dataclasses
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from vvipe.datasets.clip import read_clips
from vvipe.errors import VvipeError
from vvipe.models.card import licence
from vvipe.models.kinds import KINDS
from vvipe.models.prototypes import save_prototypes
from vvipe.models.registry import load
from vvipe.models.storage import save_model
from vvipe.models.vvipe import VVipe
from vvipe.training.checkpoint import (
    Checkpoint,
    load_checkpoint,
    optimiser_state,
    restore_optimiser,
    run_key,
    save_checkpoint,
)
from vvipe.training.config import TrainConfig
from vvipe.training.data import PoseBank, training_clips
from vvipe.training.interrupt import DeferredInterrupt
from vvipe.training.loss_history import append_figures, append_losses, keep_history
from vvipe.training.methods import METHODS
from vvipe.training.methods.stage import Losses, Stage
from vvipe.training.precision import Precision, choose_precision
from vvipe.training.prototypes import build_prototypes
from vvipe.training.starting import take_weights
from vvipe.training.targets import pose_targets
from vvipe.training.toml import config_to_toml

WARM_UP = 200  # steps in which the learning rate rises, a tenth of a stage at most
LOWEST = 0.01  # of the peak learning rate, at the end
CHECKPOINT_S = 60.0
REPORT_STEPS = 20
VALIDATE_STEPS = 1000
LOSS_STEPS = 100
SEED_STRIDE = 1_000_003  # a prime further apart than any training has steps


Validator = Callable[[Any], dict[str, float]]


class TrainingFailedError(VvipeError):
    """A training that diverged or collapsed: its configuration is to blame, not its data."""


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    Attributes:
        stage: `vae` or `map`.
        step: Steps of the stage that are done, out of `steps`.
        steps: Steps of the stage.
        poses_per_s: Poses trained on, a second, lately.
        losses: The parts of the loss, means over the last few steps.
        remaining_s: Seconds to the end of the stage, as far as one can tell.
    """

    stage: str
    step: int
    steps: int
    poses_per_s: float
    losses: dict[str, float]
    remaining_s: float


def train(
    config: TrainConfig,
    data: Path,
    out: Path,
    *,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    on_error: Callable[[VvipeError], object] | None = None,
    precision: Precision | None = None,
    validate: Validator | None = None,
) -> Path:
    """Trains a representation on a CMU folder.

    Args:
        config: All that decides the outcome, but for the data.
        data: The folder `cmu`.
        out: Folder of the run: weights, `config.json`, `train.toml`, the checkpoint, and
            `losses.jsonl` with the parts of the loss every hundred steps.
        resume: Go on from the checkpoint in `out`: the weights come out as of one training
            that was never stopped, bit for bit with the same number of threads.
        progress: Is told every few steps.
        on_error: Is given the error of each damaged clip, which is then left out.
        precision: Device and type; by default chosen by a self-test.
        validate: Is given the model every thousand steps of stage 2 and returns figures, which
            are appended to `history.jsonl` in `out`.

    Returns:
        `out`, a folder that `vvipe.load` takes.

    Raises:
        VvipeError: No data, or nothing fitting to resume.
        TrainingFailedError: It diverged or collapsed.
    """
    bank = METHODS[config.representation].load(data, config, on_error)
    precision = precision or choose_precision(config.batch)
    key = run_key(config_to_toml(config), bank.hash, precision.device)
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(config.seed)
    networks = KINDS[config.representation].networks(config.architecture)  # on the CPU, all alike
    start = Checkpoint(0, 0, precision.bf16, 0.0, {})
    if resume:
        start = load_checkpoint(out, key)
        precision = dataclasses.replace(precision, bf16=start.bf16)  # self-tests may differ
        networks.load_state_dict(start.parts["networks"])
    elif config.start:
        take_weights(networks, config)
    networks.to(precision.device)
    (out / "train.toml").write_text(config_to_toml(config))
    began = time.monotonic() - start.seconds
    stages = [stage(networks, bank, config) for stage in METHODS[config.representation].stages]
    keep_history(out, [stage.name for stage in stages], start.stage, start.step)
    for number, stage in enumerate(stages):
        if number >= start.stage and stage.steps:
            done = start.step if number == start.stage else 0
            run = _Run(stage, number, key, out, precision, progress)
            run.validate = validate if stage is stages[-1] else None
            run.began = began
            run.go(done, start.parts if done else {})
    networks.cpu().eval()
    about = _about(config, bank, networks)
    about["training"] = {
        "config": dataclasses.asdict(config),
        "precision": dataclasses.asdict(precision),
        "torch": torch.__version__,
        "seconds": round(time.monotonic() - began, 1),
        "poses_seen": sum((stage.count or config.batch) * stage.steps for stage in stages),
    }
    save_model(out, networks, about)
    model = load(out)
    if isinstance(model, VVipe):
        clips = read_clips(
            training_clips(data, config.share), on_error=lambda _: None
        )  # each was told before
        save_prototypes(out, build_prototypes(model, clips))
    return out


class _Run:
    """One stage on its way."""

    def __init__(
        self, stage: Stage, number: int, key: str, out: Path, precision: Precision,
        progress: Callable[[Progress], None] | None,
    ) -> None:  # fmt: skip
        self.stage, self.number, self.key, self.out = stage, number, key, out
        self.precision, self.progress = precision, progress
        self.config, self.networks = stage.config, stage.networks
        _only(self.networks, stage.trained)
        self.optimiser = self._optimiser(stage.trained)
        self.rival = self._optimiser([stage.rival.networks]) if stage.rival else None
        self.mean = _floats(stage.trained)
        self.validate: Validator | None = None
        self.began = time.monotonic()
        self.recent: deque[dict[str, float]] = deque(maxlen=REPORT_STEPS)

    def _optimiser(self, trained: list[nn.Module]) -> torch.optim.Optimizer:
        parameters = [p for module in trained for p in module.parameters()]
        made = METHODS[self.config.representation].optimiser(parameters, self.config.lr)
        for group in made.param_groups if self.stage.betas else ():
            group["betas"] = self.stage.betas
        return made

    def go(self, done: int, parts: dict[str, dict[str, torch.Tensor]]) -> None:
        """Trains to the end of the stage; the running mean of the weights is what stays."""
        if parts:
            restore_optimiser(self.optimiser, parts["optimiser"])
            if self.rival is not None:
                restore_optimiser(self.rival, parts.get("rival", {}))  # none before its first turn
            device = self.precision.device
            self.mean = [parts["mean"][str(i)].to(device) for i in range(len(parts["mean"]))]
        with DeferredInterrupt() as interrupt:
            self._steps(done, interrupt)
        self._take_mean()
        self.networks.eval()

    def _steps(self, done: int, interrupt: DeferredInterrupt) -> None:
        saved = since = time.monotonic()
        for step in range(done, self.stage.steps):
            self._step(step)
            now = time.monotonic()
            if self.progress and (step + 1) % REPORT_STEPS == 0:
                self._report(step + 1, (now - since) / REPORT_STEPS)
                since = now
            if (step + 1) % LOSS_STEPS == 0 or step + 1 == self.stage.steps:
                seconds = now - self.began
                append_losses(self.out, self.stage.name, step + 1, seconds, self._means())
            if self.validate and (step + 1) % VALIDATE_STEPS == 0:
                self._validated(self.validate, step + 1)
                since = time.monotonic()
            if now - saved > CHECKPOINT_S or interrupt.asked:
                self._save(step + 1)
                saved = time.monotonic()
            if interrupt.asked:
                raise KeyboardInterrupt

    def _take_mean(self) -> None:
        if self.config.averaging and self.stage.steps:
            live = _floats(self.stage.trained, copy=False)
            with torch.no_grad():
                _copy(self.mean, live)

    def _validated(self, validate: Validator, step: int) -> None:
        """Figures of the running mean, which is what would be kept; the live weights go on."""
        live = _floats(self.stage.trained)
        self._take_mean()
        config = {"name": self.config.model, "sha256": f"step{step}"}
        figures = validate(KINDS[self.config.representation].model(self.networks, config, self.out))
        with torch.no_grad():
            _copy(live, _floats(self.stage.trained, copy=False))
        append_figures(self.out, step, figures)

    def _step(self, step: int) -> None:
        torch.manual_seed((self.config.seed * 2 + self.number) * SEED_STRIDE + step)
        stage, rival = self.stage, self.stage.rival
        stage.step = step
        if rival is not None and self.rival is not None:
            _only(self.networks, [rival.networks])
            for _ in range(rival.turns):
                self._learn(rival.loss, self.rival, step)
            _only(self.networks, stage.trained)
        parts = self._learn(stage.loss, self.optimiser, step)
        self.recent.append({k: float(v.detach()) for k, v in parts.items()})
        if (step + 1) % REPORT_STEPS == 0:
            self._check()
        # A young mean follows closely, so that it does not remember the initial weights.
        decay = min(self.config.averaging, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, live in zip(self.mean, _floats(self.stage.trained, copy=False), strict=True):
                mean.lerp_(live, 1 - decay)

    def _check(self) -> None:
        try:
            self.stage.check(self._means())
        except VvipeError as error:
            raise TrainingFailedError(str(error)) from error

    def _learn(
        self, loss_of: Callable[[Sequence[Tensor]], tuple[Tensor, Losses]],
        optimiser: torch.optim.Optimizer, step: int,
    ) -> Losses:  # fmt: skip
        """One step of an optimiser on a new batch; the parts of the loss."""
        peak = self.config.lr if self.stage.lr is None else self.stage.lr
        for group in optimiser.param_groups:
            group["lr"] = peak * _schedule(step, self.stage.steps)
        # Geometry stays in float32, and on the CPU: cameras and bodies are small.
        batch = [x.to(self.precision.device) for x in self.stage.batch()]
        with torch.autocast(self.precision.device, torch.bfloat16, enabled=self.precision.bf16):
            loss, parts = loss_of(batch)
        optimiser.zero_grad()
        loss.backward()
        if self.stage.clip is not None:
            parameters = [p for group in optimiser.param_groups for p in group["params"]]
            nn.utils.clip_grad_norm_(parameters, self.stage.clip)
        optimiser.step()
        if not math.isfinite(float(loss.detach())):
            raise TrainingFailedError(
                "training diverged", where=f"{self.stage.name} step {step}", hint="lower lr"
            )
        return parts

    def _means(self) -> dict[str, float]:
        return {k: sum(r[k] for r in self.recent) / len(self.recent) for k in self.recent[-1]}

    def _report(self, step: int, step_s: float) -> None:
        losses, count = self._means(), self.stage.count or self.config.batch
        assert self.progress is not None
        self.progress(Progress(
            self.stage.name, step, self.stage.steps, count / step_s, losses,
            (self.stage.steps - step) * step_s,
        ))  # fmt: skip

    def _save(self, done: int) -> None:
        parts = {
            "networks": self.networks.state_dict(),
            "optimiser": optimiser_state(self.optimiser),
            "mean": {str(i): t for i, t in enumerate(self.mean)},
        }
        if self.rival is not None:
            parts["rival"] = optimiser_state(self.rival)
        seconds = time.monotonic() - self.began
        checkpoint = Checkpoint(self.number, done, self.precision.bf16, seconds, parts)
        save_checkpoint(self.out, checkpoint, self.key)


def _only(networks: nn.Module, trained: list[nn.Module]) -> None:
    """Only these parts learn; the others are in evaluation mode, batch statistics included."""
    networks.requires_grad_(False).eval()
    for module in trained:
        module.requires_grad_(True).train()


def _floats(modules: Iterable[nn.Module], copy: bool = True) -> list[torch.Tensor]:
    """Weights and batch statistics that a running mean can be taken of."""
    tensors = [t for m in modules for t in m.state_dict().values() if t.is_floating_point()]
    return [t.detach().clone() for t in tensors] if copy else tensors


def _copy(source: list[torch.Tensor], target: list[torch.Tensor]) -> None:
    for value, place in zip(source, target, strict=True):
        place.copy_(value)


def _schedule(step: int, steps: int) -> float:
    fall = LOWEST + (1 - LOWEST) * (0.5 + 0.5 * math.cos(math.pi * step / steps))
    return fall * min(1.0, (step + 1) / min(WARM_UP, max(1, steps // 10)))


@torch.no_grad()
def _latent_std(networks: Any, bank: PoseBank, config: TrainConfig) -> list[float]:
    """Spread of the recorded poses in each latent dimension: the unit of noise when generating."""
    target = pose_targets(bank.draw(4096), config)
    latents = networks.encoder_3d(target, torch.ones(target.shape[:2]))[0]
    return [round(float(s), 4) for s in latents.std(0)]


def _about(config: TrainConfig, bank: Any, networks: Any) -> dict[str, Any]:
    generates = config.representation == "vvipe"
    return {
        "name": config.model,
        "representation": config.representation,
        "skeleton": "h36m17",
        "keypoints": "coco13",
        "trained_on": bank.about,
        "licence": licence(bank.about),
        "data_hash": bank.hash,
        **({"latent_std": _latent_std(networks, bank, config)} if generates else {}),
        "metrics": [],
    }
