"""Small networks and stages of the geometry-aware representation."""

from dataclasses import replace

import torch
from torch import nn

from vvipe.models.generators import KINDS
from vvipe.models.geometry_networks import GeometryArchitecture, GeometryNetworks
from vvipe.training import GeometryConfig, loop
from vvipe.training.config import Synthesis, Views
from vvipe.training.data import PoseBank
from vvipe.training.methods import geometry_stages
from vvipe.training.methods.geometry_aware import GeometryObjective
from vvipe.training.methods.geometry_stages import PairBank, ViewSynthesis

_SIZES = {"points": 4, "blocks": 1, "width": 16, "projects": False}
SMALL = {
    kind: GeometryArchitecture(generator=kind, channels=16 if kind == "keypoints" else 2, **_SIZES)
    for kind in KINDS
}
# A camera in the decoder's place, and a point that no keypoint is.
SMALL["camera"] = replace(SMALL["keypoints"], points=14, projects=True)
VIEWS = {kind: (15, 64, 64) for kind in SMALL} | {
    "images": (3, 64, 64),
    "keypoints": (13, 2),
    "camera": (13, 2),
}  # what decoders make
AS_RECORDED = Synthesis(0.0, 0.0, 0.0, 0.0, 0.0, (1.0, 1.0), 0.0, (1.0, 1.0))
CLEAN = Views(noise=0.0, dropout=0.0)
CONFIG = GeometryConfig(
    pairs=6, batch=10, steps_pairs=5, steps_heads=7, lr=3e-3, lr_pairs=1e-3,
    architecture=SMALL["keypoints"], objective=GeometryObjective(1.3, 0.4, 0.7),
    synthesis=AS_RECORDED, views=CLEAN, pair_views=CLEAN,
)  # fmt: skip


def settled(network, *inputs):
    """Evaluation mode, with the batch statistics of these inputs."""
    norms = [m for m in network.modules() if isinstance(m, nn.BatchNorm1d | nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
    with torch.no_grad():
        network.train()(*inputs)
    for norm in norms:
        norm.momentum = 0.1
    return network.eval()


def make_networks(arch):
    """As if they were trained."""
    torch.manual_seed(0)
    networks = GeometryNetworks(arch)
    points, mask, told = torch.randn(8, 13, 2), torch.ones(8, 13), torch.randn(8, arch.points, 3)
    for down in networks.encoders:
        settled(down, networks.view(points, mask))
    for up in networks.decoders:
        settled(up, told)
    settled(networks.heads, points, mask, told, torch.rand(8, 3, 64, 64))
    return networks.eval()


def make_stage(poses, kind=ViewSynthesis, config=CONFIG, generator="keypoints", **arch):
    """A stage with a generator of this kind under a changed architecture, all poses labelled."""
    config = replace(config, architecture=replace(SMALL[generator], **arch))
    bank = PoseBank(poses, torch.ones(len(poses)), "hash", 1)
    pairs = PairBank(bank.poses, bank.weights, bank.hash, bank.clips, labelled=bank)
    return kind(make_networks(config.architecture), pairs, config)


def record_cameras(monkeypatch):
    """A list to which the cameras that stages draw are added."""
    drawn, original = [], geometry_stages.draw_cameras

    def draw(*args):
        drawn.append(original(*args))
        return drawn[-1]

    monkeypatch.setattr(geometry_stages, "draw_cameras", draw)
    return drawn


def straight(camera):
    """World to the axes of a camera that is turned to the root, each by Rodrigues' formula."""
    out = []
    for rotation, centre in zip(camera.rotation.double(), camera.centre.double(), strict=True):
        x, y, z = (rotation @ -centre / centre.norm()).tolist()
        skew = torch.tensor([[0, 0, -x], [0, 0, -y], [x, y, 0]], dtype=torch.float64)
        out.append((torch.eye(3).double() + skew + skew @ skew / (1 + z)) @ rotation)
    return torch.stack(out)


def taught(stage, steps, lr):
    """The parts of the losses on the way."""
    loop._only(stage.networks, stage.trained)
    weights = [w for m in stage.trained for w in m.parameters()]
    optimiser, told = torch.optim.Adam(weights, lr=lr), []
    for _ in range(steps):
        loss, parts = stage.loss(stage.batch())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        told.append({name: part.item() for name, part in parts.items()})
    return told


def ends(told, name):
    """Means of a part over the first and over the last five steps."""
    return (sum(parts[name] for parts in part) / 5 for part in (told[:5], told[-5:]))
