import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from vvipe.errors import VvipeError
from vvipe.robot.planning.arrivals import Arrivals, arrivals
from vvipe.robot.planning.eta import ETANet
from vvipe.robot.planning.motions import Box, sample_motion
from vvipe.robot.planning.static import HoverThenDescend
from vvipe.robot.planning.toy import TOY_REACH, TOY_TRAP, PointTrap
from vvipe.robot.planning.trajectory import TrajectoryNet

STATIC = HoverThenDescend(TOY_TRAP, TOY_REACH)
BOX = TOY_TRAP.box


@pytest.fixture(scope="module")
def found():
    return arrivals(PointTrap(count=100), STATIC, 600, seed=1)


@pytest.fixture(scope="module")
def eta(found):
    return ETANet(width=64).fit(found.of(found.episode < 500), updates=400)


@pytest.fixture(scope="module")
def trajectory():
    return TrajectoryNet(BOX, channels=8, width=64).fit(0.03, updates=150)


def small():
    return TrajectoryNet(BOX, channels=4, width=8)


def balls(kind, rng, count=100, speed=0.015):
    return sample_motion(kind, BOX, speed, count, rng).positions(np.arange(24 + 60))


def test_arrivals_are_learned(eta, found):
    quality = eta.quality(found.of(found.episode >= 500))
    assert quality["mae_steps"] < 0.7 and quality["within_one_bin"] > 85
    assert quality["examples"] == (found.episode >= 500).sum()


def test_quality_is_what_loops_find(eta, found):
    few = found.of(np.arange(len(found)) < 40)
    off = [abs(eta(g[None], c[None])[0] - t) for g, c, t in zip(few.gripper, few.goal, few.steps)]  # noqa: B905
    got = eta.quality(few)
    assert got["mae_steps"] == pytest.approx(sum(off) / 40, abs=1e-3)
    assert got["within_one_bin"] == pytest.approx(100 * sum(o <= 1 for o in off) / 40, abs=0.1)


def test_the_time_is_the_median_of_the_softmax(eta, found):
    from vvipe.robot.planning.eta import _features

    got = eta(found.gripper[:50], found.goal[:50])
    chances = eta.network(_features(found.gripper[:50], found.goal[:50])).softmax(-1)
    for time, chance in zip(got, chances.tolist(), strict=True):
        assert sum(chance[: int(time)]) < 0.5 <= sum(chance[: int(time) + 1]) + 1e-6


def test_bins_of_the_paper():
    net = ETANet(bins=100, horizon=500)
    np.testing.assert_array_equal(net.bin_of(np.array([0, 4, 5, 499, 900])), [0, 0, 1, 99, 99])
    assert net.times[0] == 2 and net.times[99] == 497  # of 0 to 4, of 495 to 499
    np.testing.assert_array_equal(ETANet().times, np.arange(100))


def test_a_network_without_examples():
    empty = Arrivals(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), np.zeros(0))
    with pytest.raises(VvipeError, match="no arrivals to learn from"):
        ETANet().fit(empty)


@pytest.mark.parametrize("kind", ["bounce", "circle"])
def test_balls_are_foreseen(kind, trajectory, rng):
    places = balls(kind, rng)
    past, ahead = places[:, :24], places[:, 24:34]
    off = np.linalg.norm(trajectory(past)[:, :10] - ahead, axis=-1).mean()
    stays = np.linalg.norm(past[:, -1:] - ahead, axis=-1).mean()
    assert off < 0.6 * stays


def test_the_height_stays_exactly(trajectory, rng):
    assert (trajectory(balls("bounce", rng)[:, :24])[..., 2] == BOX.low[2]).all()


@pytest.mark.parametrize("mirror", [[-1, 1, 1], [1, -1, 1], [-1, -1, 1]])
def test_a_mirrored_ball_is_foreseen_mirrored(mirror, trajectory, rng):
    past = balls("bounce", rng)[:, :24]
    np.testing.assert_allclose(trajectory(past * mirror), trajectory(past) * mirror, atol=1e-6)


def test_axes_do_not_mix(trajectory, rng):
    past = balls("circle", rng)[:, :24]
    swapped = trajectory(past[..., [1, 0, 2]])[..., [1, 0, 2]]
    np.testing.assert_allclose(swapped, trajectory(past), atol=1e-6)


def test_the_box_may_be_elsewhere_and_larger(trajectory, rng):
    past = balls("bounce", rng)[:, :24]
    moved = Box((0.6, 0.8, 0.3), (1.4, 1.6, 0.3))  # twice as large, its middle at (1, 1.2)
    other = TrajectoryNet(moved, channels=8, width=64)
    other.network = trajectory.network
    expected = trajectory(past) * 2 + [1.0, 1.2, 0.3]
    np.testing.assert_allclose(other(past * 2 + [1.0, 1.2, 0.3]), expected, atol=1e-5)


