"""Embedding, poses/s by batch, against its matrix products alone; one pose, against memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from common import least_s, options, report

BATCHES = (1, 1024, 16384)
CACHES = 2**28  # bytes, more than any processor's caches hold


def inputs(batch: int) -> dict[str, Any]:
    from vvipe import Poses2D, Poses3D

    rng = np.random.default_rng(0)
    return {
        "2D": Poses2D(rng.normal(500, 100, (batch, 17, 2)), "coco17"),
        "3D": Poses3D(rng.normal(0, 0.3, (batch, 17, 3)), "h36m17"),
    }


def memory_reader(quick: bool) -> tuple[Callable[[], object], int]:
    """Something that reads from memory, and how many bytes it reads."""
    import torch

    numbers = torch.ones(CACHES // (32 if quick else 4))
    return numbers.sum, 4 * numbers.numel()


def main() -> None:
    chosen = options(__doc__)
    import torch
    from products import products_alone

    import vvipe

    torch.set_num_threads(chosen.threads)
    model = vvipe.load()
    weights = {
        kind: sum(p.numel() * 4 for p in network.parameters())
        for kind, network in (("2D", model._encoder_2d), ("3D", model._encoder_3d))
    }
    read, size = memory_reader(chosen.quick)
    rows: list[dict[str, Any]] = []
    for batch in BATCHES:
        for kind, poses in inputs(batch).items():
            embed = lambda poses=poses: model.embed(poses)  # noqa: E731
            alone = products_alone(embed)
            rounds = 2 if chosen.quick else max(10, min(300, 30_000 // batch))
            whole_s, bound_s, read_s = least_s(embed, alone, read, rounds=rounds)
            weights_s = read_s * weights[kind] / size
            rows.append({
                "input": kind, "batch": batch, "ms": 1e3 * whole_s,
                "poses/s": round(batch / whole_s), "bound poses/s": round(batch / bound_s),
                "of bound": bound_s / whole_s,
                "over reading weights": whole_s / weights_s if batch == 1 else "",
            })  # fmt: skip
    report("embedding_throughput", rows, chosen)


if __name__ == "__main__":
    main()
