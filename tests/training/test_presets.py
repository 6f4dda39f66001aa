import dataclasses

import pytest

from vvipe.training import ABLATIONS, PRESETS, VVipeConfig
from vvipe.training.config import Synthesis


def flat(config, prefix=""):
    out = {}
    for key, value in dataclasses.asdict(config).items() if not prefix else config.items():
        out |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return out


def changes(before, after):
    before, after = flat(before), flat(after)
    return {k: after[k] for k in before if before[k] != after[k]}


@pytest.mark.parametrize(
    ("ablation", "change"),
    [
        ("triplet", {"objective.triplet": 0.0}),
        ("align", {"align": False}),
        ("universal", {"universal": False}),
        ("pretrain", {"pretrain": False}),
        ("augment", {"views.random": 0.0}),
    ],
)
@pytest.mark.parametrize("preset", ["vvipe", "vvipe-paper"])
def test_an_ablation_changes_what_it_says_and_nothing_else(preset, ablation, change):
    config = PRESETS[preset]()
    assert changes(config, ABLATIONS[ablation](config)) == change


def test_every_ablation_of_the_paper_is_there():
    assert set(ABLATIONS) == {"triplet", "align", "universal", "pretrain", "augment"}


def test_the_default_is_what_ships():
    assert PRESETS["vvipe"]() == VVipeConfig()
    assert VVipeConfig().views.random == 1.0


def test_the_paper_has_nothing_of_ours():
    paper = PRESETS["vvipe-paper"]()
    arch = paper.architecture
    assert (arch.latent, arch.width_2d, arch.width_3d, arch.blocks) == (32, 1024, 1024, 2)
    assert (arch.dropout, arch.masks, arch.normaliser) == (0.1, False, "torso")
    assert (paper.views.random, paper.views.noise, paper.views.dropout) == (0.5, 0.0, 0.0)
    assert paper.views.tilt == 0.0
    assert (paper.objective.margin, paper.objective.gap) == (1.0, 0.1)
    assert (paper.objective.neighbours, paper.objective.latent) == (0.0, 0.0)
    assert paper.objective.matching == 0.0 and not paper.joint
    assert not (arch.mirror or arch.matching or arch.bones)
    for field in dataclasses.fields(Synthesis):
        value = getattr(paper.synthesis, field.name)
        assert value in (0.0, (1.0, 1.0)), field.name
