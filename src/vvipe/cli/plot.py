"""`vvipe plot`: pictures of poses and of what the model finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import check_output, check_picture
from vvipe.cli.parsing import File, Flag, Json, Model, Name, Number, Out, Several, Whole, WidthMm
from vvipe.errors import VvipeError

KINDS = Literal[
    "retrieval",
    "lift",
    "views",
    "canonical",
    "interpolation",
    "variants",
    "map",
    "sequence",
    "film",
]
FILMS = (".mp4", ".gif")


@dataclass(frozen=True)
class Options:
    """Draws a picture or a film; 3D motion is filmed by virtual cameras where keypoints are needed.

    retrieval: poses found among those of --among, or of the input's other moments or camera.

    lift: 2D keypoints and the lifted body; beside the true one for 3D input, or with --true.

    views: 3D poses as four cameras see them, and what each view is lifted to.

    canonical: poses before and after they are put into one frame of reference.

    interpolation: from --frame to --frame-to, or to the pose of --to.

    variants: new poses around one. map: the space, ten key poses. sequence: poses along a clip.

    film: the motion, moment by moment, lifted if it is 2D; beside its video, or another motion,
    which then shows the moment that is the same in it.

    Example: vvipe plot film keypoints.npz --beside video.mp4 -o film.mp4

    Attributes:
        kind: What to draw.
        input: A file, OpenPose folder or video; for map, any folder of files too; for interpolation
            and variants, the name of one of the model's prototypes too.
        out: .png, .pdf or .svg; a film .mp4 or .gif.
        frame: Frame number; by default the first that can be embedded, or several for retrieval.
        among: retrieval: where to search.
        true: lift: the true 3D poses of 2D input, as many.
        to: interpolation: the pose to go to, as for the input.
        frame_to: interpolation: frame number there; by default the last that can be embedded.
        count: How many poses to draw.
        worst: retrieval, lift, views: those that come out worst, by the true poses.
        beside: film: a video of the motion named before it, or another motion; may be repeated.
        orbit: film: degrees a second by which the viewer goes around.
        fps: film: this many frames a second at most; by default all, 25 for .gif.
        height: film: pixels of its panels, 540 by default.
        skeleton: What the joints are, where a file does not say or says it wrong.
    """

    kind: Annotated[KINDS, tyro.conf.Positional]
    input: Annotated[str, tyro.conf.Positional]
    out: Out
    frame: Whole = None
    among: File = None
    true: File = None
    to: Name = None
    frame_to: Whole = None
    count: Whole = None
    worst: Flag = False
    beside: Several = ()
    orbit: Number = None
    fps: Number = None
    height: Whole = None
    width_mm: WidthMm = None
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Draws one picture."""
    inputs = [Path(i) for i in (options.input, options.among, options.true, options.to) if i]
    if options.kind == "film":
        inputs += map(Path, options.beside)
        check_output(options.out, FILMS, *inputs)
    else:
        check_picture(options.out, options.width_mm, *inputs)
    _check_for(options)
    if options.count is not None and options.count < 1:
        raise VvipeError("--count must be at least 1", got=options.count)
    from vvipe.models import load

    model = load(options.model, needs=("lift", "decode"))
    if options.kind == "film":
        from vvipe.cli.film import film

        return film(options, model)
    from vvipe.cli import pictures
    from vvipe.view import save_figure

    save_figure(pictures.DRAW[options.kind](options, model), options.out, options.width_mm)
    return Answer({"out": options.out, "kind": options.kind}, f"{options.out}: {options.kind}")


def _check_for(options: Options) -> None:
    """Options that belong to other kinds are no silent mistake."""
    for_films = ("beside", "orbit", "fps", "height")
    for name in ("width_mm",) if options.kind == "film" else for_films:
        if getattr(options, name):
            raise VvipeError(f"--{name.replace('_', '-')} is not for {options.kind}")
