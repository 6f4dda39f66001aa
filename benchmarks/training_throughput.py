"""Training, poses/s of both stages, against the same steps' matrix products alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from common import least_s, options, report

POSES = 30_000  # as many as the CMU training clips have


def step_of(config: Any, stage: Any, number: int, precision: Any) -> Callable[[], None]:
    """One whole step: batch, losses, gradients, optimiser and running mean."""
    import torch

    from vvipe.models.networks import Networks
    from vvipe.training.data import PoseBank
    from vvipe.training.loop import _Run

    poses = 0.3 * torch.randn(POSES, 17, 3)
    bank = PoseBank(poses, torch.ones(POSES), "", 1)
    networks = Networks(config.architecture).to(precision.device)
    stage = stage(networks, bank, config)
    run = _Run(stage, number, "", Path(), precision, None)
    steps = count()
    return lambda: run._step(next(steps))


def main() -> None:
    chosen = options(__doc__)
    import torch
    from products import products_alone

    from vvipe.training import PRESETS, choose_precision
    from vvipe.training.methods.vvipe_stages import Mapping, PoseVae

    torch.set_num_threads(chosen.threads)
    precision = choose_precision(PRESETS["vvipe"]().batch)
    rows: list[dict[str, Any]] = []
    for preset, make in PRESETS.items():
        config = make()
        for number, stage in enumerate((PoseVae, Mapping)):
            step = step_of(config, stage, number, precision)
            alone = products_alone(step)
            whole_s, bound_s = least_s(step, alone, rounds=1 if chosen.quick else 20)
            rows.append({
                "preset": preset, "stage": stage.name, "type": "bf16" if precision.bf16 else "f32",
                "step ms": 1e3 * whole_s, "products ms": 1e3 * bound_s,
                "poses/s": round(config.batch / whole_s),
                "bound poses/s": round(config.batch / bound_s), "of bound": bound_s / whole_s,
            })  # fmt: skip
    report("training_throughput", rows, chosen)


if __name__ == "__main__":
    main()
