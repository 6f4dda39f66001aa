import numpy as np
import pytest
import torch

from vvipe.errors import VvipeError
from vvipe.robot.points.cloned import Cloned, Cloning
from vvipe.robot.points.cloning import clone, gaussian_loss
from vvipe.robot.points.networks import CausalTransformer

SMALL = {
    "mlp": Cloning("mlp", history=3, chunk=4, width=32, steps=5, batch=8),
    "transformer": Cloning("transformer", history=3, chunk=4, width=32, steps=5, batch=8),
    "pixels": Cloning("pixels", history=2, chunk=4, width=32, steps=3, batch=4, shake_px=2),
}
GIVEN = {"mlp": (6,), "transformer": (6,), "pixels": (24, 20, 3)}


def episodes(network, rng, count=3, length=7):
    shape = (length, *GIVEN[network])
    if network == "pixels":
        told = [rng.integers(0, 255, shape, dtype=np.uint8) for _ in range(count)]
    else:
        told = [rng.normal(size=shape).astype(np.float32) * 3 + 5 for _ in range(count)]
    return [(o, rng.uniform(-1, 1, (length, 2)).astype(np.float32)) for o in told]


@pytest.mark.parametrize("network", SMALL)
def test_same_seed_same_policy_and_the_callers_random_numbers_are_untouched(network, rng):
    data = episodes(network, rng)
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    one, two = (clone(data, SMALL[network]) for _ in range(2))
    assert torch.rand(1) == expected
    acts = [[p.act(o) for o in data[0][0]] for p in (one, two)]
    np.testing.assert_array_equal(*acts)
    assert np.abs(acts[0]).max() <= 1
    one.reset()
    np.testing.assert_array_equal([one.act(o) for o in data[0][0]], acts[0])


@pytest.mark.parametrize("network", SMALL)
def test_members_of_a_batch_do_not_know_of_each_other(network, rng):
    policy = clone(episodes(network, rng), SMALL[network])
    how = SMALL[network]
    histories = np.stack([e[0][: how.history] for e in episodes(network, rng, 5)])
    together = policy.chunks(histories)
    assert together.shape == (5, 4, 2)
    for i in range(5):
        np.testing.assert_allclose(policy.chunks(histories[i : i + 1])[0], together[i], atol=1e-5)


@pytest.mark.parametrize("network", ["mlp", "transformer"])
def test_a_policy_learns_what_depends_on_the_observation_before(network):
    rng = np.random.default_rng(1)
    data = []
    for _ in range(20):
        told = rng.uniform(-1, 1, (30, 2)).astype(np.float32)
        before = np.concatenate([told[:1], told[:-1]])
        data.append((told, 0.8 * before[:, ::-1] * np.float32([1, -1])))
    how = Cloning(network, history=2, chunk=1, width=32, steps=300, batch=64, rate=5e-3)
    policy = clone(data[:-1], how)
    told, wanted = data[-1]
    errors = np.array([policy.act(o) for o in told]) - wanted
    assert np.abs(errors).mean() < 0.1
    alone = clone(data[:-1], Cloning(network, 1, 1, width=32, steps=100, batch=64, rate=5e-3))
    blind = np.array([alone.act(o) for o in told]) - wanted
    assert np.abs(blind).mean() > 0.25  # one observation does not tell


def test_pixels_tell_where_something_is():
    rng = np.random.default_rng(2)
    data = []
    for _ in range(12):
        frames = np.zeros((20, 24, 24, 3), np.uint8)
        places = rng.integers(4, 20, (20, 2))
        for frame, (u, v) in zip(frames, places, strict=True):
            frame[v - 2 : v + 3, u - 2 : u + 3] = 255
        data.append((frames, ((places - 12) / 12).astype(np.float32)))
    policy = clone(data[:-1], Cloning("pixels", 1, 1, width=64, steps=150, batch=32, rate=3e-3))
    frames, wanted = data[-1]
    told = policy.chunks(frames[:, None])[:, 0]
    assert np.abs(told - wanted).mean() < 0.12


