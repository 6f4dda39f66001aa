"""The networks of the geometry-aware representation: generators between views, heads on G.

Shapes: keypoints (B, 13, 2) normalised; masks (B, 13), 1 = seen; G (B, M, 3) points in the axes of
the camera; bodies (B, 17, 3) in the same axes, torso lengths, hip at the origin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from vvipe.errors import VvipeError
from vvipe.geometry.keypoints import NORMALISERS
from vvipe.geometry.skeleton_images import Appearance, plain, skeleton_images
from vvipe.geometry.skeleton_maps import skeleton_maps
from vvipe.geometry.turning import to_image
from vvipe.models.backbone import Backbone, ResidualBlock, network_input
from vvipe.models.generators import IMAGES, KEYPOINTS, KINDS, decoder, encoder
from vvipe.models.inputs import H36M17
from vvipe.models.integral import IntegralRegression
from vvipe.models.networks import KEYPOINT_JOINTS, POSE_JOINTS


@dataclass(frozen=True)
class GeometryArchitecture:
    """Sizes of the networks and what they are asked.

    Attributes:
        generator: What views are to the generators, of `generators.KINDS`: maps for a `unet`
            (paper) or `strided` convolutions (ours), pictures (`images`, ablation), or `keypoints`
            as they are (ours).
        generators: 2, one a direction, whose points are to agree, or 1 (ablation).
        channels: Of the first level of convolutions; 32 in the paper, half of U-Net's. Hidden
            width where views are keypoints.
        points: M, how many points G has; the paper does not say.
        projects: Whether the first 13 of the points are the keypoints in 3D, and a camera takes
            the place of the decoder (ours; where views are keypoints).
        blocks: Residual blocks of each network on keypoints.
        width: Hidden width of the heads; 1024 in the paper.
        inject: Whether the heads are given G; without it they are the baselines, which see the
            keypoints alone.
        picture: Channels of regression 3, which looks at a picture; 0 to leave it out.
        masks: Whether the lifter is told which joints are seen (ours).
        normaliser: Rule for 2D keypoints.
    """

    generator: str = KEYPOINTS
    generators: int = 2
    channels: int = 512
    points: int = 13
    projects: bool = True
    blocks: int = 2
    width: int = 768
    inject: bool = True
    picture: int = 0
    masks: bool = True
    normaliser: str = "rms"


_ROOT = H36M17.index("hip")
DISTANCE = 8.0  # from the camera to the body, in the unit of G: some five metres


class Regressed(NamedTuple):
    """What the heads make of a view, (B, 17, 3) each.

    Attributes:
        linear: Regression 1, two linear layers on G.
        lifter: Regression 2, Martinez' lifter with G injected.
        integral: Regression 3, integral regression on a picture with G injected; None without one.
    """

    linear: Tensor
    lifter: Tensor
    integral: Tensor | None = None


class Heads(nn.Module):
    """Two layers on G, and lifters into which G is injected (Chen et al., §3.4, §4).

    As in the paper, one layer takes G to the width of the lifter's features and is added to them.
    """

    def __init__(self, arch: GeometryArchitecture) -> None:
        super().__init__()
        self.arch = arch
        inputs, told = KEYPOINT_JOINTS * (3 if arch.masks else 2), arch.points * 3
        outputs = POSE_JOINTS * 3
        self.linear = nn.Sequential(
            nn.Linear(told if arch.inject else inputs, arch.width), nn.ReLU(),
            nn.Linear(arch.width, outputs),
        )  # fmt: skip
        self.injected = nn.Linear(told, arch.width) if arch.inject else None
        self.first = Backbone(inputs, arch.width, 0, 0.0)
        blocks = (ResidualBlock(arch.width, 0.0) for _ in range(arch.blocks))
        self.lifter = nn.Sequential(*blocks, nn.Linear(arch.width, outputs))
        self.integral: IntegralRegression | None = None
        if arch.picture:
            self.integral = IntegralRegression(arch.picture, told if arch.inject else 0)

    def forward(
        self, points: Tensor, mask: Tensor, told: Tensor, picture: Tensor | None = None
    ) -> Regressed:
        """(B, 13, 2) keypoints, (B, 13) mask, (B, M, 3) G, (B, 3, 64, 64) picture -> bodies."""
        view = network_input(points, mask, self.arch.masks)
        features = self.first(view)
        if self.injected is not None:
            features = features + self.injected(told.flatten(1))
        bodies = self.linear(view if self.injected is None else told.flatten(1))
        shape = (POSE_JOINTS, 3)
        found = [x.float().unflatten(1, shape) for x in (bodies, self.lifter(features))]
        if self.integral is not None and picture is not None:
            found.append(self.integral(picture, told))
        return Regressed(*(body - body[:, _ROOT, None] for body in found))


def _check(arch: GeometryArchitecture) -> None:
    if arch.generator not in KINDS:
        raise VvipeError(
            f"no generator {arch.generator!r}", where="architecture", expected=", ".join(KINDS)
        )
    if arch.generators not in (1, 2):
        raise VvipeError(
            "one generator or two, one a direction", where="architecture", got=arch.generators
        )
    if arch.projects and arch.generator != KEYPOINTS:
        raise VvipeError(
            "a camera decodes keypoints alone", where="architecture", got=arch.generator,
            hint="projects = false",
        )  # fmt: skip
    if arch.projects and arch.points < KEYPOINT_JOINTS:
        raise VvipeError(
            "too few points for the keypoints to be among them", where="architecture",
            expected=f"points >= {KEYPOINT_JOINTS}, or projects = false", got=arch.points,
        )  # fmt: skip


class GeometryNetworks(nn.Module):
    """Generators of G and the heads that read it."""

    def __init__(self, arch: GeometryArchitecture) -> None:
        super().__init__()
        _check(arch)
        self.arch = arch
        sizes = (arch.generator, arch.channels, arch.points, arch.blocks)
        self.encoders = nn.ModuleList(encoder(*sizes) for _ in range(arch.generators))
        self.decoders = nn.ModuleList(
            decoder(*sizes) for _ in range(0 if arch.projects else arch.generators)
        )
        self.heads = Heads(arch)

    def view(self, points: Tensor, mask: Tensor, appearance: Appearance | None = None) -> Tensor:
        """(B, 13, 2) keypoints and (B, 13) mask as the generators see them."""
        if self.arch.generator == KEYPOINTS:
            return network_input(points, mask, masks=True)
        if self.arch.generator == IMAGES:
            return picture_of(points, mask, appearance)
        return skeleton_maps(points, mask)

    def encode(self, view: Tensor, generator: int = 0) -> Tensor:
        """A view to G, (B, M, 3), of mean square 1: its size means nothing."""
        return unit(self.encoders[generator](view).float())

    def synthesise(self, told: Tensor, generator: int = 0, mask: Tensor | None = None) -> Tensor:
        """G in the axes of another camera to that camera's view: maps, or keypoints (B, 13, 2).

        Where a camera is the decoder, its view is normalised as if (B, 13) `mask` were seen.
        """
        if self.arch.projects:
            image = to_image(told[:, :KEYPOINT_JOINTS], DISTANCE)
            mask = torch.ones_like(image[..., 0]) if mask is None else mask
            return NORMALISERS[self.arch.normaliser](image, mask)
        return self.decoders[generator](told).float()

    def forward(
        self, points: Tensor, mask: Tensor, picture: Tensor | None = None
    ) -> tuple[Tensor, Regressed]:
        """(B, 13, 2) keypoints and (B, 13) mask to G and the bodies that the heads read from it.

        Regression 3 looks at a (B, 3, 64, 64) picture; without one it is left out.
        """
        told = self.encode(self.view(points, mask))
        return told, self.heads(points, mask, told, picture)


def picture_of(points: Tensor, mask: Tensor, appearance: Appearance | None = None) -> Tensor:
    """(B, 3, 64, 64) keypoints painted, plainly by default."""
    return skeleton_images(points, mask, appearance or plain(len(points)))


def unit(told: Tensor) -> Tensor:
    """(B, M, 3) points scaled to a mean squared distance of 1 from the origin."""
    size = told.square().sum(-1).mean(-1)[:, None, None]
    return told / (size + 1e-6).sqrt()
