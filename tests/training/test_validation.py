import numpy as np
import pytest
import torch

from vvipe.models.networks import Networks
from vvipe.models.vvipe import VVipe
from vvipe.training.validation import validator


@pytest.fixture
def model(config, tmp_path, seed):
    networks = Networks(config.architecture).eval()
    return VVipe(networks, {"name": "tiny", "sha256": "0" * 64}, tmp_path)


def test_without_validation_clips_there_is_nothing_to_validate_on(tmp_path, clips, write_cmu):
    assert validator(tmp_path) is None
    write_cmu(tmp_path / "cmu", {"soccer_91": clips["soccer_91"]})
    assert validator(tmp_path) is None


def test_figures_of_the_clips_that_were_held_out(cmu, model):
    figures = validator(cmu.parent)(model)
    assert figures.keys() == {"val-seen hit@1", "val-seen pa_mpjpe_mm"}
    assert 0 <= figures["val-seen hit@1"] <= 100
    assert 10 < figures["val-seen pa_mpjpe_mm"] < 1000


def test_a_better_model_has_better_figures(cmu, model, monkeypatch):
    validate = validator(cmu.parent)
    before = validate(model)
    generator = np.random.default_rng(0)
    embed = model.embed

    def noisy(poses, *args, **options):
        got = embed(poses, *args, **options)
        got.vectors[:] = generator.normal(size=got.vectors.shape)
        return got

    monkeypatch.setattr(model, "embed", noisy)
    after = validate(model)
    assert after["val-seen hit@1"] < before["val-seen hit@1"]


def test_validating_does_not_touch_the_random_numbers_of_the_training(cmu, model):
    validate = validator(cmu.parent)
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    validate(model)
    assert torch.equal(torch.rand(4), expected)
