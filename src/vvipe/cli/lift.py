"""`vvipe lift`: 2D keypoints to 3D poses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import (
    POSE_SUFFIXES,
    check_output,
    read_rows,
    size_in_pixels,
    with_sides_right,
)
from vvipe.cli.parsing import Flag, Json, Model, Name, Number, Out, Seconds
from vvipe.cli.smoothing import smoothed
from vvipe.cli.written import tell
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Lifts 2D keypoints to 3D poses on Human3.6M-17, metres: row i out is pose i in.

    Of a motion, frames in which the detector took left for right are put right first, as what
    comes before and after tells.

    Example: vvipe lift openpose_dir/ -o person.npz --frame camera

    Attributes:
        keypoints: A file or an OpenPose folder with 2D keypoints, or a video.
        out: .npz or .parquet; .json, .csv, .bvh, .trc or .c3d too.
        skeleton: What the joints are, where the file does not say or says it wrong.
        frame: canonical (hip at the origin, facing -x, z up), or camera (x right, y down,
            z forward; placed so that it projects onto the keypoints).
        focal_px: Focal length in pixels, for the camera's frame; else 1.145 of the image's width.
        image_size: Width and height, such as 1920x1080, where the file does not say; without any,
            each person is taken to stand in the middle of the image.
        as_detected: Leave left and right as the file has them.
        smooth: Steadies the lifted motion over so many seconds, without lag; try 0.12.
        bvh_bones: As for `convert`.
    """

    keypoints: Annotated[Path, tyro.conf.Positional]
    out: Out
    model: Model = "vvipe"
    skeleton: Name = None
    frame: Literal["canonical", "camera"] = "canonical"
    focal_px: Number = None
    image_size: Name = None
    as_detected: Flag = False
    smooth: Seconds = None
    bvh_bones: Literal["fixed", "moving"] = "fixed"
    json: Json = False


def run(options: Options) -> Answer:
    """Lifts one file."""
    import numpy as np

    from vvipe.formats import WriteOptions
    from vvipe.formats.extra import write_with
    from vvipe.models import load
    from vvipe.models.placing import intrinsics

    check_output(options.out, POSE_SUFFIXES, options.keypoints)
    if options.focal_px is not None and not 0 < options.focal_px < float("inf"):
        raise VvipeError("--focal-px must be positive", got=options.focal_px)
    size = size_in_pixels(options.image_size)
    poses = _sized(read_rows(options.keypoints, options.skeleton, image_size=size), size)
    model = load(options.model, needs=("lift",))
    swapped = 0
    if not options.as_detected:
        poses, swapped = with_sides_right(model, poses)
    lifted = model.lift(poses, frame=options.frame, focal_px=options.focal_px)
    lifted = smoothed(lifted, options.smooth)
    camera: dict[str, np.ndarray] = {}
    if options.frame == "camera":
        focal, centre = intrinsics(poses, options.focal_px)
        camera = {"focal_px": focal, "principal_point_px": centre}
    report = write_with(
        lifted, options.out, WriteOptions(options.bvh_bones), model=model.id, **camera
    )
    tell(report)
    absent = int(np.isnan(lifted.positions).any((1, 2)).sum())
    answer = {
        "out": options.out, "rows": len(lifted), "nan_rows": absent,
        "swapped_rows": swapped, "model": model.id,
        "frame_of_reference": lifted.frame_of_reference, "unit": lifted.unit, "up": lifted.up,
        "written": report,
    }  # fmt: skip
    text = f"{options.out}: {len(lifted)} poses, {lifted.frame_of_reference} frame, metres"
    text += f", {absent} of them NaN (too few joints seen)" if absent else ""
    return Answer(answer, text)


def _sized(poses: Any, size: tuple[int, int] | None) -> Any:
    """The poses with an image size from the command line."""
    return poses if size is None or poses.unit != "px" else replace(poses, image_size=size)
