"""`vvipe search`: the poses of a library that are like one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import check_picture
from vvipe.cli.parsing import File, Flag, Json, Name, Number, Several, Whole, WidthMm
from vvipe.cli.table import table_of
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.library import Filter, Hit, Library, MotionHit


@dataclass(frozen=True)
class Options:
    """Finds the poses nearest to one, or the passages most like a motion, from whatever side.

    Neighbouring frames that show the same pose are one hit, with its span. A motion may be up to
    twice as fast or as slow. In names, * stands for any letters.

    Example: vvipe search moves clip.bvh --frame 40 -k 5 --png found.png

    Attributes:
        library: The library.
        query: A file, OpenPose folder or video, or the name of one of the model's prototypes.
        frame: Frame number of the query; by default the first that can be embedded.
        motion: The query is a motion: the whole file, or what --from-frame and --to-frame say.
        from_frame: First frame of the motion.
        to_frame: Last frame of the motion.
        mirrored: The motion's mirror image will do too.
        k: How many hits.
        clip: Only clips of this name; several may be given.
        source: Only clips of this file; several may be given.
        camera: Only clips of this camera; several may be given.
        tag: Only clips with this tag; several must all be there.
        from_s: Only from this second of a clip on.
        to_s: Only up to this second of a clip.
        approximate: Ask the graph instead of comparing every row; its recall is told. A motion is
            then laid only over where the graph finds neighbours of its moments.
        every_frame: Each frame is a hit of its own.
        png: Draws the query and what was found; .png, .pdf or .svg.
        skeleton: What the query's joints are, where its file does not say or says it wrong.
    """

    library: Annotated[str, tyro.conf.Positional]
    query: Annotated[str, tyro.conf.Positional]
    frame: Whole = None
    motion: Flag = False
    from_frame: Whole = None
    to_frame: Whole = None
    mirrored: Flag = False
    k: Annotated[int, tyro.conf.arg(aliases=["-k"])] = 10
    clip: Several = ()
    source: Several = ()
    camera: Several = ()
    tag: Several = ()
    from_s: Number = None
    to_s: Number = None
    approximate: Flag = False
    every_frame: Flag = False
    png: File = None
    width_mm: WidthMm = None
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Searches a library."""
    from vvipe.cli.libraries import filter_of, model_of
    from vvipe.library import Library

    _check(options)
    library = Library.open(options.library)
    model = model_of(library)
    where = filter_of(options)
    if options.motion:
        return _motions(options, library, model, where or None)
    return _poses(options, library, model, where or None)


def _check(options: Options) -> None:
    if options.k < 1:
        raise VvipeError("-k must be at least 1", got=options.k)
    check_picture(options.png, options.width_mm, Path(options.query))
    of_motions = ("from_frame", "to_frame", "mirrored")
    of_poses = ("frame", "every_frame", "png")
    for name in of_poses if options.motion else of_motions:
        if getattr(options, name) not in (None, False):
            option = f"--{name.replace('_', '-')}"
            hint = "leave out --motion" if options.motion else "add --motion"
            raise VvipeError(
                f"{option} is for {'poses' if options.motion else 'motions'}", hint=hint
            )


def _poses(options: Options, library: Library, model: Any, where: Filter | None) -> Answer:
    from vvipe.cli.latents import embedded_pose
    from vvipe.library.library import FOLD

    query = embedded_pose(model, options.query, options.frame, options.skeleton)
    fold = 0.0 if options.every_frame else FOLD
    hits = library.search(query, options.k, where, fold, exact=not options.approximate)
    if options.png:
        from vvipe.cli.found_sheet import found_sheet
        from vvipe.view import save_figure

        save_figure(found_sheet(library, model, query, hits), options.png, options.width_mm)
    recall = library.recall if options.approximate else 1.0
    told = [hit.to_json() for hit in hits]
    text = _table([_row(hit) for hit in hits])
    text += f"\n\nof the ten nearest {recall:.1%} are found" if options.approximate else ""
    return Answer({"hits": told, "exact": not options.approximate, "recall": recall}, text)


def _motions(options: Options, library: Library, model: Any, where: Filter | None) -> Answer:
    from vvipe.cli.latents import embedded_motion

    query, mirrored, time_s = embedded_motion(
        model, options.query, options.from_frame, options.to_frame, options.skeleton,
        options.mirrored,
    )  # fmt: skip
    hits = library.search_motion(
        query, options.k, where, time_s=time_s, mirrored=mirrored, exact=not options.approximate
    )
    answer = {"hits": [hit.to_json() for hit in hits]}
    return Answer(answer, _table([_motion_row(hit) for hit in hits]))


def _table(rows: list[dict[str, object]]) -> str:
    return table_of(rows) if rows else "nothing found"


def _row(hit: Hit) -> dict[str, object]:
    first, last = hit.span
    return {
        "rank": hit.rank, "clip": hit.clip, "camera": hit.camera, "frame": hit.frame,
        "time": None if hit.time_s is None else f"{hit.time_s:.2f} s",
        "span": f"{first}–{last}" if last > first else None, "distance": f"{hit.distance:.2f}",
    }  # fmt: skip


def _motion_row(hit: MotionHit) -> dict[str, object]:
    return {
        "rank": hit.rank, "clip": hit.clip, "camera": hit.camera,
        "frames": f"{hit.start_frame}–{hit.end_frame}",
        "time": f"{hit.start_s:.2f}–{hit.end_s:.2f} s", "cost": f"{hit.cost:.2f}",
        "mirrored": "yes" if hit.mirrored else None,
    }  # fmt: skip
