"""`vvipe align`: when cameras saw the same, or two people did the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import check_picture
from vvipe.cli.parsing import File, Flag, Json, Model, Name, Number, WidthMm
from vvipe.cli.table import table_of
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Finds by how much the clocks of cameras that filmed one performance are apart.

    An instant t of A is the instant t + offset of B. Where there is no answer to rely on (nothing
    happens, or the same again and again), it says so. Of three and more recordings all pairs are
    made to agree. With --warp, the recordings are of different performances of one movement: each
    pair then has a path, frames of A and of B that belong together, and its offset is the median.

    Example: vvipe align left.npz right.npz --png fit.png --strip moments.png

    Attributes:
        inputs: Two or more files, OpenPose folders or videos, 2D or 3D.
        fps: Frames per second of files that do not say.
        max_offset: The largest offset, seconds.
        drift: One camera's clock may run up to a hundredth faster than another's.
        warp: These are performances of one movement, each at a tempo of its own.
        png: Draws which frames look alike, and how well each offset fits; .png, .pdf or .svg.
        strip: Draws moments of all recordings beneath each other, likewise.
        skeleton: What the joints are, where a file does not say or says it wrong.
    """

    inputs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    fps: Number = None
    max_offset: Number = None
    drift: Flag = False
    warp: Flag = False
    png: File = None
    strip: File = None
    width_mm: WidthMm = None
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Aligns all pairs of recordings."""
    from vvipe.cli.recordings import recording
    from vvipe.library.recordings import aligned, pairs_to_json
    from vvipe.models import load

    _check(options)
    model = load(options.model)
    recordings = [recording(model, path, options.fps, options.skeleton) for path in options.inputs]
    pairs = aligned(recordings, options.max_offset, options.drift, options.warp)
    if options.png or options.strip:
        from vvipe.cli.alignment_pictures import draw

        draw(recordings, pairs, options.png, options.strip, options.width_mm)
    told = pairs_to_json(recordings, pairs, options.drift)
    lines = [
        {
            "a": pair["a"], "b": pair["b"],
            "offset": "none" if pair["offset_s"] is None else f"{pair['offset_s']:+.3f} s",
            "frames of b": None if pair["offset_s"] is None else f"{pair['offset_frames']:+.1f}",
            "confidence": f"{pair['confidence']:.2f}",
            "": "" if pair["reliable"] else "not reliable",
        }
        for pair in told
    ]  # fmt: skip
    return Answer({"pairs": told}, table_of(lines))


def _check(options: Options) -> None:
    if len(options.inputs) < 2:
        raise VvipeError("needs two recordings or more", got=len(options.inputs))
    for name, value in (("--fps", options.fps), ("--max-offset", options.max_offset)):
        if value is not None and not 0 < value < float("inf"):
            raise VvipeError(f"{name} must be positive", got=value)
    for name, given in (("--drift", options.drift), ("--max-offset", options.max_offset)):
        if options.warp and given:
            raise VvipeError(f"{name} is for one performance", hint="leave out --warp")
    for path in (options.png, options.strip):
        check_picture(path, options.width_mm, *options.inputs)
