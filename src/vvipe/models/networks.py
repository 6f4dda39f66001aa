"""The three networks of V-VIPE: 3D encoder, 2D encoder, decoder (V-VIPE §3.2, §3.3).

Shapes: poses (B, 17, 3) canonical, in torso lengths; keypoints (B, 13, 2) normalised; masks
(B, J) 1 = seen; latents (B, 32).
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from vvipe.models.backbone import Backbone, network_input

POSE_JOINTS, KEYPOINT_JOINTS = 17, 13


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
    """

    latent: int = 32
    width_2d: int = 1024
    width_3d: int = 1024
    blocks: int = 2
    dropout: float = 0.1
    masks: bool = True
    normaliser: str = "rms"


class Encoder(nn.Module):
    """Points and their mask to the mean and log-variance of a diagonal Gaussian.

    The log-variance has a layer of its own; with `detached_variance` it reads the features without
    disturbing them, so that it can be fitted afterwards to what the mean gets wrong.
    """

    def __init__(
        self, joints: int, dims: int, width: int, arch: Architecture, detached_variance: bool
    ) -> None:
        super().__init__()
        self.masks, self.detached_variance = arch.masks, detached_variance
        inputs = joints * dims + (joints if arch.masks else 0)
        self.features = Backbone(inputs, width, arch.blocks, arch.dropout)
        self.mean = nn.Linear(width, arch.latent)
        self.log_variance = nn.Linear(width, arch.latent)

    def forward(self, points: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """(B, J, dims) points and (B, J) mask -> (B, latent) mean and log-variance."""
        features = self.features(network_input(points, mask, self.masks))
        shared = features.detach() if self.detached_variance else features
        return self.mean(features), self.log_variance(shared).clamp(-10, 6)


class Networks(nn.Module):
    """`encoder_3d` and `decoder`, the pose VAE of stage 1; `encoder_2d`, the mapping of stage 2."""

    def __init__(self, arch: Architecture) -> None:
        super().__init__()
        self.arch = arch
        self.encoder_3d = Encoder(POSE_JOINTS, 3, arch.width_3d, arch, detached_variance=False)
        self.decoder = nn.Sequential(
            Backbone(arch.latent, arch.width_3d, arch.blocks, arch.dropout),
            nn.Linear(arch.width_3d, POSE_JOINTS * 3),
        )
        self.encoder_2d = Encoder(KEYPOINT_JOINTS, 2, arch.width_2d, arch, detached_variance=True)

    def decode(self, latents: Tensor) -> Tensor:
        """(B, latent) -> (B, 17, 3) canonical poses in torso lengths."""
        return self.decoder(latents).unflatten(-1, (POSE_JOINTS, 3))
