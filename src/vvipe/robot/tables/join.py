"""The join, measured: what is understood, what is done, and both one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.evaluation.baselines import Keypoints2D
from vvipe.geometry.layouts import MPI_INF_3DHP, random_layout
from vvipe.models.registry import load
from vvipe.robot.join.obeying import Asked, asked, obeyed, skilled, understood
from vvipe.robot.join.people import SPOT_OF, Person, clips_of, signal_bank
from vvipe.robot.join.signals import Signal, SignalBank
from vvipe.robot.join.skills import Skill, learned_skills
from vvipe.robot.rates import Rate
from vvipe.robot.tables.result import Part, Table
from vvipe.robot.told import Told

CAMERAS = (0, 4, 8)  # of MPI-INF-3DHP's: no model was trained on what they see
FIRST_SEED = 50_000  # of the balls


def join_table(
    data: Path, out: Path, seeds: int, episodes: int, told: Told, jobs: int = 1
) -> Table:
    """What is understood, what is done, and both one after the other.

    Args:
        data: Folder that holds `bandai_namco_2`.
        out: Folder of the skills; what is in it is not trained again.
        seeds: Trainings of each skill.
        episodes: Of each skill by itself.
        told: Given a line at each step.
        jobs: Skills that are learned at a time.
    """
    model, bank_clips = load(), clips_of(data, "validation")
    banks = {"embedding": signal_bank(model, bank_clips), "2D keypoints": _flat_bank(bank_clips)}
    people = [Person.of(clip) for clip in clips_of(data, "test")]
    parts, meaning, meant = list[Part](), dict[str, list[str]](), list[str]()
    for kind, noisy in (("exact keypoints", False), ("detections", True)):
        queries, rows = _queries(people, noisy), list[dict[str, Any]]()
        meant = [query.command for query in queries]
        for name, bank in banks.items():
            told(f"understanding {len(queries)} {kind} by {name}")
            meaning[f"{name}, {kind}"] = found = understood(bank, queries)
            rows.append({"by": name, **_by_command(meant, found)})
        parts.append(Part(f"The right command, %, {kind}", rows))
    sets = learned_skills(SPOT_OF.values(), out, range(seeds), jobs, told)
    parts.append(
        Part("Skills before still balls, by seed", [_trials(spot, sets) for spot in sets[0]])
    )
    parts.append(Part("Skills: the ball trapped, %", _skill_rows(sets, episodes)))
    parts.append(Part("From person to ball", _chain_rows(meant, meaning, sets, told)))
    return Table("join", "From a human pose to a trapped ball (figure 1.1)", parts)


def _queries(people: Sequence[Person], noisy: bool) -> list[Asked]:
    return [
        asked(person, MPI_INF_3DHP, camera, 100 * number + camera if noisy else None)
        for number, person in enumerate(people)
        for camera in CAMERAS
    ]


def _flat_bank(clips: Sequence[Any]) -> SignalBank:
    """The same people before one camera: 2D keypoints have nothing to say to 3D poses."""
    rival, layout = Keypoints2D(), random_layout(1, np.random.default_rng(0))
    seen = [asked(Person.of(clip), layout, 0) for clip in clips]
    return SignalBank(rival, [Signal(one.command, rival.embed(one.seen)) for one in seen])


def _by_command(meant: Sequence[str], found: Sequence[str]) -> dict[str, Any]:
    right = np.array([m == f for m, f in zip(meant, found, strict=True)])
    of = {c: np.array([m == c for m in meant]) for c in SPOT_OF}
    whole = Rate(int(right.sum()), len(right)).row()
    each = {c: round(100 * float(right[mine].mean()), 1) for c, mine in of.items()}
    return {**whole, "mean of commands": round(float(np.mean(list(each.values()))), 1), **each}


def _trials(spot: str, sets: Sequence[dict[str, Skill]]) -> dict[str, Any]:
    """How often each policy of a spot was learned until it passed, and how it passed."""
    trials = [by_spot[spot].policy.actor.about for by_spot in sets]
    return {
        "spot": spot,
        "learned": ", ".join(f"{trial['tries']}×" for trial in trials),
        "trapped, %": ", ".join(f"{100 * trial['still']:.0f}" for trial in trials),
    }


def _skill_rows(sets: Sequence[dict[str, Skill]], episodes: int) -> list[dict[str, Any]]:
    rows = list[dict[str, Any]]()
    for name, naive in (("dynamic planner", False), ("naive", True)):
        rates = {
            spot: Rate.pooled(
                skilled(by_spot[spot], episodes, FIRST_SEED + 1000 * number, naive)
                for number, by_spot in enumerate(sets)
            )
            for spot in SPOT_OF.values()
        }
        shares = {spot: round(100 * rate.share, 1) for spot, rate in rates.items()}
        rows.append({"planner": name, **Rate.pooled(rates.values()).row(), **shares})
    return rows


def _chain_rows(
    meant: Sequence[str],
    meaning: dict[str, list[str]],
    sets: Sequence[dict[str, Skill]],
    told: Told,
) -> list[dict[str, Any]]:
    rng, commands = np.random.default_rng(0), list(SPOT_OF)
    wrong = [str(rng.choice([c for c in commands if c != m])) for m in meant]
    done = {
        "the right demonstration": meant,
        **meaning,
        "a wrong demonstration": wrong,
    }
    rows = list[dict[str, Any]]()
    for name, chosen in done.items():
        told(f"obeying {len(meant)} commands: {name}")
        caught = [
            obeyed(m, by_spot[SPOT_OF[d]], FIRST_SEED + 10_000 + 1000 * number + i)
            for number, by_spot in enumerate(sets)
            for i, (m, d) in enumerate(zip(meant, chosen, strict=True))
        ]
        told_right = np.mean([m == d for m, d in zip(meant, chosen, strict=True)])
        rows.append(
            {"chosen by": name, "right demonstration": round(100 * float(told_right), 1),
             **Rate(sum(caught), len(caught)).row()}
        )  # fmt: skip
    parts = rows[0]["success"] / 100
    for row in rows:
        row["product of parts"] = round(row["right demonstration"] * parts, 1)
    return rows
