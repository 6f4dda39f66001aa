import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from vvipe import VvipeError
from vvipe.detectors.detections import Draws, detected, draw, errors_of
from vvipe.detectors.noise import (
    KINDS,
    LIMBS,
    ConfidenceNoise,
    DetectorNoise,
    JointNoise,
    fitted_noise,
    load_noise,
)
from vvipe.geometry.keypoints import KEYPOINTS

JOINTS = KEYPOINTS.joints
CONFIDENCE = ConfidenceNoise(level=0.5, slope=-0.4, offset=0.01, spread=0.3)


def noise(level=0.0, limb_level=0.0, swaps=(0.0, 0.0, 0.0), **joint):
    given = dict(spread=0.02, wide=0.1, wide_chance=0.1, shared=0.0, miss=0.0) | joint
    names = ("arms", "legs", "both")
    joints = {kind: JointNoise(**given) for kind in KINDS}
    return DetectorNoise(
        joints, level, limb_level, dict(zip(names, swaps, strict=True)), CONFIDENCE
    )


ROUGH = noise(0.4, 0.3, (0.2, 0.2, 0.2), shared=0.5, miss=0.2)


@pytest.fixture
def people(rng):
    """200 poses of 13 joints, some joints not there."""
    keypoints = 500 + 100 * rng.normal(size=(200, 13, 2))
    mask = rng.random((200, 13)) > 0.1
    keypoints[rng.random((200, 13)) > 0.95] = np.nan
    return keypoints, mask


def naive(keypoints, mask, draws, how):
    """One pose, joint by joint, from the words of the model."""
    there = [bool(m) and all(map(math.isfinite, k)) for k, m in zip(keypoints, mask, strict=True)]
    seen = [k for k, t in zip(keypoints, there, strict=True) if t]
    cx, cy = (sum(k[axis] for k in seen) / len(seen) for axis in (0, 1))
    size = math.sqrt(sum((x - cx) ** 2 + (y - cy) ** 2 for x, y in seen) / len(seen))
    normal_below = lambda z: 0.5 * (1 + math.erf(z / math.sqrt(2)))  # noqa: E731
    found, error = {}, {}
    for i, name in enumerate(JOINTS):
        (limb,) = (n for n, members in enumerate(LIMBS.values()) if name in members)
        joint = how.joints[name.split("_")[-1]]
        wide = normal_below(draws.joint[i, 2]) < joint.wide_chance
        level = math.exp(how.level * draws.pose[0] + how.limb_level * draws.limb[limb, 0])
        scale = level * (joint.wide if wide else joint.spread)
        off = [
            scale
            * (
                math.sqrt(joint.shared) * draws.limb[limb, 1 + axis]
                + math.sqrt(1 - joint.shared) * draws.joint[i, axis]
            )
            for axis in (0, 1)
        ]
        error[name] = math.hypot(*off)
        if there[i] and normal_below(draws.joint[i, 3]) >= joint.miss:
            found[name] = [keypoints[i][axis] + size * off[axis] for axis in (0, 1)]
    both = normal_below(draws.pose[3]) < how.swaps["both"]
    taken = {}
    for name in JOINTS:
        part = "legs" if name.endswith(("hip", "knee", "ankle")) else "arms"
        number = {"arms": 1, "legs": 2}[part]
        swap = both or normal_below(draws.pose[number]) < how.swaps[part]
        other = name.replace("left", "?").replace("right", "left").replace("?", "right")
        taken[name] = found.get(other if swap else name, [math.nan, math.nan])
    confidence = []
    for i, name in enumerate(JOINTS):
        c = how.confidence
        logit = c.level + c.slope * math.log(error[name] + c.offset) + c.spread * draws.joint[i, 4]
        confidence.append(0.0 if math.isnan(taken[name][0]) else 1 / (1 + math.exp(-logit)))
    return np.array([taken[name] for name in JOINTS]), np.array(confidence)


def pick(draws, key):
    return Draws(draws.pose[key], draws.limb[key], draws.joint[key])


