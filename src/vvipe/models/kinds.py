"""Which classes make up each representation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from vvipe.models.geometry_aware import GeometryAware
from vvipe.models.geometry_networks import GeometryArchitecture, GeometryNetworks
from vvipe.models.lifter import Lifter, LifterArchitecture, LifterNetworks
from vvipe.models.networks import Architecture, Networks
from vvipe.models.pr_vipe import PrVipe, PrVipeArchitecture, PrVipeNetworks
from vvipe.models.vae_gan import VaeGan
from vvipe.models.vae_gan_networks import VaeGanArchitecture, VaeGanNetworks
from vvipe.models.vvipe import VVipe


@dataclass(frozen=True)
class Kind:
    """The classes of one representation.

    Attributes:
        architecture: Sizes, a dataclass.
        networks: What is trained, made from an architecture; keeps it as `arch`.
        model: What is used, made from networks, configuration and folder.
    """

    architecture: Callable[..., Any]
    networks: Callable[[Any], nn.Module]
    model: Callable[[Any, dict[str, Any], Path], Any]


KINDS = {
    "vvipe": Kind(Architecture, Networks, VVipe),
    "pr-vipe": Kind(PrVipeArchitecture, PrVipeNetworks, PrVipe),
    "lifter": Kind(LifterArchitecture, LifterNetworks, Lifter),
    "geometry-aware": Kind(GeometryArchitecture, GeometryNetworks, GeometryAware),
    "vae-gan": Kind(VaeGanArchitecture, VaeGanNetworks, VaeGan),
}
"""Representation -> its classes."""
