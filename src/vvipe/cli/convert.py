"""`vvipe convert`: between pose formats and skeletons."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import POSE_SUFFIXES, check_output, read_rows, size_in_pixels
from vvipe.cli.parsing import Json, Name, Number, Seconds, Whole
from vvipe.cli.smoothing import smoothed
from vvipe.cli.terminal import listed, note
from vvipe.cli.written import tell
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.formats.format import Poses


@dataclass(frozen=True)
class Options:
    """Converts poses to another format, skeleton or frame rate; nothing is changed unasked.

    Joints that the wanted skeleton has and the file has not are made of others, or stay unseen;
    which, is told.

    Example: vvipe convert 02_01.bvh walk.npz --skeleton h36m17 --fps 30

    Attributes:
        input: A file, an OpenPose folder or a video; what is read, see docs/formats.md.
        output: .npz, .parquet, .json or .csv; .bvh, .trc or .c3d (3D only).
        skeleton: The skeleton wanted; by default the file's own.
        from_skeleton: What the joints are, where the file does not say or says it wrong.
        fps: Frames per second wanted: nearest frames are taken. Where the file does not say its
            own rate, all frames stay, and this is the rate.
        person: Who, where frames show several: the place in each frame's list, or the number of his
            track where the file has such. By default one person is followed.
        image_size: Width and height, such as 1920x1080, where keypoints are parts of the image.
        smooth: Steadies motion over so many seconds, without lag; 0.12 suits lifted poses. Before
            frames are taken at another rate.
        bvh_bones: In BVH, bones keep their median length and turn (fixed), or every joint has its
            own position (moving): exact whatever the bones do, for fewer programs.
    """

    input: Annotated[Path, tyro.conf.Positional]
    output: Annotated[Path, tyro.conf.Positional]
    skeleton: Name = None
    from_skeleton: Name = None
    fps: Number = None
    person: Whole = None
    image_size: Name = None
    smooth: Seconds = None
    bvh_bones: Literal["fixed", "moving"] = "fixed"
    json: Json = False


def run(options: Options) -> Answer:
    """Converts one file."""
    from vvipe.formats import WriteOptions, write
    from vvipe.skeletons import get_skeleton

    check_output(options.output, POSE_SUFFIXES, options.input)
    if options.skeleton is not None:
        get_skeleton(options.skeleton)
    poses = read_rows(
        options.input, options.from_skeleton, person=options.person,
        image_size=size_in_pixels(options.image_size),
    )  # fmt: skip
    poses = smoothed(poses, options.smooth, options.fps)
    if options.fps is not None:
        poses = _at_rate(poses, options.fps)
    if options.skeleton is not None:
        poses = poses.to_skeleton(options.skeleton)
    report = write(poses, options.output, options=WriteOptions(options.bvh_bones))
    tell(report)
    missing = [j for i, j in enumerate(poses.skeleton.joints) if not poses.mask[:, i].any()]
    if poses.synthesised or missing:
        note(f"made from other joints: {listed(poses.synthesised)}; never seen: {listed(missing)}")
    answer = {
        "out": options.output, "rows": len(poses), "skeleton": poses.skeleton.name,
        "dims": poses.coords.shape[-1], "fps": poses.fps,
        "synthesised": poses.synthesised, "missing": missing, "written": report,
    }  # fmt: skip
    kind = f"{answer['dims']}D poses of {poses.skeleton.name}"
    return Answer(answer, f"{options.output}: {len(poses)} {kind}")


def _at_rate(poses: Poses, fps: float) -> Poses:
    from dataclasses import replace

    import numpy as np

    if not 0 < fps < float("inf"):
        raise VvipeError("--fps must be positive", got=fps)
    if poses.stamp_s is not None:
        start, end = poses.stamp_s[[0, -1]]
        instants = start + np.arange(max(1, int((end - start) * fps + 1e-6) + 1)) / fps
        rows = np.interp(instants, poses.stamp_s, np.arange(len(poses))).round().astype(int)
    elif poses.fps is None:
        return replace(poses, fps=fps)
    else:
        count = max(1, round(len(poses) * fps / poses.fps))
        rows = np.minimum((np.arange(count) * poses.fps / fps).round().astype(int), len(poses) - 1)
    return replace(poses[rows], fps=fps, frame=None, stamp_s=None)
