"""What knowledge expansion is worth: starts and goals that were not demonstrated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvipe.robot.rates import Rate
from vvipe.robot.tables.result import Part, Table
from vvipe.robot.told import Told
from vvipe.robot.wayex.methods import METHODS
from vvipe.robot.wayex.table import FIRST_SEED, Run, all_trained, spread_success

EXPANDED = ("wayex", "wayex-target")
EPISODES = 100


def expansion_table(out: Path, seeds: int, steps: int, told: Told, jobs: int = 1) -> Table:
    """Policies with and without expansion, where starts and goals spread as far as the one got.

    Args:
        out: As for `wayex_table`.
        seeds: Trainings of each.
        steps: Of the environment, a training.
        told: Given a line at each measurement.
        jobs: Trainings at a time.
    """
    every = range(FIRST_SEED, FIRST_SEED + seeds)
    runs = {
        (method, seed): [Run(method, seed=seed, steps=steps, expand=e) for e in (True, False)]
        for method in EXPANDED for seed in every
    }  # fmt: skip
    trained = all_trained([run for pair in runs.values() for run in pair], out, jobs, told)
    reached = {(r["method"], r["seed"]): r["sigma"][-1][1] for r in trained if r["expand"]}
    rows = list[dict[str, Any]]()
    for method in EXPANDED:
        sigmas = [reached[method, seed] for seed in every]
        found: dict[bool, list[Rate]] = {True: [], False: []}
        for seed, sigma in zip(every, sigmas, strict=True):
            for run in runs[method, seed]:
                rate = spread_success(out / run.slug, sigma, EPISODES)
                found[bool(run.expand)].append(rate)
        for expand, rates in found.items():
            shares = [round(100 * r.share) for r in rates]
            rows.append({
                "method": METHODS[method].title, "expansion": "yes" if expand else "no",
                "sigma_m": round(sum(sigmas) / len(sigmas), 3), **Rate.pooled(rates).row(),
                "by_seed": ", ".join(map(str, shares)),
            })  # fmt: skip
    title = "Success where starts and goals spread by the sigma that expansion reached"
    return Table("expansion", "Knowledge expansion", [Part(title, rows)])
