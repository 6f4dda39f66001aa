"""Drawing skeleton maps, against the whole training step that they are drawn for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from common import least_s, options, report
from training_throughput import stages_of


def main() -> None:
    chosen = options(__doc__)
    import torch

    from vvipe.geometry.skeleton_maps import skeleton_maps
    from vvipe.training import PRESETS, choose_precision

    torch.set_num_threads(chosen.threads)
    paper: Any = PRESETS["geometry-aware-paper"]()
    small = replace(paper, architecture=replace(paper.architecture, generator="strided"))
    rows: list[dict[str, Any]] = []
    for config in (paper, small):
        precision = choose_precision(config.batch)
        for stage, step in stages_of(config, precision):
            views = 2 if stage.name == "pairs" else 1
            count = views * (stage.count or config.batch)
            keypoints, mask = torch.randn(count, 13, 2).clamp(-2, 2), torch.ones(count, 13)
            step_s, drawing_s = least_s(
                step, lambda k=keypoints, m=mask: skeleton_maps(k, m),
                rounds=1 if chosen.quick else 10,
            )  # fmt: skip
            rows.append({
                "generator": config.architecture.generator, "stage": stage.name, "maps": count,
                "step ms": 1e3 * step_s, "drawing ms": 1e3 * drawing_s,
                "drawing, of a step": drawing_s / step_s,
            })  # fmt: skip
    report("skeleton_maps", rows, chosen)


if __name__ == "__main__":
    main()
