"""`vvipe align`: when cameras saw the same, or two people did the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import check_picture
from vvipe.cli.parsing import File, Flag, Json, Model, Name, Number, WidthMm
from vvipe.cli.table import table_of
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    import numpy as np

    from vvipe.cli.recordings import Recording
    from vvipe.library.alignment import Offset
    from vvipe.library.performances import Performances

    Found = Offset | Performances | None


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
    from vvipe.models import load

    _check(options)
    model = load(options.model)
    recordings = [recording(model, path, options.fps, options.skeleton) for path in options.inputs]
    pairs = _warped(recordings) if options.warp else _offsets(recordings, options)
    if options.png or options.strip:
        from vvipe.cli.alignment_pictures import draw

        draw(recordings, pairs, options.png, options.strip, options.width_mm)
    told = [
        _told(recordings[i], recordings[j], found, options.drift) for (i, j), found in pairs.items()
    ]
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


def _offsets(
    recordings: Sequence[Recording], options: Options
) -> Mapping[tuple[int, int], Offset | None]:
    from vvipe.library.alignment import drifting_offset_of, offset_of
    from vvipe.library.together import agreed

    measure = drifting_offset_of if options.drift else offset_of
    pairs = {
        (i, j): measure(recordings[i].track, recordings[j].track, options.max_offset)
        for i, j in combinations(range(len(recordings)), 2)
    }
    return agreed(pairs, len(recordings)) if len(recordings) > 2 and not options.drift else pairs


def _warped(recordings: Sequence[Recording]) -> Mapping[tuple[int, int], Performances | None]:
    from vvipe.library.performances import performances

    curves = [(r.vectors, r.times) for r in recordings]
    return {
        (i, j): performances(curves[i], curves[j])
        for i, j in combinations(range(len(recordings)), 2)
    }


def _told(a: Recording, b: Recording, found: Found, drift: bool) -> dict[str, Any]:
    from vvipe.library.performances import Performances

    names = {"a": a.name, "b": b.name}
    if found is None:
        none = {"offset_s": None, "offset_frames": None, "confidence": 0.0, "reliable": False}
        return names | none
    pair = names | {
        "offset_s": round(found.offset_s, 4), "offset_frames": round(found.offset_s * b.fps, 2),
        "confidence": round(found.confidence, 3), "reliable": found.reliable,
    }  # fmt: skip
    if isinstance(found, Performances):
        return pair | {"path": _frames(found.path_s, a, b)}
    return pair | ({"drift": round(found.drift, 5)} if drift else {})


def _frames(path_s: np.ndarray, a: Recording, b: Recording) -> list[list[int]]:
    """Pairs of frame numbers, each once."""
    import numpy as np

    from vvipe.formats.columns import frame_of_rows

    pairs = [
        frame_of_rows(r.poses)[
            np.interp(instants, r.times, np.arange(len(r.times))).round().astype(int)
        ]
        for r, instants in zip((a, b), path_s.T, strict=True)
    ]
    return np.unique(np.stack(pairs, 1), axis=0).tolist()
