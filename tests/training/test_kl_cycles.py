import pytest

from vvipe.training.methods.vae_gan import Cycles

# The thesis (§5.1.2): of 1400 epochs ten without KL, then cycles of forty that rise and ten that
# hold. Told in the middle of an epoch.
TABLE = {
    0: 0, 5: 0, 9: 0, 10: 0.5 / 40, 11: 1.5 / 40, 30: 20.5 / 40, 49: 39.5 / 40, 50: 1, 59: 1,
    60: 0.5 / 40, 80: 20.5 / 40, 100: 1, 109: 1, 110: 0.5 / 40, 1389: 29.5 / 40, 1399: 39.5 / 40,
}  # fmt: skip


@pytest.mark.parametrize(("epoch", "height"), TABLE.items())
def test_the_cycles_of_the_thesis(epoch, height):
    assert Cycles().at((epoch + 0.5) / 1400) == pytest.approx(height, abs=1e-6)


def naive(epoch):
    """Epoch by epoch."""
    height, left = 0.0, []
    for now in range(epoch + 1):
        if now >= 10:
            left = left or [(i + 0.5) / 40 for i in range(40)] + [1.0] * 10
            height = left.pop(0)
    return height


def test_all_epochs():
    for epoch in range(1400):
        assert Cycles().at((epoch + 0.5) / 1400) == pytest.approx(naive(epoch), abs=1e-6)


def test_other_cycles():
    assert Cycles(0.0, 0.0, 0.0).at(0.0) == 1.0
    assert Cycles(0.5, 0.0, 0.0).at(0.4) == 0.0
    assert Cycles(0.0, 1.0, 0.0).at(0.25) == pytest.approx(0.25)
    held = Cycles(0.2, 0.0, 1.0)
    assert (held.at(0.1), held.at(0.5)) == (0.0, 1.0)
