"""`vvipe robot demo`: a person gives a command, a robot obeys, and there is a film of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import FILMS, check_output
from vvipe.cli.parsing import File, Json
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError

FILM = "demo.mp4"


@dataclass(frozen=True)
class Options:
    """A person before a camera gives a command, and a robot traps the ball that is meant.

    A hand raised or waved, both hands, a walk, a run: the embedding finds which it is; its one
    demonstration, without actions, has taught a policy; a planner leads that to a rolling ball.
    The first run trains the skill that it needs, in minutes; it is kept in the folder.

    Example: vvipe robot demo --out runs/join

    Attributes:
        out: Folder of the skills and of the film, demo.mp4.
        data: Folder that holds bandai_namco_2; by default VVIPE_DATA, else .data.
        clip: Name of a test clip, such as run_normal_021; one is drawn unasked.
        camera: Which of MPI-INF-3DHP's eleven cameras looks on, from 0.
        seed: Of the clip that is drawn, of the detector's errors and of the ball.
        film: Another name for the film, .mp4 or .gif.
    """

    out: Path
    data: File = None
    clip: str = ""
    camera: int = 0
    seed: int = 0
    film: Path | None = None
    json: Json = False


def run(options: Options) -> Answer:
    """Does it all, and tells what happened."""
    if options.seed < 0:
        raise VvipeError("--seed must not be negative", got=options.seed)
    if options.out.exists() and not options.out.is_dir():
        raise VvipeError("is not a folder", where=options.out, expected="a folder for the skills")
    film = options.film or options.out / FILM
    check_output(film, FILMS)
    from vvipe.datasets import data_root
    from vvipe.models.registry import load
    from vvipe.robot.drawing import without_screen
    from vvipe.robot.names import load_from

    without_screen()
    demonstrated = load_from("vvipe.robot.join.demo", "demonstrated")
    told = demonstrated(
        load(), options.data or data_root(), options.out, film, options.clip, options.camera,
        options.seed, note,
    )  # fmt: skip
    found = asdict(told) | {"film": film, "seconds": round(told.film.seconds, 2)}
    came = "trapped the ball" if told.caught else "missed the ball"
    text = (
        f"{told.clip}: meant {told.meant!r}, understood {told.understood!r}; the robot {came} "
        f"in {told.steps} steps; {film}"
    )
    return Answer(found, text)
