"""Device, precision and threads, chosen in one place by a self-test."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Precision:
    """What the training runs on.

    Attributes:
        device: `cuda` or `cpu`.
        bf16: Whether matrix products run in bfloat16.
        speedup: bfloat16 over float32 in the self-test, matrix products of the networks' size.
        gflops: Speed of those products in the type that was chosen.
        threads: CPU threads.
    """

    device: str
    bf16: bool
    speedup: float
    gflops: float
    threads: int


def choose_precision(batch: int = 1024, width: int = 1024) -> Precision:
    """Times (batch, width) by (width, width) products in both types; the faster one is chosen."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    seconds = {t: _product_s(t, device, batch, width) for t in (torch.float32, torch.bfloat16)}
    speedup = seconds[torch.float32] / seconds[torch.bfloat16]
    best = min(seconds.values()) if speedup > 1.1 else seconds[torch.float32]
    flops = 2 * batch * width * width
    return Precision(device, speedup > 1.1, speedup, flops / best / 1e9, torch.get_num_threads())


def _product_s(dtype: torch.dtype, device: str, batch: int, width: int) -> float:
    a = torch.randn(batch, width, device=device).to(dtype)
    b = torch.randn(width, width, device=device).to(dtype)
    times: list[float] = []
    for _ in range(8):
        start = time.perf_counter()
        torch.mm(a, b)
        if device == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return min(times)
