"""The networks of the unsupervised lifter: encoder, decoder, and what knows real 2D poses.

Shapes: keypoints (B, 13, 2) normalised; masks (B, 13), 1 = seen; bodies (B, 17, 3) in the axes of
the camera, about a point of its optical axis, in the unit of the normalised view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vvipe.geometry.keypoints import COLUMNS
from vvipe.geometry.turning import on_rays, to_image
from vvipe.models.backbone import Backbone, network_input
from vvipe.models.critic import Critic
from vvipe.models.flow import Flow
from vvipe.models.networks import KEYPOINT_JOINTS, POSE_JOINTS

REACH = 2.0  # of a joint from the root, in root-head distances: legs are longer than 1
STEEPEST_RAD = 1.2  # elevation that can be told


@dataclass(frozen=True)
class VaeGanArchitecture:
    """Sizes of the networks and what they are asked; defaults are ours, see `thesis` in presets.

    Attributes:
        latent: Dimensions of the bottleneck; 512 in the thesis.
        width: Hidden width of encoder and decoder; 1024 in the thesis.
        blocks: Residual blocks of each; 1 or 2 in the thesis, whose depth gained nothing here.
        dropout: None in the thesis.
        masks: Whether the encoder is told which joints are seen (ours).
        normaliser: Rule for 2D keypoints; `head` in the thesis.
        distance: From the camera to the body, in the unit of the normalised view; the thesis' c.
        variational: Whether the bottleneck is a Gaussian (thesis) or a point.
        rays: Seen joints stay on their rays and the decoder tells their depths (ours); else it
            tells whole positions, twice a tanh (thesis).
        elevation: Whether the encoder tells how far the camera looks down (ours, after ElePose).
        prior: What knows real 2D poses: `critic` (thesis), `flow` (ours, after ElePose) or `none`.
        prior_width: Its hidden width; 1024 in the thesis.
    """

    latent: int = 128
    width: int = 512
    blocks: int = 1
    dropout: float = 0.0
    masks: bool = True
    normaliser: str = "rms"
    distance: float = 8.0
    variational: bool = True
    rays: bool = True
    elevation: bool = True
    prior: str = "flow"
    prior_width: int = 256


class Lifted(NamedTuple):
    """What the networks make of a view.

    Attributes:
        body: (B, 17, 3).
        guess: (B, 17, 2) where each joint is in the normalised view, as far as it can be told
            without looking at it.
        elevation: (B,) radians, how far the camera looks down; 0 where the encoder does not tell.
        mean: (B, latent).
        log_variance: (B, latent).
    """

    body: Tensor
    guess: Tensor
    elevation: Tensor
    mean: Tensor
    log_variance: Tensor


class Prior(nn.Module):
    """2D poses, made even in all directions, before a flow or a critic.

    Attributes:
        centre: (34,) mean of real poses.
        even: (34, 34) takes their directions apart and to unit spread.
    """

    centre: Tensor
    even: Tensor

    def __init__(self, arch: VaeGanArchitecture) -> None:
        super().__init__()
        size = POSE_JOINTS * 2
        self.register_buffer("centre", torch.zeros(size))
        # Not `torch.eye`: on the meta device it imports sympy and torch's compiler.
        self.register_buffer("even", torch.zeros(size, size).fill_diagonal_(1))
        self.judge = (
            Flow(size, arch.prior_width)
            if arch.prior == "flow"
            else Critic(size, arch.prior_width, arch.blocks)
        )

    def forward(self, view: Tensor) -> Tensor:
        """(B, 17, 2) normalised 2D poses -> (B,): unlikeliness of a flow, realness of a critic."""
        return self.judge(self.evened(view))

    def evened(self, view: Tensor) -> Tensor:
        """(B, 17, 2) -> (B, 34) about the mean of real poses, alike in all directions."""
        with torch.autocast(view.device.type, enabled=False):
            return (view.float().flatten(1) - self.centre) @ self.even


class VaeGanNetworks(nn.Module):
    """Keypoints to a body and its place in the latent space; and the prior that taught it.

    Attributes:
        known: (17,) 1 where the training data tell a joint; what the others are is not learnt.
    """

    known: Tensor

    def __init__(self, arch: VaeGanArchitecture) -> None:
        super().__init__()
        self.arch = arch
        self.register_buffer("known", torch.zeros(POSE_JOINTS))
        inputs = KEYPOINT_JOINTS * (3 if arch.masks else 2)
        self.features = Backbone(inputs, arch.width, arch.blocks, arch.dropout)
        self.mean = nn.Linear(arch.width, arch.latent)
        self.log_variance = nn.Linear(arch.width, arch.latent)
        self.elevation = nn.Linear(arch.width, 1) if arch.elevation else None
        drawn = nn.Linear(arch.width, POSE_JOINTS * 3)
        backbone = Backbone(arch.latent, arch.width, arch.blocks, arch.dropout)
        self.decoder = nn.Sequential(backbone, drawn)
        self.prior = None if arch.prior == "none" else Prior(arch)
        for last in (drawn, self.elevation):
            if last is not None and not last.weight.is_meta:  # to begin with, flat and level
                nn.init.normal_(last.weight, std=1e-3)
                nn.init.zeros_(last.bias)

    def forward(self, points: Tensor, mask: Tensor, sample: bool = False) -> Lifted:
        """(B, 13, 2) keypoints and (B, 13) mask; `sample` draws the latent, else it is its mean."""
        features = self.features(network_input(points, mask, self.arch.masks))
        mean = self.mean(features).float()
        log_variance = self.log_variance(features).float().clamp(-10, 6)
        latent = mean
        if sample and self.arch.variational:
            latent = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        elevation = mean.new_zeros(len(mean))
        if self.elevation is not None:
            elevation = STEEPEST_RAD * torch.tanh(self.elevation(features).float()[:, 0])
        body, guess = self.decode(latent, points, mask)
        return Lifted(body, guess, elevation, mean, log_variance)

    def decode(self, latent: Tensor, points: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The body that a latent means, and its guess of the view; seen joints hold it in place."""
        drawn = self.decoder(latent).float().unflatten(-1, (POSE_JOINTS, 3))
        if not self.arch.rays:
            body = REACH * torch.tanh(drawn)
            body = torch.cat([torch.zeros_like(body[:, :1]), body[:, 1:]], 1)
            return body, to_image(body, self.arch.distance)
        guess, depth = drawn[..., :2], drawn[..., 2] - drawn[:, :1, 2]
        seen = torch.zeros_like(depth)
        seen[:, COLUMNS] = mask
        told = torch.zeros_like(guess)
        told[:, COLUMNS] = points * mask[..., None]
        image = torch.where(seen[..., None] > 0, told, guess)
        return on_rays(image, depth, self.arch.distance), guess
