"""Regression 3: an integral regression network over a picture (Sun et al., ECCV 2018).

A small backbone in place of a ResNet; as in Chen et al. (2019, §4) a layer takes G to the width of
its features and is added to them.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from vvipe.geometry.skeleton_images import CHANNELS
from vvipe.models.generators import channels_last
from vvipe.models.networks import POSE_JOINTS

BINS = 16  # of a heat map, along each axis
REACH = 3.0  # torso lengths from the hip that its edges mean


class IntegralRegression(nn.Module):
    """A picture, and G where it is injected, to a body: the mean of a heat map for each joint.

    Args:
        channels: Of the first of three levels of convolutions.
        told: Numbers of G that are injected; 0 for none.
    """

    def __init__(self, channels: int, told: int) -> None:
        super().__init__()
        widths = [CHANNELS, channels, 2 * channels, 4 * channels]
        down = [_bent(nn.Conv2d(a, b, 4, 2, 1)) for a, b in pairwise(widths)]
        self.down = nn.Sequential(*down, _bent(nn.Conv2d(widths[-1], widths[-1], 3, 1, 1)))
        self.injected = nn.Linear(told, widths[-1]) if told else None
        self.up = nn.Sequential(
            _bent(nn.ConvTranspose2d(widths[-1], widths[-1], 4, 2, 1)),
            nn.Conv2d(widths[-1], POSE_JOINTS * BINS, 1),
        )
        channels_last(self)

    def forward(self, image: Tensor, told: Tensor) -> Tensor:
        """(B, 3, 64, 64) and (B, M, 3) to (B, 17, 3), torso lengths."""
        features = self.down(image)
        if self.injected is not None:
            features = features + self.injected(told.flatten(1))[:, :, None, None]
        heat = self.up(features).float().unflatten(1, (POSE_JOINTS, BINS))  # (B, 17, z, y, x)
        share = heat.flatten(2).softmax(-1).view_as(heat)
        # Not `linspace` kept as a buffer: it is no weight.
        place = torch.linspace(-REACH, REACH, BINS, device=image.device)
        sums = [share.sum(axes) for axes in ((2, 3), (2, 4), (3, 4))]
        return torch.stack([(along * place).sum(-1) for along in sums], -1)


def _bent(layer: nn.Module) -> nn.Module:
    channels = layer.out_channels
    assert isinstance(channels, int)
    return nn.Sequential(layer, nn.BatchNorm2d(channels), nn.ReLU())
