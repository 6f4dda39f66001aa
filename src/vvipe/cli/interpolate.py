"""`vvipe interpolate`: from one pose to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import POSE_SUFFIXES, check_output, check_picture
from vvipe.cli.parsing import File, Json, Model, Name, Out, Whole, WidthMm
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Goes from one pose to another in the embedding space, in even steps, and decodes them.

    Example: vvipe interpolate stand.npz jump.bvh --frame-b 80 -o between.bvh --png strip.png

    Attributes:
        a: A file, OpenPose folder or video, or the name of one of the model's prototypes.
        b: Another one.
        out: .npz, .parquet, .json or .bvh; canonical poses in metres, A first, B last.
        frame_a: Frame number in A; by default the first that can be embedded.
        frame_b: Frame number in B, likewise.
        steps: How many poses, both ends included.
        png: Draws them too; .png, .pdf or .svg.
        skeleton: What the joints are, where the files do not say or say it wrong.
    """

    a: Annotated[str, tyro.conf.Positional]
    b: Annotated[str, tyro.conf.Positional]
    out: Out
    frame_a: Whole = None
    frame_b: Whole = None
    steps: int = 8
    png: File = None
    width_mm: WidthMm = None
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Interpolates into one file."""
    from dataclasses import replace

    import numpy as np

    from vvipe.cli.latents import embedded_pose
    from vvipe.formats.extra import write_with
    from vvipe.models import load

    check_output(options.out, POSE_SUFFIXES, Path(options.a), Path(options.b))
    check_picture(options.png, options.width_mm, Path(options.a), Path(options.b))
    if options.steps < 2:
        raise VvipeError("--steps must be at least 2", got=options.steps)
    model = load(options.model, needs=("interpolate", "decode"))
    start, end = (
        embedded_pose(model, name, frame, options.skeleton)[0]
        for name, frame in ((options.a, options.frame_a), (options.b, options.frame_b))
    )
    decoded = model.decode(model.interpolate(start, end, options.steps))
    poses = replace(decoded, frame=None, source=f"{options.a} to {options.b}")
    fractions = np.linspace(0, 1, options.steps, dtype=np.float32)
    write_with(poses, options.out, model=model.id, fraction=fractions)
    if options.png:
        from vvipe.view.figures.interpolation import interpolation_figure
        from vvipe.view.save import save_figure

        save_figure(interpolation_figure(poses, fractions), options.png, options.width_mm)
    answer = {"out": options.out, "rows": len(poses), "png": options.png, "model": model.id}
    return Answer(answer, f"{options.out}: {len(poses)} poses from {options.a} to {options.b}")
