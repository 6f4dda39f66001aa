"""2D poses as their owner has them: all joints that are known, and what a network is shown of them.

Where they are made from motion capture, only the projection leaves this module.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from vvipe.detectors.detections import detected, draw
from vvipe.detectors.noise import fitted_noise
from vvipe.errors import VvipeError
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS, view_frame
from vvipe.models.inputs import H36M17
from vvipe.training.config import TrainConfig, Views
from vvipe.training.data import PoseBank
from vvipe.training.keypoint_bank import FEWEST, KeypointBank
from vvipe.training.methods.stage import draw as draw_bodies
from vvipe.training.synthesis import mirrored, other_rig
from vvipe.training.views import draw_cameras, kept, spread_noise

SAMPLE = 20_000  # views from which one tells
KNOWN = 0.5  # of them must show a joint that is to be learnt
_HIPS = H36M17.indices("left_hip", "right_hip")


class WholeViews(NamedTuple):
    """2D poses of one step.

    Attributes:
        points: (B, 13, 2) normalised keypoints.
        mask: (B, 13) which of them are known.
        view: (B, 17, 2) all joints, by the same normalisation, 0 where not known.
        seen: (B, 17) which of them are known.
    """

    points: Tensor
    mask: Tensor
    view: Tensor
    seen: Tensor


def whole_views(bank: PoseBank | KeypointBank, config: TrainConfig, normaliser: str) -> WholeViews:
    """Views of a batch as they are, from torch's global generator."""
    if isinstance(bank, KeypointBank):
        pixels = mirrored(bank.draw(config.batch), config.synthesis.mirror)
    else:
        pixels = _projected(other_rig(draw_bodies(bank, config), config.synthesis), config.views)
    seen = torch.isfinite(pixels[..., 0]).float()
    pixels = torch.where(seen[..., None] > 0, pixels, 0.0)
    view = renormalised(pixels, normaliser, seen[:, COLUMNS]) * seen[..., None]
    return WholeViews(view[:, COLUMNS], seen[:, COLUMNS], view, seen)


def renormalised(view: Tensor, normaliser: str, mask: Tensor | None = None) -> Tensor:
    """(B, 17, 2) views as if a camera had taken them, only the (B, 13) keypoints being seen."""
    keypoints = view[:, COLUMNS]
    mask = torch.ones_like(keypoints[..., 0]) if mask is None else mask
    centre, size = view_frame(keypoints, mask, normaliser)
    return (view - centre) / size


def spoilt(
    view: Tensor, how: Views, normaliser: str, known: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """What a detector would tell of (B, 17, 2) views: noisy keypoints, some of them missed.

    Args:
        view: The views.
        how: What it does to them.
        normaliser: Rule for 2D keypoints.
        known: (B, 13) which keypoints it tells at all; by default all.

    Returns:
        (B, 13, 2) normalised and (B, 13) which are seen.
    """
    keypoints = view[:, COLUMNS]
    mask = kept(len(view), len(KEYPOINTS), how.dropout)
    mask = mask if known is None else mask * known
    if how.noise:
        keypoints = keypoints + spread_noise(keypoints, mask, how.noise)
    centre, size = view_frame(keypoints, mask, normaliser)
    return (keypoints - centre) / size * mask[..., None], mask


@torch.no_grad()
def measure(
    bank: PoseBank | KeypointBank, config: TrainConfig, normaliser: str, noise: float
) -> tuple[Tensor, Tensor, Tensor]:
    """What 2D poses of the data are like on the whole.

    Args:
        bank: The data.
        config: The training's.
        normaliser: Rule for 2D keypoints.
        noise: Spread of noise that is added to poses before they are told apart.

    Returns:
        (17,) 1 where most views tell a joint; (34,) mean of whole poses; (34, 34) that takes their
        directions apart and, noise and all, to unit spread.
    """
    torch.manual_seed(config.seed)
    drawn = [whole_views(bank, config, normaliser) for _ in range(-(-SAMPLE // config.batch))]
    seen = torch.cat([views.seen for views in drawn])
    known = (seen.mean(0) > KNOWN).float()
    poses = torch.cat([renormalised(v.view, normaliser, v.seen[:, COLUMNS]) for v in drawn])
    poses = (poses * known[:, None]).flatten(1)[(seen >= known).all(1)]
    if len(poses) < FEWEST:
        raise VvipeError(
            "too few 2D poses in which all joints are seen", expected=f"{FEWEST} or more",
            got=f"{len(poses)} of {len(seen)}", hint="leave out recordings with hidden joints",
        )  # fmt: skip
    centre = poses.mean(0)
    variance, directions = torch.linalg.eigh((poses - centre).T @ (poses - centre) / len(poses))
    return known, centre, directions / (variance.clamp(min=1e-8) + noise**2).sqrt()


def _projected(bodies: Tensor, how: Views) -> Tensor:
    """(B, 17, 3) -> (B, 17, 2) pixels, NaN where not seen or not told by a detector."""
    pixels = draw_cameras(len(bodies), how).project(bodies)
    if not how.detector:
        return pixels
    exact = pixels[:, COLUMNS]
    mask = torch.isfinite(exact[..., 0]).float()
    found, _, _ = detected(exact, mask, draw(torch.randn, (len(bodies),)), fitted_noise())
    told = torch.full_like(pixels, float("nan"))
    told[:, COLUMNS] = found
    told[:, H36M17.index("hip")] = told[:, _HIPS].mean(1)
    chosen = torch.rand(len(bodies)) < how.detector
    return torch.where(chosen[:, None, None], told, pixels)
