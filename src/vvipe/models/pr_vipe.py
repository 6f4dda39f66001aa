"""PR-VIPE: the probabilistic view-invariant pose embedding (Sun et al., ECCV 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.models.backbone import Backbone, network_input
from vvipe.models.inputs import as_poses, keypoint_inputs
from vvipe.models.networks import KEYPOINT_JOINTS
from vvipe.models.running import run
from vvipe.models.trained import Trained
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton


@dataclass(frozen=True)
class PrVipeArchitecture:
    """Sizes of the network; the defaults are the paper's.

    Attributes:
        latent: Dimensions of the embedding.
        width: Hidden width.
        blocks: Residual blocks.
        dropout: Chance of each hidden unit to be left out in training.
        samples: Samples of each embedding in a matching probability.
        masks: Whether the network is told which joints are seen (the paper's is not).
        normaliser: Rule for 2D keypoints.
    """

    latent: int = 16
    width: int = 1024
    blocks: int = 2
    dropout: float = 0.3
    samples: int = 20
    masks: bool = False
    normaliser: str = "torso"


class PrVipeNetworks(nn.Module):
    """Keypoints to a diagonal Gaussian, and the two numbers that turn distance into probability."""

    def __init__(self, arch: PrVipeArchitecture) -> None:
        super().__init__()
        self.arch = arch
        inputs = KEYPOINT_JOINTS * (3 if arch.masks else 2)
        self.features = Backbone(inputs, arch.width, arch.blocks, arch.dropout)
        self.mean = nn.Linear(arch.width, arch.latent)
        self.spread = nn.Linear(arch.width, arch.latent)
        # Where the authors' release starts: steeper, and no pair has a gradient to begin with.
        self.log_slope = nn.Parameter(torch.tensor(-0.65))
        self.offset = nn.Parameter(torch.tensor(-0.5))

    def forward(self, points: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 13, 2) normalised keypoints, (B, 13) mask -> mean and deviation, (B, latent) each."""
        features = self.features(network_input(points, mask, self.arch.masks))
        return self.mean(features), nn.functional.elu(self.spread(features)) + 1 + 1e-6

    @property
    def slope(self) -> Tensor:
        """How fast the matching probability falls with distance; positive."""
        return self.log_slope.exp()


class PrVipe(Trained):
    """A trained PR-VIPE: embeds 2D keypoints and ranks by the probability that two poses match."""

    def __init__(self, networks: PrVipeNetworks, config: dict[str, Any], folder: Path) -> None:
        super().__init__(config, folder)
        self.arch, self._networks = networks.arch, networks
        # One draw of samples for all queries, one for all that are searched.
        shape = (2, self.arch.samples, self.arch.latent)
        self._noise = np.random.default_rng(0).standard_normal(shape)

    @property
    def dim(self) -> int:
        """Dimensions of the embedding."""
        return self.arch.latent

    def embed(
        self, poses: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
    ) -> Embeddings:
        """Embeds 2D keypoints, arguments and NaN rows as `VVipe.embed`; variance is deviation².

        Raises:
            VvipeError: 3D poses, for which PR-VIPE has no encoder.
        """
        poses = as_poses(poses, skeleton, dims)
        if not isinstance(poses, Poses2D):
            raise VvipeError(
                "PR-VIPE embeds 2D keypoints alone", where=poses.source, got="3D poses"
            )
        points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
        training, _ = self._networks.training, self._networks.eval()
        vectors, deviation = run(self._networks, usable, points, mask)
        self._networks.train(training)
        shape = (*poses.coords.shape[:-2], self.dim)
        return Embeddings(
            vectors.reshape(shape), deviation.reshape(shape) ** 2, poses.frame, poses.source,
            self.id,
        )  # fmt: skip

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """(n,) and (m,) embeddings to (n, m) of one minus the matching probability.

        The k-th sample of the one is held against the k-th of the other, over all k: an estimate of
        the paper's mean over all pairs of samples at a twentieth of its price. The noise is fixed,
        so that the same embeddings always have the same distance.
        """
        left, right = (
            np.asarray(e.vectors)[:, None] + noise * np.sqrt(np.asarray(e.variance))[:, None]
            for e, noise in zip((a, b), self._noise, strict=True)
        )
        slope, offset = self._networks.slope.item(), self._networks.offset.item()
        total = np.zeros((len(left), len(right)))
        for x, y in zip(left.swapaxes(0, 1), right.swapaxes(0, 1), strict=True):
            squares = (x**2).sum(1)[:, None] + (y**2).sum(1) - 2 * x @ y.T
            total += np.tanh((offset - slope * np.sqrt(np.maximum(squares, 0))) / 2)
        return (0.5 - total / (2 * len(self._noise[0]))).astype(np.float32)
