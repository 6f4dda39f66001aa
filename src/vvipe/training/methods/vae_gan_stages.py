"""The stages of the unsupervised lifter: what real 2D poses look like, then lifting.

Nothing here sees a 3D pose: `whole_views` gives projections or detections.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.turning import around, to_image
from vvipe.losses import kl_to_unit_gaussian
from vvipe.losses.adversarial import (
    WGAN,
    WGAN_GP,
    balance,
    convincing_loss,
    critic_loss,
    gradient_penalty,
)
from vvipe.losses.bones import one_build, relative_lengths, two_like_sides, usual_proportions
from vvipe.models.inputs import H36M17
from vvipe.models.vae_gan_networks import COLUMNS, Prior, VaeGanNetworks
from vvipe.training.data import PoseBank
from vvipe.training.keypoint_bank import KeypointBank
from vvipe.training.methods.collapse import Watch
from vvipe.training.methods.stage import Batch, Losses, Rival, Stage
from vvipe.training.methods.vae_gan import VaeGanConfig
from vvipe.training.whole_views import (
    WholeViews,
    measure,
    renormalised,
    spoilt,
    whole_views,
)

PENALTY, CLIPPED = 10.0, 0.01  # of WGAN-GP, of WGAN
ADVERSARIAL = (0.5, 0.9)  # of Adam, where two learn against each other (Gulrajani et al. 2017)
FLIPS = 64  # views a step by which flips are counted, where nothing is lifted back
_USUAL = torch.as_tensor(universal_lengths())[[child for _, child in H36M17.bones]]


class _FromViews(Stage):
    """What the two stages share."""

    def __init__(
        self, networks: VaeGanNetworks, bank: PoseBank | KeypointBank, config: VaeGanConfig
    ) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.rule, self.clip = networks.arch.normaliser, config.clip

    @torch.no_grad()
    def batch(self) -> Batch:
        """Whole views."""
        return whole_views(self.bank, self.config, self.rule)

    def blurred(self, view: Tensor) -> Tensor:
        """(B, 17, 2) before the prior: what is never known left out, all alike under noise."""
        known = self.networks.known[:, None]
        return view * known + self.config.noise * torch.randn_like(view)

    def keypoints(self, view: Tensor) -> Tensor:
        """(B, 13) which keypoints can be known of views."""
        return self.networks.known[COLUMNS].expand(len(view), -1)

    def whole(self, views: WholeViews) -> Tensor:
        """(B,) bool, whether all joints that can be known are seen."""
        return (views.seen >= self.networks.known).all(1)


class PriorFitting(_FromViews):
    """A flow learns the density of real 2D poses; a critic learns later, beside the lifter."""

    name = "prior"

    def __init__(
        self, networks: VaeGanNetworks, bank: PoseBank | KeypointBank, config: VaeGanConfig
    ) -> None:
        super().__init__(networks, bank, config)
        self.steps = config.steps_prior if networks.arch.prior == "flow" else 0
        self.trained = [networks.prior.judge] if networks.prior is not None else []
        if not bool(networks.known.any()):  # a training that goes on has them from its checkpoint
            known, centre, even = measure(bank, config, self.rule, config.noise)
            networks.known.copy_(known)
            if networks.prior is not None:
                networks.prior.centre.copy_(centre)
                networks.prior.even.copy_(even)

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """Negative log-likelihood, a dimension."""
        views, prior = WholeViews(*batch), self.networks.prior
        assert prior is not None
        unlikely = prior(self.blurred(renormalised(views.view, self.rule, views.mask)))
        whole = self.whole(views).float()
        mean = (unlikely * whole).sum() / whole.sum().clamp(min=1)
        return mean, {"unlikely": mean}


class Lifting2D(_FromViews):
    """A view is lifted so that it looks real from every other side as well."""

    name = "lifting"

    def __init__(
        self, networks: VaeGanNetworks, bank: PoseBank | KeypointBank, config: VaeGanConfig
    ) -> None:
        super().__init__(networks, bank, config)
        self.steps = config.steps
        self.trained = [m for name, m in networks.named_children() if name != "prior"]
        self.watch = Watch(config.steps)
        self.critic: Prior | None = networks.prior if networks.arch.prior == "critic" else None
        if self.critic is not None:
            self.betas = ADVERSARIAL
            self.rival = Rival(self.critic.judge, self._critic_loss, config.critic_steps)
        self.balance: Tensor | None = None  # as the critic had it last

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """Weighted sum and its parts; `depth`, `flips` and `balance` are there to be watched."""
        how, views = self.config.objective, WholeViews(*batch)
        arch, known = self.networks.arch, self.networks.known
        lifted = self.networks(views.points, views.mask, sample=True)
        body = lifted.body - lifted.body[:, :1]
        sides = self._sides(lifted.elevation)
        turned = around(body, *sides)
        image = self._image(turned)
        parts: Losses = {"reprojection": _seen_mean(lifted.guess - views.view, views.seen * known)}
        total = how.reprojection * parts["reprojection"]
        if self.networks.prior is not None:
            parts["prior"] = self._unreal(image)
            total = total + how.prior * parts["prior"]
        if arch.variational:
            parts["kl"] = kl_to_unit_gaussian(lifted.mean, lifted.log_variance)
            height = self.config.cycles.at(self.step / self.steps)
            total = total + how.kl * height * parts["kl"]
        if how.back or how.back_view:
            back, level = self._lifted_back(image, turned)
            home = around(back, sides[2], -sides[1], sides[0])
            home = renormalised(to_image(home, arch.distance), self.rule, views.mask)
            parts["back"] = (back - turned).square().sum(-1)[:, known > 0].mean()
            parts["back view"] = _seen_mean(home - views.view, views.seen * known)
            if arch.elevation:
                parts["back level"] = (level - sides[2]).square().mean()
                total = total + how.back * parts["back level"]
            total = total + how.back * parts["back"] + how.back_view * parts["back view"]
            parts["flips"] = _flipped(back.detach(), turned.detach())
        else:
            parts["flips"] = self._flips(image.detach(), turned.detach())
        for name, part in self._bones(body).items():
            parts[name] = part
            total = total + getattr(how, name) * part
        if arch.elevation:
            mean, spread = self.config.novel.elevation_rad
            told = lifted.elevation
            parts["elevation"] = (told.mean() - mean) ** 2 + (told.std() - spread) ** 2
            total = total + how.elevation * parts["elevation"]
        with torch.no_grad():
            spreads = body.std((0, 1))
            parts["depth"] = spreads[2] / spreads[0]
        if self.balance is not None:
            parts["balance"] = self.balance
        return total, parts

    def check(self, parts: Mapping[str, float]) -> None:
        """Raises where the training has collapsed."""
        self.watch.check(self.step, parts)

    def _sides(self, elevation: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """From which elevation, how far around and to which elevation a body is turned.

        The elevation of the other side is that of another view of the batch.
        """
        how = self.config.novel
        azimuth = (torch.rand(len(elevation), device=elevation.device) * 2 - 1) * how.azimuth_rad
        if self.networks.arch.elevation:
            other = elevation[torch.randperm(len(elevation), device=elevation.device)]
            return elevation, azimuth, other.detach()
        level = torch.full_like(elevation, how.level_rad)
        return level, azimuth, level + how.tilt_rad * torch.randn_like(elevation)

    def _image(self, body: Tensor) -> Tensor:
        image = to_image(body, self.networks.arch.distance)
        if not self.config.novel.renormalise:
            return image
        return renormalised(image, self.rule, self.keypoints(image))

    def _unreal(self, image: Tensor) -> Tensor:
        assert self.networks.prior is not None
        opinion = self.networks.prior(self.blurred(image))
        if self.critic is None:
            # Far from all that it was fitted to a flow's answer grows without bounds.
            return torch.where(opinion > 1, 1 + opinion.clamp(min=1).log(), opinion).mean()
        return convincing_loss(opinion, self.config.adversary)

    def _lifted_back(self, image: Tensor, turned: Tensor) -> tuple[Tensor, Tensor]:
        """What is lifted from the view from the other side, as a detector would tell it.

        Returns:
            (B, 17, 3) bodies, of the size of what is seen, and (B,) elevations.
        """
        lifted = self.networks(*spoilt(image, self.config.views, self.rule, self.keypoints(image)))
        body = lifted.body - lifted.body[:, :1]
        size, true = (x.norm(dim=-1).mean(1)[:, None, None] for x in (body, turned))
        return body * (true / size.clamp(min=1e-3)), lifted.elevation

    @torch.no_grad()
    def _flips(self, image: Tensor, turned: Tensor) -> Tensor:
        self.networks.eval()
        back, _ = self._lifted_back(image[:FLIPS], turned[:FLIPS])
        self.networks.train()
        return _flipped(back, turned[:FLIPS])

    def _bones(self, body: Tensor) -> Losses:
        """The bone losses that have a weight."""
        how = self.config.objective
        parts: Losses = {}
        if not (how.bones or how.symmetry or how.alike):
            return parts
        lengths = relative_lengths(body, H36M17)
        if how.bones:
            parts["bones"] = usual_proportions(lengths, _USUAL)
        if how.symmetry:
            parts["symmetry"] = two_like_sides(lengths, H36M17)
        if how.alike:
            parts["alike"] = one_build(lengths)
        return parts

    def _critic_loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        assert self.critic is not None
        views, kind = WholeViews(*batch), self.config.adversary
        for module in self.trained:
            module.train()  # what the critic is to see through is what the lifter is taught by
        with torch.no_grad():
            lifted = self.networks(views.points, views.mask, sample=True)
            body = lifted.body - lifted.body[:, :1]
            fake = self.blurred(self._image(around(body, *self._sides(lifted.elevation))))
        real = self.blurred(renormalised(views.view, self.rule, views.mask))[self.whole(views)]
        if kind == WGAN:
            with torch.no_grad():
                for weight in self.critic.judge.parameters():
                    weight.clamp_(-CLIPPED, CLIPPED)
        opinions = self.critic(real), self.critic(fake)
        loss = critic_loss(*opinions, kind)
        weight, slope = (PENALTY, 1.0) if kind == WGAN_GP else (self.config.penalty, 0.0)
        if weight:
            seen, made = (self.critic.evened(x) for x in (real, fake))
            count = min(len(seen), len(made))
            with torch.autocast(real.device.type, enabled=False):
                steep = gradient_penalty(self.critic.judge, seen[:count], made[:count], slope)
            loss = loss + weight * steep
        self.balance = balance(*opinions, kind)
        return loss, {"critic": loss}


def _seen_mean(off: Tensor, seen: Tensor) -> Tensor:
    """L1 over the joints that are seen."""
    return (off.abs().mean(-1) * seen).sum() / seen.sum().clamp(min=1)


def _flipped(body: Tensor, true: Tensor) -> Tensor:
    """Share of bodies that are nearer to their mirror image in depth."""
    mirrored = body * body.new_tensor([1.0, 1.0, -1.0])
    near, far = ((x - true).square().sum((1, 2)) for x in (body, mirrored))
    return (far < near).float().mean()
