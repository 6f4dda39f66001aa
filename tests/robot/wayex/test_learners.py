import numpy as np
import pytest

pytest.importorskip("stable_baselines3")

import torch
from stable_baselines3 import SAC, TD3
from stable_baselines3.common.noise import NormalActionNoise
from torch import nn
from worlds import Line

from vvipe.robot import Expansion, WayExSAC, WayExTD3, WayExWrapper, WaypointValue
from vvipe.robot.actors import Actor
from vvipe.robot.wayex.learners import BoundedCritic
from vvipe.robot.wayex.learning import learn, measured
from vvipe.robot.wayex.networks import NormalisedReLU
from vvipe.robot.wayex.rewards import Rewarded
from vvipe.robot.wayex.wrapper import whole

KINDS = {WayExTD3: TD3, WayExSAC: SAC}


@pytest.fixture
def value(line_demo):
    return WaypointValue(line_demo, 0.95, 30, d0=0.06)


def small():
    """Anew for each: learners write into what they are given."""
    return {
        "policy_kwargs": {"net_arch": [32, 32]}, "learning_starts": 50, "batch_size": 32,
        "buffer_size": 2000, "learning_rate": 3e-3, "seed": 0, "device": "cpu", "train_freq": 4,
    }  # fmt: skip


class Told(nn.Module):
    """A critic that tells what it was given."""

    def __init__(self, *values):
        super().__init__()
        self.values = [torch.tensor(v)[:, None] for v in values]

    def forward(self, observations, actions):
        return tuple(self.values)


def seen(places):
    return {"observation": torch.tensor(places)[:, None]}


def test_the_least_of_bounded_critics_is_the_bounded_least(value, rng):
    places = rng.uniform(-0.2, 1.2, 200)
    one, two = (rng.uniform(-20, 0, 200) for _ in range(2))
    told = BoundedCritic(Told(one, two), value, whole, 0)(seen(places), None)
    expected = np.maximum(value(places[:, None]), np.minimum(one, two))
    np.testing.assert_allclose(torch.cat(told, 1).min(1).values, expected)
    assert 5 < (expected == np.minimum(one, two)).sum() < 195


def test_warm_up_tells_the_value_alone(value):
    critic = BoundedCritic(Told(np.zeros(2)), value, whole, 2)
    places = np.array([0.0, 0.5])
    for expected in (value(places[:, None]), value(places[:, None]), np.zeros(2)):
        np.testing.assert_allclose(critic(seen(places), None)[0][:, 0], expected, rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_training_goes_to_the_bounded_target(kind, value, line_demo):
    """After a warm-up without end the critic has learned -1 + γV(s'), and 0 - at the goal."""
    env = WayExWrapper(Line(), value, "target")
    learner = kind("MultiInputPolicy", env, value=value, warmup=10**9, **small())
    learner.learn(1500)
    batch = learner.replay_buffer.sample(256)
    after = value(batch.next_observations["observation"].numpy())
    target = batch.rewards[:, 0].numpy() + (1 - batch.dones[:, 0].numpy()) * 0.95 * after
    told = learner.critic(batch.observations, batch.actions)[0][:, 0].detach().numpy()
    assert np.abs(told - target).mean() < 0.15 * target.std() + 0.5
    assert learner.gamma == value.gamma


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_bound_that_binds_it_is_its_parent(kind, line_demo):
    """Values of way-points at -30 and below never bind: weights are those of the parent."""
    low = WaypointValue(line_demo, 0.95, 10**6, d0=1e-9)
    low._worth, low._far = np.full(11, -1e9), -1e9
    ours = kind("MultiInputPolicy", Rewarded(Line()), value=low, warmup=0, **small())
    ours.learn(120)  # before the other is made, which seeds anew
    theirs = KINDS[kind]("MultiInputPolicy", Rewarded(Line()), gamma=0.95, **small())
    theirs.learn(120)
    for a, b in zip(ours.policy.parameters(), theirs.policy.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=0, atol=0)


@pytest.mark.parametrize("between", [nn.ReLU, NormalisedReLU])
@pytest.mark.parametrize("kind", [TD3, SAC])
def test_an_actor_is_the_learners_own(kind, between, rng, tmp_path):
    options = small()
    options["policy_kwargs"] = options.get("policy_kwargs", {}) | {"activation_fn": between}
    learner = kind("MultiInputPolicy", Rewarded(Line()), **options)
    actor = Actor.of(learner)
    actor.save(tmp_path, {"task": "line"})
    back = Actor.load(tmp_path)
    observation = {k: rng.uniform(0, 1, (7, 1)) for k in learner.observation_space.spaces}
    told, _ = learner.predict(observation, deterministic=True)
    np.testing.assert_allclose(back(observation), told, atol=1e-6)
    one = {k: v[3] for k, v in observation.items()}
    np.testing.assert_allclose(back(one), told[3], atol=1e-6)


def test_expansion_follows_success(value):
    env = Line()
    learner = WayExTD3("MultiInputPolicy", Rewarded(env), value=value, **small())
    expansion = Expansion(step=0.01, episodes=4, threshold=0.05)
    learner.actor.mu[-2].bias.data += 5  # to the right, so that every episode succeeds
    noise = NormalActionNoise(np.zeros(1), np.zeros(1))
    learner.action_noise, learner.learning_starts = noise, 0
    learner.policy.optimizer = None
    learner.train = lambda *args, **options: None
    learner.learn(100, callback=expansion)
    assert env.sigma == expansion.sigma == pytest.approx(0.02)
    assert [s for _, s in expansion.history] == pytest.approx([0, 0.01, 0.02])


def test_expansion_waits_where_nothing_succeeds(value):
    env = Line(steps=5)
    learner = WayExTD3("MultiInputPolicy", Rewarded(env), value=value, **small())
    expansion = Expansion(step=0.01, episodes=4)
    learner.learn(60, callback=expansion)
    assert env.sigma == expansion.sigma == 0.0


def test_the_line_is_learned_from_its_demonstration(value):
    env = WayExWrapper(Line(), value)
    learner = TD3("MultiInputPolicy", env, gamma=0.95, **small())
    told = []
    curve = learn(learner, Line(), 1800, 600, 0, told=lambda c: told.append(len(c.points)))
    assert [steps for steps, *_ in curve.points] == [600, 1200, 1800] and told == [1, 2, 3]
    assert curve.last(1).share == 1.0
    _, rate, length = curve.points[-1]
    assert rate.trials == 10 and length == 10
    assert curve.last(2).trials == 20


def test_what_fails_has_no_length():
    rate, length = measured(lambda seen: np.array([-1.0]), Line(), episodes=2)
    assert rate.successes == 0 and np.isnan(length)
