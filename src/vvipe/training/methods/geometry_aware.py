"""How the geometry-aware representation is trained (Chen et al., CVPR 2019)."""

from __future__ import annotations

from dataclasses import dataclass, field

from vvipe.models.geometry_networks import GeometryArchitecture
from vvipe.training.config import TrainConfig, Views


@dataclass(frozen=True)
class GeometryObjective:
    """Weights of the losses between views.

    Attributes:
        synthesis: That one view is made of the other.
        own: That a view is made of itself as well (ours).
        consistency: That G of one view, turned, is that of the other; needs two generators.
    """

    synthesis: float = 1.0
    own: float = 1.0
    consistency: float = 0.1


@dataclass(frozen=True)
class GeometryConfig(TrainConfig):
    """The training; what is not listed here stands in `TrainConfig`.

    Attributes:
        steps_pairs: Steps in which generators learn from pairs of views, without 3D poses.
        steps_heads: Steps in which the heads learn from labelled views, the generators fixed.
        batch: Labelled views a step.
        pairs: Pairs of views a step.
        lr: Of the heads.
        lr_pairs: Of the generators.
        labels: Share of the clips whose 3D poses the heads are given.
        autoencode: Views are made of themselves (ablation).
        pair_views: Cameras of the pairs; those of the labelled views stand in `views`.
    """

    representation: str = field(default="geometry-aware", init=False)
    model: str = "geometry-aware"
    steps_pairs: int = 12000
    steps_heads: int = 8000
    batch: int = 512
    pairs: int = 512
    lr: float = 4e-3
    lr_pairs: float = 2e-3
    labels: float = 1.0
    autoencode: bool = False
    architecture: GeometryArchitecture = field(default_factory=GeometryArchitecture)
    objective: GeometryObjective = field(default_factory=GeometryObjective)
    pair_views: Views = field(default_factory=Views)
