"""What knowledge expansion is worth: starts and goals that were not demonstrated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvipe.robot.rates import Rate
from vvipe.robot.tables.result import Part, Table
from vvipe.robot.told import Told
from vvipe.robot.wayex.methods import METHODS
from vvipe.robot.wayex.table import FIRST_SEED, Run, spread_success, trained

EXPANDED = ("wayex", "wayex-target")
EPISODES = 100


def expansion_table(out: Path, seeds: int, steps: int, told: Told) -> Table:
    """Policies with and without expansion, where starts and goals spread as far as the one got.

    Args:
        out: As for `wayex_table`.
        seeds: Trainings of each.
        steps: Of the environment, a training.
        told: Given a line at each measurement.
    """
    rows = list[dict[str, Any]]()
    for method in EXPANDED:
        pairs = [[Run(method, seed=s, steps=steps, expand=e) for e in (True, False)]
                 for s in range(FIRST_SEED, FIRST_SEED + seeds)]  # fmt: skip
        found: dict[bool, list[Rate]] = {True: [], False: []}
        sigmas = list[float]()
        for pair in pairs:
            spread = trained(pair[0], out / pair[0].slug, told)["sigma"][-1][1]
            sigmas.append(spread)
            for run in pair:
                trained(run, out / run.slug, told)
                rate = spread_success(out / run.slug, spread, EPISODES)
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
