"""How PR-VIPE is trained (Sun et al., ECCV 2020, §3 and §4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from vvipe.geometry.matching import KAPPA, match_matrix
from vvipe.losses import (
    kl_to_unit_gaussian,
    matching_probability,
    semi_hard,
    smoothed,
    triplet_ratio_loss,
)
from vvipe.models.pr_vipe import PrVipeArchitecture, PrVipeNetworks
from vvipe.training.config import TrainConfig
from vvipe.training.data import PoseBank
from vvipe.training.methods.stage import Batch, Losses, Stage, draw
from vvipe.training.synthesis import other_rig
from vvipe.training.targets import pose_targets
from vvipe.training.views import observe


@dataclass(frozen=True)
class PrVipeObjective:
    """Weights of the losses beside the triplet ratio's.

    Attributes:
        positive: Positive pairwise loss; 0.005 in the paper.
        kl: KL to the unit Gaussian; 0.001 in the paper.
        smoothing: Of the matching probability; 0.1.
    """

    positive: float = 0.005
    kl: float = 0.001
    smoothing: float = 0.1


@dataclass(frozen=True)
class PrVipeConfig(TrainConfig):
    """PR-VIPE's training; what is not listed here stands in `TrainConfig`.

    It learns from the same views as its rivals, so that it is told which joints are missing and
    sees keypoints by the same rule (the paper has neither masks nor that rule).

    Attributes:
        steps: Steps.
        batch: Views a step: twice the pairs, of which the paper has 256.
        lr: Of Adagrad; 0.02 in the paper.
        averaging: 0.9999 in the paper.
    """

    representation: str = field(default="pr-vipe", init=False)
    model: str = "pr-vipe"
    steps: int = 11_500
    batch: int = 512
    lr: float = 0.02
    averaging: float = 0.9999
    architecture: PrVipeArchitecture = field(
        default_factory=lambda: PrVipeArchitecture(masks=True, normaliser="rms")
    )
    objective: PrVipeObjective = field(default_factory=PrVipeObjective)


class Matching(Stage):
    """Two views of a pose are to match more likely than one of them and another pose."""

    name = "matching"

    def __init__(self, networks: PrVipeNetworks, bank: PoseBank, config: PrVipeConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.trained = [networks]
        self.steps = config.steps

    @torch.no_grad()
    def batch(self) -> Batch:
        """Keypoints of every pose by two cameras, mask, and the poses."""
        clean = draw(self.bank, self.config, views=2)
        seen = other_rig(clean, self.config.synthesis)
        keypoints, mask = observe(seen, self.config.views, self.networks.arch.normaliser)
        return keypoints, mask, pose_targets(clean, self.config)

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """Triplet ratio, positive pairwise and KL.

        The negative is chosen by the expected squared distance of the embeddings, which costs no
        samples, instead of by the matching probability; poses that match are none (NP-MPJPE within
        0.10 torso lengths).
        """
        keypoints, mask, poses = batch
        how, networks = self.config.objective, self.networks
        mean, deviation = (x.float() for x in networks(keypoints, mask))
        noise = torch.randn(len(mean), networks.arch.samples, mean.shape[1], device=mean.device)
        first, second = (mean[:, None] + deviation[:, None] * noise).chunk(2)
        negative, counts = self._negatives(mean.detach(), deviation.detach(), poses)
        likely = smoothed(self._probability(first, second), how.smoothing)
        unlikely = smoothed(self._probability(first, second[negative]), how.smoothing)
        parts: Losses = {
            "ratio": triplet_ratio_loss(likely, unlikely, counts),
            "positive": -likely.log().mean(),
            "kl": kl_to_unit_gaussian(mean, 2 * deviation.log()),
        }
        return parts["ratio"] + how.positive * parts["positive"] + how.kl * parts["kl"], parts

    def _probability(self, first: Tensor, second: Tensor) -> Tensor:
        return matching_probability(first, second, self.networks.slope, self.networks.offset)

    @torch.no_grad()
    def _negatives(self, mean: Tensor, deviation: Tensor, poses: Tensor) -> tuple[Tensor, Tensor]:
        (a, b), (spread_a, spread_b) = mean.chunk(2), deviation.square().sum(1).chunk(2)
        distances = (torch.cdist(a, b).square() + spread_a[:, None] + spread_b).sqrt()
        same = match_matrix(poses[: len(a)].cpu().numpy()) < KAPPA
        matches = torch.from_numpy(same).to(mean.device)
        return semi_hard(distances, distances.diagonal(), matches)
