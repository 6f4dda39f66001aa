import torch

from vvipe.models.backbone import ResidualBlock
from vvipe.models.mirror import MirrorBlock
from vvipe.models.networks import Architecture, Networks


def test_shapes(networks, seed):
    mean, log_variance, *bones = networks.encoder_2d(torch.randn(4, 13, 2), torch.ones(4, 13))
    assert [b.shape for b in bones] == [(4, 17)] * networks.arch.bones
    assert mean.shape == log_variance.shape == (4, 8)
    assert networks.encoder_3d(torch.randn(4, 17, 3), torch.ones(4, 17))[0].shape == (4, 8)
    assert networks.decode(mean).shape == (4, 17, 3)


def test_the_paper_has_residual_blocks_of_1024_with_two_layers_each():
    encoder = Networks(Architecture(masks=False)).encoder_2d
    sizes = [
        (m.in_features, m.out_features) for m in encoder.modules() if hasattr(m, "in_features")
    ]
    assert sizes == [(26, 1024), *[(1024, 1024)] * 4, (1024, 32), (1024, 32)]


def test_hidden_joints_do_not_matter_but_hiding_does(networks, seed):
    points, mask = torch.randn(4, 13, 2), torch.ones(4, 13)
    mask[:, 3] = 0
    other = points.clone()
    other[:, 3] = 7.0
    hidden = networks.encoder_2d(points, mask)[0]
    torch.testing.assert_close(networks.encoder_2d(other, mask)[0], hidden)
    assert not torch.allclose(networks.encoder_2d(points, torch.ones(4, 13))[0], hidden)


def test_the_variance_of_the_2d_encoder_disturbs_its_features_only_where_it_weighs(networks, seed):
    for encoder, joints, dims, disturbed in (
        (networks.encoder_2d, 13, 2, networks.arch.matching),  # there it is to learn with them
        (networks.encoder_3d, 17, 3, True),
    ):
        encoder.zero_grad()
        encoder(torch.randn(4, joints, dims), torch.ones(4, joints))[1].square().sum().backward()
        assert all(p.grad.any() for p in encoder.log_variance.parameters())
        assert any(p.grad is not None for p in encoder.features.parameters()) == disturbed


def test_blocks_are_residual(networks, seed):
    block = next(m for m in networks.decoder.modules() if type(m) in (ResidualBlock, MirrorBlock))
    for layer in block.modules():
        if isinstance(layer, torch.nn.BatchNorm1d):
            layer.weight.data.zero_()
            layer.bias.data.zero_()
    x = torch.randn(5, 40)
    torch.testing.assert_close(block(x), x)
