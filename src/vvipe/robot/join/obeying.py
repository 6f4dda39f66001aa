"""From a person before a camera to a trapped ball: the whole chain, and its parts by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from vvipe.evaluation.detections import as_detected
from vvipe.geometry.layouts import Layout
from vvipe.poses import Poses2D
from vvipe.robot.join.filming import filmed
from vvipe.robot.join.people import SPOT_OF, Person
from vvipe.robot.join.signals import SignalBank
from vvipe.robot.join.skills import Skill
from vvipe.robot.join.spots import spot_arena
from vvipe.robot.planning.episodes import Trace, run_episodes, trace_episode
from vvipe.robot.planning.moving_goal import Single
from vvipe.robot.planning.settings import FETCH_REACH
from vvipe.robot.rates import Rate

SPEED = 0.5  # of the ball, in the robot's top speeds
MOTION = "bounce"


@dataclass(frozen=True)
class Asked:
    """A person's command as one camera saw it.

    Attributes:
        command: What was meant.
        seen: The keypoints.
    """

    command: str
    seen: Poses2D


def asked(person: Person, layout: Layout, camera: int, noise_seed: int | None = None) -> Asked:
    """A person before one camera of a layout.

    Args:
        person: Who gives a command.
        layout: The cameras.
        camera: Which.
        noise_seed: Of the errors of real detectors; None for exact projections.
    """
    seen = filmed(person.poses.positions, layout, camera)
    if noise_seed is not None:
        seen = as_detected(seen, np.random.default_rng(noise_seed))
    return Asked(person.command, seen)


def understood(bank: SignalBank, queries: Sequence[Asked]) -> list[str]:
    """The command that each is taken for."""
    return [bank.command(bank.model.embed(query.seen)) for query in queries]


def ball_speed() -> float:
    """Metres a step of the balls that are to be trapped."""
    return SPEED * FETCH_REACH


def obeyed(meant: str, skill: Skill, seed: int) -> bool:
    """Whether the ball about the spot that was meant is trapped by the skill that was called up.

    Args:
        meant: The command that was given.
        skill: Of the command that was understood.
        seed: Of the ball.
    """
    arena = arena_of(meant)
    return bool(run_episodes(arena, skill.planner(), 1, seed).caught[0])


def skilled(skill: Skill, episodes: int, seed: int, naive: bool = False) -> Rate:
    """Success of a skill about its own spot.

    Args:
        skill: Of a command.
        episodes: How many.
        seed: Of the first ball.
        naive: Told where the ball is, in place of where it will be.
    """
    arena = _arena(skill.spot)
    planner = skill.naive() if naive else skill.planner()
    caught = run_episodes(arena, planner, episodes, seed).caught
    return Rate(int(caught.sum()), len(caught))


def traced(meant: str, skill: Skill, seed: int) -> Trace:
    """As `obeyed`, with all that happened."""
    arena = arena_of(meant)
    return trace_episode(arena, skill.planner(), seed, arena.joints)


def arena_of(meant: str) -> Single:
    """The table on which the ball of a command rolls."""
    return _arena(SPOT_OF[meant])


@cache
def _arena(spot: str) -> Single:
    return spot_arena(spot, MOTION, ball_speed())
