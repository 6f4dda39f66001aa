"""Encoder and decoder between a view and G, points in 3D (Chen et al., CVPR 2019, §3.2).

An encoder takes a view of one camera to (B, M, 3) points in that camera's axes; turned by the
relative rotation, a decoder makes the view of the other camera of them. A view is a skeleton map
(B, 15, 64, 64), a picture (B, 3, 64, 64), or keypoints with their mask.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from vvipe.geometry.skeleton_images import CHANNELS
from vvipe.geometry.skeleton_maps import LIMBS
from vvipe.models.backbone import Backbone
from vvipe.models.networks import KEYPOINT_JOINTS

UNET, STRIDED, IMAGES, KEYPOINTS = "unet", "strided", "images", "keypoints"
KINDS = (UNET, STRIDED, IMAGES, KEYPOINTS)
SMALLEST = 4  # height and width of the last feature maps


def encoder(kind: str, channels: int, points: int, blocks: int) -> nn.Module:
    """A view to (B, points, 3).

    Args:
        kind: `unet`, the contracting half of a U-Net, two convolutions a level; `strided`, a single
            strided convolution a level, a quarter of the cost; `images`, the same from pictures;
            `keypoints`, Martinez' backbone.
        channels: Of the first level of convolutions; hidden width of the backbone.
        points: M.
        blocks: Residual blocks of the backbone.
    """
    if kind == KEYPOINTS:
        layers = [Backbone(KEYPOINT_JOINTS * 3, channels, blocks, 0.0)]
        last = channels
    else:
        widths = _widths(kind, channels)
        before = [_drawn(kind), *widths[:-1]]
        layers = [_down(kind, *pair, i) for i, pair in enumerate(zip(before, widths, strict=True))]
        layers.append(nn.Flatten())
        last = widths[-1] * SMALLEST**2
    return channels_last(
        nn.Sequential(*layers, nn.Linear(last, points * 3), nn.Unflatten(1, (points, 3)))
    )


def decoder(kind: str, channels: int, points: int, blocks: int) -> nn.Module:
    """(B, points, 3) to a map, a picture, or keypoints (B, 13, 2); as `encoder`."""
    if kind == KEYPOINTS:
        return nn.Sequential(
            nn.Flatten(), Backbone(points * 3, channels, blocks, 0.0),
            nn.Linear(channels, KEYPOINT_JOINTS * 2), nn.Unflatten(1, (KEYPOINT_JOINTS, 2)),
        )  # fmt: skip
    widths = _widths(kind, channels)[::-1]
    smallest = (widths[0], SMALLEST, SMALLEST)
    first = nn.Linear(points * 3, widths[0] * SMALLEST**2)
    outputs = widths[1:] if kind == UNET else [*widths[1:], channels]
    layers = [_up(kind, a, b) for a, b in zip(widths, outputs, strict=False)]
    last = nn.Conv2d(channels, _drawn(kind), 1 if kind == UNET else 3, padding="same")
    unflat = nn.Unflatten(1, smallest)
    return channels_last(nn.Sequential(nn.Flatten(), first, unflat, *layers, last))


def channels_last(network: Any) -> Any:
    """The same network, so laid out in memory that its convolutions run up to a quarter faster."""
    return network.to(memory_format=torch.channels_last)


def _drawn(kind: str) -> int:
    return CHANNELS if kind == IMAGES else len(LIMBS)


def _widths(kind: str, channels: int) -> list[int]:
    return [channels * 2**i for i in range(5 if kind == UNET else 4)]


def _down(kind: str, inputs: int, outputs: int, level: int) -> nn.Module:
    if kind != UNET:
        return nn.Sequential(nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), *_bent(outputs))
    pool = [nn.MaxPool2d(2)] if level else []
    return nn.Sequential(*pool, *_convolved(inputs, outputs), *_convolved(outputs, outputs))


def _up(kind: str, inputs: int, outputs: int) -> nn.Module:
    if kind != UNET:
        up = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=False)
        return nn.Sequential(up, *_bent(outputs))
    up = nn.ConvTranspose2d(inputs, outputs, 2, 2)
    return nn.Sequential(up, *_convolved(outputs, outputs), *_convolved(outputs, outputs))


def _convolved(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 3, 1, 1, bias=False), *_bent(outputs)]


def _bent(channels: int) -> list[nn.Module]:
    return [nn.BatchNorm2d(channels), nn.ReLU(inplace=True)]