def test_agrees_with_the_model_in_plain_words(people, rng):
    keypoints, mask = people
    draws = draw(rng.standard_normal, (200,))
    found, seen, confidence = detected(keypoints, mask, draws, ROUGH)
    for i in range(200):
        wanted, sure = naive(keypoints[i], mask[i], pick(draws, i), ROUGH)
        np.testing.assert_allclose(found[i], wanted)
        np.testing.assert_allclose(confidence[i], sure)
        np.testing.assert_array_equal(seen[i], np.isfinite(wanted[:, 0]))


def test_numpy_and_torch_agree(people, rng):
    keypoints, mask = people
    draws = draw(rng.standard_normal, (200,))
    theirs = Draws(*map(torch.as_tensor, (draws.pose, draws.limb, draws.joint)))
    a = detected(keypoints, mask, draws, ROUGH)
    b = detected(torch.as_tensor(keypoints), torch.as_tensor(mask), theirs, ROUGH)
    for ours, others in zip(a, b, strict=True):
        assert isinstance(others, torch.Tensor)
        np.testing.assert_allclose(ours, others.numpy(), rtol=1e-9)
    assert draw(torch.randn, (3, 2)).limb.shape == (3, 2, len(LIMBS), 3)


def test_poses_do_not_depend_on_their_batch(people, rng):
    keypoints, mask = people
    draws = draw(rng.standard_normal, (200,))
    whole = detected(keypoints, mask, draws, ROUGH)
    for key in (slice(7, 8), slice(100, 200)):
        part = detected(keypoints[key], mask[key], pick(draws, key), ROUGH)
        for a, b in zip(whole, part, strict=True):
            np.testing.assert_array_equal(a[key], b)
    folded = Draws(*(d.reshape(4, 50, *d.shape[1:]) for d in (draws.pose, draws.limb, draws.joint)))
    shaped = detected(keypoints.reshape(4, 50, 13, 2), mask.reshape(4, 50, 13), folded, ROUGH)
    np.testing.assert_array_equal(shaped[0].reshape(200, 13, 2), whole[0])


def test_what_is_not_there_is_not_found(people, rng):
    keypoints, mask = people
    keypoints[3] = np.nan
    found, seen, confidence = detected(
        keypoints, mask, draw(rng.standard_normal, (200,)), noise(0.4)
    )
    gone = ~mask | np.isnan(keypoints[..., 0])
    assert np.isnan(found[gone]).all() and not seen[gone].any() and not confidence[gone].any()
    assert np.isfinite(found[~gone]).all() and (confidence[~gone] > 0).all() and seen[~gone].all()


def test_mask_keeps_its_type(people, rng):
    keypoints, mask = people
    draws = draw(rng.standard_normal, (200,))
    _, seen, _ = detected(keypoints, mask.astype(np.float32), draws, ROUGH)
    assert seen.dtype == np.float32 and set(np.unique(seen)) == {0, 1}


def test_a_perfect_detector_changes_nothing(people, rng):
    keypoints, mask = people
    perfect = noise(0.4, 0.4, spread=0.0, wide=0.0)
    found, _, _ = detected(keypoints, mask, draw(rng.standard_normal, (200,)), perfect)
    np.testing.assert_array_equal(found, np.where(mask[..., None], keypoints, np.nan))


def share_beyond(x, how=None):
    joint = (how or noise()).joints["wrist"]
    return (1 - joint.wide_chance) * math.exp(-((x / joint.spread) ** 2) / 2) + (
        joint.wide_chance * math.exp(-((x / joint.wide) ** 2) / 2)
    )


@pytest.mark.parametrize("x", [0.01, 0.03, 0.06, 0.1, 0.2])
def test_spread_and_tail_are_those_of_the_mixture(rng, x):
    errors = errors_of(draw(rng.standard_normal, (20_000,)), noise())
    beyond = (np.linalg.norm(errors, axis=-1) > x).mean()
    assert beyond == pytest.approx(share_beyond(x), rel=0.05)


def test_errors_are_in_units_of_the_pose(rng):
    keypoints = np.broadcast_to(rng.normal(size=(13, 2)), (5000, 13, 2))
    draws = draw(rng.standard_normal, (5000,))
    found, _, _ = detected(1000 * keypoints, np.ones((5000, 13)), draws, noise(wide_chance=0.0))
    away = keypoints[0] - keypoints[0].mean(0)
    size = 1000 * np.sqrt((away**2).sum(-1).mean())
    assert (found - 1000 * keypoints).std() == pytest.approx(0.02 * size, rel=0.02)


