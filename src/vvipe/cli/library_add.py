"""`vvipe library add`: files and folders into a library."""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Json, Name, Whole
from vvipe.cli.terminal import left_out
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.library import Library
    from vvipe.library.adding import Added


@dataclass(frozen=True)
class Options:
    """Embeds pose files of all formats and adds them to a library, as clips.

    Files whose content is in already are passed over, so that the same command goes on where it was
    stopped and picks up what is new. Damaged files are listed in the end. When the command ends,
    all rows are durable.

    Example: vvipe library add moves mocap/ keypoints.npz --tags dance

    Attributes:
        library: The library.
        inputs: Files, OpenPose folders, videos, or folders of files in any format.
        camera: Which camera saw all of them.
        camera_in_path: Instead: a regular expression whose group in a path is the camera, such as
            '(cam[0-9]+)'.
        tags: Words to filter by.
        skeleton: What the joints are, where a file does not say or says it wrong.
        shard: Only one worker's share of the files, such as 2/8; workers may add at once.
        engine: What embeds: this process, or the workers of a Ray cluster, that of RAY_ADDRESS or
            else one of this machine's cores. Ray adds all by one commit in the end.
        workers: How many, with --engine ray; by default one a processor of the cluster.
    """

    library: Annotated[str, tyro.conf.Positional]
    inputs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    camera: Name = None
    camera_in_path: Annotated[str | None, tyro.conf.arg(metavar="REGEX", help_behavior_hint="")] = (
        None
    )
    tags: tuple[str, ...] = ()
    skeleton: Name = None
    shard: Name = None
    engine: Literal["local", "ray"] = "local"
    workers: Whole = None
    json: Json = False


def run(options: Options) -> Answer:
    """Adds all inputs."""
    from vvipe.library import Library

    if not options.inputs:
        raise VvipeError("nothing to add", expected="files or folders after the library")
    _check_pattern(options.camera_in_path)
    _check_workers(options)
    library = Library.open(options.library)
    added = _add(library, options)
    for error in added.errors:
        left_out(error)
    answer = {
        "library": options.library, "files": added.files, "added": added.added,
        "known": added.known, "rows": added.rows, "too_little_seen": added.absent,
        "errors": [str(e) for e in added.errors], "total_rows": len(library),
        "seconds": round(added.seconds, 2),
    }  # fmt: skip
    text = f"{options.library}: {added.rows} poses of {added.added} file(s) added"
    parts = (
        (added.known, "file(s) in already"), (added.absent, "poses left out, too little seen"),
        (len(added.errors), "file(s) damaged"),
    )  # fmt: skip
    return Answer(answer, "; ".join([text, *(f"{n} {what}" for n, what in parts if n)]))


def _add(library: Library, options: Options) -> Added:
    from vvipe.cli.adding_progress import adding_progress
    from vvipe.cli.libraries import model_of
    from vvipe.formats.shards import Shard
    from vvipe.library.adding import add_files

    said: dict[str, Any] = {
        "skeleton": options.skeleton, "camera": options.camera,
        "camera_in_path": options.camera_in_path, "tags": options.tags,
        "shard": Shard.parse(options.shard) if options.shard else None,
    }  # fmt: skip
    with adding_progress() as show:
        if options.engine == "local":
            return add_files(library, model_of(library), options.inputs, **said, progress=show)
        from vvipe.library.adding_ray import add_files_on_ray

        with redirect_stdout(sys.stderr):  # where Ray tells of workers that died
            return add_files_on_ray(
                library, options.inputs, **said, workers=options.workers, progress=show
            )


def _check_workers(options: Options) -> None:
    if options.workers is None:
        return
    if options.engine != "ray":
        raise VvipeError("--workers is for Ray", hint="add --engine ray")
    if options.workers < 1:
        raise VvipeError("--workers must be at least 1", got=options.workers)


def _check_pattern(pattern: str | None) -> None:
    try:
        groups = re.compile(pattern or "()").groups
    except re.error as error:
        raise VvipeError(f"--camera-in-path is no regular expression ({error})") from None
    if not groups:
        raise VvipeError(
            "--camera-in-path names no group", got=pattern, hint="such as '(cam[0-9]+)'"
        )
