"""The three networks of V-VIPE: 3D encoder, 2D encoder, decoder (V-VIPE §3.2, §3.3).

Shapes: poses (B, 17, 3) canonical, in torso lengths; keypoints (B, 13, 2) normalised; masks
(B, J) 1 = seen; latents (B, 32); bones (B, 17), logarithms of bone lengths over the universal ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.models.backbone import Backbone, network_input
from vvipe.models.inputs import H36M17
from vvipe.models.mirror import (
    BODY_2D,
    BODY_3D,
    EvenHead,
    MirrorBackbone,
    MirrorHead,
    body_halves,
    sided_halves,
)
from vvipe.skeletons import Skeleton

POSE_JOINTS, KEYPOINT_JOINTS = len(H36M17), len(KEYPOINTS)


@dataclass(frozen=True)
class Architecture:
    """Sizes of the networks and what their inputs look like.

    Attributes:
        latent: Dimensions of the embedding; 32 in the paper.
        width_2d: Hidden width of the 2D encoder; 1024 in the paper.
        width_3d: Hidden width of the 3D encoder and the decoder; 1024 in the paper.
        blocks: Residual blocks of each network; 2 in the paper.
        dropout: 0.1 in the paper; poses that are never the same twice need none.
        masks: Whether the encoders are told which joints are seen (ours; the paper has no masks).
        normaliser: Rule for 2D keypoints, `rms` (ours) or `torso` (PR-VIPE's).
        mirror: Whether a mirrored pose has, exactly, the latent with its two halves swapped (ours);
            there is no dropout then.
        matching: Whether the variances say how far to trust each dimension when two embeddings
            are compared (ours).
        bones: Whether the 2D encoder also tells the person's bone lengths (ours).
    """

    latent: int = 32
    width_2d: int = 1024
    width_3d: int = 1024
    blocks: int = 2
    dropout: float = 0.1
    masks: bool = True
    normaliser: str = "rms"
    mirror: bool = False
    matching: bool = False
    bones: bool = False


class Encoder(nn.Module):
    """Points and their mask to the mean and log-variance of a diagonal Gaussian.

    The log-variance has a layer of its own, or two where it weighs distances; with
    `detached_variance` it reads the features without disturbing them, so that it can be fitted
    afterwards to what the mean gets wrong.

    Attributes:
        bones: The layer that tells bone lengths, None where the encoder does not.
    """

    def __init__(
        self, skeleton: Skeleton, flips: tuple[float, ...], width: int, arch: Architecture,
        detached_variance: bool = False, bones: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self.masks, self.detached_variance = arch.masks, detached_variance
        self.features: nn.Module
        self.mean: nn.Module
        self.log_variance: nn.Module
        if arch.mirror:
            inputs = body_halves(skeleton, *flips, masks=arch.masks)
            self.features = MirrorBackbone(inputs, width, arch.blocks)
            self.mean = MirrorHead(width, sided_halves(arch.latent))
            self.log_variance = MirrorHead(width, sided_halves(arch.latent), hidden=arch.matching)
        else:
            count = len(skeleton) * (len(flips) + arch.masks)
            self.features = Backbone(count, width, arch.blocks, arch.dropout)
            self.mean = nn.Linear(width, arch.latent)
            self.log_variance = nn.Linear(width, arch.latent)
        head = EvenHead if arch.mirror else nn.Linear
        self.bones = head(width, POSE_JOINTS) if bones else None

    def forward(self, points: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """(B, J, dims) points and (B, J) mask -> (B, latent) mean, log-variance, and any bones."""
        features = self.features(network_input(points, mask, self.masks))
        shared = features.detach() if self.detached_variance else features
        gaussian = self.mean(features), self.log_variance(shared).clamp(-10, 6)
        return gaussian if self.bones is None else (*gaussian, self.bones(features))


class Networks(nn.Module):
    """`encoder_3d` and `decoder`, the pose VAE of stage 1; `encoder_2d`, the mapping of stage 2."""

    def __init__(self, arch: Architecture) -> None:
        super().__init__()
        self.arch = arch
        self.encoder_3d = Encoder(H36M17, BODY_3D, arch.width_3d, arch)
        self.decoder = _decoder(arch)
        self.encoder_2d = Encoder(
            KEYPOINTS, BODY_2D, arch.width_2d, arch,
            detached_variance=not arch.matching, bones=arch.bones,
        )  # fmt: skip

    def decode(self, latents: Tensor) -> Tensor:
        """(B, latent) -> (B, 17, 3) canonical poses in torso lengths."""
        return self.decoder(latents).unflatten(-1, (POSE_JOINTS, 3))


def _decoder(arch: Architecture) -> nn.Sequential:
    width, blocks = arch.width_3d, arch.blocks
    if arch.mirror:
        halves = body_halves(H36M17, *BODY_3D)
        return nn.Sequential(
            MirrorBackbone(sided_halves(arch.latent), width, blocks), MirrorHead(width, halves)
        )
    return nn.Sequential(
        Backbone(arch.latent, width, blocks, arch.dropout), nn.Linear(width, POSE_JOINTS * 3)
    )
