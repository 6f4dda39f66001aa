"""The film of `vvipe plot film`: what stands side by side, and at which moments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import read_rows, with_sides_right
from vvipe.cli.progress import LINE_S
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError
from vvipe.formats.columns import frame_of_rows
from vvipe.formats.video import VIDEO
from vvipe.library.beat import FPS, seconds
from vvipe.library.performances import performances
from vvipe.poses import Poses2D, Poses3D, mean_fps
from vvipe.video import frames
from vvipe.view.film import GIF_FPS, write_film
from vvipe.view.film_bodies import BodyPanel
from vvipe.view.film_images import ImagePanel
from vvipe.view.film_picture import Panel, film_pictures
from vvipe.view.sheet import union

if TYPE_CHECKING:
    from vvipe.cli.plot import Options

HEIGHT, SMALLEST = 540, 120


@dataclass(frozen=True)
class _Side:
    """One motion of the film, with the video that it comes from, if any."""

    name: str
    poses: Poses2D | Poses3D
    times_s: np.ndarray
    video: Path | None


def film(options: Options, model: Any) -> Answer:
    """Draws a motion moment by moment, beside its video and beside other motions."""
    height = HEIGHT if options.height is None else options.height
    if height < SMALLEST or height % 2:
        raise VvipeError("--height does not suit", expected=f"even, {SMALLEST} or more", got=height)
    if options.fps is not None and not 0 < options.fps < float("inf"):
        raise VvipeError("--fps must be positive", got=options.fps)
    sides = _sides(options, model)
    picked = _thinned(sides[0].times_s, _most_fps(options))
    times_s = sides[0].times_s[picked]
    turn_deg = (options.orbit or 0.0) * (times_s - times_s[0])
    panels: list[Panel] = []
    for number, side in enumerate(sides):
        instants = times_s if not number else _instants(model, sides[0], side, times_s)
        panels += _panels(model, side, len(sides) == 1, instants, height, turn_deg)
    bodies = [panel for panel in panels if isinstance(panel, BodyPanel)]
    together = union([body.box() for body in bodies])
    for body in bodies:
        body.show(together or body.box(), height)
    begin = time.monotonic()
    pictures = _told(film_pictures(panels, times_s), len(times_s))
    written = write_film(options.out, pictures, mean_fps(times_s) or FPS)
    rate = written.frames / max(time.monotonic() - begin, 1e-9)
    answer = {
        "out": options.out, "kind": "film", "frames": written.frames, "size": written.size,
        "seconds": round(written.seconds, 3), "frames_per_s": round(rate, 1),
    }  # fmt: skip
    width, tall = written.size
    return Answer(
        answer,
        f"{options.out}: {written.frames} frames, {written.seconds:.2f} s, {width}x{tall}, "
        f"drawn at {rate:.0f} frames/s",
    )


def _most_fps(options: Options) -> float | None:
    if options.out.suffix.lower() != ".gif":
        return options.fps
    return min(options.fps or GIF_FPS, 50.0)


def _sides(options: Options, model: Any) -> list[_Side]:
    """The input and what is beside it; a video belongs to the motion named before it."""
    sides: list[_Side] = []
    for path in map(Path, (options.input, *options.beside)):
        is_video = path.is_file() and VIDEO.sniff(path)
        if is_video and sides:
            if sides[-1].video is not None:
                raise VvipeError(
                    "a second video of one motion", where=path, hint="name its keypoints before it"
                )
            last = sides[-1]
            sides[-1] = _Side(last.name, last.poses, last.times_s, path)
        else:
            sides.append(_side(model, path, path if is_video else None, options.skeleton))
    return sides


def _side(model: Any, path: Path, video: Path | None, skeleton: str | None) -> _Side:
    poses, _ = with_sides_right(model, read_rows(path, skeleton))
    if not np.isfinite(poses.coords).any():
        raise VvipeError("nobody is seen in it", where=path)
    frame = frame_of_rows(poses)
    if (np.diff(frame) <= 0).any():
        raise VvipeError("frames do not follow each other", where=path, hint="one person a file")
    if poses.time_s is None:
        note(f"{path}: the frame rate is not told; taken as {FPS:g}")
    return _Side(path.stem or str(path), poses, seconds(frame, poses.stamp_s, poses.fps), video)


def _thinned(times_s: np.ndarray, most_fps: float | None) -> np.ndarray:
    """Rows of which no more than so many are in a second."""
    if most_fps is None:
        return np.arange(len(times_s))
    # A hundredth of a step: times are rounded.
    slot = np.floor((times_s - times_s[0]) * most_fps + 0.01)
    return np.unique(slot, return_index=True)[1]


def _instants(model: Any, first: _Side, other: _Side, times_s: np.ndarray) -> np.ndarray:
    """(N,) when the other does what the first does then; NaN where it never does."""
    curves = [(model.embed(s.poses).vectors, s.times_s) for s in (first, other)]
    usable = all(np.isfinite(vectors).all(1).sum() > 1 for vectors, _ in curves)
    found = performances(*curves) if usable else None
    if found is not None and found.reliable:
        return found.at(times_s)
    note(f"{first.name} and {other.name} have too little in common: shown by their clocks")
    ahead = times_s - first.times_s[0] + other.times_s[0]
    return np.where(ahead <= other.times_s[-1], ahead, np.nan)


def _panels(
    model: Any, side: _Side, alone: bool, instants: np.ndarray, height: int, turn_deg: np.ndarray
) -> list[Panel]:
    known = np.flatnonzero(np.isfinite(instants))
    filled = np.interp(np.arange(len(instants)), known, instants[known])
    rows = np.abs(np.searchsorted(side.times_s, filled).clip(0, len(side.times_s) - 1))
    before = np.maximum(rows - 1, 0)
    rows = np.where(
        np.abs(side.times_s[before] - filled) < np.abs(side.times_s[rows] - filled), before, rows
    )
    bodies, panels = side.poses, list[Panel]()
    keypoints = side.poses if isinstance(side.poses, Poses2D) else None
    if keypoints is not None:
        bodies = model.lift(keypoints, frame="camera" if alone else "canonical")
    if keypoints is not None or side.video is not None:
        video = frames(side.video) if side.video is not None else None
        name = side.video.name if side.video is not None else f"{side.name}, keypoints"
        panels.append(ImagePanel(name, height, keypoints, rows, video, filled))
    assert isinstance(bodies, Poses3D)
    name = side.name if keypoints is None else f"{side.name}, lifted"
    present = np.isfinite(instants)
    return [*panels, BodyPanel(name, bodies, side.times_s, rows, present, height, turn_deg)]


def _told(
    pictures: Iterator[tuple[float, np.ndarray]], count: int
) -> Iterator[tuple[float, np.ndarray]]:
    """The pictures, and every few seconds on standard error how many are done."""
    begin = last = time.monotonic()
    for done, picture in enumerate(pictures):
        now = time.monotonic()
        if now - last > LINE_S:
            last = now
            note(f"{done}/{count} frames, {done / (now - begin):.0f} frames/s")
        yield picture
