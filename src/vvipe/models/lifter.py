"""The Martinez lifter (ICCV 2017), and its canonical pose used as an embedding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, nn

from vvipe.embeddings import Embeddings, euclidean
from vvipe.geometry.matching import match_distances
from vvipe.models.backbone import Backbone, network_input
from vvipe.models.folding import fold
from vvipe.models.inputs import H36M17, as_keypoints, keypoint_inputs, torso_m
from vvipe.models.networks import KEYPOINT_JOINTS, POSE_JOINTS
from vvipe.models.placing import check_frame, in_camera
from vvipe.models.running import run
from vvipe.models.trained import Trained
from vvipe.poses import Poses3D
from vvipe.skeletons import Skeleton


@dataclass(frozen=True)
class LifterArchitecture:
    """Sizes of the network.

    Attributes:
        width: Hidden width; 1024 in the paper.
        blocks: Residual blocks; 2 in the paper.
        dropout: Chance of each hidden unit to be left out in training; 0.5 in the paper.
        masks: Whether the network is told which joints are seen.
        normaliser: Rule for 2D keypoints.
    """

    width: int = 1024
    blocks: int = 2
    dropout: float = 0.1
    masks: bool = True
    normaliser: str = "rms"


class LifterNetworks(nn.Module):
    """Keypoints to the canonical pose."""

    def __init__(self, arch: LifterArchitecture) -> None:
        super().__init__()
        self.arch = arch
        inputs = KEYPOINT_JOINTS * (3 if arch.masks else 2)
        self.layers = nn.Sequential(
            Backbone(inputs, arch.width, arch.blocks, arch.dropout),
            nn.Linear(arch.width, POSE_JOINTS * 3),
        )

    def forward(self, points: Tensor, mask: Tensor) -> Tensor:
        """(B, 13, 2) normalised keypoints, (B, 13) mask -> (B, 51) poses in torso lengths."""
        return self.layers(network_input(points, mask, self.arch.masks))


class Lifter(Trained):
    """A trained lifter as a representation: the 51 numbers of its canonical pose are the vector.

    Attributes:
        ranking: `canonical`, by Euclidean distance of the vectors; `procrustes`, by the matching
            metric of the lifted poses.
    """

    dim = POSE_JOINTS * 3

    def __init__(
        self, networks: LifterNetworks, config: dict[str, Any], folder: Path,
        ranking: str = "canonical",
    ) -> None:  # fmt: skip
        super().__init__(config, folder)
        self.name += "" if ranking == "canonical" else f" ({ranking})"
        self.arch, self.ranking = networks.arch, ranking
        self._networks, self._layers = networks, fold(networks.layers)

    def others(self) -> tuple[Lifter, ...]:
        """The same lifter under its other ranking, a row of its own in tables."""
        return (Lifter(self._networks, self.config, self.folder, "procrustes"),)

    def embed(
        self, poses: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
    ) -> Embeddings:
        """Embeds 2D keypoints, arguments and NaN rows as `VVipe.embed`; the variance is zero.

        Raises:
            VvipeError: 3D poses, which need no lifting.
        """
        poses = as_keypoints(poses, skeleton, dims)
        points, mask, usable = keypoint_inputs(poses, self.arch.normaliser)
        (vectors,) = run(self._run_layers, usable, points, mask)
        vectors = vectors.reshape(*poses.coords.shape[:-2], self.dim)
        return Embeddings(vectors, np.zeros_like(vectors), poses.frame, poses.source, self.id)

    def _run_layers(self, points: Tensor, mask: Tensor) -> Tensor:
        return self._layers(network_input(points, mask, self.arch.masks))

    def lift(
        self, poses: Any, skeleton: str | Skeleton | None = None, frame: str = "canonical",
        focal_px: float | None = None,
    ) -> Poses3D:  # fmt: skip
        """Lifts 2D keypoints, as `VVipe.lift`."""
        check_frame(frame)
        poses = as_keypoints(poses, skeleton, dims=2)
        vectors = self.embed(poses).vectors
        positions = vectors.reshape(*vectors.shape[:-1], len(H36M17), 3) * torso_m()
        lifted = Poses3D(
            positions, H36M17, frame=poses.frame, fps=poses.fps, stamp_s=poses.stamp_s,
            source=poses.source, frame_of_reference="canonical",
        )  # fmt: skip
        return lifted if frame == "canonical" else in_camera(lifted, poses, focal_px)

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """(n, 51) and (m, 51) to (n, m): Euclidean, or the matching metric."""
        if self.ranking == "canonical":
            return euclidean(a, b).astype(np.float32)
        left, right = (np.asarray(getattr(x, "vectors", x), np.float64) for x in (a, b))
        return match_distances(*(x.reshape(-1, POSE_JOINTS, 3) for x in (left, right)))
