"""`vvipe detect`: keypoints of the people in videos."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import check_output
from vvipe.cli.parsing import Json, Name, Out, Several
from vvipe.cli.table import table_of
from vvipe.cli.terminal import left_out, note
from vvipe.errors import VvipeError, none_left

if TYPE_CHECKING:
    from vvipe.video import Detections

SUFFIXES = (".npz", ".parquet")


@dataclass(frozen=True)
class Options:
    """Finds people in videos and writes their keypoints: row i out is frame i, NaN where not seen.

    Time stamps are those of the video, at whatever rate its frames come. What has been detected is
    kept in the cache: asking for another person of the same video takes no time.

    Example: vvipe detect cam01.mp4 -o keypoints.npz

    Attributes:
        videos: One video or more.
        out: .npz or .parquet; of several videos a folder, in which each has an .npz of its name.
        detector: mediapipe (one person a frame; its wheel carries the model) or rtmlib (RTMO, or
            RTMPose and YOLOX); by default VVIPE_DETECTOR, else the one that is there.
        model_file: ONNX file for rtmlib, a path or an address that is downloaded once; given twice
            for RTMPose and YOLOX.
        sha256: What the hash of a model file must be, in the order of the files.
        person: A number from 1, the most prominent first, that is longest seen and largest; or all,
            who are written to out-1.npz, out-2.npz, ...
        turn: How far the images of a camera mounted on its side are turned anticlockwise to bring
            people upright, degrees; keypoints stay in pixels of the video as it is.
    """

    videos: Annotated[tuple[Path, ...], tyro.conf.Positional]
    out: Out
    detector: Name = None
    model_file: Several = ()
    sha256: Several = ()
    person: str = "1"
    turn: Literal[0, 90, 180, 270] = 0
    json: Json = False


def run(options: Options) -> Answer:
    """Detects in all videos; one that is damaged is told and passed over."""
    from vvipe.cli.detection_progress import detection_progress
    from vvipe.video import load_detector

    outs = _outs(options)
    detector = load_detector(
        options.detector, options.model_file, options.sha256, turn_deg=options.turn
    )
    told: list[dict[str, Any]] = []
    errors: list[VvipeError] = []
    with detection_progress() as show:
        for video, out in zip(options.videos, outs, strict=True):
            try:
                told.append(_detected(video, out, detector, options.person, show))
            except VvipeError as error:
                errors.append(error)
    if not told:
        raise none_left(errors, "detected in")
    for error in errors:
        left_out(error)
    text = "\n".join(_text(video) for video in told)
    answer = {
        "videos": told, "detector": detector.name, "skeleton": detector.skeleton,
        "errors": [str(e) for e in errors],
    }  # fmt: skip
    return Answer(answer, text)


def _outs(options: Options) -> list[Path]:
    """Where the keypoints of each video go."""
    if options.person != "all" and not (options.person.isdecimal() and int(options.person)):
        raise VvipeError("--person is neither a number from 1 nor all", got=options.person)
    if not options.videos:
        raise VvipeError("nothing to look through", expected="videos before -o")
    if len(options.videos) == 1:
        check_output(options.out, SUFFIXES, *options.videos)
        return [options.out]
    if options.out.suffix or options.out.is_file():
        raise VvipeError("several videos need a folder", where=options.out, hint="such as -o kp")
    twice = [name for name, count in Counter(v.stem for v in options.videos).items() if count > 1]
    if twice:
        raise VvipeError(f"two videos are called {twice[0]}", hint="detect them one by one")
    return [options.out / f"{video.stem}.npz" for video in options.videos]


def _detected(video: Path, out: Path, detector: Any, person: str, show: Any) -> dict[str, Any]:
    from vvipe.formats import write
    from vvipe.formats.keypoint_cache import detected
    from vvipe.formats.video import poses_of, who_is_who
    from vvipe.video import people_of

    if not video.exists():
        raise VvipeError("no such file or folder", where=video)
    found = detected(video, detector, show)
    identity = who_is_who(found)
    people = people_of(identity, found.row)
    wanted = range(1, max(len(people), 1) + 1) if person == "all" else [int(person)]
    written: list[Path] = []
    for number in wanted:
        file = out.with_stem(f"{out.stem}-{number}") if person == "all" else out
        write(poses_of(found, identity, video, number), file)
        written.append(file)
    if found.damage:
        note(f"{video}: {found.damage}; what is before it is kept")
    return {
        "video": video, "out": written, "rows": len(found.time_s), "fps": found.fps,
        "image_size": found.image_size, "damage": found.damage,
        "people": [_row(p, found) for p in people],
    }  # fmt: skip


def _row(person: Any, found: Detections) -> dict[str, Any]:
    return {
        "person": person.id, "frames": person.frames, "first": person.first, "last": person.last,
        "from_s": float(found.time_s[person.first]), "to_s": float(found.time_s[person.last]),
    }  # fmt: skip


def _text(video: dict[str, Any]) -> str:
    files = ", ".join(str(file) for file in video["out"])
    people, rows = video["people"], video["rows"]
    if len(people) == 1:
        return f"{files}: {rows} frames, one person seen in {people[0]['frames']}"
    lines = [
        {
            "person": str(p["person"]), "seen in": f"{p['frames']} of {rows} frames",
            "from": f"{p['from_s']:.2f} s", "to": f"{p['to_s']:.2f} s",
        }
        for p in people
    ]  # fmt: skip
    return f"{files}: {rows} frames, {len(people)} people\n{table_of(lines)}"
