import numpy as np
import pytest

pytest.importorskip("stable_baselines3")

from gymnasium import spaces
from stable_baselines3 import HerReplayBuffer
from stable_baselines3.common.buffers import DictReplayBuffer, NStepReplayBuffer

from vvipe.robot.wayex.replay import SeveralSteps, SeveralStepsHindsight

GAMMA, N = 0.9, 3
PLACE = spaces.Box(-np.inf, np.inf, (1,), np.float32)
SEEN = spaces.Dict({k: PLACE for k in ("observation", "achieved_goal", "desired_goal")})
LENGTHS = (7, 4, 9)  # of episodes: a success, a time-out, one that goes on


class Line:
    """Only what hindsight asks of an environment: a step costs 1 unless it ends at the goal."""

    def env_method(self, name, achieved, desired, infos, indices):
        assert name == "compute_reward" and len(achieved) == len(desired) == len(infos)
        return [-(np.abs(achieved - desired)[:, 0] > 0.5).astype(np.float32)]


def walk(buffer, key=lambda place, goal: place):
    """Fills a buffer: each step goes one on; rewards are all different."""
    place, goal, step = 0.0, 100.0, 0
    for episode, length in enumerate(LENGTHS):
        for k in range(length):
            before, place, step = place, place + 1, step + 1
            ends = k == length - 1 and episode < 2
            infos = [{"TimeLimit.truncated": ends and episode == 1}]
            buffer.add(
                key(np.full((1, 1), before, np.float32), goal),
                key(np.full((1, 1), place, np.float32), goal),
                np.full((1, 1), step / 100), np.array([-float(step)]), np.array([ends]), infos,
            )  # fmt: skip
        place += 10
        goal += 1
    return buffer


def goals(place, goal):
    return {
        "observation": place,
        "achieved_goal": place,
        "desired_goal": np.full_like(place, goal),
    }


def filled(kind, size=50, **options):
    return walk(kind(size, SEEN, PLACE, device="cpu", **options), goals)


@pytest.mark.parametrize("size", [50, 13])
def test_several_steps_are_those_of_the_library_for_plain_observations(size):
    """13 rows are written over: the newest stands before the oldest."""
    plain = walk(NStepReplayBuffer(size, PLACE, PLACE, "cpu", n_steps=N, gamma=GAMMA))
    ours = filled(SeveralSteps, size, n_steps=N, gamma=GAMMA)
    rows = np.arange(min(size, sum(LENGTHS)))
    expected, found = plain._get_samples(rows), ours._get_samples(rows)
    for name in ("actions", "dones", "rewards", "discounts"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-6)
    for name in ("observations", "next_observations"):
        np.testing.assert_array_equal(getattr(found, name)["observation"], getattr(expected, name))


def test_one_step_is_the_library_s_replay():
    expected = filled(DictReplayBuffer)._get_samples(np.arange(20))
    found = filled(SeveralSteps, n_steps=1, gamma=GAMMA)._get_samples(np.arange(20))
    for name in ("actions", "dones", "rewards"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for key in SEEN:
        np.testing.assert_array_equal(found.next_observations[key], expected.next_observations[key])
    np.testing.assert_allclose(found.discounts, GAMMA)


def hindsight(n, **options):
    return filled(SeveralStepsHindsight, env=Line(), n_steps=n, gamma=GAMMA, **options)


def test_hindsight_earns_by_the_goal_that_was_reached():
    np.random.seed(0)
    batch = hindsight(N, n_sampled_goal=9).sample(500)
    place, goal = (batch.observations[k].numpy()[:, 0] for k in ("observation", "desired_goal"))
    assert (batch.next_observations["desired_goal"].numpy()[:, 0] == goal).all()
    other = goal < 100
    assert 0.85 < other.mean() < 0.95
    for start, aim, earned in zip(
        place[other], goal[other], batch.rewards.numpy()[other, 0], strict=True
    ):
        end = 7 if start < 7 else 21  # where its episode stopped
        steps = range(1, int(min(N, end - start)) + 1)
        expected = -sum(GAMMA ** (k - 1) for k in steps if start + k != aim)
        assert aim > start and earned == pytest.approx(expected, abs=1e-6)


def test_goals_of_their_own_earn_what_was_earned():
    np.random.seed(1)
    batch = hindsight(N).sample(400)
    own = batch.observations["desired_goal"].numpy()[:, 0] >= 100
    plain = filled(SeveralSteps, n_steps=N, gamma=GAMMA)._get_samples(np.arange(11))
    earned = dict(zip(plain.actions.numpy()[:, 0], plain.rewards.numpy()[:, 0], strict=True))
    actions, rewards = batch.actions.numpy()[own, 0], batch.rewards.numpy()[own, 0]
    assert own.sum() > 20
    np.testing.assert_allclose(rewards, [earned[a] for a in actions])


def test_hindsight_over_one_step_is_the_library_s():
    np.random.seed(2)
    found = hindsight(1).sample(4000)
    np.random.seed(2)
    expected = filled(HerReplayBuffer, env=Line()).sample(4000)
    for name in ("rewards", "dones"):
        mine, theirs = (getattr(b, name).numpy().mean() for b in (found, expected))
        assert mine == pytest.approx(theirs, rel=0.1)
    apart = [
        (b.observations["desired_goal"] - b.observations["observation"]).numpy()
        for b in (found, expected)
    ]
    assert np.median(apart[0]) == pytest.approx(np.median(apart[1]), abs=1)
