"""How V-VIPE is trained."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vvipe.models.networks import Architecture
from vvipe.training.config import TrainConfig


@dataclass(frozen=True)
class Objective:
    """Weights of the losses; 0 leaves one out. Poses are measured in torso lengths.

    Attributes:
        reconstruction: MSE to the canonical pose.
        kl: KL to the unit Gaussian, stage 1.
        triplet: The paper's triplet loss, both stages.
        margin: Its margin, in the latent space.
        gap: How much further away than the positive the negative must be.
        latent: MSE from the 2D latent to the 3D latent, stage 2 (ours).
        neighbours: Soft nearest neighbours across two views, by Euclidean distance (ours).
        matching: The same by the distance that the variances weigh, stage 2 (ours).
        bones: MSE of the logarithms of bone lengths, stage 2 (ours).
        neighbour_width: Pose distance over which neighbours fade.
        neighbour_temperature: Latent distance that corresponds to it.
    """

    reconstruction: float = 6.0
    kl: float = 1e-4
    triplet: float = 0.1
    margin: float = 1.0
    gap: float = 0.1
    latent: float = 0.1
    neighbours: float = 0.05
    matching: float = 0.8
    bones: float = 1.0
    neighbour_width: float = 0.045
    neighbour_temperature: float = 1.0

    @property
    def views(self) -> int:
        """How many views of each pose a step needs."""
        return 2 if self.neighbours or self.matching else 1

    def without_matching(self) -> Objective:
        """For the pose VAE, whose variances are those of its samples."""
        return replace(self, matching=0.0)


@dataclass(frozen=True)
class VVipeConfig(TrainConfig):
    """V-VIPE's training; what is not listed here stands in `TrainConfig`.

    Attributes:
        steps_vae: Steps of stage 1, the 3D pose VAE.
        steps_map: Steps of stage 2, the 2D mapping network.
        lr: Peak learning rate of Adam; warms up over 200 steps, a tenth of a stage at most,
            then falls as a cosine. As high as it goes: batch norm bears it, and at 1e-3 a training
            needs four times the steps.
        pretrain: Stage 1 before stage 2; false trains decoder and 2D encoder together (ablation).
        joint: Whether the pose VAE learns on in stage 2, with the 2D encoder (ours).
    """

    representation: str = field(default="vvipe", init=False)
    model: str = "vvipe"
    steps_vae: int = 2500
    steps_map: int = 8000
    lr: float = 8e-3
    pretrain: bool = True
    joint: bool = True
    architecture: Architecture = field(
        default_factory=lambda: Architecture(
            width_2d=768, width_3d=512, dropout=0.0, mirror=True, matching=True, bones=True
        )
    )
    objective: Objective = field(default_factory=Objective)
