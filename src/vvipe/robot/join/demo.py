"""One command, from a person before a camera to what the robot did, and a film of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.datasets.clip import Clip
from vvipe.errors import VvipeError
from vvipe.geometry.layouts import MPI_INF_3DHP
from vvipe.robot.join.obeying import Asked, arena_of, asked, traced
from vvipe.robot.join.people import FPS, SPOT_OF, Person, clips_of, signal_bank
from vvipe.robot.join.robot_panel import RobotPanel
from vvipe.robot.join.scene import TablePanel
from vvipe.robot.join.skills import skills
from vvipe.robot.join.spots import spot_trap
from vvipe.robot.planning.episodes import Trace
from vvipe.robot.planning.moving_goal import FETCH_TRAP
from vvipe.robot.told import Told, nobody
from vvipe.view.film import Film, write_film
from vvipe.view.film_bodies import BodyPanel
from vvipe.view.film_images import ImagePanel
from vvipe.view.film_picture import Panel, film_pictures

_HEIGHT = 420  # pixels
_FILM_FPS = 30.0  # the clips' own
_ROBOT_S = 0.16  # a step of the robot on the film, four times as slow as it is
_PAUSE_S = 1.0  # at the end


@dataclass(frozen=True)
class Obeyed:
    """What happened.

    Attributes:
        clip: Name of the person's clip.
        meant: The command that was given.
        understood: The command that it was taken for.
        costs: Command -> how unlike the person's motion was to it.
        caught: Whether the ball that was meant is trapped.
        steps: Of the robot.
        film: What was written.
    """

    clip: str
    meant: str
    understood: str
    costs: Mapping[str, float]
    caught: bool
    steps: int
    film: Film


def demonstrated(
    model: Any, data: Path, out: Path, film: Path, clip: str = "", camera: int = 0, seed: int = 0,
    told: Told = nobody,
) -> Obeyed:  # fmt: skip
    """Films a person of the test clips, obeys, and films what the robot does.

    Args:
        model: A representation that embeds 2D and 3D poses.
        data: Folder that holds `bandai_namco_2`.
        out: Folder of the skills; what is not there is trained.
        film: The file, `.mp4` or `.gif`.
        clip: Name of a test clip; one is drawn if it is empty.
        camera: Of MPI-INF-3DHP's eleven.
        seed: Of the clip, of detection's errors and of the ball.
        told: Given a line before what takes long.

    Raises:
        VvipeError: No such clip or camera, no data, or the film cannot be written.
    """
    if not 0 <= camera < len(MPI_INF_3DHP):
        raise VvipeError(f"no camera {camera}", expected=f"0 to {len(MPI_INF_3DHP) - 1}")
    chosen = _chosen(clips_of(data, "test"), clip, seed)
    person = Person.of(chosen, _FILM_FPS)
    query = asked(person, MPI_INF_3DHP, camera, seed)
    bank = signal_bank(model, clips_of(data, "validation"))
    costs = bank.costs(model.embed(query.seen[:: round(_FILM_FPS / FPS)]))
    understood = next(iter(costs))
    spot = SPOT_OF[understood]
    trace = traced(query.command, skills([spot], out, told=told)[spot], seed)
    written = write_film(film, _pictures(person, query, understood, trace, told), _FILM_FPS)
    return Obeyed(
        chosen.name, query.command, understood, costs, trace.caught, len(trace.gripper) - 1,
        written,
    )  # fmt: skip


def _chosen(clips: tuple[Clip, ...], name: str, seed: int) -> Clip:
    if not name:
        return clips[int(np.random.default_rng(seed).integers(len(clips)))]
    for clip in clips:
        if clip.name == name:
            return clip
    raise VvipeError(
        f"no test clip {name!r}", expected=", ".join(c.name for c in clips[:3]) + ", …"
    )


def _pictures(
    person: Person, query: Asked, understood: str, trace: Trace, told: Told
) -> Iterator[tuple[float, np.ndarray]]:
    """The person's motion first, then what the robot did."""
    last, steps = len(query.seen) - 1, len(trace.gripper) - 1
    begin_s, end_s = (last + 1) / _FILM_FPS, steps * _ROBOT_S
    times_s = np.arange(round((begin_s + end_s) * _FILM_FPS) + 1) / _FILM_FPS
    times_s = np.append(times_s, times_s[-1] + _PAUSE_S)
    rows = np.minimum(np.arange(len(times_s)), last)
    step = np.minimum((times_s - begin_s) / _ROBOT_S, steps)
    spots = {command: spot_trap(spot) for command, spot in SPOT_OF.items()}
    panels: list[Panel] = [
        ImagePanel(f"meant: {query.command}", _HEIGHT, query.seen, rows),
        BodyPanel("who it is", person.poses, rows / _FILM_FPS, rows, rows >= 0, _HEIGHT,
                  np.zeros(len(rows))),
        TablePanel(f"understood: {understood}", trace, step, FETCH_TRAP, spots, _HEIGHT),
    ]  # fmt: skip
    robot = None
    try:
        robot = RobotPanel("the robot", arena_of(query.command).model, trace, step, _HEIGHT)
        panels.append(robot)
    except VvipeError as error:
        told(f"the robot itself is not on the film: {error}")
    try:
        yield from film_pictures(panels, times_s)
    finally:
        if robot:
            robot.close()
