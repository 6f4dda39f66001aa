"""How both networks are trained."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


def fit(
    network: nn.Module,
    loss_of_batch: Callable[[], Tensor],
    updates: int,
    progress: Callable[[int, float], None] | None = None,
) -> None:
    """Adam, its rate falling along a cosine.

    Args:
        network: Changed in place.
        loss_of_batch: Draws a batch and tells its loss.
        updates: How many.
        progress: Told of every hundredth update and its loss.
    """
    optimiser = torch.optim.Adam(network.parameters(), 2e-3)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, updates)
    for update in range(updates):
        loss = loss_of_batch()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        falling.step()
        if progress and update % 100 == 0:
            progress(update, loss.item())
