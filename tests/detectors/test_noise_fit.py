import numpy as np
import pytest

from vvipe.detectors.detections import draw, errors_of
from vvipe.detectors.fit import fit_confidence, fit_noise, source_weights
from vvipe.detectors.noise import KINDS, ConfidenceNoise, DetectorNoise, JointNoise

CONFIDENCE = ConfidenceNoise(0.6, -0.3, 0.01, 0.4)
TRUE = DetectorNoise(
    joints={
        kind: JointNoise(0.01 + 0.004 * i, 0.12, 0.08, 0.0 if kind == "nose" else 0.4, 0.01 * i)
        for i, kind in enumerate(KINDS)
    },
    level=0.4,
    limb_level=0.3,
    swaps={"arms": 0.02, "legs": 0.04, "both": 0.03},
    confidence=CONFIDENCE,
)


def sampled(rng, count):
    errors = errors_of(draw(rng.standard_normal, (count,)), TRUE)
    chances = np.array(TRUE.by_joint("miss"))
    misses = rng.random((count, 13)) < chances
    both = rng.random(count) < 0.03
    swaps = {"arms": both | (rng.random(count) < 0.02), "legs": both | (rng.random(count) < 0.04)}
    return errors, misses, swaps


def test_known_parameters_are_found_again(rng):
    errors, misses, swaps = sampled(rng, 6000)
    errors[rng.random((6000, 13)) < 0.05] = np.nan
    found = fit_noise([errors], [misses], [swaps], CONFIDENCE)
    assert found.level == pytest.approx(0.4, abs=0.03)
    assert found.limb_level == pytest.approx(0.3, abs=0.04)
    for kind in KINDS:
        true, fitted = TRUE.joints[kind], found.joints[kind]
        assert fitted.spread == pytest.approx(true.spread, rel=0.06)
        assert fitted.wide == pytest.approx(true.wide, rel=0.15)
        assert fitted.wide_chance == pytest.approx(true.wide_chance, abs=0.025)
        assert fitted.shared == pytest.approx(true.shared, abs=0.05)
        assert fitted.miss == pytest.approx(true.miss, abs=0.004)
    assert found.swaps == pytest.approx(TRUE.swaps, abs=0.01)


def test_sources_weigh_alike(rng):
    """A source three times as long and twice as far off counts as much as the other."""
    small = 0.01 * rng.normal(size=(500, 13, 2))
    large = 0.02 * rng.normal(size=(1500, 13, 2))
    none = {"arms": np.zeros(1, bool), "legs": np.zeros(1, bool)}
    all_missed, seen = np.ones((500, 13), bool), np.zeros((1500, 13), bool)
    found = fit_noise([small, large], [all_missed, seen], [none, none], CONFIDENCE)
    assert found.joints["hip"].miss == 0.5
    weights = source_weights([small, large])
    assert weights[:500].sum() == pytest.approx(1) and weights[500:].sum() == pytest.approx(1)
    size = [np.linalg.norm(errors_of(draw(rng.standard_normal, (20_000,)), found), axis=-1)]
    size.append(np.linalg.norm(np.concatenate([np.repeat(small, 3, 0), large]), axis=-1))
    for q in (50, 90):
        assert np.percentile(size[0], q) == pytest.approx(np.percentile(size[1], q), rel=0.06)


def test_confidence_given_error_is_found_again(rng):
    errors = 0.03 * rng.standard_t(3, size=(20_000, 13, 2))
    size = np.linalg.norm(errors, axis=-1)
    logit = 0.6 - 0.3 * np.log(size + 0.01) + 0.4 * rng.normal(size=size.shape)
    confidence = 1 / (1 + np.exp(-logit))
    errors[:100] = np.nan
    confidence[100:200] = 0
    found = fit_confidence(errors, confidence)
    assert found.level == pytest.approx(0.6, abs=0.02)
    assert found.slope == pytest.approx(-0.3, abs=0.01)
    assert found.spread == pytest.approx(0.4, abs=0.01)