def test_two_axes_serve_as_well(trajectory, rng):
    past = balls("bounce", rng)[:, :24]
    flat = TrajectoryNet(Box(BOX.low[:2], BOX.high[:2]), channels=8, width=64)
    flat.network = trajectory.network
    np.testing.assert_allclose(flat(past[..., :2]), trajectory(past)[..., :2], atol=1e-6)


def test_rows_do_not_mix(eta, trajectory, found, rng):
    past = balls("bounce", rng, 7)[:, :24]
    one_by_one = np.concatenate([trajectory(p[None]) for p in past])
    np.testing.assert_allclose(trajectory(past), one_by_one, atol=1e-6)
    gripper, goal = found.gripper[:9], found.goal[:9]
    alone = [eta(g[None], c[None])[0] for g, c in zip(gripper, goal, strict=True)]
    np.testing.assert_array_equal(eta(gripper, goal), alone)


def test_the_seed_decides(found):
    few = found.of(np.arange(len(found)) < 300)
    weights = [ETANet(width=8).fit(few, 5, seed).network[-1].weight for seed in (1, 1, 2)]
    torch.testing.assert_close(weights[0], weights[1], rtol=0, atol=0)
    assert not torch.equal(weights[0], weights[2])
    past = balls("bounce", np.random.default_rng(0), 3)[:, :24]
    nets = [small().fit(0.03, updates=3, seed=seed) for seed in (1, 1, 2)]
    np.testing.assert_array_equal(nets[0](past), nets[1](past))
    assert (nets[0](past) != nets[2](past)).any()


@pytest.mark.parametrize("shape", [(2, 23, 3), (2, 24, 2), (24, 3)])
def test_histories_that_do_not_fit(shape, trajectory):
    with pytest.raises(VvipeError, match=r"no history; expected \(N, >= 24, 3\); got"):
        trajectory(np.zeros(shape))


def test_progress_is_told(found):
    told = []
    ETANet(width=8).fit(found.of(found.episode < 5), 101, progress=lambda *row: told.append(row))
    small().fit(0.03, updates=101, progress=lambda *row: told.append(row))
    assert [update for update, _ in told] == [0, 100, 0, 100]
    assert all(np.isfinite(loss) for _, loss in told)


def test_both_come_back_from_disk(eta, trajectory, found, rng, tmp_path):
    eta.save(tmp_path / "eta")
    trajectory.save(tmp_path / "ball")
    again = ETANet.load(tmp_path / "eta"), TrajectoryNet.load(tmp_path / "ball", BOX)
    past = balls("bounce", rng)[:, :24]
    both = found.gripper, found.goal
    np.testing.assert_array_equal(again[0](*both), eta(*both))
    np.testing.assert_array_equal(again[1](past), trajectory(past))
    assert sorted(p.name for p in (tmp_path / "eta").iterdir()) == [
        "config.json", "model.safetensors",
    ]  # fmt: skip


def spoil_config(**changes):
    def spoil(folder):
        config = json.loads((folder / "config.json").read_text()) | changes
        kept = {k: v for k, v in config.items() if v is not None}
        (folder / "config.json").write_text(json.dumps(kept))

    return spoil


def spoil_weights(change):
    def spoil(folder):
        tensors = load_file(folder / "model.safetensors")
        change(tensors)
        save_file(tensors, folder / "model.safetensors")

    return spoil


HOSTILE = {
    "no folder": (lambda f: (f / "config.json").unlink(), "no network here"),
    "not JSON": (lambda f: (f / "config.json").write_text("{"), "is not JSON"),
    "not UTF-8": (lambda f: (f / "config.json").write_bytes(b"\xff\xfe"), "is not JSON"),
    "no table": (lambda f: (f / "config.json").write_text("[1]"), "another network"),
    "another network": (spoil_config(network="TrajectoryNet"), "expected ETANet; got Traj"),
    "a key too many": (spoil_config(depth=3), "other sizes; expected bins, horizon, width"),
    "a key too few": (spoil_config(width=None), "other sizes"),
    "a huge layer": (spoil_config(width=10**9), "width: no size"),
    "no number": (spoil_config(width="64"), "width: no size; got '64'"),
    "another width": (spoil_config(width=63), "weights do not fit the sizes"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "no weights"),
    "damaged": (lambda f: (f / "model.safetensors").write_bytes(b"x" * 99), "damaged weights"),
    "pickle": (lambda f: torch.save({}, f / "model.safetensors"), "damaged weights"),
    "a layer missing": (spoil_weights(lambda t: t.pop("7.bias")), "weights do not fit"),
    "a layer too many": (spoil_weights(lambda t: t.update(x=torch.ones(1))), "do not fit"),
    "NaN": (spoil_weights(lambda t: t["7.bias"].fill_(torch.nan)), "7.bias: weights are not fin"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files(name, eta, tmp_path):
    spoil, message = HOSTILE[name]
    eta.save(tmp_path)
    spoil(tmp_path)
    with pytest.raises(VvipeError, match=message) as caught:
        ETANet.load(tmp_path)
    assert "\n" not in str(caught.value)
