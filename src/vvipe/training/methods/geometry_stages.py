"""The stages of the geometry-aware representation: views of each other, then bodies.

The first stage is shown pairs of views and the rotation between their cameras, no 3D pose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from torch import Tensor

from vvipe.errors import VvipeError
from vvipe.geometry.canonical import rotate
from vvipe.geometry.skeleton_maps import limb_ends
from vvipe.losses.view_synthesis import consistency_loss, synthesis_loss
from vvipe.models.generators import IMAGES
from vvipe.models.geometry_networks import GeometryNetworks, picture_of
from vvipe.training.appearances import random_appearance, random_clothes
from vvipe.training.data import PoseBank, load_bank, spread, training_clips
from vvipe.training.methods.geometry_aware import GeometryConfig
from vvipe.training.methods.stage import Batch, Losses, Stage, draw
from vvipe.training.synthesis import other_rig, synthesise
from vvipe.training.targets import pose_targets
from vvipe.training.views import draw_cameras, facing, observed, tilted


@dataclass(frozen=True)
class PairBank(PoseBank):
    """Recorded poses, and those of them whose 3D the heads are given."""

    labelled: PoseBank = field(kw_only=True)


def load_pairs(
    data: Path, config: GeometryConfig, on_error: Callable[[VvipeError], object] | None = None
) -> PairBank:
    """As `load_bank`; the labelled clips are spread evenly over all."""
    if not 0 < config.labels <= 1:
        raise VvipeError("labels is a share of the clips", expected="0 < labels <= 1",
                         got=config.labels)  # fmt: skip
    bank = load_bank(data, config, on_error)
    labelled = bank
    if config.labels < 1:
        clips = spread(training_clips(data, config.share), config.labels)
        labelled = load_bank(data, config, lambda _: None, clips)  # each was told of above
    whole = (bank.poses, bank.weights, bank.hash, bank.clips, bank.kind)
    return PairBank(*whole, labelled=labelled)


class ViewSynthesis(Stage):
    """The view of one camera is made of the other's, through points that are turned between."""

    name = "pairs"

    def __init__(self, networks: GeometryNetworks, bank: PairBank, config: GeometryConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.trained = [networks.encoders, networks.decoders]
        self.steps = config.steps_pairs if networks.arch.inject else 0
        self.lr, self.count = config.lr_pairs, config.pairs

    @torch.no_grad()
    def batch(self) -> Batch:
        """Keypoints and mask of two cameras, views of them, and the rotation between the two."""
        how, rule = self.config.pair_views, self.networks.arch.normaliser
        bodies = synthesise(self.bank.draw(self.config.pairs), self.config.synthesis)
        bodies = other_rig(bodies, self.config.synthesis)
        if how.tilt:
            bodies = tilted(bodies, how.tilt)
        # An auto-encoder has one camera: the last is the first.
        cameras = [draw_cameras(len(bodies), how) for _ in range(2 - self.config.autoencode)]
        views = [observed(bodies, camera, how, rule) for camera in cameras]
        maps = self._views(views)
        turn = facing(cameras[-1]) @ facing(cameras[0]).mT
        return (*views[0], *views[-1], maps[0], maps[-1], turn)

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """View synthesis in one direction or both, and consistency of the points."""
        *views, first, second, turn = batch
        a, b = (views[0], views[1], first), (views[2], views[3], second)
        told = self.networks.encode(first)
        turned = _turned(turn, told)
        parts: Losses = {"synthesis": self._made(turned, *b, generator=0)}
        if self.config.objective.own:
            parts["own"] = self._made(told, *a, generator=0)
        if self.networks.arch.generators == 2:
            other = self.networks.encode(second, generator=1)
            back = self._made(_turned(turn.mT, other), *a, generator=1)
            parts["synthesis"] = parts["synthesis"] + back
            parts["consistency"] = consistency_loss(turned, other)
            if self.config.objective.own:
                parts["own"] = parts["own"] + self._made(other, *b, generator=1)
        how = self.config.objective
        total = torch.stack([getattr(how, name) * part for name, part in parts.items()]).sum()
        return total, parts

    def _views(self, views: list[tuple[Tensor, Tensor]]) -> list[Tensor]:
        """As the generators see them; on pictures the same clothes, each place of its own."""
        if self.networks.arch.generator != IMAGES:
            return [self.networks.view(*view) for view in views]
        clothes = random_clothes(self.config.pairs)
        return [self.networks.view(*view, random_appearance(clothes)) for view in views]

    def _made(
        self, told: Tensor, points: Tensor, mask: Tensor, view: Tensor, generator: int
    ) -> Tensor:
        made = self.networks.synthesise(told, generator, mask)
        if made.shape == points.shape:
            return synthesis_loss(made, points, mask)
        if self.networks.arch.generator == IMAGES:
            return (made - view).square().mean()
        return synthesis_loss(made, view, limb_ends(points, mask)[1].to(made.dtype))


class Regression(Stage):
    """The heads learn bodies from labelled views; G is as the pairs have taught it."""

    name = "heads"

    def __init__(self, networks: GeometryNetworks, bank: PairBank, config: GeometryConfig) -> None:
        self.networks, self.bank, self.config = networks, bank.labelled, config
        self.trained = [networks.heads]
        self.steps = config.steps_heads
        self.unaligned = replace(config, align=False)  # bodies as they stand in the world

    @torch.no_grad()
    def batch(self) -> Batch:
        """Keypoints, mask, and the body in the axes of the camera, (B, 17, 3) torso lengths.

        Last a picture, where there is a head that looks at one.
        """
        how = self.config.views
        clean = draw(self.bank, self.config)
        if how.tilt:
            clean = tilted(clean, how.tilt)
        seen = other_rig(clean, self.config.synthesis)
        camera = draw_cameras(len(clean), how)
        keypoints, mask = observed(seen, camera, how, self.networks.arch.normaliser)
        world = pose_targets(clean, self.unaligned)
        batch = keypoints, mask, rotate(facing(camera), world)
        if not self.networks.arch.picture:
            return batch
        appearance = random_appearance(random_clothes(len(clean)))
        return (*batch, picture_of(keypoints, mask, appearance))

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """Mean squared error of each head, which share nothing but what they are given."""
        keypoints, mask, body, *picture = batch
        with torch.no_grad():
            told = self.networks.encode(self.networks.view(keypoints, mask))
        found = self.networks.heads(keypoints, mask, told, *picture)._asdict()
        parts = {k: (x - body).square().mean() for k, x in found.items() if x is not None}
        return torch.stack([*parts.values()]).sum(), parts


def _turned(rotation: Tensor, points: Tensor) -> Tensor:
    """(B, 3, 3) and (B, M, 3); written out, as a matrix product would be rounded to bfloat16."""
    return (rotation[:, None] * points[:, :, None]).sum(-1)
