"""`vvipe compare`: two poses or motions, from whatever side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import (
    check_output,
    check_picture,
    pick_frame,
    read_rows,
    with_sides_right,
)
from vvipe.cli.parsing import File, Json, Model, Name, Whole, WidthMm
from vvipe.cli.terminal import note

if TYPE_CHECKING:
    from vvipe.evaluation.compare import Comparison


@dataclass(frozen=True)
class Options:
    """Compares two poses or two motions, 2D or 3D, whatever side they were filmed from.

    Motions of as many frames are compared one by one; of others, frames in which the two do the
    same belong together. Frames of a motion in which a detector took left for right are put right
    first. The poses match where their matching distance is below 0.10 torso lengths on average.
    Angles are those at elbows and knees, between upper arm and trunk, and between thigh
    and trunk.

    Example: vvipe compare athlete.npz coach.bvh --frame-a 40 --frame-b 12

    Attributes:
        a: A file, an OpenPose folder or a video.
        b: Another one.
        frame_a: Frame number in A; by default all frames.
        frame_b: Frame number in B; by default all frames.
        worst: How many of the frames that differ most to list.
        timing: Which frames belong together: those of the same number (frames), those in which the
            two do the same (warp), or those at the same share of the duration (stretch).
        out: .csv or .parquet with the differences of every pair of frames: of the embeddings, of
            angles (B less A, degrees) and of joints (millimetres).
        png: Draws them over time, and the worst moments; .png, .pdf or .svg.
        skeleton: What the joints are, where the files do not say or say it wrong.
    """

    a: Annotated[Path, tyro.conf.Positional]
    b: Annotated[Path, tyro.conf.Positional]
    frame_a: Whole = None
    frame_b: Whole = None
    worst: int = 5
    timing: Literal["auto", "frames", "warp", "stretch"] = "auto"
    out: Annotated[File, tyro.conf.arg(aliases=["-o"])] = None
    png: File = None
    width_mm: WidthMm = None
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Compares two files."""
    from vvipe.evaluation.compare import differences, summary
    from vvipe.models import load

    if options.out:
        check_output(options.out, (".csv", ".parquet"), options.a, options.b)
    check_picture(options.png, options.width_mm, options.a, options.b)
    model = load(options.model, needs=("lift",))
    a, b = (
        pick_frame(with_sides_right(model, read_rows(path, options.skeleton))[0], frame)
        for path, frame in ((options.a, options.frame_a), (options.b, options.frame_b))
    )
    found = differences(model, a, b, options.timing)
    result = summary(found, max(0, options.worst))
    if len(a) != len(b):
        how = "stretched over" if options.timing == "stretch" else "warped onto"
        shorter = min((a, b), key=len)
        note(f"{len(a)} and {len(b)} frames: {shorter.source} is {how} the other")
    if options.out:
        from vvipe.formats.table import write_table

        write_table(found.to_columns(), options.out)
    if options.png:
        from vvipe.view import save_figure
        from vvipe.view.figures.comparison import comparison_figure

        time_s = max((a, b), key=len).time_s
        figure = comparison_figure(found, time_s, options.a.stem, options.b.stem)
        save_figure(figure, options.png, options.width_mm)
    return Answer(result.to_json(), _text(result))


def _text(result: Comparison) -> str:
    verdict = "the same pose" if result.match else "different poses"
    lines = [
        f"distance {result.distance:.3f}: {verdict}",
        "",
        f"{'joint':<16}  {'mm':>5}  {'deg':>5}",
    ]
    for joint, mm in result.per_joint_mm.items():
        deg = result.per_joint_deg.get(joint)
        lines.append(f"{joint:<16}  {_number(mm)}  {_number(deg)}".rstrip())
    if len(result.worst) > 1:
        pairs = (f"{p.frame_a}/{p.frame_b} ({p.distance:.2f})" for p in result.worst)
        lines += ["", f"furthest apart, frame A/frame B: {', '.join(pairs)}"]
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return " " * 5 if value is None else f"{value:5.0f}"
