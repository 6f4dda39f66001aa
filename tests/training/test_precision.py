import pytest
import torch

from vvipe.training import choose_precision, precision


def test_the_self_test_measures_this_machine():
    got = choose_precision(batch=64, width=64)
    assert got.device == ("cuda" if torch.cuda.is_available() else "cpu")
    assert got.threads == torch.get_num_threads()
    assert 0 < got.gflops < 1e7 and got.speedup > 0
    assert got.bf16 == (got.speedup > 1.1)


@pytest.mark.parametrize(
    ("float32", "bfloat16", "bf16", "gflops"),
    [(2.0, 1.0, True, 2.0), (1.0, 2.0, False, 2.0), (1.05, 1.0, False, 2 / 1.05)],
)
def test_the_faster_type_is_chosen_where_it_is_worth_it(
    monkeypatch, float32, bfloat16, bf16, gflops
):
    seconds = {torch.float32: float32, torch.bfloat16: bfloat16}
    monkeypatch.setattr(precision, "_product_s", lambda dtype, *_: seconds[dtype])
    got = choose_precision(batch=1000, width=1000)
    assert (got.bf16, got.speedup) == (bf16, float32 / bfloat16)
    assert got.gflops == pytest.approx(gflops)


def test_products_of_the_size_that_was_asked_for_are_timed(monkeypatch):
    sizes = []
    product = torch.mm
    monkeypatch.setattr(
        torch, "mm", lambda a, b: sizes.append((*a.shape, *b.shape)) or product(a, b)
    )
    choose_precision(batch=12, width=34)
    assert set(sizes) == {(12, 34, 34, 34)}
