"""`vvipe generate`: new poses around one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import POSE_SUFFIXES, check_output, check_picture
from vvipe.cli.parsing import File, Json, Model, Name, Out, Whole, WidthMm
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.poses import Poses3D


@dataclass(frozen=True)
class Options:
    """Makes new 3D poses around one: its embedding plus α times noise, decoded.

    Rows are ordered by direction, then by α; npz and Parquet say in `alpha` and `direction` which.

    Example: vvipe generate clip.bvh --frame 40 -o variants.npz --png variants.png

    Attributes:
        pose: A file, OpenPose folder or video, or the name of one of the model's prototypes.
        out: .npz, .parquet, .json or .bvh; canonical poses in metres.
        frame: Frame number; by default the first that can be embedded.
        alpha: Strengths of the noise.
        directions: How many directions of noise, each with all strengths.
        seed: Of the noise.
        png: Draws them too; .png, .pdf or .svg.
        skeleton: What the joints are, where the file does not say or says it wrong.
    """

    pose: Annotated[str, tyro.conf.Positional]
    out: Out
    frame: Whole = None
    alpha: tuple[float, ...] = (0.2, 0.3, 0.4, 0.5)
    directions: int = 2
    seed: int = 0
    png: File = None
    width_mm: WidthMm = None
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Generates poses into one file."""
    import numpy as np

    from vvipe.cli.latents import embedded_pose
    from vvipe.formats.extra import write_with
    from vvipe.models import load

    _check(options)
    model = load(options.model, needs=("generate", "decode"))
    start = embedded_pose(model, options.pose, options.frame, options.skeleton)[0]
    variants = model.decode(model.generate(start, options.alpha, options.directions, options.seed))
    count = len(options.alpha)
    rows = _rows(variants, f"{options.pose} varied")
    write_with(
        rows, options.out, model=model.id,
        alpha=np.tile(np.array(options.alpha, np.float32), options.directions),
        direction=np.arange(options.directions).repeat(count),
    )  # fmt: skip
    if options.png:
        from vvipe.view.figures.variants import variants_figure
        from vvipe.view.save import save_figure

        figure = variants_figure(model.decode(start), variants, options.alpha)
        save_figure(figure, options.png, options.width_mm)
    answer = {
        "out": options.out, "rows": len(rows), "alphas": options.alpha, "png": options.png,
        "directions": options.directions, "seed": options.seed, "model": model.id,
    }  # fmt: skip
    return Answer(answer, f"{options.out}: {len(rows)} poses, {count} strengths in each direction")


def _check(options: Options) -> None:
    check_output(options.out, POSE_SUFFIXES, Path(options.pose))
    check_picture(options.png, options.width_mm, Path(options.pose))
    if not options.alpha or not all(0 <= a < float("inf") for a in options.alpha):
        raise VvipeError("--alpha wants numbers from 0 on", got=options.alpha or "none")
    if options.directions < 1:
        raise VvipeError("--directions must be at least 1", got=options.directions)
    if options.seed < 0:
        raise VvipeError("--seed must not be negative", got=options.seed)


def _rows(poses: Poses3D, source: str) -> Poses3D:
    from dataclasses import replace

    coords = poses.coords.reshape(-1, *poses.coords.shape[-2:])
    return replace(poses, coords=coords, frame=None, source=source)
