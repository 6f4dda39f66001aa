"""One command, from a person before a camera to what the robot did, and a film of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.datasets.clip import Clip
from vvipe.errors import VvipeError
from vvipe.geometry.layouts import MPI_INF_3DHP
from vvipe.poses import Poses3D
from vvipe.robot.join.obeying import Asked, asked, traced
from vvipe.robot.join.people import FPS, SPOT_OF, clips_of, signal_bank
from vvipe.robot.join.policies import Told, skills
from vvipe.robot.join.scene import TablePanel
from vvipe.robot.join.spots import spot_trap
from vvipe.robot.planning.episodes import Trace
from vvipe.robot.planning.moving_goal import FETCH_TRAP
from vvipe.view.film import Film, write_film
from vvipe.view.film_bodies import BodyPanel
from vvipe.view.film_images import ImagePanel
from vvipe.view.film_picture import Panel, film_pictures

_HEIGHT = 420  # pixels
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
    told: Told = lambda line: None,
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
    person = _chosen(clips_of(data, "test"), clip, seed)
    query = asked(person, MPI_INF_3DHP, camera, seed)
    bank = signal_bank(model, clips_of(data, "validation"))
    costs = bank.costs(model.embed(query.seen))
    understood = next(iter(costs))
    spot = SPOT_OF[understood]
    trace = traced(query.command, skills([spot], out, told=told)[spot], seed)
    shown = person.poses(FPS).to_skeleton("h36m17")
    written = _filmed(query, shown, understood, trace, film)
    return Obeyed(
        person.name, query.command, understood, costs, trace.caught, len(trace.gripper) - 1,
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


def _filmed(query: Asked, shown: Poses3D, understood: str, trace: Trace, path: Path) -> Film:
    person_s = np.arange(len(query.seen)) / FPS
    robot_s = person_s[-1] + _ROBOT_S * (1 + np.arange(len(trace.gripper)))
    times_s = np.concatenate([person_s, robot_s, [robot_s[-1] + _PAUSE_S]])
    last = len(person_s) - 1
    person = np.minimum(np.arange(len(times_s)), last)
    robot = np.clip(np.arange(len(times_s)) - len(person_s), -1, len(trace.gripper) - 1)
    spots = {command: spot_trap(spot) for command, spot in SPOT_OF.items()}
    still = np.zeros(len(times_s))
    panels: list[Panel] = [
        ImagePanel(f"meant: {query.command}", _HEIGHT, query.seen, person),
        BodyPanel("who it is", shown, person_s, person, person >= 0, _HEIGHT, still),
        TablePanel(f"understood: {understood}", trace, robot, FETCH_TRAP, spots, _HEIGHT),
    ]
    return write_film(path, film_pictures(panels, times_s), FPS)