def test_levels_are_common_to_a_pose_and_to_a_limb(rng):
    errors = errors_of(draw(rng.standard_normal, (40_000,)), noise(0.5, 0.4, wide_chance=0.0))
    size = np.log(np.linalg.norm(errors, axis=-1))
    common = np.cov(size.T)
    elbow, wrist, knee = KEYPOINTS.indices("left_elbow", "left_wrist", "left_knee")
    assert common[elbow, knee] == pytest.approx(0.25, abs=0.02)
    assert common[elbow, wrist] == pytest.approx(0.25 + 0.16, abs=0.02)


def test_shared_errors_correlate_within_a_limb_alone(rng):
    errors = errors_of(draw(rng.standard_normal, (20_000,)), noise(shared=0.6, wide_chance=0.0))
    common = np.corrcoef(errors[..., 0].T)
    pair = KEYPOINTS.indices("right_knee", "right_ankle")
    assert common[pair[0], pair[1]] == pytest.approx(0.6, abs=0.02)
    assert abs(common[pair[0], KEYPOINTS.index("left_ankle")]) < 0.03


def test_swaps_and_misses_come_as_often_as_they_should(rng):
    true = np.broadcast_to(rng.normal(size=(13, 2)), (20_000, 13, 2))
    how = noise(swaps=(0.05, 0.1, 0.02), miss=0.07, spread=0.0, wide=0.0)
    found, seen, _ = detected(
        true, np.ones((20_000, 13), bool), draw(rng.standard_normal, (20_000,)), how
    )
    assert 1 - seen.mean() == pytest.approx(0.07, rel=0.03)
    for joint, chance in (("left_wrist", 0.05), ("right_knee", 0.1)):
        column = KEYPOINTS.index(joint)
        mirrored = found[:, column] == true[:, KEYPOINTS.mirror[column]]
        share = mirrored.all(-1).sum() / seen[:, column].sum()
        assert share == pytest.approx(1 - (1 - chance) * 0.98, rel=0.08)
    assert (found[seen[:, 0], 0] == true[0, 0]).all()  # a nose has no other side


def test_confidence_falls_with_the_error(rng):
    true = np.broadcast_to(rng.normal(size=(13, 2)), (5000, 13, 2))
    draws = draw(rng.standard_normal, (5000,))
    _, _, confidence = detected(true, np.ones((5000, 13)), draws, noise())
    size = np.linalg.norm(errors_of(draws, noise()), axis=-1)
    low, high = np.quantile(size, [0.2, 0.8])
    assert confidence[size < low].mean() > confidence[size > high].mean() + 0.05
    assert confidence.min() > 0 and confidence.max() < 1


def test_the_fitted_noise_comes_with_the_package():
    how = fitted_noise()
    assert set(how.joints) == set(KINDS) and fitted_noise() is how
    assert all(0.005 < j.spread <= j.wide < 0.5 for j in how.joints.values())
    assert how.joints["wrist"].spread > how.joints["shoulder"].spread
    assert 0 < how.swaps["both"] < 0.1


def test_noise_survives_its_file(tmp_path):
    path = tmp_path / "noise.json"
    path.write_text(json.dumps({"noise": ROUGH.to_json()}))
    assert load_noise(path) == ROUGH
    assert load_noise(path) != replace(ROUGH, level=0.0)


@pytest.mark.parametrize("content", ["", "{}", '{"noise": {"joints": 3}}', '{"noise": 1}'])
def test_a_damaged_file_is_one_line(tmp_path, content):
    path = tmp_path / "noise.json"
    path.write_text(content)
    with pytest.raises(VvipeError, match=r"noise\.json: not the parameters"):
        load_noise(path)


def test_a_missing_parameter_is_named(tmp_path):
    values = ROUGH.to_json()
    del values["joints"]["hip"]
    path = tmp_path / "noise.json"
    path.write_text(json.dumps({"noise": values}))
    with pytest.raises(VvipeError, match="hip"):
        load_noise(path)
