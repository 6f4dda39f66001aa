import torch

from vvipe.models.critic import Critic


def test_a_number_a_pose(seed):
    assert Critic(34, 16, 2)(torch.randn(5, 34)).shape == (5,)
    assert Critic(34, 16, 2)(torch.randn(1, 34)).shape == (1,)


def test_rows_do_not_know_of_each_other(seed):
    critic, x = Critic(6, 16, 2), torch.randn(4, 6, requires_grad=True)
    for row in range(4):
        (slope,) = torch.autograd.grad(critic(x)[row], x)
        assert [bool(s.any()) for s in slope] == [i == row for i in range(4)]
    alone = torch.cat([critic(x[i : i + 1]) for i in range(4)])
    torch.testing.assert_close(critic(x), alone)


def test_it_does_the_same_in_training_and_in_use(seed):
    critic, x = Critic(6, 16, 1), torch.randn(4, 6)
    before = {k: v.clone() for k, v in critic.state_dict().items()}
    torch.testing.assert_close(critic.train()(x), critic.eval()(x), rtol=0, atol=0)
    assert all(torch.equal(v, before[k]) for k, v in critic.state_dict().items())


def test_blocks_are_residual(seed):
    critic, x = Critic(6, 16, 2), torch.randn(4, 6)
    for block in critic.blocks:
        for weight in block.parameters():
            weight.data.zero_()
    expected = critic.last(critic.bend(critic.first(x)))[:, 0]
    torch.testing.assert_close(critic(x), expected)
