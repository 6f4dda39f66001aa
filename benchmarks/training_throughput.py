"""Training, poses/s of every stage, against the same steps' matrix products alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

from common import least_s, options, report

POSES = 30_000  # as many as the CMU training clips have


def stages_of(config: Any, precision: Any) -> Iterator[tuple[Any, Callable[[], None]]]:
    """The stages that a training has, one after the other, each with a whole step of it.

    A step is batch, losses, gradients, optimiser and running mean; of what learns against it too.
    """
    import torch

    from vvipe.models.kinds import KINDS
    from vvipe.training.data import PoseBank
    from vvipe.training.loop import _Run
    from vvipe.training.methods import METHODS
    from vvipe.training.methods.geometry_stages import PairBank

    bank = PoseBank(0.3 * torch.randn(POSES, 17, 3), torch.ones(POSES), "", 1)
    bank = PairBank(bank.poses, bank.weights, bank.hash, bank.clips, labelled=bank)
    networks = KINDS[config.representation].networks(config.architecture).to(precision.device)
    for number, make in enumerate(METHODS[config.representation].stages):
        stage, steps = make(networks, bank, config), count()
        if stage.steps:
            run = _Run(stage, number, "", Path(), precision, None)
            yield stage, lambda run=run, steps=steps: run._step(next(steps))


def main() -> None:
    chosen = options(__doc__)
    import torch
    from products import products_alone

    from vvipe.training import PRESETS, choose_precision

    torch.set_num_threads(chosen.threads)
    rows: list[dict[str, Any]] = []
    for preset, make in PRESETS.items():
        config = make()
        if getattr(config.architecture, "generator", "keypoints") != "keypoints":
            continue  # convolutions are no products of two matrices: no bound is known
        precision = choose_precision(config.batch)
        for stage, step in stages_of(config, precision):
            alone = products_alone(step)
            whole_s, bound_s = least_s(step, alone, rounds=1 if chosen.quick else 20)
            poses = stage.count or config.batch
            rows.append({
                "preset": preset, "stage": stage.name, "type": "bf16" if precision.bf16 else "f32",
                "step ms": 1e3 * whole_s, "products ms": 1e3 * bound_s,
                "poses/s": round(poses / whole_s), "bound poses/s": round(poses / bound_s),
                "of bound": bound_s / whole_s,
            })  # fmt: skip
    report("training_throughput", rows, chosen)


if __name__ == "__main__":
    main()
