"""How the unsupervised lifter is trained."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from vvipe.models.vae_gan_networks import VaeGanArchitecture
from vvipe.training.config import TrainConfig


@dataclass(frozen=True)
class VaeGanObjective:
    """Weights of the losses; 0 leaves one out. The view is of size 1, by the normaliser's rule.

    Attributes:
        reprojection: L1 between the view and what is drawn of it; 1 in the thesis.
        prior: That the body seen from another side looks real; 1e-4 in the thesis.
        kl: KL to the unit Gaussian at the height of its cycles; 0.001 in the thesis.
        back: Squared distance between the body and what is lifted from its view from another side
            (ours, after Chen et al. 2019 and ElePose).
        back_view: L1 between the view and that body, turned back and projected (ours).
        bones: Squared distance of relative bone lengths from people's usual ones (ours, after
            ElePose; the universal skeleton's).
        symmetry: Squared difference of relative bone lengths between left and right (ours).
        alike: Variance of relative bone lengths over the batch (ours).
        elevation: How far mean and spread of the elevations told are from those of
            `NovelViews.elevation_rad` (ours).
    """

    reprojection: float = 20.0
    prior: float = 1.0
    kl: float = 1e-4
    back: float = 10.0
    back_view: float = 10.0
    bones: float = 50.0
    symmetry: float = 0.0
    alike: float = 0.0
    elevation: float = 20.0


@dataclass(frozen=True)
class NovelViews:
    """From where a lifted body is looked at again.

    Attributes:
        azimuth_rad: The furthest that the other side is away, about the vertical axis.
        level_rad: How far the cameras look down on the whole, where no view's elevation is told:
            the vertical leans as much in their axes.
        tilt_rad: Spread of a turn about the horizontal axis, where elevations are not told.
        elevation_rad: Mean and spread of the elevations of the cameras that took the data, as far
            as one knows: positive ones look down.
        renormalise: Whether the view from there is brought to the size of real ones, of which the
            thesis says nothing; if not, its size alone shows that it is none.
    """

    azimuth_rad: float = math.pi
    level_rad: float = 0.0
    tilt_rad: float = 0.0
    elevation_rad: tuple[float, float] = (0.22, 0.33)
    renormalise: bool = True


@dataclass(frozen=True)
class Cycles:
    """How the weight of the KL rises and falls, in parts of the training (thesis §5.1.2).

    Attributes:
        warm_up: Without it, in the beginning.
        rise: From nothing to its height, in every cycle.
        hold: At its height, in every cycle.
    """

    warm_up: float = 10 / 1400
    rise: float = 40 / 1400
    hold: float = 10 / 1400

    def at(self, done: float) -> float:
        """0..1, after this part of the training."""
        if done < self.warm_up or self.rise + self.hold <= 0:
            return 0.0 if done < self.warm_up else 1.0
        return min(1.0, ((done - self.warm_up) % (self.rise + self.hold)) / max(self.rise, 1e-9))


@dataclass(frozen=True)
class VaeGanConfig(TrainConfig):
    """The unsupervised lifter's training; what is not listed here stands in `TrainConfig`.

    Attributes:
        steps_prior: Steps in which a flow learns what 2D poses look like; a critic needs none.
        steps: Steps of the lifter.
        critic_steps: Steps of a critic before each of them; 3 in the thesis.
        adversary: Its loss: `gan` (thesis), `wgan` or `wgan-gp`.
        penalty: Weight of the squared gradient of a `gan`'s critic between real and reprojected
            poses, 0 for none (thesis); without it the critic wins (Thanh-Tung et al. 2019).
        noise: Spread of the noise under which real and reprojected poses are told apart.
        clip: The longest that a step's gradient may be.
    """

    representation: str = field(default="vae-gan", init=False)
    model: str = "vae-gan"
    steps_prior: int = 4000
    steps: int = 6000
    batch: int = 256
    lr: float = 4e-3
    critic_steps: int = 3
    adversary: str = "gan"
    penalty: float = 0.0
    noise: float = 0.02
    clip: float = 5.0
    architecture: VaeGanArchitecture = field(default_factory=VaeGanArchitecture)
    objective: VaeGanObjective = field(default_factory=VaeGanObjective)
    novel: NovelViews = field(default_factory=NovelViews)
    cycles: Cycles = field(default_factory=Cycles)