def test_loss_is_the_gaussian_log_density_but_for_its_constant(rng):
    told, wanted = (torch.tensor(rng.uniform(-1, 1, (5, 4, 2))) for _ in range(2))
    exist = torch.tensor(rng.random((5, 4)) < 0.7)
    exist[0] = True
    density = torch.distributions.Normal(told, 0.1)
    constant = density.log_prob(told)  # what is left where there is no error
    total, count = 0.0, 0
    for b in range(5):
        for c in range(4):
            if exist[b, c]:
                total += float((constant - density.log_prob(wanted))[b, c].mean())
                count += 1
    assert float(gaussian_loss(told, wanted, exist)) == pytest.approx(total / count)


def test_actions_beyond_the_end_teach_nothing(rng):
    told = torch.tensor(rng.normal(size=(2, 3, 1)), requires_grad=True)
    exist = torch.tensor([[True, True, False], [True, False, False]])
    gaussian_loss(told, torch.zeros(2, 3, 1), exist).backward()
    assert (told.grad[~exist] == 0).all() and (told.grad[exist] != 0).all()


def test_no_token_sees_a_later_one(seed, rng):
    net = CausalTransformer((4,), 5, (2, 3), 16).eval()
    seen = torch.tensor(rng.normal(size=(1, 5, 4)).astype(np.float32))
    later = seen.clone()
    later[:, 3:] += 1
    with torch.no_grad():
        both = [net.body(net.encode(x) + net.place, mask=net.mask) for x in (seen, later)]
    torch.testing.assert_close(both[0][:, :3], both[1][:, :3])
    assert not torch.allclose(both[0][:, 3:], both[1][:, 3:])


def test_columns_that_never_move_do_not_blow_up(rng):
    data = episodes("mlp", rng)
    for observations, _ in data:
        observations[:, 2] = 4.0
    network: Cloned = clone(data, SMALL["mlp"]).network
    assert network.scale[2] == 1 and network.mean[2] == pytest.approx(4)
    everything = np.concatenate([o for o, _ in data])
    np.testing.assert_allclose(network.mean, everything.mean(0), rtol=1e-4)
    np.testing.assert_allclose(network.scale[0], everything[:, 0].std(ddof=1), rtol=1e-4)


def test_progress_is_told(rng):
    told = []
    how = Cloning(history=1, chunk=1, width=8, steps=201, batch=4)
    clone(episodes("mlp", rng), how, lambda step, loss: told.append((step, loss)))
    assert [s for s, _ in told] == [0, 100, 200] and told[-1][1] < told[0][1]


def broken(rng, kind):
    data = episodes("mlp", rng)
    observations, actions = data[1]
    data[1] = {
        "shorter": (observations, actions[:-1]),
        "gap": (observations * np.float32("nan"), actions),
        "beyond": (observations, actions * 3),
        "shape": (observations[:, :4], actions),
        "no actions": (observations, actions[:0]),
    }[kind]
    return data


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("shorter", "demonstration 1: an action .A. for each observation"),
        ("no actions", "demonstration 1: an action .A. for each observation"),
        ("gap", "demonstration 1: has gaps"),
        ("beyond", "demonstration 1: actions are beyond"),
        ("shape", "demonstrations differ in shape"),
    ],
)
def test_unfit_demonstrations(rng, kind, message):
    with pytest.raises(VvipeError, match=message):
        clone(broken(rng, kind), SMALL["mlp"])


def test_other_mistakes(rng):
    with pytest.raises(VvipeError, match="no demonstrations"):
        clone([], SMALL["mlp"])
    with pytest.raises(VvipeError, match="unknown network 'gpt'"):
        Cloning("gpt")
    with pytest.raises(VvipeError, match="at least 1"):
        Cloning(history=0)
    policy = clone(episodes("mlp", rng), SMALL["mlp"])
    with pytest.raises(VvipeError, match=r"expected finite \(6,\); got \(5,\)"):
        policy.act(np.zeros(5))
    with pytest.raises(VvipeError, match="not an observation"):
        policy.act(np.full(6, np.inf))
